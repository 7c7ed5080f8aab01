"""What an included template made before it need not make again, as long as it would read the same values.

The composer renders an issue at every keystroke, and one keystroke changes one entry. So the text of each
`{% include %}` is kept together with what the template read: the names that it looked up, and what it asked of the
edition, such as the address of a picture. Only where all of that is the same, so is its text. A template that reads
what could change unseen, such as a `namespace`, is made anew each time. The same goes for a whole letter: one that is
looked at in another mode is the same letter.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from types import MethodType
from typing import Any, Generic, NamedTuple, TypeVar

from jinja2 import Environment, Template, nodes
from jinja2.compiler import Frame
from jinja2.runtime import Context
from jinja2.utils import missing
from markupsafe import Markup

from newsletter.rendering.bounds import kept, left, spend
from newsletter.rendering.joining import Joining

_MOST = 512
"""Texts kept of one template."""
_MOST_WHOLE = 16
"""Whole letters kept of one theme."""
_DEEPEST = 50
"""How many templates may include each other, one within the other."""
_DEPTH = "\0"
"""The name of how deep a template is included; no template can look it up."""
_Became = TypeVar("_Became", str, tuple[str, ...])
_Key = tuple[Any, ...]
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


def _answered_alike(answers: Iterable[_Answer]) -> bool:
    """Ask the edition once more; return whether it says the same."""
    asked = _now.asked
    return all(asked[name](*args, **kwargs) == was for name, args, kwargs, was in answers)


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

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Of each include, and one can include itself.
        spend(1)
        self.sites: dict[int, _Site] = {}

    def resolve_or_missing(self, key: str) -> Any:
        """Return the value of a name, or what stands for none."""
        if _now.readings:
            _now.readings[-1].names.add(key)
        return super().resolve_or_missing(key)

    def get_all(self) -> dict[str, Any]:
        """Return all values, for a template that is included; raise RecursionError for includes that come to no end.

        Python's own limit comes too late: what templates have said until then may be larger than any email can be.
        """
        depth = self.parent.get(_DEPTH, 0) + 1
        if depth > _DEEPEST:
            raise RecursionError(f"templates include each other {_DEEPEST} deep")
        return {**super().get_all(), _DEPTH: depth}


_sites = count(1)


class IncludingGenerator(Joining):
    """Compiles templates whose includes ask `environment.fragments` first."""

    def visit_Include(self, node: nodes.Include, frame: Frame) -> None:  # noqa: N802  Jinja2's name
        """Write the code of an include."""
        if node.ignore_missing or not node.with_context:
            super().visit_Include(node, frame)
            return
        self.writeline("included = ", node)
        self.visit(node.template, frame)
        own = self.dump_local_context(frame)
        self.simple_write(f"environment.fragments.include(included, context, {own}, {next(_sites)})", frame)


class _Made(NamedTuple, Generic[_Became]):
    """What a template became, and what it had read for it."""

    became: _Became
    answers: list[_Answer]
    read: Sequence[Any]
    """The values themselves: while they are kept, no other object can have the identity of one."""
    turns: int
    """How much work it was: it counts each time, or what is too much for a new process would not be for this one."""


class _Memory(Generic[_Became]):
    """What one template became, by the values that it read."""

    __slots__ = ("_around", "_made", "_most")

    def __init__(self, most: int, around: Sequence[Any] = ()) -> None:
        """Keep at most so many; `around` are values that it read each time."""
        self._most = most
        self._around = around
        self._made: dict[_Key | None, _Made[_Became]] = {}

    def recall(self, key: _Key | None) -> _Became | None:
        """Return what the template became from the same values, where the edition answers it as before."""
        made = self._made.get(key)
        if made is None or not _answered_alike(made.answers):
            return None
        spend(made.turns)
        return made.became

    def keep(self, key: _Key | None, made: _Made[_Became]) -> None:
        """Keep what the template became, unless a value could have changed unseen."""
        if key is None or not self._most:
            return
        if len(self._made) >= self._most:
            self._made.clear()
        self._made[key] = made


_FORGETFUL = _Memory[str](0)
"""For a template whose surroundings could change unseen."""


class _Site(NamedTuple):
    """A place where a template is included, while the including one is rendered."""

    template: str
    names: tuple[str, ...]
    given: tuple[str, ...]
    """Which of the names the including template gives itself; they may change from one turn of a loop to the next."""
    ungiven: tuple[str, ...]
    """Which of them it would give, but has not so far."""
    memory: _Memory[str]

    def fits(self, template: str, names: tuple[str, ...], own: Mapping[str, Any]) -> bool:
        """Return whether the same template is included, and given the same names as before."""
        # Templates that look nothing up share their names, the empty tuple; so what they are called counts too.
        if self.names is not names or self.template != template:
            return False
        for each in self.given:
            if own[each] is missing:
                return False
        return not self.ungiven or all(own[each] is missing for each in self.ungiven)


class Fragments:
    """The texts that the includes of one environment became."""

    def __init__(self, environment: Environment, constants: Iterable[type]) -> None:
        """Take objects of the classes `constants` to be the same as long as they are the same objects."""
        self._environment = environment
        self._constants = frozenset(constants)
        self._templates: dict[Any, Template] = {}
        self._names: dict[str, tuple[str, ...]] = {}
        """All that a template has ever looked up. What it looks up next depends on nothing but these.

        They are part of every key: another thread may have learnt as many others in the meantime.
        """
        self._fragments: dict[_Key, _Memory[str]] = {}
        self._letters: dict[str, _Memory[tuple[str, ...]]] = {}

    def whole(self, template: Template, given: Mapping[str, Any]) -> tuple[str, ...]:
        """Return the pieces of what a template becomes that is included nowhere, one after the other."""
        name = template.name or ""
        names = self._names.get(name, ())
        memory = self._letters.setdefault(name, _Memory(_MOST_WHOLE))
        read = [given.get(each, missing) for each in names]
        key = self._key((names, *read))
        pieces = memory.recall(key)
        if pieces is not None:
            return pieces
        begun = left()
        reading, pieces = _render(template, template.new_context(dict(given)), lambda texts: tuple(kept(texts)))
        if not reading.names.issubset(names):
            names = self._learn(name, reading.names)
            read = [given.get(each, missing) for each in names]
            key = self._key((names, *read))
        memory.keep(key, _Made(pieces, reading.answers, read, begun - left()))
        return pieces

    def include(self, included: Any, context: ReadingContext, own: Mapping[str, Any], number: int) -> str:
        """Return what an included template, given as Jinja2 takes it, becomes at the site of this number.

        `own` are the names that the including template gives itself.
        """
        if type(included) is list:
            included = tuple(included)
        template = self._templates.get(included)
        if template is None:
            template = self._templates[included] = self._environment.get_or_select_template(included, context.name)
        name = template.name or ""
        names = self._names.get(name, ())
        site = context.sites.get(number)
        if site is None or not site.fits(name, names, own):
            site = context.sites[number] = self._site(name, names, context, own)
        read = [own[each] for each in site.given]
        key = self._key(read)
        text = site.memory.recall(key)
        if text is not None:
            return text
        begun = left()
        inner = template.new_context(context.get_all(), True, own)
        reading, text = _render(template, inner, self._environment.concat)
        if not reading.names.issubset(names):
            names = self._learn(name, reading.names)
            site = context.sites[number] = self._site(name, names, context, own)
            read = [own[each] for each in site.given]
            key = self._key(read)
        site.memory.keep(key, _Made(text, reading.answers, read, begun - left()))
        return text

    def _learn(self, name: str, looked_up: set[str]) -> tuple[str, ...]:
        """Return all that a template has ever looked up, with what it has just looked up for the first time."""
        names = self._names[name] = tuple(looked_up.union(self._names.get(name, ())))
        return names

    def _site(self, name: str, names: tuple[str, ...], context: Context, own: Mapping[str, Any]) -> _Site:
        """Read what a template's surroundings say, which stays the same while these are rendered."""
        given = tuple(each for each in names if own.get(each, missing) is not missing)
        around = [each for each in names if each not in given]
        if _now.readings:
            # What the including template does not give, it reads itself.
            _now.readings[-1].names.update(around)
        before, own_before = context.parent, context.vars
        read = [own_before[each] if each in own_before else before.get(each, missing) for each in around]
        key = self._key(read)
        memory = _FORGETFUL
        if key is not None:
            if len(self._fragments) >= _MOST:
                self._fragments.clear()
            memory = self._fragments.setdefault((name, names, given, key), _Memory(_MOST, read))
        return _Site(name, names, given, tuple(each for each in around if each in own), memory)

    def _key(self, values: Iterable[Any]) -> _Key | None:
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
            elif kind is type:
                # What a template makes of a class, such as `namespace`, is its own and begins alike each time.
                parts.append(value)
            elif kind is MethodType and type(value.__self__) in self._constants:
                parts.append((value.__func__, id(value.__self__)))
            else:
                return None
        return tuple(parts)


def _render(template: Template, context: Context, join: Callable[[Iterable[str]], _Became]) -> tuple[_Reading, _Became]:
    """Return what a template reads, and what it becomes; whatever includes it has the same answers."""
    reading = _Reading()
    _now.readings.append(reading)
    try:
        became = join(template.root_render_func(context))
    finally:
        _now.readings.pop()
    if _now.readings:
        _now.readings[-1].answers += reading.answers
    return reading, became
