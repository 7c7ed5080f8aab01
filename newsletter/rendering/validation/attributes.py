"""What is wrong with the attributes of one element."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import unescape
from typing import NamedTuple

from newsletter.model.meant import suggestion
from newsletter.model.wording import cut
from newsletter.rendering.validation import differences, markup, rules, values, vocabulary
from newsletter.rendering.validation.markup import Attribute
from newsletter.rendering.validation.rules import Fault

_PADDING = re.compile(r"(?:inner-|icon-|ico-|text-)?padding(?:-\w+)?")
_BARE_ZERO = re.compile(r"(?<!\S)0(?!\S)")
_NEEDED = {
    "mj-breakpoint": ("width",),
    "mj-class": ("name",),
    "mj-font": ("name", "href"),
    "mj-image": ("src",),
    "mj-carousel-image": ("src",),
}


class Reading(NamedTuple):
    """The attributes of a start tag and what is wrong with them; offsets count from the tag's `<`."""

    written: tuple[Attribute, ...]
    faults: tuple[Fault, ...]


@lru_cache(maxsize=16384)
def read_component(tag: str, name: str, *, default: bool) -> Reading:
    """Return the attributes of a component's start tag; `default` says that it stands in `mj-attributes`.

    Kept, because templates write the same tags again and again, and the next render writes most of them once more.
    """
    written = tuple(markup.attributes(tag, name))
    faults = (*_twice(written), *_check(name, written, len(tag), default=default))
    return Reading(written, () if name in differences.REFUSED_ELEMENTS else faults)


@lru_cache(maxsize=16384)
def read_html(tag: str, name: str) -> Reading:
    """Return the attributes of an HTML element's start tag, whose words are free."""
    written = tuple(markup.attributes(tag, name))
    return Reading(written, tuple(_twice(written)))


def _twice(written: Sequence[Attribute]) -> Iterator[Fault]:
    """Find attributes that an element, of MJML or HTML, has more than once."""
    seen: set[str] = set()
    for attribute in written:
        name = attribute.name.lower()
        if name in seen:
            yield rules.TWICE.broken(
                attribute.at,
                attribute.end,
                f"`{attribute.name}` stands twice in the same tag",
                "delete one of them",
            )
        seen.add(name)


def _check(element: str, written: Sequence[Attribute], length: int, *, default: bool) -> Iterator[Fault]:
    """Find what is wrong with the attributes of a component whose tag has `length` characters."""
    known = vocabulary.attributes(element)
    given = {attribute.name: attribute.value for attribute in written}
    for attribute in written:
        kinds = known.get(attribute.name)
        if kinds is None:
            yield _unknown(element, attribute)
            continue
        value = unescape(attribute.value) if "&" in attribute.value else attribute.value
        problem = values.problem(kinds, value)
        if problem:
            yield rules.WRONG_VALUE.broken(
                attribute.start,
                attribute.end,
                f"`{attribute.name}` of <{element}> is '{_short(value)}', which {problem.why}",
                problem.fix,
            )
        elif "0" in value and _PADDING.fullmatch(attribute.name):
            yield from _bare_zero(element, attribute)
        yield from differences.of_attribute(element, attribute)
    if not default or element == "mj-class":
        yield from _missing(element, given, length)
    yield from differences.of_attributes(element, written, length, default=default)


def _unknown(element: str, attribute: Attribute) -> Fault:
    better = vocabulary.attribute_meant(attribute.name, element)
    message = f"<{element}> has no attribute `{attribute.name}`{suggestion(better, '``')}"
    fix = f"write {better}=" if better else "delete it, or say it with a style sheet and css-class="
    if not vocabulary.attributes(element):
        fix = "delete it"
    return rules.UNKNOWN_ATTRIBUTE.broken(attribute.at, attribute.at + len(attribute.name), message, fix)


def _bare_zero(element: str, attribute: Attribute) -> Iterator[Fault]:
    zero = _BARE_ZERO.search(attribute.value)
    if zero:
        better = _BARE_ZERO.sub("0px", attribute.value)
        yield rules.BARE_ZERO.broken(
            attribute.start + zero.start(),
            attribute.start + zero.end(),
            f"`{attribute.name}` of <{element}> has a 0 without a unit",
            f'write {attribute.name}="{better}"',
        )


def _missing(element: str, given: dict[str, str], length: int) -> Iterator[Fault]:
    for name in _NEEDED.get(element, ()):
        # Where a class gives it cannot be seen from here.
        if name not in given and "mj-class" not in given:
            yield rules.MISSING_ATTRIBUTE.broken(0, length, f"<{element}> has no `{name}`", f'write {name}="…" into it')


def _short(value: str) -> str:
    return cut(" ".join(value.split()) if value.strip() else value, 60)
