"""YAML's syntax errors in people's words, with what to write instead.

The parser says where it gave up; the slip is often a line or more above. So the lines themselves are looked at.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml
from yaml.reader import ReaderError

from newsletter.content.mistake import Mistake
from newsletter.model.finding import position

_FIELD = re.compile(r"(?P<indent>\s*)(?:- +)?(?P<name>[\w-]+):[ \t]+(?P<value>.*?)\s*$")
_NO_SPACE = re.compile(r"\s*(?!https?:|mailto:)[\w-]+:(?!//)[^\s:]")
_ODD_SPACE = re.compile(r"(?P<before>\s*(?P<name>[\w-]+):)[\u00a0\u2000-\u200b\u202f\u3000]+(?P<value>.*?)\s*$")
_QUOTED = {'"': re.compile(r'"(?:[^"\\]|\\.)*"'), "'": re.compile(r"'(?:[^']|'')*'")}
_ESCAPE = re.compile(r"escape|hexd?a?decimal")
_WHY_QUOTES = "some characters mean something to YAML; inside quotes they are plain text"


@dataclass(frozen=True, slots=True)
class _Failure:
    """Where the parser gave up, where it had begun what it was reading, and what it said; lines from 0."""

    lines: list[str]
    at: int
    column: int
    began: int
    doing: str
    problem: str

    @property
    def line(self) -> str:
        return self.lines[self.at]

    @property
    def field(self) -> re.Match[str] | None:
        return _FIELD.match(self.line)

    @property
    def value(self) -> str:
        return self.field["value"] if self.field else ""


def tell(text: str, error: yaml.YAMLError) -> Mistake:
    """Return the mistake behind a parser's error, where the person who made it would look for it."""
    if isinstance(error, ReaderError):
        return _control_character(text, error)
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return _other(_Failure([text], 0, 0, 0, "", str(error)))
    lines = text.split("\n")
    last = len(lines) - 1
    failure = _Failure(
        lines,
        min(error.problem_mark.line, last),
        error.problem_mark.column,
        min((error.context_mark or error.problem_mark).line, last),
        str(error.context),
        str(error.problem),
    )
    questions = (_tab, _open_quote, _backslash, _after_quote, _colon, _dash, _no_space, _no_field)
    for question in (*questions, _block_text, _special_character, _open_bracket, _after_bracket, _indent):
        mistake = question(failure)
        if mistake:
            return mistake
    return _other(failure)


def in_quotes(value: str) -> str:
    """Return `value` as a quoted YAML text, in double quotes where it has neither those nor a backslash."""
    if '"' in value or "\\" in value:
        return "'" + value.replace("'", "''") + "'"
    return f'"{value}"'


def _control_character(text: str, error: ReaderError) -> Mistake:
    code = ord(error.character) if isinstance(error.character, str) else error.character
    return Mistake(
        f"the invisible control character U+{code:04X} stands here",
        *position(text, error.position),
        why="such characters come along when text is copied from other programs; mail programs show them as boxes",
        fix="delete the character; if you cannot see it, type the line again",
    )


def _tab(failure: _Failure) -> Mistake | None:
    for at in dict.fromkeys((failure.began, failure.at)):
        match = re.match(r" *\t+ *(?=\S)", failure.lines[at])
        if match:
            return Mistake(
                "the line is indented with a tab",
                at + 1,
                match.end() + 1,
                why="a tab is as wide as each program likes, so YAML allows only spaces before a field",
                fix="replace the tab with two spaces",
            )
    return None


def _open_quote(failure: _Failure) -> Mistake | None:
    """A quotation mark that is not closed swallows everything up to the next one."""
    swallowed = "quoted scalar" in failure.doing and not _ESCAPE.search(failure.problem)
    for at, line in enumerate(failure.lines[: failure.at + 1]):
        field = _FIELD.match(line)
        mark = field["value"][:1] if field else ""
        if field and mark in _QUOTED and not _QUOTED[mark].match(field["value"]) and (at < failure.at or swallowed):
            return Mistake(
                f"the quotation mark {mark} is opened and not closed on this line",
                at + 1,
                field.start("value") + 1,
                why="everything up to the next quotation mark would become part of this text",
                fix=f"close it: {field['name']}: {in_quotes(field['value'][1:])}",
            )
    return None


def _backslash(failure: _Failure) -> Mistake | None:
    if not _ESCAPE.search(failure.problem):
        return None
    return Mistake(
        "a backslash in double quotes is followed by a character that makes no sense there",
        failure.at + 1,
        failure.column + 1,
        why="in double quotes a backslash begins a code, such as \\n for a new line",
        fix="use single quotes: '…'",
    )


def _after_quote(failure: _Failure) -> Mistake | None:
    field, value = failure.field, failure.value
    closed = _QUOTED[value[0]].match(value) if value[:1] in _QUOTED else None
    rest = value[closed.end() :].strip() if closed else ""
    if not field or not closed or not rest or rest.startswith("#"):
        return None
    inner = value[1:-1] if value[-1] == value[0] else value
    return Mistake(
        f"text follows the closing quotation mark {value[0]}",
        failure.at + 1,
        field.start("value") + closed.end() + 1,
        why="the text ends where its quotation mark is closed",
        fix=f"write {field['name']}: {in_quotes(inner)}",
    )


def _no_space(failure: _Failure) -> Mistake | None:
    for at in dict.fromkeys((failure.began, failure.at, max(0, failure.at - 1))):
        line = failure.lines[at]
        if match := re.match(r"\s*-(?=[^\s-])", line):
            return Mistake(
                "a space is missing after the dash",
                at + 1,
                match.end(),
                why="without it the dash is part of a word and not the mark of a list",
                fix=f"write - {line.strip()[1:]}",
            )
        if odd := _ODD_SPACE.match(line):
            return Mistake(
                f"the space after `{odd['name']}:` is not an ordinary one",
                at + 1,
                odd.end("before") + 1,
                why="some keyboards and web pages give a space that no line may end at, and YAML takes it for a letter",
                fix=f"delete it and type a space: {odd['name']}: {odd['value']}",
            )
        if _NO_SPACE.match(line):
            name, _, value = line.strip().partition(":")
            return Mistake(
                f"a space is missing after `{name}:`",
                at + 1,
                line.index(":") + 1,
                why="without it YAML reads the line as one long word",
                fix=f"write {name}: {value}",
            )
    return None


def _no_field(failure: _Failure) -> Mistake | None:
    at = failure.began if "simple key" in failure.doing else failure.at - 1
    line = failure.lines[max(0, at)]
    if "simple key" not in failure.doing and "mapping values" not in failure.problem:
        return None
    if not line.strip() or ":" in line or line.lstrip().startswith(("-", "#")):
        return None
    return Mistake(
        "the line belongs to no field",
        at + 1,
        len(line) - len(line.lstrip()) + 1,
        why="every line begins with the name of a field and a colon, or continues a text and is indented",
        fix="if it continues the line above, put two spaces before it; if it is a field, put a colon after its name",
    )


def _block_text(failure: _Failure) -> Mistake | None:
    if "block scalar" not in failure.doing:
        return None
    return Mistake(
        "text follows | or > on the same line",
        failure.at + 1,
        failure.column + 1,
        why="| and > announce a longer text, which begins on the next line",
        fix="move the text to the next line and put two spaces before it, or delete the mark",
    )


def _special_character(failure: _Failure) -> Mistake | None:
    field = failure.field
    if not field or not re.search(r"cannot start|alias|anchor", failure.doing + failure.problem):
        return None
    return Mistake(
        f"the value begins with {field['value'][:1]}, which means something to YAML",
        failure.at + 1,
        field.start("value") + 1,
        _WHY_QUOTES,
        fix=f"write {field['name']}: {in_quotes(field['value'])}",
    )


def _open_bracket(failure: _Failure) -> Mistake | None:
    if "flow" not in failure.doing:
        return None
    opening, closing = "[]" if "sequence" in failure.doing else "{}"
    line, column = failure.began, failure.lines[failure.began].find(opening)
    if "node" in failure.doing:
        # The file ends where a value belongs; the parser tells neither which bracket is open, nor where.
        opened = ((at, max(map(failure.lines[at].rfind, "[{"))) for at in range(failure.began, -1, -1))
        line, column = next((place for place in opened if place[1] >= 0), (line, column))
        opening = failure.lines[line][column : column + 1] or opening
        closing = "]" if opening == "[" else "}"
    if failure.at == failure.began and failure.line[failure.column : failure.column + 1] == ":":
        return Mistake(
            f"a colon stands in a text between {opening} and {closing}",
            failure.at + 1,
            failure.column + 1,
            _WHY_QUOTES,
            fix="put quotes around the text that has the colon",
        )
    return Mistake(
        f"the bracket {opening} is never closed",
        line + 1,
        column + 1,
        why="everything below would become part of the list or group",
        fix=f"write {closing} at its end; if it is plain text, put quotes around it",
    )


def _after_bracket(failure: _Failure) -> Mistake | None:
    field, value = failure.field, failure.value
    if not field or value[:1] not in {"[", "{"}:
        return None
    return Mistake(
        f"text follows the closing bracket of a value that begins with {value[0]}",
        failure.at + 1,
        failure.column + 1,
        _WHY_QUOTES,
        fix=f"write {field['name']}: {in_quotes(value)}",
    )


def _colon(failure: _Failure) -> Mistake | None:
    field = failure.field
    if "mapping values" not in failure.problem or not field or failure.column < field.start("value"):
        return None
    return Mistake(
        f"`{field['name']}` has a colon in its text",
        failure.at + 1,
        failure.column + 1,
        why="a colon followed by a space begins a field, unless the text stands in quotes",
        fix=f"write {field['name']}: {in_quotes(field['value'])}",
    )


def _dash(failure: _Failure) -> Mistake | None:
    field = failure.field
    if "sequence entries" not in failure.problem or not field or not field["value"].startswith("- "):
        return None
    return Mistake(
        f"`{field['name']}` begins with a dash",
        failure.at + 1,
        failure.column + 1,
        why="a dash followed by a space begins a list, unless the text stands in quotes",
        fix=f"write {field['name']}: {in_quotes(field['value'])}",
    )


def _indent(failure: _Failure) -> Mistake | None:
    above = next((line for line in reversed(failure.lines[: failure.at]) if line.strip() and line != "---"), "")
    here, there = (len(line) - len(line.lstrip()) for line in (failure.line, above))
    if failure.line.lstrip().startswith("- ") and here <= there:
        what, fix = "a list begins where a field is expected", "put the list below the field it belongs to"
    elif above and here != there and _FIELD.match(failure.line + " "):
        side = "right" if here > there else "left"
        what, fix = f"the line is further {side} than the line above it", "begin all fields of a group in one column"
    else:
        return None
    return Mistake(what, failure.at + 1, here + 1, "YAML tells groups apart by how far their lines are indented", fix)


def _other(failure: _Failure) -> Mistake:
    if "another document" in failure.problem:
        return Mistake(
            "a line --- stands in the middle",
            failure.at + 1,
            failure.column + 1,
            why="it ends one document and begins another, and the second would not be read",
            fix="delete the line",
        )
    return Mistake(
        "YAML cannot be read from here on",
        failure.at + 1,
        failure.column + 1,
        why=failure.problem,
        fix="put quotes around the text on this line or the line above, and begin all fields of a group in one column",
    )
