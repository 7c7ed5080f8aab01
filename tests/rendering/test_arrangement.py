"""What stands beside what, and what between: no card beside one of another height, no strip that holds nothing."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import product

import pytest
from PIL import Image

from newsletter.config import Workspace
from newsletter.model.edition import Edition
from newsletter.model.entry import News
from tests import factories as make
from tests.rendering.page import Element

Page = Callable[..., Element]
Render = Callable[..., Edition]
SHAPES = {"wide": (640, 360), "photo": (640, 480), "square": (640, 640), "panorama": (640, 160), "cover": (640, 900)}
ELSEWHERE = {"src": "https://www.example.org/a.jpg", "alt": "A view"}


def news(workspace: Workspace, shapes: str) -> list[News]:
    """Return a piece of news for each word, with a picture of that shape."""
    folder = workspace.issues / "images"
    folder.mkdir(parents=True, exist_ok=True)
    entries = []
    for number, shape in enumerate(shapes.split(), start=1):
        if shape in SHAPES:
            Image.new("RGB", SHAPES[shape], "navy").save(folder / f"{shape}.png")
        picture = ELSEWHERE if shape == "elsewhere" else {"src": f"images/{shape}.png", "alt": "A view"}
        image = {} if shape == "none" else {"image": picture}
        entries.append(make.news(id=f"n{number}", title=f"{shape} {number}", **image))
    return entries


@pytest.mark.parametrize(
    ("shapes", "rows"),
    [
        ("wide wide none none", [2, 2]),
        ("wide photo elsewhere elsewhere", [2, 2]),
        ("none wide none none", [1, 1, 2]),
        ("wide none wide none", [1, 1, 1, 1]),
        ("cover cover wide cover", [2, 1, 1]),
        ("wide square panorama wide", [1, 1, 1, 1]),
        ("none none none", [2, 1]),
        ("wide", [1]),
        ("wide none wide none none", [1, 1, 1, 1]),
    ],
)
def test_cards_stand_side_by_side_where_their_words_begin_at_one_height(
    page: Page, workspace: Workspace, shapes: str, rows: list[int]
) -> None:
    """Words beside a picture, or below a lower one, would hang above an empty half; in any case the order stays."""
    cards = news(workspace, shapes)
    document = page(make.selection((make.section("News", layout="cards"), cards)))
    pairs = [each for each in document.find("div") if "flush" in each.attributes.get("class", "")]
    assert [len(each.find("h3")) for each in pairs] == rows
    assert [each.text for each in document.find("h3")] == [card.title for card in cards]


def test_below_a_picture_beside_words_is_as_much_room_as_below_words(edition: Render, workspace: Workspace) -> None:
    """A cover that is taller than its words would all but touch the picture of the next card."""
    cards = news(workspace, "cover none wide wide")
    mjml = edition(make.selection((make.section("News", layout="cards"), cards))).mjml
    rooms = [bottom for _, _, bottom in re.findall(r'flush" padding="(\d+)px (\d+)px (\d+)px"', mjml)]
    assert rooms == ["8", "0", "0"]


@pytest.mark.parametrize("shape", ["cover", "wide", "none"])
def test_a_layout_of_ones_own_has_the_leading_picture_by_a_line(
    edition: Render, workspace: Workspace, template: Callable[[str, str], None], shape: str
) -> None:
    """Whoever includes the part need not know what the shipped layouts hand to it."""
    lead = '{% set entry = section.entries[0] %}{% include "parts/lead.mjml.j2" %}'
    template("layouts/hero.mjml.j2", f"<mj-section><mj-column>{lead}</mj-column></mj-section>")
    mjml = edition(make.selection((make.section(layout="hero"), news(workspace, shape)))).mjml
    widths = {"cover": ["172px"], "wide": ["600px"], "none": []}
    assert re.findall(r'<mj-image[^>]* width="(\w+)"', mjml) == widths[shape]


@pytest.mark.parametrize(("shape", "columns"), [("cover", ["34%", "66%"]), ("wide", [])])
@pytest.mark.parametrize("layout", ["hero", "story"])
def test_what_leads_stands_beside_its_upright_picture(
    edition: Render, workspace: Workspace, layout: str, shape: str, columns: list[str]
) -> None:
    """Above its title, a cover would stand beside nothing, and fill the window before anybody learns what it is."""
    entry = news(workspace, shape)[0].model_copy(update={"body": "The whole story."})
    mjml = edition(make.selection((make.section("News", layout=layout), [entry]))).mjml
    assert re.findall(r'<mj-column width="(\d+%)">', mjml) == columns
    if columns:
        picture, words = re.findall(r"<mj-column width=.*?</mj-column>", mjml, re.DOTALL)
        assert ("<mj-image" in picture, "<h3" in picture, "<h3" in words) == (True, False, True)


def test_the_upright_picture_of_a_call_stands_in_its_panel(page: Page, workspace: Workspace) -> None:
    """Above it, the two would be taken for two things."""
    news(workspace, "cover")
    call = make.call(image={"src": "images/cover.png", "alt": "The poster"})
    document = page(make.selection((make.section("Calls", "call"), [call])))
    (cell,) = [each for each in document.find("td") if "thumb" in each.attributes.get("class", "").split()]
    assert "open" in cell.attributes["class"].split()
    assert [each.attributes["alt"] for each in cell.find("img")] == ["The poster"]


def strips(mjml: str) -> list[str]:
    """Return the grounds of sections and strips, from top to bottom, each once where several follow."""
    found = re.findall(r'<mj-section css-class="(\w+)|<div class="(?:top )?(\w+)" style="max-width', mjml)
    grounds = [section or strip for section, strip in found]
    return [ground for before, ground in zip(["", *grounds], grounds, strict=False) if ground != before]


@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_a_panel_at_the_end_is_the_end(edition: Render, theme: str) -> None:
    """A strip of the letter's own ground between it and the footer would look like one more, empty panel."""
    figures = make.section("In figures", "figure", layout="figures"), [make.figure()]
    ends = edition(make.selection((make.section(), [make.news()]), figures, of=make.issue(theme=theme)))
    assert strips(ends.mjml)[-2:] == ["tint", "page"]
    goes_on = edition(make.selection(figures, (make.section(), [make.news()]), of=make.issue(theme=theme)))
    assert strips(goes_on.mjml)[-2:] == ["surface", "page"]


@pytest.mark.parametrize(("count", "end"), [(1, "tint"), (2, "surface")])
def test_what_leads_ends_the_letter_only_if_no_rows_follow_it(edition: Render, count: int, end: str) -> None:
    """The rows below it stand on the letter's own ground."""
    entries = [make.news(id=f"n{number}") for number in range(count)]
    mjml = edition(make.selection((make.section(layout="hero"), entries))).mjml
    assert strips(mjml)[-2:] == [end, "page"]


@pytest.mark.parametrize(
    ("layout", "intro", "grounds"),
    [
        *product(["hero", "figures"], [""], [["tint", "page"]]),
        *product(["hero", "figures"], ["Dear readers,"], [["surface", "tint", "page"]]),
    ],
)
def test_a_panel_that_opens_the_letter_stands_below_the_masthead(
    edition: Render, layout: str, intro: str, grounds: list[str]
) -> None:
    """A strip of the letter's own ground between the two would hold nothing; that of the intro holds words."""
    section = make.section(layout=layout), [make.news()]
    mjml = edition(make.selection(section, of=make.issue(intro=intro))).mjml
    assert strips(mjml) == ["page", "band", *grounds]


@pytest.mark.parametrize(("shape", "lines"), [("none", 2), ("cover", 2), ("wide", 1)])
def test_a_story_within_the_letter_begins_with_a_line_or_a_picture(
    page: Page, workspace: Workspace, shape: str, lines: int
) -> None:
    """Otherwise it would look like one more row of the section above; what opens the letter follows nothing."""
    story = make.section("A story", layout="story"), news(workspace, shape)
    between = page(make.selection((make.section(), [make.news()]), story))
    assert len([each for each in between.find("td") if each.attributes.get("class") == "bar"]) == lines
    opening = page(make.selection(story, (make.section(), [make.news()])))
    assert len([each for each in opening.find("td") if each.attributes.get("class") == "bar"]) == 1


@pytest.mark.parametrize(("count", "rows"), [(1, [1]), (2, [2]), (3, [3]), (4, [2, 2]), (5, [3, 2]), (6, [3, 3])])
def test_four_figures_stand_two_by_two(page: Page, count: int, rows: list[int]) -> None:
    """Three in a row would leave one alone below them."""
    figures = [make.figure(id=f"f{number}") for number in range(count)]
    document = page(make.selection((make.section("Figures", "figure", layout="figures"), figures)))
    found = [[cell for cell in row.children if isinstance(cell, Element)] for row in document.find("tr")]
    counted = [sum(cell.attributes.get("class") == "figure" for cell in cells) for cells in found]
    assert [number for number in counted if number] == rows


@pytest.mark.parametrize(
    ("deadline", "badge"), [("2024-07-28", True), ("2024-08-11", True), ("2024-08-12", False), ("2024-07-27", False)]
)
def test_the_days_left_stand_in_a_badge_where_they_are_few(page: Page, deadline: str, badge: bool) -> None:
    """If every call pressed readers, none would."""
    document = page(make.selection((make.section("Calls", "call"), [make.call(deadline=deadline)])))
    assert [each.attributes.get("class") for each in document.find("span")].count("badge") == badge


@pytest.mark.parametrize(("language", "entry", "arrow"), [("en", "en", "→"), ("ar", "ar", "←"), ("ar", "en", "→")])
def test_the_map_says_which_titles_lead_on(page: Page, language: str, entry: str, arrow: str) -> None:
    """No other link does it there; screen readers, which announce a link, pass over the arrow."""
    projects = [make.project(id="a", language=entry), make.project(id="b", url=None)]
    document = page(make.selection((make.section("Map", "project", layout="map"), projects)), language)
    arrows = [
        [(each.text, each.attributes["aria-hidden"]) for each in title.find("span")] for title in document.find("h3")
    ]
    assert arrows == [[(arrow, "true")], []]


def test_the_two_ways_on_of_an_event_share_a_line(page: Page) -> None:
    """One below the other, as on phones, they would be as high as its words."""
    document = page(make.selection((make.section("Events", "event"), [make.event(start="2024-08-07", end=None)])))
    ways = [each for each in document.find("p") if each.find("a") and "brand" in each.attributes.get("class", "")][:2]
    assert [each.text for each in ways] == ["About the event\xa0→", "Add to your calendar"]
    assert ["display:inline-block" in each.attributes["style"] for each in ways] == [True, True]
