"""How large a template may make a value, and how much it may do: no slip of the keys ends the process, or never ends.

Jinja2's sandbox bounds a single `range()` alone. Here everything is bounded that makes much of little in one step:
operators, filters and methods of texts are refused before they do it; texts and lists that are put together, as they
grow. And one rendering has so many turns of loops, calls of macros, numbers of ranges and thousands of characters, all
together.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sized
from contextlib import contextmanager
from functools import wraps
from itertools import islice
from string import Formatter
from typing import Any

from jinja2.sandbox import safe_range
from jinja2.utils import Namespace

LARGEST = 2_000_000
"""Characters or items; the largest email that Gmail shows whole has about 100,000 bytes."""
TURNS = 500_000
"""In one rendering; a hundred entries in three columns take some thousands."""
_TURN = 1000
"""Characters or items that take as long as a turn."""
_WIDE = re.compile(r"[%)][-+ #0.\d]*(?:\d{7}|\*)")
"""In a text for the operator `%`, where a name in brackets may stand before a width."""
_WIDTHS = re.compile(r"[%)][-+ #0.\d]+")
_NUMBER = re.compile(r"\d{1,6}")
_WIDE_SPEC = re.compile(r"\d{7}|\{")
"""In a text for `format()`: a width of seven digits, or one that is only known later."""
_OF_A_FIELD = 1_000
"""Characters that a field of a text may become where nobody can tell: `{0.summary}`."""
_ITEM = 4
"""Characters that an item of a list counts for."""
_AT_ONCE = 64
"""Texts that are looked at together: one by one takes a tenth of a rendering."""
_POWERS = 10_000
"""Bits of a number."""

WATCHED = frozenset({"*", "**", "%", "+"})
"""The operators that can make much of little."""
FILTERS = (
    "batch",
    "center",
    "format",
    "indent",
    "join",
    "replace",
    "round",
    "slice",
    "sum",
    "tojson",
    "wordwrap",
)


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


def left() -> int:
    """Return how many turns the rendering has left; 0 where nobody counts them."""
    return _work.left or 0


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
        if _WIDE.search(left):
            raise _too_large("a text")
        _check(len(left) + left.count("%") * _extent(right) + sum(map(_width, _WIDTHS.findall(left))))
    elif operator == "+" and isinstance(left, Sized) and isinstance(right, Sized):
        _check(_extent(left) + _extent(right))


def check_method(name: str, text: str, given: Iterable[Any]) -> None:
    """Raise OverflowError where what a method makes of a text would be too large."""
    arguments = list(given)
    if name == "join" and arguments:
        _check_joined(text, arguments[0])
    elif name == "translate" and arguments and isinstance(arguments[0], Mapping):
        _check(len(text) * max((_extent(each) for each in arguments[0].values()), default=0))
    elif name == "expandtabs":
        _check(len(text) + text.count("\t") * max((each for each in arguments if isinstance(each, int)), default=8))
    else:
        _check_made(name, text, arguments)


def check_filter(name: str, value: Any, given: Iterable[Any]) -> None:
    """Raise OverflowError where what a filter makes of a value would be too large."""
    arguments = list(given)
    if name == "join":
        _check_joined(str(arguments[0]) if arguments else "", value)
    elif name == "sum":
        # Lists are put together one after the other, each time the whole again.
        spend(len(value) * _extent(value) // _TURN if any(isinstance(each, Sized) for each in arguments) else 0)
    elif name in {"indent", "wordwrap"}:
        wide = max((len(each) if isinstance(each, str) else int(each) for each in arguments), default=0)
        lines = str(value).count("\n") + 1 if name == "indent" else len(str(value)) if _has_text(arguments) else 1
        _check(len(str(value)) + lines * wide)
    elif name in {"batch", "slice", "tojson"}:
        times = max((each for each in arguments if isinstance(each, int)), default=0)
        filled = value if name == "tojson" else [each for each in arguments if not isinstance(each, int)]
        _check(_extent(value) + times * (_extent(filled) + 1))
    else:
        _check_made(name, str(value) if name in {"replace", "format"} else value, arguments)


def within_bounds(text: str) -> str:
    """Return a text that is not too large; raise OverflowError for one that is."""
    _check(len(text))
    return text


def listed(value: Any) -> Any:
    """Return a list of what can be counted only once it is there, and anything else as it is."""
    return list(islice(value, LARGEST)) if isinstance(value, Iterator) else value


def concat(texts: Iterable[str]) -> str:
    """Put together what a macro or a block has written; raise OverflowError where it is too large."""
    # What is in a buffer was counted on its way there.
    return "".join(texts if isinstance(texts, Texts) else kept(texts))


def kept(texts: Iterable[str]) -> list[str]:
    """Return texts that are not too large all together; raise OverflowError as soon as they are."""
    found: list[str] = []
    size, coming = 0, iter(texts)
    while some := list(islice(coming, _AT_ONCE)):
        size += sum(map(len, some))
        if size > LARGEST:
            raise _too_large("a text or list")
        found += some
    return found


def made(values: Any) -> Any:
    """Return a list, tuple or dictionary that is not too large with all that is in it; raise OverflowError else."""
    _extent(values)
    return values


class Texts(list[str]):
    """What a macro or a block has written so far; raises OverflowError where that becomes too large."""

    __slots__ = ("size",)

    def __init__(self) -> None:
        self.size = 0

    def append(self, text: str) -> None:
        """Take one text more."""
        size = self.size + len(text)
        if size > LARGEST:
            raise _too_large("a text or list")
        self.size = size
        # A third faster than by super(), some thousand times in each rendering.
        list.append(self, text)

    def extend(self, texts: Iterable[str]) -> None:
        """Take some texts more."""
        several = tuple(texts)
        size = self.size + sum(map(len, several))
        if size > LARGEST:
            raise _too_large("a text or list")
        self.size = size
        list.extend(self, several)


def watched(name: str, apply: Callable[..., Any]) -> Callable[..., Any]:
    """Return the filter that does what `apply` does within bounds."""
    # Filters that want the context have it before the value.
    at = 1 if hasattr(apply, "jinja_pass_arg") else 0

    @wraps(apply)
    def within(*args: Any, **kwargs: Any) -> Any:
        given = list(args)
        given[at] = listed(given[at])
        check_filter(name, given[at], (*given[at + 1 :], *kwargs.values()))
        return apply(*given, **kwargs)

    return within


def _check_made(name: str, value: Any, arguments: list[Any]) -> None:
    if name == "replace":
        old, new = ([str(each) for each in arguments if isinstance(each, str)] + ["", ""])[:2]
        _check(len(value) + value.count(old) * len(new))
    elif name in {"format", "format_map"}:
        # The filter is the operator `%`, and the method knows nothing of it.
        if name == "format" and "%" in value:
            check_operator("%", value, arguments)
        _check_fields(value, arguments)
    else:
        for each in arguments:
            if isinstance(each, int):
                _check(each)


def _check_fields(text: str, given: Any) -> None:
    fields = wide = 0
    try:
        for _, field, spec, _ in Formatter().parse(text):
            fields += field is not None
            if spec and _WIDE_SPEC.search(spec):
                raise _too_large("a text")
            wide += _width(spec or "")
    except ValueError:
        # It is no text for `format()`, as that will say itself.
        return
    _check(len(text) + fields * max(_extent(given), _OF_A_FIELD) + wide)


def _width(spec: str) -> int:
    """Return how many characters a value becomes at the least."""
    return sum(map(int, _NUMBER.findall(spec)))


def _check_joined(separator: str, parts: Any) -> None:
    if isinstance(parts, Sized) and isinstance(parts, Iterable):
        _check(len(separator) * len(parts) + _extent(parts))


def _check_product(one: Any, other: Any) -> None:
    if isinstance(one, str | bytes | list | tuple) and isinstance(other, int):
        _check(_extent(one) * other)
    elif isinstance(one, int) and isinstance(other, int) and one.bit_length() + other.bit_length() > _POWERS:
        raise _too_large("a number")


def _has_text(arguments: Iterable[Any]) -> bool:
    return any(isinstance(each, str) for each in arguments)


def _extent(value: Any) -> int:
    """Return about how many characters and items a value has, counted as often as they stand in it.

    Raises OverflowError for more than anything may have: lists within lists hold without end what they do not copy.
    """
    if isinstance(value, str | bytes):
        return len(value)
    size, inside = 0, [value]
    while inside:
        each = inside.pop()
        if isinstance(each, str | bytes):
            size += len(each)
        elif isinstance(each, list | tuple | set | frozenset):
            size += _ITEM * len(each) + 1
            inside += each
        elif isinstance(each, dict):
            size += _ITEM * len(each) + 1
            inside += [*each, *each.values()]
        elif isinstance(each, Namespace):
            size += 1
            inside.append(each._Namespace__attrs)
        else:
            size += 1
        if size > LARGEST:
            raise _too_large("a text or list")
    return size


def _check(size: int) -> None:
    if size > LARGEST:
        raise _too_large("a text or list")
    if size >= _TURN:
        spend(size // _TURN)


def _too_large(what: str) -> OverflowError:
    return OverflowError(f"it would become {what} that is larger than any email can be")
