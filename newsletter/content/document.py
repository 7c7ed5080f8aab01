"""What YAML text says, by the core schema of YAML 1.2.

So `NO` and `yes` stay text, dates stay text, the names of fields are always text, a name written twice is a mistake,
and no tag can call Python.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from newsletter.content.mistake import Mistake
from newsletter.content.syntax import in_quotes, tell
from newsletter.content.tree import DEEPEST, TooDeep, compose, has_breaks, nodes, position, show_breaks
from newsletter.model.finding import Severity

# https://yaml.org/spec/1.2.2/#1032-tag-resolution
_NULL = frozenset({"", "~", "null", "Null", "NULL"})
_BOOL = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INT = re.compile(r"[-+]?[0-9]+")
_OCTAL_OR_HEX = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"([-+]?)\.(?:inf|Inf|INF)")
_NAN = frozenset({".nan", ".NaN", ".NAN"})
_MAY_BE_NO_TEXT = frozenset("-+.0123456789~nNtTfF")

_CORE = "tag:yaml.org,2002:"
_SCALARS = frozenset({"str", "int", "float", "bool", "null"})
# Python refuses to read whole numbers beyond 4300 digits; nobody means one.
_LONGEST_NUMBER = 400

_COMMENT = re.compile(r"[ \t]+#(?=[^\s#])")
_ANCHOR = re.compile(r"(?<=[:-] )&(\S+)[ \t]+\S")


@dataclass(frozen=True, slots=True)
class Document:
    """A text's value and every mistake in it; not `readable` where no value could be made out at all."""

    value: Any = None
    mistakes: tuple[Mistake, ...] = ()
    readable: bool = True

    @property
    def spoilt(self) -> bool:
        """Whether a mistake forbids to use the value."""
        return any(mistake.severity is Severity.ERROR for mistake in self.mistakes)


def read(text: str) -> Document:
    """Return what the one YAML document in `text` says."""
    try:
        root = compose(text)
    except yaml.YAMLError as error:
        return Document(None, (tell(text, error),), readable=False)
    except TooDeep:
        return Document(None, (_too_deep(),), readable=False)
    if root is None:
        return Document()
    builder = _Builder(text)
    try:
        value = builder.value(root)
    except TooDeep:
        return Document(None, (_too_deep(*position(root)),), readable=False)
    if ("#" in text and _COMMENT.search(text)) or ("&" in text and _ANCHOR.search(text)):
        builder.mistakes += _lost_text(root, text)
    return Document(value, tuple(builder.mistakes))


class _Builder:
    """Makes values of nodes. Aliases may repeat what they name, but not grow a short text beyond bounds."""

    def __init__(self, text: str) -> None:
        self.mistakes: list[Mistake] = []
        self._text = text
        self._restore = show_breaks if has_breaks(text) else None
        self._room = 10 * len(text) + 1000

    def value(self, node: Any, depth: int = 0) -> Any:
        kind = type(node)
        if kind is yaml.ScalarNode:
            return self._scalar(node)
        self._room -= len(node.value)
        if depth > DEEPEST or self._room < 0:
            raise TooDeep
        if node.tag and node.tag not in {_CORE + "map", _CORE + "seq"}:
            return self.mistakes.append(_technical_mark(node))
        if kind is yaml.SequenceNode:
            return [self.value(item, depth + 1) for item in node.value]
        return self._mapping(node, depth + 1)

    def _scalar(self, node: yaml.ScalarNode) -> Any:
        text: str = node.value
        if not node.tag:
            value = text if node.style else core(text)
        elif node.tag.removeprefix(_CORE) in _SCALARS:
            value = text if node.tag == _CORE + "str" else core(text)
        else:
            return self.mistakes.append(_technical_mark(node))
        return self._restore(value) if self._restore and isinstance(value, str) else value

    def _mapping(self, node: Any, depth: int) -> Any:
        if node.flow_style and len(node.value) == 1 and not self._has_value(*node.value[0]):
            # {first_name}, or {{ name }} of another tool: meant as text, so it goes on as text.
            text = self._text[node.start_mark.index : node.end_mark.index]
            self.mistakes.append(_slot_without_quotes(text, node))
            return text
        built: dict[str, Any] = {}
        for key, value in node.value:
            if type(key) is not yaml.ScalarNode:
                self.mistakes.append(_group_as_name(key))
                continue
            name = self._restore(key.value) if self._restore else key.value
            if name in built:
                self.mistakes.append(_written_twice(name, node, key))
            elif node.flow_style and not self._has_value(key, value):
                self.mistakes.append(_alone(name, key))
            else:
                built[name] = self._scalar(value) if type(value) is yaml.ScalarNode else self.value(value, depth)
        return built

    def _has_value(self, key: yaml.Node, value: yaml.Node) -> bool:
        return bool(self._text[key.end_mark.index : value.end_mark.index].strip())


def core(text: str) -> str | int | float | bool | None:
    """Return what an unquoted value means by the core schema."""
    if text and text[0] not in _MAY_BE_NO_TEXT:
        return text
    if text in _NULL:
        return None
    if text in _BOOL:
        return _BOOL[text]
    if len(text) > _LONGEST_NUMBER:
        return text
    if _INT.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _OCTAL_OR_HEX.fullmatch(text):
        return int(text, 0)
    if match := _INFINITE.fullmatch(text):
        return float(f"{match[1]}inf")
    return float("nan") if text in _NAN else text


def _too_deep(line: int = 1, column: int = 1) -> Mistake:
    return Mistake(
        "groups stand inside groups without end",
        line,
        column,
        why="no field of an entry or an issue is built like that",
        fix="look for brackets [ or { that are never closed, or for an alias * that repeats itself",
    )


def _technical_mark(node: yaml.Node) -> Mistake:
    return Mistake(
        f"the value begins with {node.tag.replace(_CORE, '!!')}, which is a technical mark in YAML",
        *position(node),
        why="a value that begins with ! is text only inside quotes",
        fix="put quotes around the whole value",
    )


def _group_as_name(key: yaml.Node) -> Mistake:
    return Mistake(
        "a group or a list stands where the name of a field belongs",
        *position(key),
        why="a text that begins with { or [ is text only inside quotes",
        fix="put quotes around the whole value",
    )


def _slot_without_quotes(text: str, node: yaml.Node) -> Mistake:
    return Mistake(
        "the text begins with {, which begins a group of fields",
        *position(node),
        why="a text that begins with { or [ is text only inside quotes",
        fix=f"put quotes around the whole value: {in_quotes(text)}",
    )


def _alone(name: str, key: yaml.Node) -> Mistake:
    return Mistake(
        f"'{name}' stands alone between {{ and }}",
        *position(key),
        why="between { and } a comma ends a value, and a name with its colon must follow",
        fix="if it belongs to the text before the comma, put quotes around that whole text",
    )


def _written_twice(name: str, node: yaml.Node, key: yaml.Node) -> Mistake:
    first = next(position(other)[0] for other, _ in node.value if other.value == key.value)
    return Mistake(
        f"`{name}` is written twice; the first is on line {first}",
        *position(key),
        why="only one of the two could count, and nobody could tell which",
        fix="delete one of the two, or join them",
    )


def _lost_text(root: yaml.Node, text: str) -> list[Mistake]:
    """Report `title: Vacancy #12`, which YAML reads as `Vacancy`, and `title: &c others`, read as `others`."""
    found: list[Mistake] = []
    for node in {id(node): node for node in nodes(root)}.values():
        if isinstance(node, yaml.ScalarNode) and not node.style:
            line, column = node.end_mark.line + 1, node.end_mark.column
            if comment := _COMMENT.match(text, node.end_mark.index):
                found.append(_lost("the text from # on is not read", line, column + len(comment[0]), _WHY_COMMENT))
            anchor = _ANCHOR.match(text, node.start_mark.index)
            if anchor and f"*{anchor[1]}" not in text:
                found.append(_lost(f"the word &{anchor[1]} is not read", *position(node), _WHY_ANCHOR))
    return found


_WHY_COMMENT = "a # after a space begins a comment, which readers never see"
_WHY_ANCHOR = "a word that begins with & is a technical name in YAML, which readers never see"


def _lost(message: str, line: int, column: int, why: str) -> Mistake:
    fix = "put quotes around the whole value"
    if why is _WHY_COMMENT:
        fix += "; if it is a comment, put a space after the #"
    return Mistake(message, line, column, why, fix, code="014", severity=Severity.WARNING)
