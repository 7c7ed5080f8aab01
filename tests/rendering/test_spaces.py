"""Spaces at which no line may end."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.rendering import render
from newsletter.rendering.spaces import held
from tests import factories as make
from tests.rendering.page import Element


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Que faire ? L’avis de « Migrations »", "Que faire~? L’avis de «~Migrations~»"),
        ("18 000 personnes ; vraiment ? **Oui !**", "18~000 personnes~; vraiment~? **Oui~!**"),
        ("3 000 000 €, soit 12 % :", "3~000~000~€, soit 12~%~:"),
        ("Voir ![la carte](carte.png) et :emoji:", "Voir ![la carte](carte.png) et :emoji:"),
        ("De 9 h à 18 h 30, salle n° 5 : Mme Roy et M. Petit", "De 9~h à 18~h~30, salle n°~5~: Mme~Roy et M.~Petit"),
        ("Le 3 hier, 25 hommes ; 8 h 2024", "Le 3 hier, 25 hommes~; 8~h 2024"),
        ("En 2024, 300 personnes", "En 2024, 300 personnes"),
        ("`a ? b : c`", "`a ? b : c`"),
    ],
)
def test_french_signs_stay_with_their_words(text: str, expected: str) -> None:
    """A line that begins with a question mark, or ends with an opening quotation mark, is a mistake in French."""
    assert held(text, "fr-CH") == expected.replace("~", "\u00a0")


def test_a_thai_sign_of_repetition_stays_with_its_word(page: Callable[..., Element]) -> None:
    """Nor does a year stand on another line than the era that it is counted by."""
    assert held("อื่น ๆ ใน พ.ศ. 2567", "th") == "อื่น\u00a0ๆ ใน พ.ศ.\u00a02567"
    entry = make.news(language="th", summary="ต่าง ๆ")
    text = page(make.selection((make.section(take="news"), [entry]), of=make.issue(languages=["th"])), "th").text
    assert "ต่าง\u00a0ๆ" in text


def test_other_languages_keep_their_spaces() -> None:
    """German opens a quotation with the mark that closes a French one."""
    assert held("»Wort« und mehr ?", "de") == "»Wort« und mehr ?"


def test_what_stands_around_the_entries_of_a_french_letter_has_them_too(tmp_path: Path) -> None:
    """The tagline, the place of an event and the name of a list are the team's words as well."""
    space = make.workspace(
        tmp_path,
        language="fr",
        brand={"tagline": "Musées : expositions"},
        lists={"monthly": {"title": "Lettre : tous les mois"}},
    )
    event = make.event(language="fr", place="Grenoble, salle n° 5 ?")
    chosen = make.selection((make.section(take="event"), [event]), of=make.issue(number=7, lists=["monthly"]))
    html = b"".join(render(chosen, space, "fr").html.chunks).decode()
    for words in ("N°~7", "Musées~: expositions", "salle n°~5~?", "Lettre~: tous les mois"):
        assert words.replace("~", "\u00a0") in html, words


@pytest.mark.parametrize("layout", ["hero", "story", "cards", "list", "map"])
def test_the_words_of_a_french_letter_have_them_in_every_layout(page: Callable[..., Element], layout: str) -> None:
    """Headings, titles and texts, and nothing in an entry that stays in another language."""
    own = make.news(language="fr", title="Vraiment ?", summary="« Oui ! »", countries=["FR"])
    english = make.news(id="en", title="Odd ?", url="https://www.example.org/en", countries=["GB"])
    section = make.section("Débat : la suite", "news", layout=layout)
    issue = make.issue(languages=["fr"], sections=[section])
    text = page(make.selection((section, [own, english]), of=issue), "fr").text
    for words in ("Débat\u00a0: la suite", "Vraiment\u00a0?", "«\u00a0Oui\u00a0!\u00a0»", "Odd ?"):
        assert words in text
