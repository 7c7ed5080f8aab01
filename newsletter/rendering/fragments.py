"""What an included template made before it need not make again, as long as it would read the same values.

The composer renders an issue at every keystroke, and one keystroke changes one entry. So the text of each
`{% include %}` is kept together with what the template read: the names that it looked up, and what it asked of the
edition, such as the address of a picture. Only where all of that is the same, so is its text. A template that reads
what could change unseen, such as a `namespace`, is made anew each time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import MethodType
from typing import Any, NamedTuple

from jinja2 import Environment, Template, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import Markup

_MOST = 512
"""Texts kept of one template."""
_VALUES = frozenset({Markup, int, bool, float, type(None), type(missing)})


class Asked:
    """A function of the edition, for templates: what it answered is part of what a fragment read.

    It answers the same question alike as long as an edition is rendered.
    """

    __slots__ = ("answer", "name")

    def __init__(self, name: str, answer: Callable[..., Any]) -> None:
        self.name = name
        self.answer = answer

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, and let every template that is being rendered take note of it."""
        answer = self.answer(*args, **kwargs)
        if _now.readings:
            _now.readings[-1].answers.append(_Answer(self.name, args, kwargs, answer))
        return answer


class _Answer(NamedTuple):
    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]
    answer: Any


@dataclass(slots=True)
class _Reading:
    """What a template has read so far."""

    names: set[str] = field(default_factory=set)
    answers: list[_Answer] = field(default_factory=list)


class _Now(threading.local):
    """What is being rendered: the edition's functions, and what the templates read, the innermost last."""

    def __init__(self) -> None:
        self.asked: Mapping[str, Asked] = {}
        self.readings: list[_Reading] = []


_now = _Now()


@contextmanager
def rendering(context: Mapping[str, Any]) -> Iterator[None]:
    """Let fragments ask the functions of an edition, while it is rendered with `context`."""
    before = _now.asked, _now.readings
    _now.asked = {value.name: value for value in context.values() if type(value) is Asked}
    _now.readings = []
    try:
        yield
    finally:
        _now.asked, _now.readings = before


class ReadingContext(Context):
    """A context that takes note of the names that are looked up in it."""

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of a name, or what stands for none."""
        if _now.readings:
            _now.readings[-1].names.add(key)
        return super().resolve_or_missing(key)


class IncludingGenerator(CodeGenerator):
    """Compiles templates whose includes ask `environment.fragments` first."""

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of an include."""
        if node.ignore_missing or not node.with_context:
            super().visit_Include(node, frame)
            return
        self.writeline("template = environment.get_or_select_template(", node)
        self.visit(node.template, frame)
        self.write(f", {self.name!r})")
        own = self.dump_local_context(frame)
        self.simple_write(f"environment.fragments.include(template, context, {own})", frame)


class _Fragment(NamedTuple):
    text: str
    answers: list[_Answer]
    read: list[Any]
    """The values themselves: while they are kept, no other object can have the identity of one."""


class _Known(NamedTuple):
    names: tuple[str, ...]
    """All that the template has ever looked up. What it looks up next depends on nothing but these."""
    fragments: dict[Any, _Fragment]


class Fragments:
    """The texts that the includes of one environment became."""

    def __init__(self, environment: Environment, constants: Iterable[type]) -> None:
        """Take objects of the classes `constants` to be the same as long as they are the same objects."""
        self._environment = environment
        self._constants = frozenset(constants)
        self._known: dict[str, _Known] = {}

    def include(self, template: Template, context: Context, own: Mapping[str, Any]) -> str:
        """Return what an included template becomes; `own` are the names that the including one gave itself."""
        name = template.name or ""
        names, fragments = self._known.get(name) or self._known.setdefault(name, _Known((), {}))
        read = [_value(each, context, own) for each in names]
        key = self._key(read)
        fragment = None if key is None else fragments.get(key)
        if fragment and all(_now.asked[asked](*args, **kwargs) == was for asked, args, kwargs, was in fragment.answers):
            return fragment.text
        reading = _Reading()
        _now.readings.append(reading)
        try:
            text = self._environment.concat(template.root_render_func(template.new_context(context.get_all(), True, own)))
        finally:
            _now.readings.pop()
        if _now.readings:
            _now.readings[-1].answers += reading.answers
        if not reading.names.issubset(names):
            names, fragments = self._known[name] = _Known(tuple(reading.names.union(names)), {})
            read = [_value(each, context, own) for each in names]
            key = self._key(read)
        if key is not None:
            if len(fragments) >= _MOST:
                fragments.clear()
            fragments[key] = _Fragment(text, reading.answers, read)
        return text

    def _key(self, values: Iterable[Any]) -> tuple[Any, ...] | None:
        """Return what two readings of the same values share, or None where a value could change unseen."""
        parts: list[Any] = []
        for value in values:
            kind = type(value)
            if kind is str:
                parts.append(value)
            elif kind in self._constants:
                parts.append(id(value))
            elif kind in _VALUES:
                parts.append((kind, value))
            elif kind is tuple or kind is list:
                inner = self._key(value)
                if inner is None:
                    return None
                parts.append((kind, inner))
            elif kind is Asked:
                parts.append((kind, value.name))
            elif kind is MethodType and type(value.__self__) in self._constants:
                parts.append((value.__func__, id(value.__self__)))
            else:
                return None
        return tuple(parts)


def _value(name: str, context: Context, own: Mapping[str, Any]) -> Any:
    """Return what an included template finds under a name; the including one has read it too, unless it gave it."""
    value = own.get(name, missing)
    return context.resolve_or_missing(name) if value is missing else value
