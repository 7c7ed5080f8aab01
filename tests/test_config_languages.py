"""Settings in other languages: what readers see of them, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import config
from newsletter.config import Settings
from newsletter.errors import ConfigurationError
from newsletter.model.finding import Finding, Place, Severity
from tests import factories as make

LISTS = {
    "monthly": {"title": "Monthly", "translations": {"de": {"title": "Monatlich"}, "ar": {"description": "كل شهر"}}},
    "events": {"title": "Events", "description": "What is on"},
}
WORDS = {"de": {"title": "Unser Rundbrief", "postal_address": "Wien, Österreich"}, "ar": {"tagline": "أخبار"}}


@pytest.fixture
def settings() -> Settings:
    """Settings in English, with some words in German and in Arabic."""
    return make.settings(title="Our letter", brand={"tagline": "News"}, lists=LISTS, translations=WORDS)


def seen(settings: Settings) -> tuple[object, ...]:
    """Return what readers see."""
    lists = [(one.title, one.description) for one in settings.lists.values()]
    return settings.title, settings.brand.tagline, settings.postal_address, *lists


def test_what_has_words_in_a_language_is_said_in_it(settings: Settings) -> None:
    """What has none stays as it is, and German serves Austria."""
    address = settings.postal_address
    german = ("Unser Rundbrief", "News", "Wien, Österreich", ("Monatlich", ""), ("Events", "What is on"))
    assert seen(settings.in_language("de")) == seen(settings.in_language("de-AT")) == german
    arabic = ("Our letter", "أخبار", address, ("Monthly", "كل شهر"), ("Events", "What is on"))
    assert seen(settings.in_language("ar")) == arabic
    assert settings.in_language("fr") is settings
    assert settings.in_language("") is settings


def test_a_word_that_there_is_not_is_told_at_its_line(tmp_path: Path) -> None:
    """As in every other section."""
    written = (
        'title = "T"\nfrom = "N <n@example.org>"\nzone = "Europe/Vienna"\npostal_address = "Vienna"\n'
        '[translations.de]\ntitel = "Rundbrief"\n'
    )
    (tmp_path / "newsletter.toml").write_text(written, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path)
    (finding,) = caught.value.findings
    assert (finding.place.line, "did you mean" in finding.message, "title" in finding.message) == (6, True, True)


@pytest.mark.parametrize("table", ["translations", "lists.monthly.translations"])
def test_a_language_that_is_there_twice_is_told_at_its_second_line(tmp_path: Path, table: str) -> None:
    """Of `ar` and `AR` one would win without a word."""
    written = (
        'title = "T"\nfrom = "N <n@example.org>"\nzone = "Europe/Vienna"\npostal_address = "Vienna"\n'
        f'[lists.monthly]\ntitle = "Monthly"\n[{table}.ar]\ntitle = "نشرة"\n[{table}.AR]\ntitle = "أخبار"\n'
    )
    (tmp_path / "newsletter.toml").write_text(written, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        config.load(tmp_path)
    (finding,) = caught.value.findings
    name = table.replace(".", " ")
    assert finding == Finding(
        "CFG006",
        Severity.ERROR,
        f"`{name}`: 'AR' is the same language as 'ar'",
        Place("newsletter.toml", 9, 1),
        why="nobody can tell which of the two counts; capitals make no difference to a language code",
        fix="keep one, with everything that belongs to it",
        field=f"{table}.AR",
    )
