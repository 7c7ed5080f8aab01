"""Everything that is held about an address."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from sqlalchemy import update

from newsletter.audience import show, suppress
from newsletter.errors import NotFound
from newsletter.model.consent import Suppression
from newsletter.store import Database, schema, stored
from tests.audience.people import NOW, mailed, subscribe


def test_everything_that_is_held_is_shown(database: Database) -> None:
    """Person, words, suppression and deliveries, ready for whoever asks for their data."""
    subscribe(
        database,
        "Anna@example.org",
        "monthly",
        name="Anna",
        language="en",
        wording="Yes, write to me once a month",
    )
    suppress(database, "anna@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)
    anna = {"subscriber_id": 1, "address": "Anna@example.org", "name": "Anna"}
    mailed(database, [anna | {"edition": 1, "state": "accepted", "provider_id": "42"}])
    leaves = stored(NOW + dt.timedelta(days=3))
    with database.writing() as connection:
        connection.execute(update(schema.mailings).values(begins_at=leaves))
    shown = show(database, "ANNA@example.org")
    assert json.loads(json.dumps(shown)) == {
        "address": "Anna@example.org",
        "name": "Anna",
        "language": "en",
        "topics": None,
        "attributes": None,
        "frequency": "every issue",
        "paused_until": None,
        "created_at": "2024-07-28T09:00:00+00:00",
        "preferences_changed_at": None,
        "preferences_source": "",
        "unsuppressed_at": None,
        "lists": [
            {
                "list": "monthly",
                "consent": "confirmed",
                "source": "form",
                "changed_at": "2024-07-28T09:00:00+00:00",
                "wording": "Yes, write to me once a month",
                "confirmed_at": "2024-07-28T09:00:00+00:00",
                "proof": "opened the link in the confirmation mail",
            }
        ],
        "suppression": {"reason": "bounce", "source": "test", "created_at": "2024-07-28T09:00:00+00:00"},
        "deliveries": [
            {
                "issue": "2024-07",
                "mailing_id": 1,
                "mailing_leaves_at": "2024-07-31T09:00:00+00:00",
                "address": "Anna@example.org",
                "name": "Anna",
                "state": "accepted",
                "provider_id": "42",
                "detail": "",
            }
        ],
        "erased": None,
        "signups": [
            {
                "id": 1,
                "kind": "subscribe",
                "subscriber_id": 1,
                "address": None,
                "address_key": None,
                "choice": {"lists": ["monthly"], "name": "Anna", "topics": []},
                "language": "en",
                "wording": "Yes, write to me once a month",
                "state": "confirmed",
                "attempts": 1,
                "asked_at": "2024-07-28T09:00:00+00:00",
                "sent_at": "2024-07-28T09:00:00+00:00",
                "answered_at": "2024-07-28T09:00:00+00:00",
            }
        ],
    }


def test_no_column_about_a_person_is_forgotten() -> None:
    """A column that comes later must be shown as well, or be named here as held about nobody."""
    personal = {column.name for column in schema.subscribers.columns} - {"id", "address_key"}
    assert personal == {"address", "name", "language", "topics", "attributes", "created_at"} | {
        "frequency",
        "paused_until",
        "preferred_at",
        "preferred_by",
        "unsuppressed_at",
    }


def test_every_table_about_people_says_what_becomes_of_it() -> None:
    """A table that comes later is erased, tidied and shown by its `info`, or this fails."""
    for table in schema.metadata.sorted_tables:
        if {"address", "address_key", "subscriber_id"} & set(table.c.keys()):
            assert table.info.get(schema.ERASURE) in {schema.DELETE, schema.EMPTY}, table.name


def test_a_suppressed_stranger_is_shown(database: Database) -> None:
    """An address may be held although nobody with it ever subscribed."""
    suppress(database, "a@example.org", reason=Suppression.BY_HAND, source="by phone", now=NOW)
    shown = show(database, "a@example.org")
    assert shown["suppression"] == {
        "reason": "by hand",
        "source": "by phone",
        "created_at": "2024-07-28T09:00:00+00:00",
    }
    assert (shown["created_at"], shown["lists"], shown["deliveries"]) == (None, [], [])


def test_an_address_that_is_nowhere_is_told(database: Database) -> None:
    """An empty record would look like an answer."""
    with pytest.raises(NotFound) as caught:
        show(database, "a@example.org")
    assert (caught.value.message, caught.value.fix) == (
        "nobody here has the address 'a@example.org'",
        "see whether it is spelt as in the list",
    )
