"""Segments, as groups of fields and on one line."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from newsletter.model.attribute import Attribute
from newsletter.model.segment import Segment, misfits

ATTRIBUTES = {
    "country": Attribute(type="country"),
    "seats": Attribute(type="number"),
    "level": Attribute(type="choice", choices=("gold", "silver")),
    "joined": Attribute(type="date"),
}


def read(written: object) -> dict[str, Any]:
    """Return what is set in a segment."""
    return Segment.model_validate(written).model_dump(exclude_unset=True, by_alias=True, mode="json")


def refusal(written: object) -> tuple[str, str]:
    """Return what is wrong with a segment and how to mend it."""
    with pytest.raises(ValidationError) as caught:
        Segment.model_validate(written)
    error = caught.value.errors()[0]["ctx"]["error"]
    return str(error), error.fix


@pytest.mark.parametrize(
    ("line", "group"),
    [
        ("country=AT", {"country": "at"}),
        ("country = AT and topic = diaspora", {"all": [{"country": "AT"}, {"topic": "diaspora"}]}),
        ("language=de or language=fr", {"any": [{"language": "de"}, {"language": "fr"}]}),
        ("country in (AT, DE)", {"country": ["AT", "DE"]}),
        ("not topic=borders", {"not": {"topic": "borders"}}),
        ("country!=AT", {"not": {"country": "AT"}}),
        ("topic='labour migration'", {"topic": "labour migration"}),
        ('level="gold"', {"attributes": {"level": "gold"}}),
        ("seats>=5", {"attributes": {"seats": {"at_least": "5"}}}),
        ("seats<5", {"attributes": {"seats": {"below": "5"}}}),
        ("seats is unknown", {"attributes": {"seats": {"known": False}}}),
        ("frequency=monthly", {"frequency": "monthly"}),
        ("frequency in (monthly, quarterly)", {"any": [{"frequency": "monthly"}, {"frequency": "quarterly"}]}),
        ("consent before 2023-01-01", {"consent": {"before": "2023-01-01"}}),
        ("consent older than 2 years", {"consent": {"older_than": "2 years"}}),
        ("accepted in 2024-06", {"accepted": "2024-06"}),
        ("rejected in last 3", {"rejected": {"last": 3}}),
        (
            "country=AT and topic=a or not (language=de or language=fr)",
            {
                "any": [
                    {"all": [{"country": "AT"}, {"topic": "a"}]},
                    {"not": {"any": [{"language": "de"}, {"language": "fr"}]}},
                ]
            },
        ),
    ],
)
def test_a_line_means_the_same_as_a_group(line: str, group: dict[str, Any]) -> None:
    """`and` binds closer than `or`; brackets and `not` do the rest."""
    assert read(line) == read(group)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("", "a condition is expected at the end: ►"),
        ("country", "one of = != < <= > >= in, after 'country', is expected at the end: country►"),
        ("country=", "a value is expected at the end: country=►"),
        ("(country=AT", "a closing bracket is expected at the end: (country=AT►"),
        ("country=AT topic=a", "`and`, `or` or the end is expected where 'topic' stands: country=AT ►topic=a"),
        ("country in AT", "an opening bracket is expected where 'AT' stands: country in ►AT"),
        ("consent older 2 years", "`than` is expected where '2' stands: consent older ►2 years"),
        ("accepted in last many", "a number is expected where 'many' stands: accepted in last ►many"),
        ("topic='a", "a quotation mark is never closed, or a sign has no meaning here: topic=►'a"),
        ("name=Anna", "'name' is nothing that people can be told apart by: ►name=Anna"),
        ("topics=a", "'topics' is nothing that people can be told apart by; did you mean 'topic': ►topics=a"),
        ("(" * 50 + "a=1", "there are too many brackets in each other: ►" + "(" * 50 + "a=1"),
    ],
)
def test_a_mistake_is_shown_where_it_is(line: str, sentence: str) -> None:
    """The line is repeated with a mark at the letter."""
    assert refusal(line)[0] == sentence


def test_an_empty_group_is_nobody_s_wish() -> None:
    """It would mean everybody, which is what leaving the segment out says."""
    assert refusal({}) == ("is empty, and would mean everybody", "say who is meant, or delete it")


@pytest.mark.parametrize(
    ("line", "path", "sentence", "fix"),
    [
        (
            "levl=gold",
            ("attributes", "levl"),
            "no attribute is called 'levl'; did you mean 'level'?",
            'write level, or declare it in the settings: [attributes.levl] with type = "text"',
        ),
        (
            "topic=a and level=glod",
            ("all", 1, "attributes", "level"),
            "'level': 'glod' is not one of gold, silver; did you mean 'gold'?",
            "write gold",
        ),
        (
            "not seats=many",
            ("not", "attributes", "seats"),
            "'seats': 'many' is not a number",
            "write digits, with a point before decimals",
        ),
        (
            {"attributes": {"topic": "a"}},
            ("attributes", "topic"),
            "'topic' is no attribute but stands by itself",
            "write `topic:` beside `attributes:`",
        ),
        (
            "countri=AT",
            ("attributes", "countri"),
            "no attribute is called 'countri'; did you mean 'country'?",
            'write country, or declare it in the settings: [attributes.countri] with type = "text"',
        ),
        (
            "level>gold",
            ("attributes", "level"),
            "'level' is of the type \"choice\", which has no more and no less",
            "compare with `is`, or in a text with =",
        ),
    ],
)
def test_attributes_are_those_of_the_settings(line: object, path: tuple[object, ...], sentence: str, fix: str) -> None:
    """Each misfit says where it stands, so that its line and column can be found."""
    found = [(place, str(problem), problem.fix) for place, problem in misfits(Segment.model_validate(line), ATTRIBUTES)]
    assert found == [(path, sentence, fix)]


def test_a_country_needs_its_attribute() -> None:
    """What is not declared is not held about anybody."""
    ((path, problem),) = misfits(Segment.model_validate("country=AT"), {})
    assert (path, str(problem)) == (("country",), "no attribute is called 'country'")


@given(st.text("abAT=<>!(),'\" andortisn2", max_size=40))
def test_any_line_is_a_segment_or_refused(line: str) -> None:
    """No text brings the parser to a fall, and what it accepts says something."""
    try:
        assert read(line)
    except ValidationError as error:
        assert error.errors()[0]["msg"]
