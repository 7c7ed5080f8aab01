"""Where each entry and section stands in an edition's HTML.

Nothing in the HTML says so, and templates are the team's own. So the edition is rendered a second time with a private
character before each heading and title; where those come out, the blocks are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from html import escape
from html.parser import HTMLParser
from itertools import groupby

from newsletter.model.entry import Entry
from newsletter.model.selection import Selection

ATTRIBUTE = "data-newsletter-block"
INTRO = "intro"
# Unicode's private use area, beside what other stages mark with: in no text that people write.
_FIRST, _LAST = 0xE900, 0xF8FF
_MARK = re.compile(f"[{chr(_FIRST)}-{chr(_LAST)}]")
_TAG = re.compile(r"<[A-Za-z][A-Za-z0-9]*")
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
_TITLES = frozenset("h1 h2 h3 h4 h5 h6".split())


@dataclass(frozen=True, slots=True)
class Block:
    """A part of the email: `key` is an entry's id, `section:3`, or `intro`.

    `start` and `end` are where its element begins and ends in the HTML, in characters.
    """

    key: str
    start: int
    end: int


def section_key(number: int) -> str:
    """Return the key of the section with that number, from 0."""
    return f"section:{number}"


def mark(selection: Selection) -> Selection:
    """Return one edition's selection with a private character before its intro, its headings and its titles."""
    marks = {key: chr(_FIRST + number) for number, key in enumerate(_keys(selection)) if _FIRST + number <= _LAST}

    def titled(entry: Entry) -> Entry:
        sign = marks.get(entry.id, "")
        words = {
            tag: translation.model_copy(update={"title": sign + translation.title})
            for tag, translation in entry.translations.items()
        }
        return entry.model_copy(update={"title": sign + entry.title, "translations": words})

    sections = tuple(
        replace(
            section,
            plan=section.plan.model_copy(update={"heading": marks.get(section_key(number), "") + section.plan.heading}),
            chosen=tuple(replace(chosen, entry=titled(chosen.entry)) for chosen in section.chosen),
        )
        for number, section in enumerate(selection.sections)
    )
    issue = selection.issue
    # A mark before a sign of Markdown would take its meaning.
    if issue.intro[:1].isalnum():
        issue = issue.model_copy(update={"intro": marks.get(INTRO, "") + issue.intro})
    return replace(selection, issue=issue, sections=sections)


def locate(selection: Selection, html: str, marked: str) -> tuple[Block, ...]:
    """Return the blocks of an edition's HTML, which the marked selection has made to `marked`.

    Nothing is found where the two differ in more than the marks: better no place than a wrong one.
    """
    if len(_MARK.sub("", marked)) != len(html) or _MARK.search(html):
        return ()
    keys = _keys(selection)
    seen: dict[str, list[int]] = {}
    for count, match in enumerate(_MARK.finditer(marked)):
        number = ord(match[0]) - _FIRST
        if number < len(keys):
            seen.setdefault(keys[number], []).append(match.start() - count)
    tree = _Tree(html)
    places = {key: place for key, offsets in seen.items() if (place := tree.place(offsets))}
    return tuple(sorted(_blocks(selection, tree, places), key=lambda block: (block.start, -block.end)))


def annotate(html: str, blocks: tuple[Block, ...]) -> str:
    """Return the HTML with an attribute in each block's tag that has its key, or several with blanks between them."""
    parts, last = [], 0
    # A section and its only entry may share an element; ids have no blanks, so `~=` finds either.
    for start, sharing in groupby(blocks, key=lambda block: block.start):
        name = _TAG.match(html, start)
        if name:
            keys = escape(" ".join(block.key for block in sharing))
            parts.append(f'{html[last : name.end()]} {ATTRIBUTE}="{keys}"')
            last = name.end()
    return "".join(parts) + html[last:]


def _keys(selection: Selection) -> list[str]:
    sections = [section_key(number) for number in range(len(selection.sections))]
    return list(dict.fromkeys([INTRO, *sections, *(entry.id for entry in selection.entries)]))


def _blocks(selection: Selection, tree: _Tree, places: dict[str, _Element]) -> Iterator[Block]:
    for number, section in enumerate(selection.sections):
        key = section_key(number)
        ids = [entry.id for entry in section.entries]
        inside = [places[id_] for id_ in ids if id_ in places]
        if key in places:
            element = tree.widest(places[key], [place for other, place in places.items() if other not in {key, *ids}])
            yield Block(key, element.start, element.end)
        elif inside:
            element = tree.widest(inside[0], [])
            yield Block(key, element.start, element.end)
    for key, place in places.items():
        if not key.startswith("section:"):
            others = [other for name, other in places.items() if name != key and not name.startswith("section:")]
            element = tree.widest(place, others)
            yield Block(key, element.start, element.end)


@dataclass(slots=True)
class _Element:
    name: str
    start: int
    parent: _Element | None
    end: int = 0
    children: list[_Element] = field(default_factory=list)

    def within(self, other: _Element) -> bool:
        return other.start <= self.start and self.end <= other.end


class _Tree(HTMLParser):
    """The elements of a page with their offsets; what only Outlook reads is a comment to it, as to every browser."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=False)
        self.root = self._open = _Element("", 0, None)
        self._lines = [0, *(match.end() for match in re.finditer("\n", html))]
        self._html = html
        self.feed(html)
        self.close()
        self.root.end = len(html)
        self._finish(len(html), self.root)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        element = _Element(tag, self._offset(), self._open)
        self._open.children.append(element)
        if tag in _VOID:
            element.end = element.start + len(self.get_starttag_text() or "")
        else:
            self._open = element

    def handle_endtag(self, tag: str) -> None:
        at: _Element | None = self._open
        while at is not None and at.name != tag:
            at = at.parent
        if at is not None and at.parent is not None:
            end = self._html.find(">", self._offset()) + 1
            self._finish(end, at.parent)

    def place(self, offsets: list[int]) -> _Element | None:
        """Return the element that shows a title: a heading's before one in running text, the last before the first."""
        found = [element for offset in offsets if (element := self._at(offset))]
        headed = [element for element in found if self._heading(element)]
        chosen = headed or found
        return chosen[-1] if chosen else None

    def widest(self, element: _Element, others: list[_Element]) -> _Element:
        """Return the largest element around one that has none of the others inside, at most a part of the letter."""
        while True:
            parent = element.parent
            if parent is None or parent.parent is None or parent.name in {"body", "html"} or self._is_wrapper(parent):
                return element
            if any(other.within(parent) for other in others):
                return element
            element = parent

    def _is_wrapper(self, element: _Element) -> bool:
        """Whether an element is the one around the whole letter."""
        return element.parent is not None and element.parent.name == "body"

    def _heading(self, element: _Element | None) -> bool:
        while element is not None:
            if element.name in _TITLES:
                return True
            element = element.parent
        return False

    def _at(self, offset: int) -> _Element | None:
        """Return the innermost element whose text has the character at an offset; attributes are no text."""
        at = self.root
        while True:
            inner = next((child for child in at.children if child.start <= offset < child.end), None)
            if inner is None:
                break
            at = inner
        opened = self._html.find(">", at.start)
        hidden = at.name in {"", "html", "head", "title", "style", "script", "meta"}
        return None if hidden or offset <= opened or self._in_comment(offset) else at

    def _in_comment(self, offset: int) -> bool:
        return self._html.rfind("<!--", 0, offset) > self._html.rfind("-->", 0, offset)

    def _finish(self, end: int, upto: _Element) -> None:
        while self._open is not upto and self._open.parent is not None:
            self._open.end = end
            self._open = self._open.parent

    def _offset(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column
