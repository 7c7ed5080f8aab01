"""What readers enter into a form: addresses and names in the letters of any language."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.web.conftest import opened
from tests.web.readers import LISTS, World


@pytest.mark.parametrize(
    ("language", "told"),
    [
        (
            "en",
            (
                "Our messages cannot reach an address with letters other than a to z before the @. Please check it, or "
                "use another one."
            ),
        ),
        (
            "de",
            (
                "Unsere Nachrichten erreichen keine Adresse, in der vor dem @ andere Buchstaben als a bis z stehen. "
                "Prüfen Sie sie, oder geben Sie eine andere an."
            ),
        ),
    ],
)
def test_letters_that_no_message_reaches_are_told_as_that(world: World, language: str, told: str) -> None:
    """The address is complete, and its owner would look in vain for what is missing."""
    page = world.fill_in(email="müller@example.org", list="monthly", language=language).text
    error = re.search(r'id="email-error"[^>]*>([^<]+)<', page)
    assert error is not None
    assert error[1] == told


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("علی\u200cرضا  احمدی", "علی\u200cرضا احمدی"),
        ("क्\u200dषमा", "क्\u200dषमा"),
        ("\u200fדנה\u200c", "דנה"),
        ("\u200c", ""),
    ],
)
def test_a_name_keeps_the_signs_that_part_and_join_its_letters(world: World, typed: str, name: str) -> None:
    """With a blank in the place of one, a Persian first name would be two; at its ends none says anything."""
    world.confirmed("anna@example.org", name=typed)
    assert world.rows("SELECT name FROM subscribers") == [(name,)]


@pytest.mark.parametrize("path", ["/subscribe", "/preferences"])
@pytest.mark.parametrize(
    ("provider", "field", "status"), [("outbox", 'type="email"', 422), ("null", 'type="text" inputmode="email"', 200)]
)
def test_browsers_refuse_no_address_that_the_provider_carries(
    own_database: str | None, tmp_path: Path, path: str, provider: str, field: str, status: int
) -> None:
    """In a field for addresses they let nobody enter an ü before the @."""
    with opened(tmp_path, own_database, lists=LISTS, provider=provider) as world:
        assert f'<input id="email" name="email" {field}' in world.visitor.get(path).text
        assert world.fill_in(path, email="müller@example.org", list="monthly").status_code == status
