"""Whether two segments have nobody in common, so that what the readers of one have had is new to those of the other."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from newsletter.model.attribute import Attribute, Value
from newsletter.model.segment import Comparison, Segment


def are_disjoint(one: Segment, other: Segment) -> bool:
    """Return whether nobody can be in both, by what they say alone; False where that is not sure.

    Values of attributes count as two only if they are so whatever type the settings give the attribute.
    """
    return any(_excludes(part, other) for part in _parts(one)) or any(_excludes(part, one) for part in _parts(other))


def _parts(segment: Segment) -> Iterator[Segment]:
    """Yield the groups of which each must hold."""
    yield segment
    for part in segment.all or ():
        yield from _parts(part)


def _excludes(part: Segment, other: Segment) -> bool:
    """Return whether one group alone keeps out everybody of another segment."""
    if part.any is not None and all(are_disjoint(choice, other) for choice in part.any):
        return True
    groups = list(_parts(other))
    return (part.not_ is not None and part.not_ in groups) or any(_are_apart(part, group) for group in groups)


def _are_apart(one: Segment, other: Segment) -> bool:
    """Return whether the fields of two groups want something else of one thing of which a reader has one only."""
    both = (one.attributes or {}).keys() & (other.attributes or {}).keys()
    return (
        (None not in {one.frequency, other.frequency} and one.frequency != other.frequency)
        or _have_none_in_common(one.country, other.country)
        or _speak_apart(one.language, other.language)
        or any(_differ((one.attributes or {})[name], (other.attributes or {})[name]) for name in both)
    )


def _have_none_in_common(one: Collection[str] | None, other: Collection[str] | None) -> bool:
    return one is not None and other is not None and set(one).isdisjoint(other)


def _speak_apart(one: Collection[str] | None, other: Collection[str] | None) -> bool:
    """Return whether no language means readers of another one, as `de` means those of `de-AT`."""
    if one is None or other is None:
        return False
    pairs = [(mine.lower(), theirs.lower()) for mine in one for theirs in other]
    return not any(f"{mine}-".startswith(f"{theirs}-") or f"{theirs}-".startswith(f"{mine}-") for mine, theirs in pairs)


def _differ(one: Comparison, other: Comparison) -> bool:
    if one.is_ is not None and other.is_ is not None:
        return not any(_may_be_one(mine, theirs) for mine in one.is_ for theirs in other.is_)
    return any(first.known is False and (second.is_ or second.bounds) for first, second in ((one, other), (other, one)))


def _may_be_one(one: Value, other: Value) -> bool:
    """Return whether two values mean the same to an attribute of some type: “yes” and “true”, 5 and “5.0”."""
    if str(one).casefold() == str(other).casefold():
        return True
    return any(_read(kind, one) == _read(kind, other) is not None for kind in _KINDS)


_KINDS = tuple(Attribute(type=kind) for kind in ("text", "number", "date", "boolean", "country"))


def _read(kind: Attribute, value: Value) -> Value | None:
    try:
        return kind.read(value)
    except ValueError:
        return None
