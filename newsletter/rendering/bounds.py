"""How large a template may make a value, and how much it may do: no slip of the keys ends the process, or never ends.

Jinja2's sandbox bounds a single `range()` alone. Here everything is bounded that makes much of little in one step:
operators, filters and methods of texts are refused before they do it; texts that are put together, after each step. And
one rendering has so many turns of loops, calls of macros, numbers of ranges and thousands of characters, all together.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Sized
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.sandbox import safe_range

LARGEST = 2_000_000
"""Characters or items; the largest email that Gmail shows whole has about 100,000 bytes."""
TURNS = 500_000
"""In one rendering; a hundred entries in three columns take some thousands."""
_TURN = 1000
"""Characters or items that take as long as a turn."""
_WIDE = re.compile(r"%[^%a-zA-Z]*(?:\d{7}|\*)|\{[^}]*:[^}]*\d{7}")
_NESTED = re.compile(r"\{[^{}]*:[^{}]*\{")
_POWERS = 10_000
"""Bits of a number."""

WATCHED = frozenset({"*", "**", "%", "+"})
"""The operators that can make much of little."""
FILTERS = ("batch", "center", "format", "indent", "join", "replace", "slice", "wordwrap")


class _Work(threading.local):
    """How many turns the rendering has left; none where nobody counts them."""

    def __init__(self) -> None:
        self.left: int | None = None


_work = _Work()


@contextmanager
def bounded() -> Iterator[None]:
    """Count the turns of one rendering."""
    before = _work.left
    _work.left = TURNS
    try:
        yield
    finally:
        _work.left = before


def spend(turns: int) -> None:
    """Count turns; raise OverflowError where they become too many."""
    left = _work.left
    if left is not None:
        _work.left = left - turns
        if left < turns:
            raise OverflowError(f"all in all it would take more than {TURNS:,} turns, more work than any email can be")


def turns(values: Any) -> Any:
    """Return what a loop goes through, and count its turns: before them, where it is known how many there are."""
    try:
        number = len(values)
    except TypeError:
        return _counted(iter(values))
    spend(number)
    return values


def _counted(values: Iterator[Any]) -> Iterator[Any]:
    for value in values:
        spend(1)
        yield value


def counting_range(*given: int) -> range:
    """Return the range that Jinja2 allows, and count its numbers: a filter goes through them, too."""
    numbers = safe_range(*given)
    spend(len(numbers))
    return numbers


def check_operator(operator: str, left: Any, right: Any) -> None:
    """Raise OverflowError where the result would be too large."""
    if operator == "*":
        _check_product(left, right)
        _check_product(right, left)
    elif operator == "**":
        if isinstance(left, int) and isinstance(right, int) and left.bit_length() * right > _POWERS:
            raise _too_large("a number")
    elif operator == "%" and isinstance(left, str):
        _check_format(left)
    elif operator == "+" and isinstance(left, Sized) and isinstance(right, Sized):
        _check(len(left) + len(right))


def check_method(name: str, text: str, given: Iterable[Any]) -> None:
    """Raise OverflowError where what a method makes of a text would be too large."""
    arguments = list(given)
    if name == "join" and arguments:
        _check_joined(text, arguments[0])
    else:
        _check_made(name, text, arguments)


def check_filter(name: str, value: Any, given: Iterable[Any]) -> None:
    """Raise OverflowError where what a filter makes of a value would be too large."""
    arguments = list(given)
    if name == "join":
        _check_joined(str(arguments[0]) if arguments else "", value)
    else:
        _check_made(name, str(value) if name in {"replace", "format"} else value, arguments)


def within_bounds(text: str) -> str:
    """Return a text that is not too large; raise OverflowError for one that is."""
    _check(len(text))
    return text


def concat(texts: Iterable[str]) -> str:
    """Put together what a macro or a block has written; raise OverflowError where it is too large."""
    return within_bounds("".join(texts))


def watched(name: str, apply: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter that does what `apply` does within bounds."""
    # Filters that want the context have it before the value.
    at = 1 if hasattr(apply, "jinja_pass_arg") else 0

    @wraps(apply)
    def within(*args: Any, **kwargs: Any) -> Any:
        given = list(args)
        if isinstance(given[at], Iterator):
            # It can be counted only once it is there.
            given[at] = list(islice(given[at], LARGEST))
        check_filter(name, given[at], (*given[at + 1 :], *kwargs.values()))
        return apply(*given, **kwargs)

    return within


class Joining(CodeGenerator):
    """Compiles `a ~ b` so that it is put together within bounds, and loops so that they are counted.

    Only where the environment has bounds.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._looped: set[int] = set()

    def visit_For(self, node: nodes.For, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of a loop."""
        if hasattr(self.environment, turns.__name__):
            self._looped.add(id(node.iter))
        super().visit_For(node, frame)

    def visit(self, node: nodes.Node, *args: Any, **kwargs: Any) -> Any:
        """Write the code of anything; what a loop goes through is counted."""
        if id(node) not in self._looped:
            return super().visit(node, *args, **kwargs)
        self.write(f"environment.{turns.__name__}(")
        super().visit(node, *args, **kwargs)
        self.write(")")
        return None

    def visit_Concat(self, node: nodes.Concat, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of `~`."""
        if not hasattr(self.environment, within_bounds.__name__):
            super().visit_Concat(node, frame)
            return
        self.write(f"environment.{within_bounds.__name__}(")
        super().visit_Concat(node, frame)
        self.write(")")


def _check_made(name: str, value: Any, arguments: list[Any]) -> None:
    if name == "replace":
        old, new = ([str(each) for each in arguments if isinstance(each, str)] + ["", ""])[:2]
        _check(len(value) + value.count(old) * len(new))
    elif name in {"format", "format_map"}:
        _check_format(value)
    else:
        for each in arguments:
            if isinstance(each, int):
                _check(each)


def _check_joined(separator: str, parts: Any) -> None:
    if isinstance(parts, Sized) and isinstance(parts, Iterable):
        _check(len(separator) * len(parts))
        _check(sum(len(part) for part in parts if isinstance(part, str)))


def _check_format(text: str) -> None:
    # A width of seven digits, or one that is only known later.
    if _WIDE.search(text) or _NESTED.search(text):
        raise _too_large("a text")


def _check_product(sequence: Any, times: Any) -> None:
    if isinstance(sequence, str | bytes | list | tuple) and isinstance(times, int):
        _check(len(sequence) * times)


def _check(size: int) -> None:
    if size > LARGEST:
        raise _too_large("a text or list")
    if size >= _TURN:
        spend(size // _TURN)


def _too_large(what: str) -> OverflowError:
    return OverflowError(f"it would become {what} that is larger than any email can be")
