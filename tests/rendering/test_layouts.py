"""What every layout must say of an entry, and what room it leaves."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from PIL import Image

from newsletter.config import Workspace
from newsletter.model.edition import Edition
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.month import month
from tests.rendering.page import Element

Page = Callable[..., Element]
Render = Callable[..., Edition]


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list"])
def test_a_call_says_its_deadline_in_every_layout(page: Page, layout: str) -> None:
    """It is what readers have to know; the day on which the call was published would be taken for it."""
    plan = make.section("Calls", "call", layout=layout)
    text = page(make.selection((plan, [make.call(date="2024-07-03", deadline="2024-08-02")]))).text
    assert "Apply by 2 August 2024" in text
    assert "5 days left" in text
    assert "3 July 2024" not in text


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list", "map", "figures"])
def test_a_figure_says_its_number_in_every_layout(edition: Render, page: Page, layout: str) -> None:
    """In the plain text too: its title alone says nothing."""
    funding = make.figure(label="of funding", value=635_000, unit="EUR")
    selection = make.selection((make.section("In figures", "figure", layout=layout), [funding]))
    assert "635,000 EUR of funding" in page(selection).text
    assert "635,000 EUR of funding" in edition(selection).text.fill(READER).decode()


def test_where_nobody_set_a_layout_the_type_decides(edition: Render) -> None:
    """Studies as cards, projects with the map, figures in large numbers, the rest in rows."""
    mjml = edition(month()).mjml
    assert len(re.findall(r'<mj-column width="50%">', mjml)) == 4
    assert mjml.count("<mj-image") == 1
    assert mjml.count('class="brand number') == 3


@pytest.mark.parametrize(("size", "width"), [((800, 1130), "172"), ((1130, 800), "600")])
@pytest.mark.parametrize("layout", ["hero", "story"])
def test_an_upright_cover_leaves_room_for_its_title(
    page: Callable[..., Element], workspace: Workspace, layout: str, size: tuple[int, int], width: str
) -> None:
    """Across the letter it would be taller than most windows."""
    (workspace.issues / "images").mkdir(parents=True)
    Image.new("RGB", size, "navy").save(workspace.issues / "images/cover.png")
    study = make.study(cover={"src": "images/cover.png", "alt": "The cover"})
    document = page(make.selection((make.section("Study", "study", layout=layout), [study])))
    (cover,) = [each for each in document.find("img") if each.attributes["alt"] == "The cover"]
    assert cover.attributes["width"] == width


@pytest.mark.parametrize(
    ("value", "unit", "size"),
    [(12, None, 44), (635000, "EUR", 30), (1234567.5, "EUR", 30), (123456789012, None, 21), (10**12, None, 18)],
)
def test_a_long_number_is_smaller_and_whole(page: Page, value: float, unit: str | None, size: int) -> None:
    """A third of the letter is 176 pixels wide, and a number in two pieces reads as two."""
    figure = make.figure(value=value, unit=unit)
    document = page(make.selection((make.section("Figures", "figure", layout="figures"), [figure])))
    (number,) = [each for each in document.find("p") if "number" in each.attributes.get("class", "").split()]
    assert f"font-size:{size}px" in number.attributes["style"]


def test_numbers_beside_each_other_are_of_one_size(page: Page) -> None:
    """In smaller letters the larger number would look like the smaller one."""
    figures = [make.figure(value=value) for value in (17, 1_700, 17_000)]
    document = page(make.selection((make.section("Figures", "figure", layout="figures"), figures)))
    numbers = [each for each in document.find("p") if "number" in each.attributes.get("class", "").split()]
    assert [re.findall(r"font-size:(\d+)px", each.attributes["style"]) for each in numbers] == [["30"]] * 3


def test_a_long_number_is_whole_on_a_phone_too(page: Page) -> None:
    """There it has the whole width, in which twelve digits of the usual size have no room."""
    figures = [make.figure(value=value) for value in (123_456_789_012, 1_234_567)]
    document = page(make.selection((make.section("Figures", "figure", layout="figures"), figures)))
    classes = [each.attributes.get("class", "").split() for each in document.find("p")]
    assert [("number" in each, "digits" in each) for each in classes if "number" in each] == [
        (True, True),
        (True, False),
    ]


@pytest.mark.parametrize(("size", "width"), [((800, 1130), "120"), ((1130, 800), "536")])
def test_an_upright_picture_of_a_call_leaves_room_for_its_deadline(
    page: Page, workspace: Workspace, size: tuple[int, int], width: str
) -> None:
    """A poster across the letter would fill the window before anybody learns what it is about."""
    (workspace.issues / "images").mkdir(parents=True)
    Image.new("RGB", size, "navy").save(workspace.issues / "images/poster.png")
    call = make.call(image={"src": "images/poster.png", "alt": "The poster"})
    document = page(make.selection((make.section("Calls", "call"), [call])))
    (poster,) = [each for each in document.find("img") if each.attributes["alt"] == "The poster"]
    assert poster.attributes["width"] == width


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list"])
@pytest.mark.parametrize("alt", ["The old town hall", ""])
def test_a_picture_leads_to_its_page_unless_it_is_decoration(
    page: Page, workspace: Workspace, layout: str, alt: str
) -> None:
    """A screen reader would say “link” without words; whatever the picture is, the title leads there."""
    (workspace.issues / "images").mkdir(parents=True)
    Image.new("RGB", (1130, 800), "navy").save(workspace.issues / "images/hall.png")
    study = make.study(image={"src": "images/hall.png", "alt": alt})
    document = page(make.selection((make.section("Studies", "study", layout=layout), [study])))
    links = [link for link in document.find("a") if link.attributes["href"] == study.url]
    assert links
    assert [len(link.find("img")) for link in links if link.find("img")] == [1] * (bool(alt) and layout != "list")


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list"])
def test_an_event_to_come_has_its_calendar_file_in_every_layout(page: Page, layout: str) -> None:
    """What leads is what readers should write down first; the plain text offers the file in all of them."""
    coming = make.event(start="2024-08-07", end="2024-08-12")
    document = page(make.selection((make.section("Events", "event", layout=layout), [coming])))
    assert "Add to your calendar" in [link.text for link in document.find("a")]


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list"])
def test_a_call_says_who_may_apply_in_every_layout(page: Page, layout: str) -> None:
    """As its plain text does in all of them."""
    call = make.call(eligibility="Civil society organisations.")
    text = page(make.selection((make.section("Calls", "call", layout=layout), [call]))).text
    assert "Who may apply Civil society organisations." in text


@pytest.mark.parametrize(("size", "width"), [((800, 1130), "180"), ((1130, 800), "256")])
def test_an_upright_cover_leaves_room_for_the_words_of_its_card(
    page: Page, workspace: Workspace, size: tuple[int, int], width: str
) -> None:
    """On a phone, where a card is as wide as the letter, it would fill the window."""
    (workspace.issues / "images").mkdir(parents=True)
    Image.new("RGB", size, "navy").save(workspace.issues / "images/cover.png")
    studies = [
        make.study(
            id=name, cover={"src": "images/cover.png", "alt": "The cover"}, url=f"https://www.example.org/{name}"
        )
        for name in ("one", "two")
    ]
    document = page(make.selection((make.section("Studies", "study"), studies)))
    covers = [each.attributes["width"] for each in document.find("img") if each.attributes["alt"] == "The cover"]
    assert covers == [width, width]


def test_a_story_in_plain_text_is_told_before_the_way_on(edition: Render) -> None:
    """As in HTML; after the address readers would take the body for the next story."""
    story = make.news(body="What changes for whom.")
    section = make.section("News", "news", layout="story")
    text = edition(make.selection((section, [story]))).text.fill(READER).decode()
    assert text.index(story.summary[:20]) < text.index("What changes for whom.") < text.index(str(story.url))


def test_the_way_on_is_announced_as_the_language_has_it(edition: Render) -> None:
    """In French a space stands before the colon."""
    texts = [edition(make.selection(), language).text.fill(READER).decode() for language in ("en", "fr")]
    assert "Read the story:\nhttps://" in texts[0]
    assert "Lire l’article\u00a0:\nhttps://" in texts[1]
    assert "Se désabonner\u00a0:\nhttps://" in texts[1]


def test_the_map_says_what_the_plain_text_says_of_an_entry(page: Page) -> None:
    """How far a project is, when an event is, and until when readers may apply; its countries stand beside it."""
    project = make.project(phase="planned", countries=["CL"])
    section = make.section("Where", ["project", "event", "call"], layout="map")
    text = page(make.selection((section, [project, make.event(countries=["GE"]), make.call(countries=["FI"])]))).text
    assert "Chile Border Management in Central Asia\xa0→ Planned" in text
    assert "Georgia International Summer School on Migration 2024\xa0→ 7–12 Jul 2024\u00a0· Kachreti" in text
    assert "Apply by 31 July 2024\u00a0· 3 days left" in text


def test_a_map_without_countries_has_no_empty_column(page: Page) -> None:
    """Nothing stands beside the words, so they get the whole width."""
    document = page(make.selection((make.section("News", "news", layout="map"), [make.news()])))
    assert [cell for cell in document.find("td") if "places" in cell.attributes.get("class", "")] == []


@pytest.mark.parametrize("layout", ["map", "figures"])
def test_no_layout_leaves_an_empty_paragraph(page: Page, layout: str) -> None:
    """It would be a hole where other entries have their countries, or their number."""
    document = page(make.selection((make.section("News", "news", layout=layout), [make.news()])))
    assert [each for each in document.find("p") if not each.text] == []


def test_a_row_without_a_link_keeps_the_room_below_it(page: Page) -> None:
    """A link has room of its own; without one the line below would touch the words."""
    rows = [make.news(), make.news(id="b", url=None), make.news(id="c", url="https://www.example.org/c")]
    cells = [
        cell.attributes["style"].partition(";")[0]
        for cell in page(make.selection((make.section(), rows))).find("td")
        if cell.attributes.get("class") == "rule" and cell.find("h3")
    ]
    assert cells == ["padding:22px 0 12px", "padding:22px 0 20px", "padding:22px 0 12px"]


def test_long_words_get_hyphens_where_the_language_has_long_words(edition: Render) -> None:
    """German words may be longer than a line on a phone; English headings would only look torn."""
    sheets = [edition(make.selection(), language).html.fill(READER).decode() for language in ("de", "en")]
    assert ["hyphens:auto" in sheet for sheet in sheets] == [True, False]
    assert "hyphens:auto" in edition(make.selection(), "ru").html.fill(READER).decode()


@pytest.mark.parametrize(
    ("language", "caps", "phrases"),
    [("ja", True, True), ("zh", True, False), ("ko", True, False), ("en", False, False), ("ar", False, False)],
)
def test_small_headings_of_chinese_and_japanese_are_large_enough(
    edition: Render, language: str, caps: bool, phrases: bool
) -> None:
    """In bold, signs of twenty strokes need 13 pixels; Japanese headings break between phrases where a browser can."""
    html = edition(make.selection(), language).html.fill(READER).decode()
    assert (".caps{letter-spacing:1px!important;font-size:13px!important}" in html) is caps
    assert ("word-break:auto-phrase" in html) is phrases


def test_many_countries_beside_a_project_have_the_languages_commas(page: Page) -> None:
    """A Latin one among Japanese names is a mistake."""
    project = make.project(countries=["AT", "BE", "FR", "GE", "IQ", "JO", "TR"])
    document = page(make.selection((make.section("地図", "project", layout="map"), [project])), "ja")
    (places,) = [each for each in document.find("td") if "places" in each.attributes.get("class", "").split()]
    assert places.text == "オーストリア、ベルギー、フランス、ジョージア、イラク、ヨルダン、トルコ"


def test_more_countries_than_a_narrow_column_holds_stand_below_the_title(page: Page) -> None:
    """Beside it they would be a ribbon of one word a line, five times as long as what is said of the project."""
    countries = ["AT", "BE", "FR", "GE", "IQ", "JO", "LB", "LY", "MA", "TR"]
    project = make.project(title="Ports", countries=countries, phase="planned", summary="", url=None)
    document = page(make.selection((make.section("Map", "project", layout="map"), [project, make.project(id="p2")])))
    rows = [each for each in document.find("tr") if [heading for heading in each.find("h3") if heading.text == "Ports"]]
    (cell,) = rows[-1].find("td")
    assert cell.attributes["colspan"] == "2"
    assert cell.text == (
        "Ports Austria, Belgium, France, Georgia, Iraq, Jordan, Lebanon, Libya, Morocco and Türkiye\xa0· Planned"
    )


def test_a_story_has_the_words_of_its_section(page: Page) -> None:
    """The plain text has them too; whoever wrote them misses them."""
    plan = make.section("Study", "study", layout="story", intro="What we read this month.")
    document = page(make.selection((plan, [make.study()])))
    assert [(each.name, each.text) for each in document.find("h2", "h3")] == [
        ("h2", "Study"),
        ("h3", "Breaking taboos: EU asylum and migration policy since 2020"),
    ]
    assert document.text.index("What we read this month.") < document.text.index("Breaking taboos")


@pytest.mark.parametrize("layout", ["hero", "story"])
def test_what_is_told_in_full_names_its_doi(page: Page, layout: str) -> None:
    """It is how a study is quoted."""
    plan = make.section("Study", "study", layout=layout)
    document = page(make.selection((plan, [make.study(doi="10.1234/abcd")])))
    (link,) = [each for each in document.find("a") if each.text == "10.1234/abcd"]
    assert link.attributes["href"] == "https://doi.org/10.1234/abcd"


@pytest.mark.parametrize(("url", "below"), [("https://www.example.org/a", "24px"), (None, "0px")])
def test_what_leads_keeps_room_for_a_button_only_where_it_has_one(page: Page, url: str | None, below: str) -> None:
    """Otherwise the panel would be twice as deep below its words as above them."""
    document = page(make.selection((make.section("News", layout="hero"), [make.news(url=url)])))
    styles = [each.attributes.get("style", "") for each in document.find("div")]
    assert [style for style in styles if style.startswith("padding:14px 0 ")] == [f"padding:14px 0 {below}"]


@pytest.mark.parametrize(
    ("language", "number"), [("en", "98.5%"), ("de", "98,5\xa0%"), ("tr", "%98,5"), ("ar", "98.5%")]
)
def test_a_share_has_its_percent_sign_where_the_language_puts_it(
    edition: Render, page: Page, language: str, number: str
) -> None:
    """With a space in German, with none in English, in front in Turkish; as large as the number that it belongs to."""
    figure = make.figure(label="spent", value=98.5, unit="%", language=language)
    selection = make.selection((make.section("Figures", "figure", layout="figures"), [figure]))
    (shown,) = [each for each in page(selection, language).find("p") if "number" in each.attributes.get("class", "")]
    assert shown.text == number
    assert "font-size:44px" in shown.attributes["style"]
    assert f"\n{number} spent\n" in edition(selection, language).text.fill(READER).decode()


def test_cards_stand_at_one_distance_without_any_style_sheet(page: Page) -> None:
    """In one column, as on phones and on paper, those of a pair would touch, and the second pair stand far off."""
    cards = [make.news(id=f"n{number}") for number in range(4)]
    document = page(make.selection((make.section("News", layout="cards"), cards)))
    cells = [each.attributes.get("style", "") for each in document.find("td")]
    assert len([style for style in cells if "padding:0px 12px 24px" in style]) == 4
    pairs = [each for each in document.find("div") if "flush" in each.attributes.get("class", "")]
    assert [re.findall(r"padding:(\d+)", each.find("td")[0].attributes["style"])[0] for each in pairs] == ["24", "0"]


@pytest.mark.parametrize(("language", "other", "side"), [("en", "ar", "right"), ("ar", "en", "left")])
@pytest.mark.parametrize("layout", ["hero", "cards", "list"])
def test_an_entry_in_another_language_begins_where_that_language_begins(
    page: Page, layout: str, language: str, other: str, side: str
) -> None:
    """Title, paragraphs and lists alike, without any style sheet; the words of the edition stay on its own side."""
    news = make.news(language=other, summary="One.\n\n- Two")
    document = page(make.selection((make.section("News", "news", layout=layout), [news])), language)
    told = [each for each in document.find("h3", "div") if each.attributes.get("lang") == other]
    assert [(each.name, each.attributes["align"]) for each in told] == [("h3", side), ("div", side)]
    assert not any("align" in each.attributes for each in document.find("h1", "h2", "p", "ul"))


@pytest.mark.parametrize(("length", "size"), [(110, "33px"), (111, "26px")])
@pytest.mark.parametrize("layout", ["hero", "story"])
def test_a_long_title_that_leads_is_smaller(page: Page, layout: str, length: int, size: str) -> None:
    """Titles of studies are sentences, and would fill the screen."""
    study = make.study(title="w" * length)
    (title,) = page(make.selection((make.section("Study", "study", layout=layout), [study]))).find("h3")
    assert f"font-size:{size}" in title.attributes["style"]


@pytest.mark.parametrize(
    ("theme", "length", "size", "classes"),
    [
        ("monthly", 18, "56px", ["display", "h1"]),
        ("monthly", 60, "42px", ["display", "h1", "h1s"]),
        ("monthly", 61, "30px", ["display"]),
        ("bulletin", 60, "40px", ["display", "h1s", "ink"]),
        ("bulletin", 61, "30px", ["display", "ink"]),
    ],
)
def test_a_masthead_has_smaller_letters_for_a_longer_title(
    page: Page, theme: str, length: int, size: str, classes: list[str]
) -> None:
    """On a phone, too: its style sheet has two sizes, and the smallest stays."""
    (title,) = page(make.selection(of=make.issue(theme=theme, title="w" * length))).find("h1")
    assert f"font-size:{size}" in title.attributes["style"]
    assert sorted(title.attributes["class"].split()) == classes
