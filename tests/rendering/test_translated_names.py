"""The newsletter's own names in the language of an edition."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.rendering import render
from newsletter.rendering.letters import LetterKind, render_letter
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.test_letters import STOP, letter

WORDS = {"ar": {"title": "النشرة", "tagline": "أخبار الهجرة", "postal_address": "فيينا، النمسا"}}
LISTS = {"monthly": {"title": "Monthly newsletter", "translations": {"ar": {"title": "الشهرية"}}}}


@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_an_edition_names_the_newsletter_in_its_language(tmp_path: Path, theme: str) -> None:
    """Title, tagline, postal address and list; the other edition keeps its own."""
    space = make.workspace(
        tmp_path, title="Our letter", brand={"tagline": "On migration"}, lists=LISTS, translations=WORDS
    )
    issue = make.issue(title="July", theme=theme, lists=["monthly"], languages=["en", "ar"])
    selection = make.selection(of=issue)
    arabic, english = (render(selection, space, language) for language in ("ar", "en"))
    own = ("النشرة", "فيينا، النمسا", "الشهرية")
    for name in own:
        assert name in arabic.html.fill(READER).decode()
        assert name in arabic.text.fill(READER).decode()
        assert name not in english.html.fill(READER).decode()
    shown = arabic.html.fill(READER).decode()
    for name in ("Our letter", "On migration", space.settings.postal_address, "Monthly newsletter"):
        assert name not in shown


def test_a_letter_names_the_newsletter_in_its_language(tmp_path: Path) -> None:
    """As the page does to which it leads."""
    space = make.workspace(tmp_path, title="Our letter", translations=WORDS)
    shown = render_letter(letter(LetterKind.CONFIRM, "ar"), space)
    html = shown.html.fill({"unsubscribe_url": STOP}).decode()
    assert "النشرة" in shown.subject.fill({}).decode()
    assert "فيينا، النمسا" in html
    assert "Our letter" not in html
