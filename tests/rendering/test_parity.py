"""Readers of the plain text and of the HTML learn the same, and can follow the same links."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product

import pytest

from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.page import parse

Render = Callable[..., Edition]
PAGE, ASIDE, DOI = "https://example.org/page", "https://example.org/aside", "https://doi.org/10.1234/abcd"
SHARED = {"summary": f"Words of [somebody]({ASIDE})", "url": PAGE}
EVERYTHING: dict[str, tuple[Entry, list[str], list[str]]] = {
    "news": (make.news(title="A title", **SHARED), ["A title"], []),
    "study": (
        make.study(title="A title", authors=["Ana Author"], publisher="A publisher", doi="10.1234/abcd", **SHARED),
        ["A title", "Ana Author", "A publisher"],
        [DOI],
    ),
    "call": (
        make.call(title="A title", eligibility="Cities with [a plan](https://example.org/plan)", **SHARED),
        ["A title", "Cities with", "Apply by 31 July 2024", "3 days left"],
        ["https://example.org/plan"],
    ),
    "event": (
        make.event(title="A title", start="2024-09-07", end=None, place="A place", **SHARED),
        ["A title", "A place", "7 September 2024"],
        [".ics"],
    ),
    "project": (
        make.project(title="A title", countries=["AT"], phase="planned", **SHARED),
        ["A title", "Austria", "Planned"],
        [],
    ),
    "figure": (
        make.figure(label="A title", value=18500, unit="people", source="A source", **SHARED),
        ["A title", "18,500", "people", "A source"],
        [],
    ),
}


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list", "map", "figures"])
@pytest.mark.parametrize("kind", EVERYTHING)
def test_whatever_an_entry_says_is_in_both_parts(edition: Render, kind: str, layout: str) -> None:
    """In every theme, alone in its section and as the sixth: nothing that was written is lost."""
    entry, words, links = EVERYTHING[kind]
    alone = make.section("One", kind, layout=layout), [entry]
    last = make.section("Six", kind, layout=layout), [*[make.news(title="Another")] * 5, entry]
    for theme, section in product(["monthly", "digest", "bulletin"], [alone, last]):
        made = edition(make.selection((make.section(), [make.news()]), section, of=make.issue(theme=theme)))
        page, text = parse(made.html.fill(READER).decode()), made.text.fill(READER).decode()
        for words_there in (page.text, " ".join(text.split())):
            assert [each for each in [*words, "Words of somebody"] if each not in _plain(words_there)] == []
        for addresses in ([link.attributes["href"] for link in page.find("a")], text.split()):
            assert [link for link in [PAGE, ASIDE, *links] if not any(link in each for each in addresses)] == []


def _plain(words: str) -> str:
    return words.replace("\u00a0", " ")


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list", "map", "figures"])
def test_a_study_without_a_page_leads_to_where_its_doi_leads(edition: Render, layout: str) -> None:
    """Otherwise readers would have no way to it."""
    study = make.study(url=None, doi="10.1234/abcd")
    made = edition(make.selection((make.section("Studies", "study", layout=layout), [study])))
    assert DOI in [link.attributes["href"] for link in parse(made.html.fill(READER).decode()).find("a")]
    assert f"\n\n{DOI}\n" in made.text.fill(READER).decode()


def test_an_address_that_is_the_doi_stands_once_in_the_text(edition: Render) -> None:
    """Twice the same line is noise to those who hear it."""
    study = make.study(url=DOI, doi="10.1234/abcd")
    text = edition(make.selection((make.section("Studies", "study"), [study]))).text.fill(READER).decode()
    assert text.count(DOI) == 1


def test_figures_are_a_line_each_where_they_have_no_more_to_say(edition: Render) -> None:
    """One with an address, or with words of its own, stands alone among them."""
    figures = [
        make.figure(id="a", label="cities", value=1),
        make.figure(id="b", label="towns", value=2),
        make.figure(id="c", label="villages", value=3, url=PAGE),
        make.figure(id="d", label="farms", value=4),
    ]
    text = edition(make.selection((make.section("In figures", "figure"), figures))).text.fill(READER).decode()
    shown = text.partition("-" * 72)[2].partition("\n\n\n===")[0]
    assert shown == f"\n\n1 cities\n2 towns\n\n3 villages\n\nRead more:\n{PAGE}\n\n4 farms"
