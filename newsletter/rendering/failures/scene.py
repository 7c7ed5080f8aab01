"""Where a render failed: the templates that it had come through, and the tokens that they had come to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import FrameType, TracebackType

from jinja2 import Environment, Template, Undefined

from newsletter.model.finding import Place
from newsletter.model.wording import cut
from newsletter.rendering.provenance import Source, Written

_LOCAL = re.compile(r"l_\d+_(\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """A template on the way to the failure, and the number of the token at which it left it."""

    template: str
    number: int
    frame: FrameType

    @property
    def variables(self) -> Iterator[tuple[str, object]]:
        """The names that the template had given itself, with their values."""
        for name, value in self.frame.f_locals.items():
            match = _LOCAL.fullmatch(name)
            if match and not isinstance(value, Undefined) and repr(value) != "missing":
                yield match[1], value


@dataclass(frozen=True, slots=True)
class Scene:
    """A failure with all that is known of where it happened."""

    error: BaseException
    environment: Environment
    sources: Mapping[str, Source]
    file: Callable[[str], str]
    main: str
    """The template that was asked for."""
    steps: Sequence[Step]

    @property
    def last(self) -> Step | None:
        """Where the failure happened."""
        return self.steps[-1] if self.steps else None

    @property
    def entry(self) -> str:
        """` for the entry ID`, where a template was showing one."""
        found = ""
        for step in self.steps:
            for name, value in step.variables:
                identity = getattr(value, "id", None)
                if name == "entry" and isinstance(identity, str):
                    found = f" for the entry {identity}"
        return found

    @property
    def undefined(self) -> Undefined | None:
        """The undefined value that was used."""
        found = None
        traceback = self.error.__traceback__
        while traceback:
            value = traceback.tb_frame.f_locals.get("self")
            if isinstance(value, Undefined):
                found = value
            traceback = traceback.tb_next
        return found

    def place(self, template: str, number: int) -> Place:
        """Return the place of a token."""
        source = self.sources.get(template)
        if source is None or not source.tokens:
            return Place(self.file(template), number)
        token = source.tokens[max(0, min(number, len(source.tokens)) - 1)]
        return self.at(template, token.offset)

    def at(self, template: str, offset: int) -> Place:
        """Return the place of a character."""
        return Place(self.file(template), *self.sources[template].position(offset))

    def statement(self, step: Step | None) -> tuple[Place, str]:
        """Return the place and the text of the `{{ … }}` or `{% … %}` that was being worked on."""
        source = self.sources.get(step.template) if step else None
        if step is None or source is None or not source.tokens:
            return Place(self.file(step.template if step else self.main)), ""
        first, last = (source.tokens[number - 1] for number in source.statement(step.number))
        text = " ".join(source.text[first.offset : last.offset + len(last.text)].split())
        return self.at(step.template, first.offset), cut(text, 60)

    def near(self, template: str, number: int, text: str) -> Place | None:
        """Return the place of a token, in quotes or not, in the statement around another one."""
        source = self.sources.get(template)
        if source is None or not source.tokens:
            return None
        first, last = source.statement(number)
        for token in source.tokens[first - 1 : last]:
            if token.text.strip("'\"") == text:
                return self.at(template, token.offset)
        return None

    def first(self, step: Step, written: str) -> Place | None:
        """Return where a name stands first in a template."""
        source = self.sources.get(step.template)
        tokens = source.tokens if source else ()
        found = (token.offset for token in tokens if token.kind == "name" and token.text == written)
        offset = next(found, None)
        return None if offset is None else self.at(step.template, offset)

    def chain(self, step: Step, written: str) -> str:
        """Return what stands before the dot of a name, such as `entry.deadline` before `.left`; empty for a call."""
        source = self.sources.get(step.template)
        if source is None or not source.tokens:
            return ""
        first, last = source.statement(step.number)
        text = source.text[source.tokens[first - 1].offset : source.tokens[last - 1].offset]
        found = re.search(rf"(?<![\w.)\]])([A-Za-z_][\w.]*)\.{re.escape(written)}\b", text)
        return found[1] if found else ""

    def name(self, step: Step, written: str, *, attribute: bool) -> tuple[Place, str] | None:
        """Return where a name stands, and what stands before its dot: in the statement, or last before it."""
        source = self.sources.get(step.template)
        if source is None or not source.tokens:
            return None
        first, last = source.statement(step.number)
        tokens = source.tokens
        for at in (*range(first - 1, last), *range(first - 2, 0, -1)):
            if _is_name(tokens, at, written, attribute=attribute):
                before = tokens[at - 2].text if attribute and tokens[at - 2].kind == "name" else ""
                return self.at(step.template, tokens[at].offset), before
        return None


def steps(traceback: TracebackType | None) -> Iterator[Step]:
    """Yield the templates that a traceback went through."""
    while traceback:
        template = traceback.tb_frame.f_globals.get("__jinja_template__")
        if isinstance(template, Template):
            number = template.get_corresponding_lineno(traceback.tb_lineno)
            yield Step(template.name or "", number, traceback.tb_frame)
        traceback = traceback.tb_next


def _is_name(tokens: Sequence[Written], at: int, written: str, *, attribute: bool) -> bool:
    token = tokens[at]
    if token.kind == "data":
        return False
    before = tokens[at - 1].text if at else ""
    if attribute:
        return (token.text == written and before == ".") or (before == "[" and token.text[1:-1] == written)
    is_keyword = at + 1 < len(tokens) and tokens[at + 1].text == "=" and before in {"(", ","}
    return token.text == written and before != "." and not is_keyword
