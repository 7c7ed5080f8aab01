"""Where the tags and comments of a composed document stand, as the MJML engine would read them.

The engine (mrml 6.0.1 on htmlparser 0.2.1) wants quotes around every value, a blank before every attribute, and nothing
but `<` at the beginning of a tag. What stands in conditional comments for Outlook it reads like all the rest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """What begins with a `<`."""

    START = auto()
    END = auto()
    COMMENT = auto()
    CONDITION = auto()
    """The beginning of a conditional comment, whose content Outlook reads."""
    CONDITION_END = auto()
    REVEALED = auto()
    """A condition whose content everybody but Outlook reads, or its end."""
    BROKEN = auto()
    """A `<` that begins nothing complete; what can be guessed of the tag is told nevertheless."""


class Markup(NamedTuple):
    """A tag or comment between characters `start` and `end`; `name` is the element's, as it is written."""

    kind: Kind
    start: int
    end: int
    name: str = ""
    empty: bool = False
    """The tag closes itself: `<br />`."""


class Attribute(NamedTuple):
    """An attribute as it is written; `start` to `end` is its value, or its name where it has none."""

    name: str
    value: str
    at: int
    start: int
    end: int


# The boundary hands the engine ASCII, so no name may have other letters.
_NAME = r"(?:(?:[A-Za-z_][A-Za-z0-9_.-]*+)?:)?[A-Za-z_][A-Za-z0-9_.-]*+"
_BLANK = r"[ \t\r\n]"
_VALUE = r"\"[^\"]*+\"|'[^']*+'"
_ATTRIBUTES = rf"(?:{_BLANK}++{_NAME}(?:{_BLANK}*+={_BLANK}*+(?:{_VALUE}))?)*"
_QUALIFIED = rf"(?:{_NAME}|[A-Za-z_][A-Za-z0-9_.-]*+)"
_MARKUP = re.compile(
    rf"<(?:(?P<start>{_QUALIFIED}){_ATTRIBUTES}{_BLANK}*+(?P<empty>/?)>"
    rf"|/(?P<finish>{_QUALIFIED}){_BLANK}*+>"
    r"|(?P<condition>!--\[[iI][fF][^\[\]<>]*+\]>(?:<!-->)?)"
    r"|(?P<condition_end>(?:!--<)?!\[endif\]-->)"
    r"|(?P<comment>!--)"
    r"|(?P<revealed>!\[(?:if[^\[\]<>]*+|endif)\]>)"
    r"|)"
)
_ATTRIBUTE = re.compile(rf"{_BLANK}++({_NAME})(?:{_BLANK}*+={_BLANK}*+({_VALUE}))?")
_LIKE_A_TAG = re.compile(rf"<(/?)({_QUALIFIED})(?:{_BLANK}[^<>]*|/?)(>?)")


def scan(text: str) -> Iterator[Markup]:
    """Yield everything that begins with a `<`, in order."""
    position = 0
    find = _MARKUP.search
    while match := find(text, position):
        kind = match.lastgroup
        start, position = match.span()
        if kind == "empty":
            yield Markup(Kind.START, start, position, match["start"], match["empty"] == "/")
        elif kind == "finish":
            yield Markup(Kind.END, start, position, match["finish"])
        elif kind == "comment":
            # A comment ends at the first `--`; the engine wants a `>` there.
            end = text.find("--", position)
            if _next_begins(text, end):
                # Meant for its line: what follows, from other templates too, is read as if it had been closed there.
                position = _line_end(text, position, end)
                yield Markup(Kind.BROKEN, start, position)
            elif end < 0 or text[end : end + 3] != "-->" or text.startswith("<![", position):
                yield Markup(Kind.BROKEN, start, position)
                closed = text.find("-->", position)
                position = closed + 3 if closed >= 0 else position
            else:
                position = end + 3
                yield Markup(Kind.COMMENT, start, position)
        elif kind == "condition":
            yield Markup(Kind.CONDITION, start, position)
        elif kind == "condition_end":
            yield Markup(Kind.CONDITION_END, start, position)
        elif kind == "revealed":
            yield Markup(Kind.REVEALED, start, position)
        else:
            guess = _LIKE_A_TAG.match(text, start)
            if guess and guess[3]:
                position = guess.end()
                name = guess[1] + guess[2]
                yield Markup(Kind.BROKEN, start, position, name, text[position - 2] == "/")
            else:
                yield Markup(Kind.BROKEN, start, position)


def _next_begins(text: str, end: int) -> bool:
    """Whether the dashes at `end` begin another comment."""
    return end >= 2 and text.startswith("<!--", end - 2)


def _line_end(text: str, start: int, latest: int) -> int:
    found = text.find("\n", start, latest)
    return found if found >= 0 else latest - 2


def attributes(tag: str, name: str) -> Iterator[Attribute]:
    """Yield the attributes of a start tag, each as it is written; offsets count from the tag's `<`."""
    for match in _ATTRIBUTE.finditer(tag, 1 + len(name)):
        value = match[2]
        at, end = match.span(1)
        if value is None:
            yield Attribute(match[1], "", at, at, end)
        else:
            start, end = match.span(2)
            yield Attribute(match[1], value[1:-1], at, start + 1, end - 1)


_AFTER_TAG = re.compile(rf"<{_QUALIFIED}{_ATTRIBUTES}{_BLANK}*+")
_AFTER_END = re.compile(rf"</{_QUALIFIED}{_BLANK}*+")
_BARE = re.compile(r"=\s*([^\s\"'<>]+?)(?=/?[\s<>]|$)")
_LAST_NAME = re.compile(rf"({_NAME}){_BLANK}*$")


def broken(text: str, start: int) -> tuple[int, str, str]:
    """Return where, why and what to do for a `<` at `start` that begins no complete tag."""
    if text.startswith("<!--", start):
        if text.find("-->", start + 4) < 0 or _next_begins(text, text.find("--", start + 4)):
            return start, "this comment never ends", "write --> where it ends"
        if text.startswith("<![", start + 4):
            return start, "this comment looks like the end of a conditional one, and is not", "write <!--<![endif]-->"
        return start, "this comment has -- inside it", "write one dash, or another sign, inside the comment"
    if text.startswith("<![CDATA[", start):
        return start, "<![CDATA[ is not for emails", "write the text itself, with &lt; for < and &amp; for &"
    if text.startswith(("<!", "<?"), start):
        return (
            start,
            f"{text[start : start + 2]} begins nothing that belongs here",
            "delete it, or write &lt; for the <",
        )
    if after := _AFTER_TAG.match(text, start) or _AFTER_END.match(text, start):
        return _unfinished(text, start, after.end())
    return start, "this < begins no tag", "write &lt; where the sign itself is meant"


def _unfinished(text: str, start: int, end: int) -> tuple[int, str, str]:
    """Say what is wrong at `end` in a tag that began well."""
    found = text[end : end + 1]
    name = re.match(r"[^\s<>/]+", text[start + 1 :].lstrip("/"))
    tag = f"<{'/' if text[start + 1] == '/' else ''}{name[0] if name else ''}>"
    if found in {"", "<"}:
        return start, f"the tag {tag} has no > at its end", "write > there, or &lt; for a < that is meant as a sign"
    if found == "=" and (attribute := _LAST_NAME.search(text, start, end)):
        value = _BARE.match(text, end)
        if value:
            return (
                attribute.start(),
                f"the value of `{attribute[1]}` has no quotes",
                f'write {attribute[1]}="{value[1]}"',
            )
        if text[end + 1 :].lstrip()[:1] in {'"', "'"}:
            return attribute.start(), f"the value of `{attribute[1]}` has no closing quote", "close the quote"
        return attribute.start(), f"`{attribute[1]}` has no value after the =", f'write {attribute[1]}=""'
    if found in {'"', "'"}:
        return end, f"there is a quote too many in {tag}", "delete it, or write &quot; inside a value"
    if found == "/":
        return end, f"the / in {tag} does not stand right before the >", "write /> without anything between"
    if _ATTRIBUTE.match(" " + text[end : end + 80]) and text[end - 1] in "\"'":
        return end, f"two attributes of {tag} stand without a space between them", "write a space between them"
    return end, f"`{found}` cannot stand in the tag {tag}", "delete it, or put the value that it belongs to in quotes"
