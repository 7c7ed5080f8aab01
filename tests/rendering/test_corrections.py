"""What was wrong when an issue left, as readers of its page are told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newsletter.model.edition import Edition
from newsletter.model.selection import Selection
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.page import Element

Page = Callable[..., Element]
Render = Callable[..., Edition]

FIRST = {"date": "2024-08-02", "note": "The call closes on 12 August."}
SECOND = {"date": "2024-08-05", "note": "An earlier version named <another> author."}


def selection(*corrections: dict[str, Any], **fields: Any) -> Selection:
    """Return an issue that was corrected."""
    return make.selection(of=make.issue(corrections=list(corrections), intro="Dear reader,", **fields))


@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_every_theme_tells_them_above_everything_else(edition: Render, page: Page, theme: str) -> None:
    """The newest first, in HTML and in text, as words and never as markup."""
    chosen = selection(FIRST, SECOND, theme=theme)
    told = (
        "Corrected on 5 August 2024 An earlier version named <another> author. "
        "Corrected on 2 August 2024 The call closes on 12 August. Dear reader,"
    )
    assert told in page(chosen).text
    text = edition(chosen).text.fill(READER).decode()
    assert (
        "=\n\nCorrected on 5 August 2024: An earlier version named <another> author.\n\n"
        "Corrected on 2 August 2024: The call closes on 12 August.\n\nDear reader,\n" in text
    )


def test_of_one_day_what_was_written_last_comes_first(page: Page) -> None:
    """As people add them below."""
    told = page(selection(FIRST, SECOND | {"date": "2024-08-02"})).text
    assert told.index("another") < told.index("12 August")


def test_each_language_has_its_own_words_for_them(page: Page) -> None:
    """What is not translated is marked, so that screen readers and the direction are right."""
    french = FIRST | {"translations": {"fr": {"note": "L’appel est ouvert jusqu’au 12 août."}}}
    chosen = selection(french, SECOND, languages=["en", "fr"])
    found = page(chosen.edition("fr", ()), "fr")
    assert "Corrigé le 2 août 2024 L’appel est ouvert jusqu’au 12 août." in found.text
    (foreign,) = [each for each in found.find("p") if "another" in each.text]
    assert (foreign.attributes["lang"], foreign.attributes["dir"]) == ("en", "ltr")
    (own,) = [each for each in found.find("p") if each.text.startswith("L’appel")]
    assert "lang" not in own.attributes


def test_an_issue_without_any_is_as_it_was(edition: Render) -> None:
    """Neither a word nor an empty box."""
    assert edition(selection()).html == edition(make.selection(of=make.issue(intro="Dear reader,"))).html
    assert b"Corrected" not in edition(selection()).html.fill(READER)
