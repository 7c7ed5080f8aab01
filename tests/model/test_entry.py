"""What an entry says, and which of its texts readers of a language get."""

from __future__ import annotations

from contextlib import nullcontext

import pytest

from newsletter.model.entry import News, Translation
from tests import factories as make


@pytest.mark.parametrize(
    ("own", "others", "language", "title", "called"),
    [
        ("en", ["fr"], "fr", "in fr", "fr"),
        ("en", ["fr"], "fr-CA", "in fr", "fr-CA"),
        ("en", ["fr"], "de", "in en", "en"),
        ("pt-PT", ["pt-BR"], "pt-BR", "in pt-BR", "pt-BR"),
        ("pt-PT", ["pt-BR"], "pt-PT", "in pt-PT", "pt-PT"),
        ("pt-PT", ["pt-BR"], "pt", "in pt-PT", "pt"),
        ("en", ["pt-PT", "pt-BR"], "pt-br", "in pt-BR", "pt-br"),
        ("en", ["zh"], "zh-TW", "in en", "en"),
        ("en", ["zh", "zh-Hant"], "zh-TW", "in zh-Hant", "zh-TW"),
    ],
)
def test_of_one_language_in_two_countries_that_of_the_country_counts(
    own: str, others: list[str], language: str, title: str, called: str
) -> None:
    """Where nobody has written that, another country's is understood; and the entry's own where there is none."""
    translations = {tag: Translation(title=f"in {tag}") for tag in others}
    entry = News(id="a", title=f"in {own}", language=own, translations=translations)
    told, tag = entry.told(language)
    assert (told.title, tag) == (title, called)


@pytest.mark.parametrize("url", ["mailto:apply@example.org", "MAILTO:apply@example.org?subject=Two"])
def test_a_mailbox_is_no_page_by_which_an_entry_is_known_again(url: str) -> None:
    """People register for each month's meeting with the same one."""
    assert News(id="a", title="A", url=url).canonical_url is None
    assert News(id="a", title="A", url="https://www.example.org/a/#top").canonical_url == "https://example.org/a"


@pytest.mark.parametrize(
    ("end", "fits"), [("2024-10-27T02:15+01:00", True), ("2024-10-27T02:15", False), ("2024-10-27T02:30", True)]
)
def test_a_night_event_ends_by_the_second_of_two_equal_hours(end: str, fits: bool) -> None:
    """Where clocks are set back, a quarter past two comes after half past two as well."""
    with nullcontext() if fits else pytest.raises(ValueError, match="before the event starts"):
        make.event(start="2024-10-27T02:30", end=end)
