"""An edition as a whole: what readers see, in which order, and what must never be missing."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path

import pytest

from newsletter.errors import RenderingError
from newsletter.model.edition import Edition
from newsletter.model.finding import Origin, Place
from newsletter.model.selection import Selection
from newsletter.model.slot import Slot
from newsletter.rendering import render
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.page import Element, parse

Page = Callable[..., Element]
Render = Callable[..., Edition]


def month() -> Selection:
    """Return a month in which every layout and every type has its place."""
    projects = [
        make.project(),
        make.project(id="emlink", title="EMLINK", countries=["BE", "GE"], url="https://www.example.org/emlink"),
        make.project(id="done", title="Done", countries=["AT"], phase="completed", url="https://www.example.org/done"),
    ]
    filled = [
        (
            make.section("Featured study", "study", layout="hero"),
            [make.study(authors=["Reader One", "Reader Two"], doi="10.1234/abcd")],
        ),
        (
            make.section("Studies", "study"),
            [
                make.study(id=f"s{number}", title=f"Study {number}", url=f"https://www.example.org/s{number}")
                for number in range(5)
            ],
        ),
        (
            make.section("News", ["news", "event"]),
            [
                make.news(),
                make.event(),
                make.news(id="n2", title="Without a day", date=None, url="https://www.example.org/n2"),
            ],
        ),
        (make.section("Open calls", "call"), [make.call(eligibility="Organisations of *young* people")]),
        (make.section("Where we work", "project"), projects),
        (
            make.section("In figures", "figure"),
            [
                make.figure(id="f1", label="ongoing projects", compute="ongoing projects"),
                make.figure(id="f2", label="countries", compute="countries with ongoing projects"),
                make.figure(id="f3", label="of funding", value=635000, unit="EUR", source="Annual report"),
            ],
        ),
    ]
    issue = make.issue(
        sections=[plan for plan, _ in filled],
        intro="Dear {first_name|reader},\n\nthis is [July](https://www.example.org/july).",
        lists=["monthly"],
    )
    return make.selection(*filled, of=issue, recurring=tuple(projects))


def test_the_same_selection_gives_the_same_bytes(edition: Render) -> None:
    """Neither a clock nor chance has a part in it."""
    one, other = edition(month()), edition(month())
    assert (one.html, one.text, one.subject, one.preheader, one.mjml, one.digest) == (
        other.html,
        other.text,
        other.subject,
        other.preheader,
        other.mjml,
        other.digest,
    )


def test_a_word_more_is_another_digest(edition: Render) -> None:
    """An approval names the digest."""
    one = edition(make.selection())
    other = edition(make.selection((make.section(), [make.news(summary="Another sentence.")])))
    assert one.digest != other.digest


def test_every_entry_and_every_link_is_in_html_and_in_text(edition: Render) -> None:
    """A reader without HTML misses nothing."""
    rendered, shown = edition(month()), month()
    page = parse(rendered.html.fill(READER).decode())
    text = rendered.text.fill(READER).decode()
    links = {link.attributes["href"] for link in page.find("a")}
    for entry in shown.entries:
        assert entry.title in page.text
        assert entry.title in text.replace("\n", " ")
        if entry.url:
            assert entry.url in links
    assert [link for link in links if link not in text] == []


def test_html_and_text_have_the_same_order(edition: Render) -> None:
    """Who reads one and talks to who reads the other finds the place."""
    rendered = edition(month())
    page = parse(rendered.html.fill(READER).decode()).text
    text = rendered.text.fill(READER).decode().replace("\n", " ")
    titles = list(dict.fromkeys(entry.title for entry in month().entries if entry.type != "figure"))
    assert sorted(titles, key=page.index) == sorted(titles, key=text.index) == titles


def test_the_slots_are_open_and_everything_else_is_fixed(edition: Render) -> None:
    """A name with its fallback, the way out, the view in the browser."""
    rendered = edition(month())
    assert rendered.html.slots == (Slot("first_name", "reader"), Slot("view_url"), Slot("unsubscribe_url"))
    assert rendered.text.slots == rendered.html.slots
    assert b"slot.invalid" not in b"".join(rendered.html.chunks + rendered.text.chunks)
    assert "slot.invalid" not in rendered.mjml


def test_slots_stand_in_subject_and_preheader_too(edition: Render) -> None:
    """Where the team writes them in issue.yaml."""
    rendered = edition(
        make.selection(of=make.issue(subject="{first_name|Reader}, this is July", preheader="For {first_name|you}"))
    )
    assert rendered.subject.fill({}) == b"Reader, this is July"
    assert rendered.preheader.fill({"first_name": "Ana"}) == b"For Ana"
    assert b'<meta name="description" content="For Ana"' in rendered.html.fill({**READER, "first_name": "Ana"})


def test_an_entry_cannot_write_a_slot(edition: Render) -> None:
    """Entries come from many hands and are shown as they are written."""
    rendered = edition(
        make.selection(
            (make.section(), [make.news(title="{first_name} and {unsubscribe_url}", summary="{first_name}")])
        )
    )
    assert [slot.name for slot in rendered.html.slots] == ["view_url", "unsubscribe_url"]
    assert "{first_name} and {unsubscribe_url}" in parse(rendered.html.fill(READER).decode()).text


def test_an_unknown_slot_is_refused_with_its_line(edition: Render) -> None:
    """Before anybody reads `{fist_name}`."""
    issue = make.issue(subject="Dear {fist_name}").at(Origin("issues/2024-07/issue.yaml", {("subject",): (4, 1)}))
    with pytest.raises(RenderingError) as caught:
        edition(make.selection(of=issue))
    assert [finding.place for finding in caught.value.findings] == [Place("issues/2024-07/issue.yaml", 4, 1)]


def test_a_preheader_that_nobody_wrote_is_made_of_the_first_titles(edition: Render) -> None:
    """Otherwise the inbox shows the first words of the masthead."""
    rendered = edition(
        make.selection(
            (make.section(), [make.news(title="One {a}"), make.news(id="b", title="Two")]),
            of=make.issue(preheader=None),
        )
    )
    assert rendered.preheader.fill({}) == b"One (a) \xc2\xb7 Two"


def test_there_is_one_title_and_headings_step_down_one_by_one(page: Page) -> None:
    """Screen readers walk along them."""
    headings = page(month()).find("h1", "h2", "h3", "h4", "h5", "h6")
    levels = [int(heading.name[1]) for heading in headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels))
    assert headings[0].text == "ICMPD Newsletter July 2024"
    assert [heading.text for heading in headings if heading.name == "h2"] == [
        "Featured study", "Studies", "News", "Open calls", "Where we work", "In figures",
    ]  # fmt: skip


def test_language_and_direction_stand_outside_and_inside_the_body(page: Page) -> None:
    """Webmail keeps what is inside and throws away the rest."""
    document = page(month())
    (outside,) = document.find("html")
    (body,) = document.find("body")
    (inside, *_) = [child for child in body.children if isinstance(child, Element)]
    for element in (outside, inside):
        assert (element.attributes["lang"], element.attributes["dir"]) == ("en", "ltr")


def test_every_table_is_for_layout_and_every_picture_has_an_alternative(page: Page) -> None:
    """What screen readers would otherwise read out cell by cell, or by file name."""
    document = page(month())
    assert [table.attributes.get("role") for table in document.find("table")] == ["presentation"] * len(
        document.find("table")
    )
    assert all("alt" in image.attributes for image in document.find("img"))
    (map_picture,) = document.find("img")
    assert map_picture.attributes["alt"] == (
        "Map of where we work: Austria, Belgium, Georgia, Kazakhstan, Kyrgyzstan, Tajikistan, Turkmenistan"
        " and Uzbekistan"
    )


def test_links_say_where_they_lead(page: Page) -> None:
    """Read the study: TITLE, for whoever hears a list of links."""
    for link in page(month()).find("a"):
        said = link.attributes.get("aria-label", link.text)
        assert len(said) > 3
        assert said not in {"Read more", "here", "More"}
    labels = [link.attributes["aria-label"] for link in page(month()).find("a") if "aria-label" in link.attributes]
    assert labels[0] == "Read the commentary: Breaking taboos: EU asylum and migration policy since 2020"


def test_nothing_is_fetched_but_pictures(page: Page) -> None:
    """No fonts, scripts or style sheets from elsewhere; they would tell somebody who opens the mail."""
    document = page(month())
    assert document.find("link", "script", "iframe", "object") == []
    assert "@import" not in "".join(str(style.children) for style in document.find("style"))


def test_the_inbox_shows_the_preheader_and_nothing_is_white_on_white(page: Page, edition: Render) -> None:
    """White letters on white cost points with spam filters."""
    html = edition(month()).html.fill(READER).decode()
    hidden = next(div for div in page(month()).find("div") if "display:none" in div.attributes.get("style", ""))
    assert hidden.text.startswith("Our month in one mail")
    assert "color" not in hidden.attributes["style"]
    assert hidden.text.count("\u034f") <= 100
    assert '<meta name="description" content="Our month in one mail"' in html


def test_the_footer_says_who_why_and_how_to_leave(page: Page) -> None:
    """Postal address, reason, browser, unsubscribing: the law asks for most of it."""
    document = page(month())
    for said in (
        "International Centre for Migration Policy Development, Vienna, Austria",
        "You receive this email because you subscribed to: Monthly newsletter",
    ):
        assert said in document.text
    ways = {link.text: link.attributes["href"] for link in document.find("a")}
    assert ways["Unsubscribe"] == READER["unsubscribe_url"]
    assert ways["View in your browser"] == READER["view_url"]
    assert ways["Visit our website"] == "https://www.example.org"


def test_without_a_public_address_there_is_no_view_in_the_browser(tmp_path: Path) -> None:
    """A link that leads nowhere is worse than none."""
    workspace = make.workspace(tmp_path, public_url=None, site=None)
    rendered = render(make.selection(), workspace, "en")
    assert [slot.name for slot in rendered.html.slots] == ["unsubscribe_url"]
    assert [slot.name for slot in rendered.text.slots] == ["unsubscribe_url"]


@pytest.mark.parametrize(
    ("deadline", "shown"),
    [
        ("2024-08-02", "Apply by 2 August 2024 5 days left"),
        ("2024-07-29", "Apply by 29 July 2024 1 day left"),
        ("2024-07-28T18:00", "Apply by 28 July 2024, 18:00 CEST closes today"),
        ("2024-07-27", "Closed on 27 July 2024"),
    ],
)
def test_a_call_says_how_long_it_is_open_when_the_mail_goes_out(page: Page, deadline: str, shown: str) -> None:
    """Judged at the planned send time, 28 July; a call that is over offers no button."""
    document = page(make.selection((make.section("Calls", "call"), [make.call(deadline=deadline)])))
    assert shown in document.text.replace("\xa0", " ").replace("  ", " ")
    assert ("See how to apply" in document.text) == (not shown.startswith("Closed"))


def test_computed_figures_are_counted(page: Page) -> None:
    """Two of three projects go on, in seven countries."""
    text = page(month()).text
    assert "2 ongoing projects" in text
    assert "7 countries" in text
    assert "635,000 EUR of funding Source: Annual report" in text


def test_an_entry_shows_its_translation(edition: Render, page: Page) -> None:
    """Title, text, place and link in the edition's language; labels and dates too."""
    event = make.event(
        translations={
            "fr": {
                "title": "École d’été",
                "summary": "Cinq jours.",
                "url": "https://www.example.org/fr/ecole",
                "place": "Katchreti, Géorgie",
            }
        }
    )
    document = page(make.selection((make.section("Agenda", "event"), [event])), "fr")
    assert "École d’été 7–12 juil. 2024 · Katchreti, Géorgie Cinq jours. À propos de l’événement" in document.text
    assert "https://www.example.org/fr/ecole" in {link.attributes["href"] for link in document.find("a")}
    assert [heading.attributes.get("lang") for heading in document.find("h3")] == [None]


def test_an_entry_without_a_translation_says_which_language_it_is_in(page: Page) -> None:
    """Screen readers change their voice, browsers the direction."""
    document = page(make.selection((make.section(), [make.news()])), "ar")
    (html,) = document.find("html")
    (title,) = document.find("h3")
    assert (html.attributes["lang"], html.attributes["dir"]) == ("ar", "rtl")
    assert (title.attributes["lang"], title.attributes["dir"]) == ("en", "ltr")


def test_a_month_of_25_entries_is_not_clipped(edition: Render) -> None:
    """Gmail cuts a mail at about 100,000 bytes."""
    long = "A sentence of the length that summaries usually have, with what happened, where, and who took part. " * 2

    def many(kind: Callable[..., object], count: int) -> list[object]:
        return [
            kind(id=f"e{number}", summary=long, url=f"https://www.example.org/a/page/with/a/long/address/{number}")
            for number in range(count)
        ]

    rendered = edition(
        make.selection(
            (make.section("Featured", "study", layout="hero"), many(make.study, 1)),
            (make.section("Studies", "study"), many(make.study, 4)),
            (make.section("News", "news"), many(make.news, 14)),
            (make.section("Calls", "call"), many(make.call, 2)),
            (make.section("Events", "event"), many(make.event, 2)),
            (make.section("Where", "project"), many(make.project, 2)),
        )
    )
    assert len(rendered.html.fill(READER)) < 85_000


def test_where_nobody_set_a_layout_the_type_decides(edition: Render) -> None:
    """Studies as cards, projects with the map, figures in large numbers, the rest in rows."""
    mjml = edition(month()).mjml
    assert len(re.findall(r'<mj-column width="50%">', mjml)) == 4
    assert mjml.count("<mj-image") == 1
    assert mjml.count('class="brand number') == 3


def test_an_empty_section_leaves_no_heading(page: Page) -> None:
    """The check on empty sections tells the team; readers see nothing."""
    document = page(make.selection((make.section(), [make.news()]), (make.section("Calls", "call"), [])))
    assert [heading.text for heading in document.find("h2")] == ["News"]


def test_a_body_stands_in_where_there_is_no_page_to_read_on(page: Page) -> None:
    """Otherwise nobody could read it."""
    entry = make.news(url=None, summary="The summary.", body="The *body*.")
    assert "The summary. The body." in page(make.selection((make.section(), [entry]))).text


def test_an_unknown_theme_is_refused(edition: Render) -> None:
    """With the one that was meant."""
    issue = make.issue(theme="montly").at(Origin("issues/2024-07/issue.yaml", {("theme",): (9, 1)}))
    with pytest.raises(RenderingError) as caught:
        edition(make.selection(of=issue))
    assert (caught.value.message, caught.value.why, caught.value.fix) == (
        "there is no theme 'montly'",
        "did you mean monthly?",
        "correct `theme:` in issues/2024-07/issue.yaml:9:1",
    )


def test_the_text_part_is_a_letter(edition: Render) -> None:
    """Word for word."""
    text = (
        edition(
            make.selection(
                (make.section(), [make.news(), make.call()]), of=make.issue(intro="Dear {first_name|reader},")
            )
        )
        .text.fill(READER)
        .decode()
    )
    assert text == (
        "ICMPD NEWSLETTER – JULY 2024\n"
        "No. 7\n"
        "========================================================================\n"
        "\n"
        "Dear Ana,\n"
        "\n"
        "\n"
        "NEWS\n"
        "------------------------------------------------------------------------\n"
        "\n"
        "Twelve projects for border communities in Central Asia\n"
        "26 July 2024\n"
        "\n"
        "Non-governmental organisations from five countries begin their work in\n"
        "border areas.\n"
        "\n"
        "Read the story:\n"
        "https://www.example.org/news/border-communities\n"
        "\n"
        "Diaspora Innovation Hub: take part in Helsinki\n"
        "Apply by 31 July 2024 – 3 days left\n"
        "\n"
        "Youth and women diaspora organisations may express their interest.\n"
        "\n"
        "See how to apply:\n"
        "https://www.example.org/calls/diaspora-innovation-hub\n"
        "\n"
        "\n"
        "========================================================================\n"
        "ICMPD Newsletter\n"
        "International Centre for Migration Policy Development, Vienna, Austria\n"
        "\n"
        "You receive this email because you subscribed to it.\n"
        "\n"
        "View in your browser:\n"
        "https://news.example.org/v/1\n"
        "\n"
        "Visit our website:\n"
        "https://www.example.org\n"
        "\n"
        "Unsubscribe:\n"
        "https://news.example.org/u/1\n"
    )
