"""Which line of which template wrote a piece of a composed text, through includes, macros, loops and inheritance.

The templates are rendered a second time, with marks that say before every piece where it was written. It is done only
when there is something to point at: the render that readers get has no marks and no cost.

Jinja2 knows lines but no columns. Here every token gets its number in place of its line, so that whatever Jinja2 says
about lines, in its tree, its errors and its tracebacks, names a token, whose line and column are known.
"""

from __future__ import annotations

import re
import secrets
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import takewhile
from typing import Any, NamedTuple

from jinja2 import Environment, nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from newsletter.model.finding import Place, position
from newsletter.rendering.joining import Joining

# Private-use characters, which no filter changes, around digits that nobody can guess.
_OPEN, _COMMA, _CLOSE = "\ue0f0", "\ue0f1", "\ue0f2"
_LINE_BREAK = re.compile(r"\r\n|\r|\n")
_UNSEEN = frozenset(
    """
    comment comment_begin comment_end linecomment linecomment_begin linecomment_end raw_begin raw_end whitespace
    """.split()
)


class Written(NamedTuple):
    """A token of a template, as it is written at `offset`."""

    kind: str
    text: str
    offset: int


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text, with its tokens; Jinja2's "line" 1 is the first of them."""

    text: str
    tokens: tuple[Written, ...]

    def position(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of the character at an offset."""
        return position(self.text, offset)

    def statement(self, number: int) -> tuple[int, int]:
        """Return the first and last token of the `{{ … }}` or `{% … %}` around a token."""
        first = last = max(1, min(number, len(self.tokens)))
        if self.tokens[first - 1].kind == "data":
            return first, last
        while first > 1 and not self.tokens[first - 1].kind.endswith("_begin"):
            first -= 1
        while last < len(self.tokens) and not self.tokens[last - 1].kind.endswith("_end"):
            last += 1
        return first, last


class Marks(Extension):
    """Numbers tokens, and remembers where each piece of output was written."""

    # Before every other extension, so that the tokens are those of the file.
    priority = 0

    def __init__(self, environment: Environment) -> None:
        super().__init__(environment)
        self.sources: dict[str, Source] = {}
        self._pieces: list[tuple[str, int]] = []
        self._nonce = str(secrets.randbits(64))
        self._mark = re.compile(f"{_OPEN}{self._nonce}{_COMMA}([0-9]+){_CLOSE}")

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """Take note of a template's text before it is taken apart."""
        # Where the text cannot be taken apart, Jinja2's own line is all there is.
        self.sources.pop(name or "", None)
        lines = _LINE_BREAK.split(source)
        if not self.environment.keep_trailing_newline and not lines[-1]:
            del lines[-1]
        text = "\n".join(lines)
        seen = tuple(_seen(text, self.environment.lexer.tokeniter(source, name, filename)))
        self.sources[name or ""] = Source(text, seen)
        return source

    def filter_stream(self, stream: TokenStream) -> Iterable[Token]:
        """Give every token its number for a line."""
        for number, token in enumerate(stream, 1):
            yield Token(number, token.type, token.value)

    def register(self, template: str, number: int) -> int:
        """Return the number of the piece that a token writes."""
        self._pieces.append((template, number))
        return len(self._pieces) - 1

    def mark(self, piece: int, text: str) -> str:
        """Return what a piece became, with its mark; blanks stay blanks, so that conditions on them hold."""
        return f"{_OPEN}{self._nonce}{_COMMA}{piece}{_CLOSE}" + text if text.strip() else text

    def read(self, marked: str) -> tuple[str, list[int], list[tuple[str, int]]]:
        """Return a text without its marks, where in it each piece begins, and which piece it is."""
        parts = self._mark.split(marked)
        starts, pieces = [], []
        length = len(parts[0])
        for number, text in zip(parts[1::2], parts[2::2], strict=True):
            starts.append(length)
            pieces.append(self._pieces[int(number)])
            length += len(text)
        return "".join(parts[0::2]), starts, pieces


class _Generator(Joining):
    """Compiles templates whose output says where it was written."""

    def _marks(self) -> Marks:
        return marks(self.environment)

    def _output_child_to_const(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> str:
        text = super()._output_child_to_const(node, frame, finalize)
        return self._marks().mark(self._marks().register(self.name or "", node.lineno), text)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        piece = self._marks().register(self.name or "", node.lineno)
        self.write(f"environment.extensions[{Marks.identifier!r}].mark({piece}, ")
        super()._output_child_pre(node, frame, finalize)

    def _output_child_post(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        super()._output_child_post(node, frame, finalize)
        self.write(")")


def marking(environment: Environment) -> Environment:
    """Return an environment that renders the same templates with marks."""
    marked = environment.overlay(extensions=[Marks])
    marked.code_generator_class = _Generator
    # Compiled templates must come from neither cache: they have no marks, and real line numbers.
    marked.bytecode_cache = None
    return marked


def marks(environment: Environment) -> Marks:
    """Return the marks of an environment that `marking` made."""
    found = environment.extensions[Marks.identifier]
    assert isinstance(found, Marks)  # noqa: S101  for the type checker: load_extensions put it there
    return found


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the pieces of a composed text were written."""

    text: str
    """The text that was traced."""
    exact: bool
    """Whether the second render gave the very same text; if not, places between its differences are near, not exact."""
    _traced: str
    _starts: list[int]
    _pieces: list[tuple[str, int]]
    _sources: Mapping[str, Source]
    _file: Callable[[str], str]

    def __call__(self, offset: int) -> Place:
        """Return the place in a template that wrote the character at an offset of the text.

        What an expression wrote, such as an entry's title, stands where its `{{` is.
        """
        offset = self._in_traced(max(0, min(offset, len(self.text))))
        at = bisect_right(self._starts, offset) - 1
        if at < 0:
            return Place()
        name, number = self._pieces[at]
        source = self._sources[name]
        token = source.tokens[number - 1]
        if token.kind == "data":
            # Template text comes out as it is written, to the character.
            inside = min(offset - self._starts[at], max(0, len(token.text) - 1))
            return Place(self._file(name), *source.position(token.offset + inside))
        first, _ = source.statement(number)
        return Place(self._file(name), *source.position(source.tokens[first - 1].offset))

    def _in_traced(self, offset: int) -> int:
        """Return where the character at an offset of the text stands in the traced text."""
        if self.exact:
            return offset
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(self.text, self._traced, strict=False)))
        if offset < same:
            return offset
        ending = zip(reversed(self.text[same:]), reversed(self._traced[same:]), strict=False)
        same_end = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], ending))
        from_end = len(self.text) - offset
        return len(self._traced) - from_end if from_end <= same_end else max(0, same - 1)


def trace(
    environment: Environment,
    name: str,
    context: Mapping[str, Any],
    text: str,
    file: Callable[[str], str] = str,
) -> Provenance:
    """Return where the pieces of `text` were written, which is what template `name` made of `context`.

    `file` tells the file of a template by its name, as messages say it. Of a text that with its marks is larger than an
    email can be, no piece has a place. Raises what Jinja2 raises.
    """
    marked = marking(environment)
    template = marked.get_template(name)
    # Not template.render: its rewriting of tracebacks takes the numbers of tokens for lines.
    try:
        rendered = marked.concat(template.root_render_func(template.new_context(dict(context))))
    except OverflowError:
        return Provenance(text, False, "", [], [], {}, file)
    traced, starts, pieces = marks(marked).read(rendered)
    return Provenance(text, traced == text, traced, starts, pieces, marks(marked).sources, file)


def _seen(text: str, tokens: Iterable[tuple[int, str, str]]) -> Iterator[Written]:
    """Yield the tokens that Jinja2's parser gets to see, with their offsets."""
    position = 0
    for _, kind, value in tokens:
        # Blanks that `-` and lstrip_blocks take away are in no token.
        if not text.startswith(value, position):
            position = text.index(value, position)
        if kind not in _UNSEEN:
            yield Written(kind, value, position)
        position += len(value)
