"""What the settings lack in a language is told as the lines to write."""

from __future__ import annotations

import re
from pathlib import Path

from tests.checks.cases_editorial import plan
from tests.checks.cases_languages import FRENCH, HEADINGS, translated
from tests.checks.workspace import FILES, SETTINGS, lint, write

ISSUE_IN_FRENCH = {**plan(FRENCH, *HEADINGS), **translated()}


def test_the_lines_that_are_told_are_all_that_is_missing(tmp_path: Path) -> None:
    """Whoever writes them, with words of their own, hears no more of it."""
    settings = FILES[SETTINGS] + '[brand]\ntagline = "News from Vienna"\n'
    write(tmp_path, {**ISSUE_IN_FRENCH, SETTINGS: settings})
    (found,) = lint(tmp_path)
    assert found.message == (
        "“Our newsletter”, “News from Vienna” and “Monthly newsletter” of the settings are not translated into "
        "French (fr)"
    )
    assert found.fix == (
        'write into newsletter.toml, with your words: below a line [translations.fr] title = "…" and tagline = "…"; '
        'below a line [lists.monthly.translations.fr] title = "…". A name that stays is written as it is'
    )
    lines = re.findall(r'\[[\w.]+\]|\w+ = "…"', found.fix)
    (tmp_path / SETTINGS).write_text("\n".join((settings, *lines)), encoding="utf-8")
    assert lint(tmp_path) == ()


def test_the_lines_are_those_of_the_file_that_has_the_settings(tmp_path: Path) -> None:
    """In pyproject.toml all tables of the newsletter begin alike."""
    settings = "[tool.newsletter]\n" + FILES[SETTINGS].replace("[lists", "[tool.newsletter.lists")
    write(tmp_path, ISSUE_IN_FRENCH)
    (tmp_path / SETTINGS).rename(tmp_path / "pyproject.toml").write_text(settings, encoding="utf-8")
    (found,) = lint(tmp_path)
    assert re.findall(r"pyproject\.toml|\[[\w.]+\]", found.fix) == [
        "pyproject.toml",
        "[tool.newsletter.translations.fr]",
        "[tool.newsletter.lists.monthly.translations.fr]",
    ]


def test_each_language_is_told_once(tmp_path: Path) -> None:
    """An issue in three languages, of which the settings have one, has two findings."""
    languages = plan((FRENCH[0], FRENCH[1].replace("[en, fr]", "[en, fr, de]")))
    write(tmp_path, languages)
    found = [finding.message.partition("into ")[2] for finding in lint(tmp_path) if finding.code == "EDT037"]
    assert found == ["French (fr)", "German (de)"]


def test_a_newsletter_that_is_called_as_its_list_is_told_once(tmp_path: Path) -> None:
    """With the line for each of the two."""
    settings = re.sub(r"(?m)^title = .*$", 'title = "Voices"', FILES[SETTINGS])
    write(tmp_path, {**ISSUE_IN_FRENCH, SETTINGS: settings})
    (found,) = lint(tmp_path)
    assert found.message == "“Voices” of the settings is not translated into French (fr)"
    assert found.fix.count('title = "…"') == 2
