"""What is wrong with the mj-classes of a document, and with mj-all, seen from the elements that they reach."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from newsletter.model import meant
from newsletter.rendering.validation import differences, rules
from newsletter.rendering.validation.markup import Attribute
from newsletter.rendering.validation.rules import Fault

_WORD = re.compile(r"\S+")


class Classes:
    """The classes that a document defines, and the attributes that use them."""

    def __init__(self) -> None:
        self._defined: dict[str, dict[str, str]] = {}
        self._used: list[tuple[str, Attribute, frozenset[str], int]] = []
        self._of_all: list[tuple[Attribute, int]] = []
        self._elements: dict[str, None] = {}

    def define(self, written: Sequence[Attribute]) -> None:
        """Take note of an `mj-class` of `mj-attributes`."""
        given = {attribute.name: attribute.value for attribute in written}
        name = given.pop("name", "")
        if name:
            self._defined.setdefault(name, {}).update(given)

    def define_all(self, written: Sequence[Attribute], start: int) -> None:
        """Take note of an `mj-all`, whose tag begins at `start`."""
        self._of_all += ((attribute, start) for attribute in written)

    def use(self, element: str, written: Sequence[Attribute], start: int) -> None:
        """Take note of an element and its classes; its tag begins at `start`."""
        self._elements[element] = None
        for attribute in written:
            if attribute.name == "mj-class":
                self._used.append((element, attribute, frozenset(each.name for each in written), start))

    def gives(self, written: Sequence[Attribute], name: str) -> bool:
        """Return whether one of the element's classes gives it an attribute."""
        return any(
            name in self._defined.get(word, ())
            for attribute in written
            if attribute.name == "mj-class"
            for word in attribute.value.split()
        )

    def check(self) -> Iterator[Fault]:
        """Find classes that nothing defines, such that contradict each other, and what does not reach elements."""
        for attribute, tag in self._of_all:
            for element in self._elements:
                if wrong := differences.of_all(element, attribute.name, attribute.value):
                    start = tag + attribute.at
                    yield rules.OTHERWISE.broken(start, start + len(attribute.name), *wrong)
        for element, attribute, own, tag in self._used:
            before: dict[str, str] = {}
            for word in _WORD.finditer(attribute.value):
                start, end = (tag + attribute.start + offset for offset in word.span())
                given = self._defined.get(word[0])
                if given is None:
                    yield self._undefined(word[0], start, end)
                    continue
                for name in given.keys() - own:
                    if wrong := differences.of_class(element, name, given[name]):
                        yield rules.OTHERWISE.broken(start, end, *wrong)
                yield from self._contradictions(element, word[0], given, before, own, start, end)
                before.update(dict.fromkeys(given, word[0]))

    def _undefined(self, name: str, start: int, end: int) -> Fault:
        better = meant.did_you_mean(name, self._defined)
        message = f"no mj-class is called '{name}'{meant.suggestion(better)}"
        fix = f'write mj-class="{better}"' if better else f'add <mj-class name="{name}" … /> to mj-attributes'
        return rules.UNKNOWN_CLASS.broken(start, end, message, fix)

    def _contradictions(
        self,
        element: str,
        name: str,
        given: Mapping[str, str],
        before: Mapping[str, str],
        own: frozenset[str],
        start: int,
        end: int,
    ) -> Iterator[Fault]:
        for attribute, value in given.items():
            # The element's own attribute wins over both.
            if attribute in own or attribute not in before:
                continue
            other = before[attribute]
            if self._defined[other][attribute] != value:
                yield rules.CLASSES_DISAGREE.broken(
                    start,
                    end,
                    f"the classes '{other}' and '{name}' of <{element}> disagree about `{attribute}`",
                    f"keep one of the classes, or write {attribute}= into the element",
                )
