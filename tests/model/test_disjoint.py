"""Segments that have nobody in common."""

from __future__ import annotations

from itertools import product
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.disjoint import are_disjoint
from newsletter.model.segment import Segment


def segment(text: str) -> Segment:
    """Return the segment that a line means."""
    return Segment.model_validate(text)


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("country=AT", "country=DE", True),
        ("country in (AT, DE)", "country in (CH, IT)", True),
        ("country in (AT, DE)", "country in (DE, IT)", False),
        ("country=AT and topic=trade", "topic=law and country=DE", True),
        ("topic=trade", "topic=law", False),
        ("language=de", "language=en", True),
        ("language=de", "language=de-AT", False),
        ("language=de-AT", "language=de-CH", True),
        ("frequency=quarterly", "frequency=monthly", True),
        ("level=gold", "level=silver", True),
        ("level=gold", "level=Gold", False),
        ("level=gold", "level is unknown", True),
        ("level is known", "level is unknown", False),
        ("seats>5", "seats is unknown", True),
        # Whatever the settings say of the attribute: a day, yes or no, a number.
        ("member=yes", "member=true", False),
        ("member=yes", "member=no", True),
        ("seats=5", 'seats="5.0"', False),
        ('joined="2024-07-01"', 'joined="2024-07-01 09:00"', False),
        ("level=gold", "seats=5", False),
        ("country=AT", "not country=AT", True),
        ("country=AT and topic=law", "not country=AT", True),
        ("country=AT", "not country=DE", False),
        ("country=AT or language=it", "country=DE and language=en", True),
        ("country=AT or language=it", "country=DE", False),
        ("(country=AT or country=DE) and topic=law", "country=CH or country=IT", True),
    ],
)
def test_two_segments_have_nobody_in_common_where_both_say_so(one: str, other: str, expected: bool) -> None:
    """Of one thing of which a reader has one only they want something else; topics are several."""
    assert (are_disjoint(segment(one), segment(other)), are_disjoint(segment(other), segment(one))) == (
        expected,
        expected,
    )


class Person(NamedTuple):
    """What a segment may ask of a reader."""

    language: str
    country: str
    level: str
    frequency: str


EVERYBODY = [
    Person(*known)
    for known in product(("", "de", "de-AT", "en"), ("", "AT", "DE"), ("", "gold", "silver"), ("quarterly", "monthly"))
]
groups = st.one_of(
    st.sampled_from(["language=de", "language=de-AT", "language=en", "frequency=quarterly"]),
    st.sampled_from(["country=AT", "country in (AT, DE)", "country=DE"]),
    st.sampled_from(["level=gold", "level in (gold, silver)", "level is unknown", "level is known"]),
).map(segment)
segments = st.recursive(
    groups,
    lambda inner: st.one_of(
        st.builds(lambda parts: Segment(all=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        st.builds(lambda parts: Segment(any=tuple(parts)), st.lists(inner, min_size=1, max_size=3)),
        inner.map(lambda part: Segment.model_validate({"not": part})),
    ),
    max_leaves=5,
)


def holds(wanted: Segment, person: Person) -> bool:
    """Say whom a segment means, as the audience does."""
    level = (wanted.attributes or {}).get("level")
    return all(
        (
            all(holds(part, person) for part in wanted.all or ()),
            wanted.any is None or any(holds(part, person) for part in wanted.any),
            wanted.not_ is None or not holds(wanted.not_, person),
            wanted.language is None or any(f"{person.language}-".startswith(f"{code}-") for code in wanted.language),
            wanted.country is None or person.country in wanted.country,
            wanted.frequency is None or person.frequency == wanted.frequency,
            level is None or level.known is None or level.known == bool(person.level),
            level is None or level.is_ is None or person.level in level.is_,
        )
    )


@given(segments, segments)
def test_nobody_is_in_two_segments_that_are_told_apart(one: Segment, other: Segment) -> None:
    """Else somebody would be shown what they have had; and it does not matter which of the two is asked."""
    told = are_disjoint(one, other)
    assert told == are_disjoint(other, one)
    assert not told or not any(holds(one, person) and holds(other, person) for person in EVERYBODY)
