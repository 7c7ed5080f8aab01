"""Segments as conditions on the subscribers."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select

from newsletter.audience import condition, count_list, export_list, page, read_segment, suppress
from newsletter.config import Workspace
from newsletter.errors import AudienceError
from newsletter.model.consent import Suppression
from newsletter.model.segment import Segment
from newsletter.store import Database, schema, stored
from tests import factories as make
from tests.audience.people import NOW, empty, mailed
from tests.audience.test_import_properties import shared

ATTRIBUTES = {
    "country": {"type": "country"},
    "seats": {"type": "number"},
    "level": {"type": "choice", "choices": ["gold", "silver"]},
    "member": {"type": "boolean"},
    "joined": {"type": "date"},
    "note": {"type": "text"},
}


@pytest.fixture
def workspace(workspace: Workspace) -> Workspace:
    """A workspace that declares an attribute of each kind."""
    return make.workspace(
        workspace.root,
        lists={"monthly": {"title": "Monthly"}, "events": {"title": "Events"}},
        attributes=ATTRIBUTES,
        database=workspace.settings.database,
    )


def add(database: Database, *people: dict[str, Any], days_ago: int = 10) -> None:
    """Put people on the list, named a, b, c, …"""
    with database.writing() as connection:
        list_id = connection.execute(
            insert(schema.lists).values(name="monthly", created_at=stored(NOW))
        ).inserted_primary_key
        assert list_id is not None
        for number, fields in enumerate(people, 1):
            address = f"{chr(96 + number)}@example.org"
            connection.execute(
                insert(schema.subscribers).values(
                    id=number, address=address, address_key=address, created_at=stored(NOW), **fields
                )
            )
            connection.execute(
                insert(schema.consents).values(
                    list_id=list_id[0],
                    subscriber_id=number,
                    state="confirmed",
                    changed_at=stored(NOW - dt.timedelta(days=days_ago * number)),
                )
            )


def mail(database: Database, issue: str, states: dict[str, str], audience: str = "monthly", **fields: Any) -> None:
    """Record a mailing with the state of each person's delivery."""
    deliveries = [
        {"subscriber_id": ord(letter) - 96, "address": f"{letter}@example.org", "state": state}
        for letter, state in states.items()
    ]
    mailed(database, deliveries, issue=issue, lists=audience.split(","), audience=audience, **fields)


def meant(database: Database, workspace: Workspace, written: object, issue: str = "") -> str:
    """Return the letters of those whom a segment means."""
    segment = Segment.model_validate(written)
    holds = condition(segment, lists=["monthly"], settings=workspace.settings, now=NOW, issue=issue)
    with database.reading() as connection:
        found = connection.scalars(select(schema.subscribers.c.address).where(holds).order_by(schema.subscribers.c.id))
        return "".join(address[0] for address in found)


def test_what_is_known_of_people(database: Database, workspace: Workspace) -> None:
    """Language with its regions, topics or everything, and attributes of each kind; the unknown are not meant."""
    add(
        database,
        {"language": "de-AT", "topics": ["Borders"], "attributes": {"country": "AT", "seats": 5, "level": "gold"}},
        {"language": "de", "topics": ["diaspora", "borders"], "attributes": {"country": "DE", "member": True}},
        {"language": "DE-ch", "topics": None, "attributes": {"seats": 4.5, "joined": "2024-01-31", "note": "x"}},
        {"language": "den", "topics": ["asylum"], "attributes": None},
    )
    expected = {
        "language=de": "abc",
        "topic=Borders": "abc",
        "topic in (asylum, diaspora)": "bcd",
        "country=at": "a",
        "country in (AT, DE)": "ab",
        "not country=AT": "bcd",
        "seats>=4.5": "ac",
        "seats>4.5": "a",
        "seats<5": "c",
        "level=Gold": "a",
        "member=yes": "b",
        "not member=yes": "acd",
        "joined>=2024-01-31": "c",
        "joined<2024-01-31": "",
        "note=x": "c",
        "note is unknown": "abd",
        "seats is known and not level=gold": "c",
        "frequency=monthly": "",
        "not frequency=monthly": "abcd",
    }
    assert {line: meant(database, workspace, line) for line in expected} == expected


def test_the_age_of_consent(database: Database, workspace: Workspace) -> None:
    """Counted back by the calendar from now, or from a day in the newsletter's zone."""
    add(database, {}, {}, {}, days_ago=31)
    assert meant(database, workspace, "consent older than 1 month") == "abc"
    assert meant(database, workspace, "consent older than 2 months") == "bc"
    assert meant(database, workspace, "consent newer than 70 days") == "ab"
    assert meant(database, workspace, {"consent": {"before": "2024-06-27", "since": "2024-05-27"}}) == "b"


def test_past_deliveries(database: Database, workspace: Workspace) -> None:
    """Of one issue, or of the last mailings to the lists; the issue that is about to leave does not count."""
    add(database, {}, {}, {})
    mail(database, "2024-05", {"a": "accepted", "b": "accepted"})
    mail(database, "2024-06", {"a": "accepted", "b": "rejected"}, "events,monthly")
    mail(database, "events-1", {"c": "accepted"}, "events")
    mail(database, "2024-07", {"c": "accepted"})
    expected = {
        "accepted in 2024-05": "ab",
        "accepted in last 1": "a",
        "accepted in last 2": "ab",
        "rejected in last 1": "b",
        "not accepted in last 2": "c",
        "accepted in 2024-06 or rejected in 2024-06": "ab",
    }
    assert {line: meant(database, workspace, line, "2024-07") for line in expected} == expected
    assert meant(database, workspace, "accepted in last 1") == "c"


def test_a_mailing_that_was_stopped_before_anything_left_is_none_of_the_last(
    database: Database, workspace: Workspace
) -> None:
    """Nobody got it; one that was stopped on its way is one of them."""
    add(database, {}, {}, {})
    mail(database, "2024-05", {"a": "accepted", "b": "accepted"})
    mail(database, "2024-06", {"a": "accepted", "b": "pending"}, state="stopped")
    mail(database, "2024-07", {"a": "pending", "b": "suppressed", "c": "rejected"}, state="stopped")
    expected = {"accepted in last 1": "a", "accepted in last 2": "ab", "not accepted in last 1": "bc"}
    assert {line: meant(database, workspace, line) for line in expected} == expected


def test_the_last_are_issues_by_when_they_left(database: Database, workspace: Workspace) -> None:
    """Whatever was planned first; what went to the rest belongs to its issue, and what is only planned has not left."""
    add(database, {}, {}, {}, {})
    mail(database, "2024-06-extra", {"d": "accepted"}, begins_at=stored(NOW - dt.timedelta(days=1)))
    mail(database, "2024-05", {"a": "accepted", "b": "rejected"}, started_at=stored(NOW - dt.timedelta(days=9)))
    mail(database, "2024-06", {"c": "accepted"}, started_at=stored(NOW - dt.timedelta(days=4)))
    mail(database, "2024-05", {"a": "suppressed", "b": "accepted"}, round=2)
    mail(database, "2024-08", {"a": "pending"}, state="scheduled", begins_at=stored(NOW + dt.timedelta(days=9)))
    expected = {
        "accepted in last 1": "d",
        "accepted in last 2": "cd",
        "accepted in last 3": "abcd",
        "not accepted in last 2": "ab",
    }
    assert {line: meant(database, workspace, line) for line in expected} == expected


@pytest.mark.parametrize("line", ["not accepted in 2042-05", "language=en or (seats>=5 and unknown in 2042-05)"])
def test_an_issue_that_was_never_sent_is_refused(database: Database, workspace: Workspace, line: str) -> None:
    """With a slip in its name `not accepted in` it would mean everybody."""
    add(database, {}, {})
    mail(database, "2024-05", {"a": "accepted"})
    segment = read_segment(line, workspace.settings)
    for asked in (
        lambda: count_list(database, "monthly", settings=workspace.settings, now=NOW, segment=segment),
        lambda: page(database, "monthly", settings=workspace.settings, now=NOW, segment=segment),
        lambda: export_list(database, "monthly", io.StringIO(), settings=workspace.settings, segment=segment),
    ):
        with pytest.raises(AudienceError) as caught:
            asked()
        assert (caught.value.message, caught.value.fix) == (
            "the segment asks who got the issue 2042-05, which has not been sent; did you mean 2024-05?",
            "write one that was sent: 2024-05",
        )


def test_a_segment_of_a_list_is_counted_and_shown(database: Database, workspace: Workspace) -> None:
    """Counted are those who would get an issue; pages show everybody on the list, with what is known."""
    add(database, {"language": "de"}, {"language": "de"}, {"language": "en"})
    suppress(database, "a@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)
    segment = read_segment("language=de", workspace.settings)
    options: dict[str, Any] = {"settings": workspace.settings, "now": NOW}
    counted = count_list(database, "monthly", segment=segment, **options)
    assert counted.as_json() == {
        "name": "monthly",
        "title": "Monthly",
        "confirmed": 3,
        "pending": 0,
        "unsubscribed": 0,
        "suppressed": 1,
        "segment": 1,
    }
    shown = page(database, "monthly", segment=segment, **options)
    assert [(member.address, member.suppressed) for member in shown] == [
        ("a@example.org", "bounce"),
        ("b@example.org", ""),
    ]
    assert [member.id for member in page(database, "monthly", after=1, limit=1, **options)] == [2]


def test_a_segment_that_does_not_fit_is_refused(database: Database, workspace: Workspace) -> None:
    """With the place and the remedy, on the command line and in a call."""
    with pytest.raises(AudienceError) as caught:
        read_segment("levl=gold", workspace.settings)
    assert caught.value.message == "the segment is not understood: no attribute is called 'levl'; did you mean 'level'?"
    with pytest.raises(AudienceError, match="one of = != < <= > >= in"):
        read_segment("level", workspace.settings)
    with pytest.raises(AudienceError, match="no attribute is called 'levl'"):
        meant(database, workspace, "levl=gold")


people = st.lists(
    st.fixed_dictionaries(
        {
            "language": st.sampled_from(["", "de", "de-AT", "en"]),
            "topics": st.sampled_from([None, ["a"], ["b", "A"]]),
            # Values of another kind than declared: they were declared otherwise once.
            "attributes": st.sampled_from(
                [None, {}, {"seats": 3}, {"seats": "3"}, {"seats": 4, "country": "AT"}, {"country": 7, "member": False}]
            ),
        }
    ),
    max_size=5,
)
tests = st.sampled_from(
    ["language=de", "topic=a", "topic=b", "seats>3", "seats<=3", "country=AT", "member=no", "seats is known"]
)
segments = st.recursive(
    tests.map(Segment.model_validate),
    lambda inner: st.one_of(
        st.builds(lambda parts: Segment(all=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: Segment(any=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda part: Segment.model_validate({"not": part}), inner),
    ),
    max_leaves=6,
)


def holds(segment: Segment, person: dict[str, Any]) -> bool:
    """Say the same in Python."""
    known = person["attributes"] or {}
    seats = known.get("seats") if isinstance(known.get("seats"), int) else None
    found = [
        all(holds(part, person) for part in segment.all or ()),
        segment.any is None or any(holds(part, person) for part in segment.any),
        segment.not_ is None or not holds(segment.not_, person),
        segment.language is None or person["language"] in {"de", "de-AT"},
        segment.topic is None
        or person["topics"] is None
        or segment.topic[0] in {topic.casefold() for topic in person["topics"]},
        segment.country is None or known.get("country") == "AT",
    ]
    for name, comparison in (segment.attributes or {}).items():
        if name == "member":
            found.append(known.get("member") is False)
        elif comparison.known:
            found.append(seats is not None)
        else:
            found.append(seats is not None and (seats > 3 if comparison.above else seats <= 3))
    return all(found)


@shared
@given(people, segments)
def test_a_condition_means_what_the_segment_says(
    database: Database, workspace: Workspace, persons: list[dict[str, Any]], segment: Segment
) -> None:
    """Whoever is not meant is meant by `not`, whatever is unknown or of another kind."""
    empty(database)
    add(database, *persons)
    expected = "".join(chr(97 + place) for place, person in enumerate(persons) if holds(segment, person))
    assert meant(database, workspace, segment) == expected
