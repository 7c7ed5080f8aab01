"""Which section takes an entry, in which order they are read, and what a limit turns away."""

from __future__ import annotations

from typing import Any

import pytest

from tests import factories as make
from tests.selection.test_reasons import choose, inside, outside


@pytest.mark.parametrize(
    ("fields", "wanted"),
    [
        ({"topics": ["Diaspora", "law"]}, {"topics": ["diaspora"]}),
        ({"topics": ["Santé"]}, {"topics": ["Sante\u0301"]}),
        ({"regions": ["Central Asia"]}, {"regions": "central  asia"}),
        ({"countries": ["FI"]}, {"countries": ["AT", "FI"]}),
        ({"language": "fr", "translations": {"en": {"title": "T"}}}, {"languages": ["en"]}),
    ],
)
def test_sections_filter_by_topic_region_country_and_language(fields: Any, wanted: Any) -> None:
    """A section takes an entry that shares one value with each of its filters, and no other."""
    entries = [make.news(id="a", **fields), make.news(id="b", language="fr", url=None)]
    selection = choose(*entries, sections=[make.section(**wanted)], languages=["en", "fr"])
    assert inside(selection) == [("News", "a", "in_period")]


def test_a_limit_turns_away_the_last_and_never_a_pinned_entry() -> None:
    """What a limit turns away goes to the next section that takes it, else it is out."""
    entries = [make.news(id=name, date=f"2024-07-0{number}", url=None) for number, name in enumerate("abcd", 1)]
    sections = [make.section("First", limit=2), make.section("Second", limit=1)]
    selection = choose(*entries, sections=sections, pin=["a"])
    assert inside(selection) == [("First", "d", "in_period"), ("First", "a", "pinned"), ("Second", "c", "in_period")]
    assert outside(selection) == [("b", "over_limit", "the section Second is full")]
    full = choose(*entries, sections=sections[1:], pin=["a", "b"])
    assert inside(full) == [("Second", "b", "pinned"), ("Second", "a", "pinned")]


def test_a_featured_section_chooses_first_and_the_rest_lead_their_section() -> None:
    """`feature` fills a featured section; what its limit turns away leads its ordinary section."""
    entries = [
        make.study(id="old", date="2024-01-01", url=None),
        make.study(id="new", date="2024-07-20", url=None),
        make.study(id="flagged", date="2024-07-03", featured=True, url=None),
    ]
    sections = [
        make.section("Studies", "study"),
        make.section("Featured", "study", featured=True, limit=1, layout="hero"),
    ]
    assert inside(choose(*entries, sections=sections, feature=["old"])) == [
        ("Studies", "new", "in_period"),
        ("Studies", "flagged", "in_period"),
        ("Featured", "old", "featured"),
    ]
    assert inside(choose(*entries, sections=sections)) == [
        ("Studies", "new", "in_period"),
        ("Featured", "flagged", "featured"),
    ]
    assert inside(choose(*entries, sections=sections, feature=["new", "old"])) == [
        ("Studies", "old", "featured"),
        ("Studies", "flagged", "in_period"),
        ("Featured", "new", "featured"),
    ]


def test_a_pinned_entry_finds_a_section_although_it_meets_no_filter() -> None:
    """A person's choice needs only a section that takes the type."""
    sections = [make.section("Law", topics=["law"])]
    assert inside(choose(make.news(id="a"), sections=sections, pin=["a"])) == [("Law", "a", "pinned")]
    # What leads an issue was not asked for.
    sections.insert(0, make.section("Featured", featured=True, limit=1))
    assert inside(choose(make.news(id="a"), sections=sections, pin=["a"])) == [("Law", "a", "pinned")]
    assert outside(choose(make.event(id="a"), sections=sections, pin=["a"])) == [
        ("a", "no_section", "no section takes this event")
    ]


def test_what_a_person_asked_for_is_told_as_pinned_wherever_it_stands() -> None:
    """A reason is the person's choice before it is the section's."""
    study = make.study(id="a", featured=True)
    selection = choose(study, sections=[make.section("Lead", "study", featured=True)], pin=["a"])
    assert inside(selection) == [("Lead", "a", "pinned")]


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("newest first", ["c", "b", "a", "z"]),
        ("oldest first", ["a", "b", "c", "z"]),
        ("title", ["c", "z", "a", "b"]),
    ],
)
def test_sections_are_sorted_as_they_say(order: str, expected: list[str]) -> None:
    """Entries without a date come last in either direction."""
    entries = [
        make.news(id="a", date="2024-07-01", title="May", url=None),
        make.news(id="b", date="2024-07-02", title="november", url=None),
        make.news(id="c", date="2024-07-03", title="April", url=None),
        make.news(id="z", date=None, title="august", url=None),
    ]
    selection = choose(*entries, sections=[make.section(order=order, period="any")])
    assert [entry_id for _, entry_id, _ in inside(selection)] == expected


def test_calls_are_sorted_by_deadline_and_events_by_start() -> None:
    """Where a section names no order, the type does."""
    calls = [make.call(id=name, deadline=f"2024-08-0{day}", url=None) for name, day in (("a", 3), ("b", 1), ("c", 2))]
    selection = choose(*calls, sections=[make.section("Calls", "call")])
    assert [entry_id for _, entry_id, _ in inside(selection)] == ["b", "c", "a"]
    starts = {"a": "2024-08-03", "b": "2024-08-01", "c": "2024-08-02"}
    events = [make.event(id=name, start=day, end=None, url=None) for name, day in starts.items()]
    selection = choose(*events, sections=[make.section("Events", "event")])
    assert [entry_id for _, entry_id, _ in inside(selection)] == ["b", "c", "a"]
    mixed = choose(*calls, make.news(id="d"), sections=[make.section("Calls and news", ["call", "news"])])
    assert [entry_id for _, entry_id, _ in inside(mixed)] == ["d", "a", "b", "c"]


def test_order_by_hand_comes_before_the_sections_order() -> None:
    """Entries that `order` names come first, in that order."""
    entries = [make.news(id=name, date=f"2024-07-0{number}", url=None) for number, name in enumerate("abcd", 1)]
    selection = choose(*entries, order=["a", "c"])
    assert [entry_id for _, entry_id, _ in inside(selection)] == ["a", "c", "d", "b"]


def test_order_by_hand_moves_nothing_into_another_section() -> None:
    """Who fits into a full section is decided by the section's order, not by hand."""
    entries = [make.news(id=name, date=f"2024-07-0{number}", url=None) for number, name in enumerate("abcd", 1)]
    sections = [make.section("First", limit=2), make.section("Second")]
    assert inside(choose(*entries, sections=sections, order=["a", "c"])) == [
        ("First", "c", "in_period"),
        ("First", "d", "in_period"),
        ("Second", "a", "in_period"),
        ("Second", "b", "in_period"),
    ]
