"""What screen readers, webmail and cautious readers need of every edition."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest

from newsletter.model.edition import Edition
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.month import month
from tests.rendering.page import Element

Page = Callable[..., Element]
Render = Callable[..., Edition]


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


def test_an_entry_without_a_translation_says_which_language_it_is_in(page: Page) -> None:
    """Screen readers change their voice, browsers the direction."""
    document = page(make.selection((make.section(), [make.news()])), "ar")
    (html,) = document.find("html")
    (title,) = document.find("h3")
    assert (html.attributes["lang"], html.attributes["dir"]) == ("ar", "rtl")
    assert (title.attributes["lang"], title.attributes["dir"]) == ("en", "ltr")


def test_a_figure_without_a_translation_says_which_language_it_is_in(page: Page) -> None:
    """Its words, and not the number, which every language reads in its own way."""
    sections = (make.section("أرقام", "figure", layout="figures"), [make.figure()])
    found = [each for each in page(make.selection(sections), "ar").find("p") if each.text == make.figure().title]
    assert [(each.attributes.get("lang"), each.attributes.get("dir")) for each in found] == [("en", "ltr")]


@pytest.mark.parametrize(
    ("translation", "marked"),
    [({"title": "دعوة"}, ("en", "ltr")), ({"title": "دعوة", "eligibility": "Open to all."}, (None, None))],
)
def test_who_may_apply_says_its_language_where_that_alone_is_not_translated(
    page: Page, translation: dict[str, str], marked: tuple[str | None, str | None]
) -> None:
    """A full stop would stand on the wrong side."""
    call = make.call(eligibility="Open to all.", translations={"ar": translation})
    document = page(make.selection((make.section("دعوات", "call"), [call])), "ar")
    (told,) = [
        each
        for each in document.find("div")
        if each.text == "Open to all." and each.attributes.get("class", "").startswith("ink text")
    ]
    assert (told.attributes.get("lang"), told.attributes.get("dir")) == marked


def test_a_list_in_another_direction_stays_beside_its_marks(edition: Render) -> None:
    """The letter is flush right, and the marks of an English list in it stand on the left."""
    html = edition(make.selection(), "ar").html.fill(READER).decode()
    assert "ul,ol{text-align:start}" in html


@pytest.mark.parametrize("language", ["ar", "he", "hi", "ja", "ko", "th", "zh-Hant"])
def test_no_script_is_bent_that_has_no_slanted_letters(edition: Render, language: str) -> None:
    """What is emphasised is bold there, and a quotation has its bar."""
    bold = ".quote,em{font-style:normal!important}em{font-weight:700}"
    written = [edition(make.selection(), tag).html.fill(READER).decode() for tag in (language, "en")]
    assert [bold in html for html in written] == [True, False]
