"""The newsletter's own names on readers' pages, in the language of the page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.web.conftest import opened
from tests.web.readers import World, hidden

WORDS = {"de": {"title": "Unser Rundbrief", "postal_address": "Wien, Österreich"}}
LISTS = {
    "monthly": {
        "title": "Monthly newsletter",
        "public": True,
        "archive": True,
        "translations": {"de": {"title": "Monatlicher Rundbrief", "description": "Neues und Studien"}},
    },
    "events": {"title": "Events", "public": True, "translations": {"de": {"title": "Termine"}}},
}


@pytest.fixture
def german(own_database: str | None, tmp_path: Path) -> Iterator[World]:
    """A service with German names, visited by somebody whose browser asks for German."""
    with opened(tmp_path, own_database, lists=LISTS, translations=WORDS, readers={"languages": ["en", "de"]}) as world:
        world.visitor.headers["Accept-Language"] = "de"
        yield world


def test_form_letter_and_question_name_newsletter_and_lists(german: World) -> None:
    """And the consent that is kept is the sentence that was shown."""
    page = german.visitor.get("/subscribe").text
    for name in ("Unser Rundbrief", "Wien, Österreich", "Monatlicher Rundbrief", "Neues und Studien", "Termine"):
        assert name in page
    assert "Monthly newsletter" not in page
    german.clock.forward(seconds=5)
    german.visitor.post("/subscribe", data=hidden(page) | {"email": "anna@example.org", "list": ["monthly"]})
    (letter,) = german.mail()
    assert "Unser Rundbrief" in letter["Subject"]
    body = letter.get_body(("plain",))
    assert body is not None
    assert "Monatlicher Rundbrief" in body.get_content()
    ((wording,),) = german.rows("SELECT wording FROM signups")
    assert "Unser Rundbrief" in wording
    german.visitor.headers["Accept-Language"] = "en"
    page = german.visitor.get("/subscribe").text
    assert "Monthly newsletter" in page
    assert "Rundbrief" not in page


def test_preferences_and_archive_speak_it_too(german: World) -> None:
    """Whichever of them a reader comes to."""
    german.confirmed()
    page = german.visitor.get(german.preferences()).text
    for name in ("Unser Rundbrief", "Monatlicher Rundbrief", "Termine"):
        assert name in page
    page = german.visitor.get("/issues").text
    assert "Unser Rundbrief" in page
    assert "ICMPD Newsletter" not in page
