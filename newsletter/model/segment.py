"""A part of the subscribers, by what is known of them: structured, so that nothing in it is ever run as SQL."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from newsletter.model import meant
from newsletter.model.age import Length
from newsletter.model.attribute import Attribute, Value
from newsletter.model.consent import Frequency
from newsletter.model.fields import Countries, Languages, Line, Lines
from newsletter.model.meant import Unfit
from newsletter.model.moment import read_day
from newsletter.model.segment_text import STATES, parse
from newsletter.model.shape import Path

_OWN = ("language", "topic", "frequency")
_Day = Annotated[date, BeforeValidator(read_day)]


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str | int | float | bool) else value


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    @model_validator(mode="after")
    def _says_something(self) -> _Part:
        if not self.model_fields_set:
            raise Unfit("is empty, and would mean everybody", fix="say who is meant, or delete it")
        return self


class Comparison(_Part):
    """What an attribute must be; nobody of whom it is not known is meant."""

    is_: Annotated[tuple[Value, ...], BeforeValidator(_one_or_many)] | None = Field(
        default=None, alias="is", min_length=1
    )
    above: Value | None = None
    at_least: Value | None = None
    below: Value | None = None
    at_most: Value | None = None
    known: bool | None = None

    @model_validator(mode="before")
    @classmethod
    def _value_alone(cls, value: Any) -> Any:
        return {"is": value} if isinstance(value, str | int | float | bool | list | tuple) else value

    @property
    def bounds(self) -> dict[str, Value]:
        """The limits that are given, by `above`, `at_least`, `below` and `at_most`."""
        names = ("above", "at_least", "below", "at_most")
        return {name: value for name in names if (value := getattr(self, name)) is not None}


class ConsentTime(_Part):
    """When consent to the lists was confirmed; two of the four make a range."""

    before: _Day | None = None
    since: _Day | None = None
    older_than: Length | None = None
    newer_than: Length | None = None


class Mailings(_Part):
    """The mailings of one issue, or of the last ones to the lists."""

    issue: Line | None = None
    last: int | None = Field(default=None, ge=1, le=1000)

    @model_validator(mode="before")
    @classmethod
    def _issue_alone(cls, value: Any) -> Any:
        return {"issue": value} if isinstance(value, str) else value

    @model_validator(mode="after")
    def _one_of_both(self) -> Mailings:
        if self.issue and self.last:
            raise Unfit("names an issue and counts the last ones; keep one of the two", fix=f"write {self.issue}")
        return self


class Segment(_Part):
    """Who is meant: all that stands in one group must hold."""

    all: tuple[Segment, ...] | None = Field(default=None, min_length=1)
    any: tuple[Segment, ...] | None = Field(default=None, min_length=1)
    not_: Segment | None = Field(default=None, alias="not")
    language: Languages | None = Field(default=None, min_length=1)
    topic: Lines | None = Field(default=None, min_length=1)
    """Who chose one of them, or everything."""
    country: Countries | None = Field(default=None, min_length=1)
    """The attribute of this name."""
    frequency: Frequency | None = None
    attributes: dict[str, Comparison] | None = Field(default=None, min_length=1)
    consent: ConsentTime | None = None
    accepted: Mailings | None = None
    """Who has a delivery in this state; so the next three."""
    rejected: Mailings | None = None
    suppressed: Mailings | None = None
    unknown: Mailings | None = None

    @model_validator(mode="before")
    @classmethod
    def _text(cls, value: Any) -> Any:
        return parse(value) if isinstance(value, str) else value

    def __str__(self) -> str:
        """Return the segment as one line of JSON, the same for the same segment however it was written."""
        return self.model_dump_json(by_alias=True, exclude_unset=True)

    @property
    def deliveries(self) -> dict[str, Mailings]:
        """The mailings that are named, by the state of the delivery."""
        return {name: value for name in STATES if (value := getattr(self, name)) is not None}


def misfits(segment: Segment, attributes: Mapping[str, Attribute], path: Path = ()) -> Iterator[tuple[Path, Unfit]]:
    """Yield what does not fit the attributes that are declared, each with where it stands in the segment."""
    for name, parts in (("all", segment.all), ("any", segment.any)):
        for place, part in enumerate(parts or ()):
            yield from misfits(part, attributes, (*path, name, place))
    if segment.not_ is not None:
        yield from misfits(segment.not_, attributes, (*path, "not"))
    if segment.country is not None and "country" not in attributes:
        yield (*path, "country"), _undeclared("country", attributes, "country")
    for name, comparison in (segment.attributes or {}).items():
        if name not in attributes:
            yield (*path, "attributes", name), _undeclared(name, attributes, "text")
            continue
        given = [("is", value) for value in comparison.is_ or ()] + list(comparison.bounds.items())
        for word, value in given:
            problem = _misfit(name, attributes[name], word, value)
            if problem:
                yield (*path, "attributes", name), problem


def _misfit(name: str, attribute: Attribute, word: str, value: Value) -> Unfit | None:
    if word != "is" and attribute.type not in {"number", "date"}:
        return Unfit(
            f"'{name}' is of the type \"{attribute.type}\", which has no more and no less",
            fix="compare with `is`, or in a text with =",
        )
    try:
        attribute.read(value)
    except ValueError as error:
        return Unfit(f"'{name}': {error}", fix=getattr(error, "fix", ""))
    return None


def _undeclared(name: str, attributes: Mapping[str, Attribute], kind: str) -> Unfit:
    if name in _OWN:
        return Unfit(f"'{name}' is no attribute but stands by itself", fix=f"write `{name}:` beside `attributes:`")
    better = meant.did_you_mean(name, [*attributes, *_OWN, "country"])
    declare = f'declare it in the settings: [attributes.{name}] with type = "{kind}"'
    if better == name:
        return Unfit(f"no attribute is called '{name}'", fix=declare)
    return Unfit(
        f"no attribute is called '{name}'{meant.suggestion(better)}",
        fix=f"write {better}, or {declare}" if better else declare,
    )
