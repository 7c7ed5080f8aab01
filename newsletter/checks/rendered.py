"""An edition's HTML taken apart: its elements with their places, their text, and what their styles come to.

Parsed by lexbor, which reads HTML as browsers do and tells no positions; so each tag is given its own before.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from newsletter.checks.rule import Fault
from newsletter.checks.tracing import SHOWN, Tracer
from newsletter.model.edition import Edition
from newsletter.model.finding import Place
from newsletter.model.selection import Selection

if TYPE_CHECKING:
    from newsletter.checks.styles import Looks

_AT = "data-at"
_START_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9]*)(?=[\s/>])")
_SPACE = re.compile(r"\s+")
# Combining grapheme joiners and the like, with which templates fill up the preheader.
_FILLING = re.compile("[\u034f\u200b-\u200f\u00ad\ufeff]+")
_FRAMES = {"html": "<mjml", "head": "<mj-head", "title": "<mj-title", "body": "<mj-body", "style": "<mj-style"}
"""What MJML makes of which of its elements."""
_APART = frozenset({"a", "style", "table", "div", "p"})
"""What the words beside a link do not stand in."""
_SILENT = frozenset({"style", "script", "title", "head", "template"})


@dataclass(eq=False)
class Element:
    """An element of a page; `at` is where its tag begins in the HTML."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    number: int
    at: int
    inside: list[Element | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """Return an attribute, or nothing."""
        return self.attributes.get(name, "")

    @property
    def children(self) -> Iterator[Element]:
        """The elements directly inside."""
        return (item for item in self.inside if isinstance(item, Element))

    @property
    def ancestors(self) -> Iterator[Element]:
        """What the element stands in, the nearest first."""
        above = self.parent
        while above is not None:
            yield above
            above = above.parent

    @property
    def descendants(self) -> Iterator[Element]:
        """Everything inside, in the order of the document."""
        for child in self.children:
            yield child
            yield from child.descendants

    @property
    def own_text(self) -> str:
        """The text directly inside, with single blanks."""
        return clean("".join(item for item in self.inside if isinstance(item, str)))

    @property
    def text(self) -> str:
        """All text inside, with single blanks."""
        return clean(self._text())

    @property
    def name(self) -> str:
        """What a screen reader says: the label, or the text with the alternative texts of pictures.

        https://www.w3.org/TR/accname-1.2/, as far as mails need it.
        """
        label = self.get("aria-label") or (self.get("alt") if self.tag == "img" else "")
        return clean(label) or clean(self._name()) or clean(self.get("title"))

    @cached_property
    def has_words_beside_links(self) -> bool:
        """Whether words stand in one line with the links inside, and not links alone."""
        return len(self._beside_links()) > 2

    def _beside_links(self) -> str:
        parts = []
        for item in self.inside:
            if isinstance(item, str):
                parts.append(item.strip(" \n\t·|→←\u00a0\u2003"))
            elif item.tag not in _APART:
                parts.append(item._beside_links())
        return "".join(parts)

    def _text(self) -> str:
        if self.tag in _SILENT:
            return ""
        return "".join(item if isinstance(item, str) else item._text() for item in self.inside)

    def _name(self) -> str:
        return "".join(
            item if isinstance(item, str) else (item.get("aria-label") or item.get("alt") or item._name())
            for item in self.inside
        )


def _shown(element: Element, looks: Looks) -> Iterator[str]:
    if looks[element].shown:
        for item in element.inside:
            if isinstance(item, str):
                yield item
            else:
                yield from _shown(item, looks)


def clean(text: str) -> str:
    """Return a text with single blanks and without invisible filling."""
    return _SPACE.sub(" ", _FILLING.sub("", text)).strip()


@dataclass(frozen=True)
class Page:
    """The HTML of one edition, with its slots as people write them."""

    edition: Edition
    selection: Selection
    trace: Callable[[Edition], Callable[[int], Place]] | None = None

    @cached_property
    def html(self) -> str:
        """The HTML, with `{unsubscribe_url}` and the like for slots."""
        return self.edition.html.marked

    @cached_property
    def tree(self) -> Any:
        """The document as lexbor has it."""
        from selectolax.lexbor import LexborHTMLParser

        return LexborHTMLParser(_START_TAG.sub(lambda tag: f'{tag[0]} {_AT}="{tag.start()}"', self.html))

    @cached_property
    def elements(self) -> tuple[Element, ...]:
        """Every element, in the order of the document."""
        found: list[Element] = []
        _build(self.tree.root, None, found)
        return tuple(found)

    @cached_property
    def by_offset(self) -> dict[int, Element]:
        """Elements by where their tag begins; those that HTML implies have no place."""
        return {element.at: element for element in self.elements if element.at >= 0}

    def all(self, *tags: str) -> Iterator[Element]:
        """Yield the elements with one of these names."""
        return (element for element in self.elements if element.tag in tags)

    @cached_property
    def text(self) -> str:
        """All text of the body that is shown by day, with single blanks."""
        return clean(" ".join(_shown(self.body, self.light))) if self.body is not None else ""

    @cached_property
    def body(self) -> Element | None:
        """The body."""
        return next(self.all("body"), None)

    def matching(self, selector: str) -> list[Element]:
        """Return the elements that a CSS selector names; none for one that lexbor does not know."""
        from selectolax.lexbor import SelectolaxError

        try:
            nodes = self.tree.css(selector)
        except (SelectolaxError, ValueError):
            return []
        offsets = (node.attributes.get(_AT) for node in nodes)
        return [self.by_offset[int(offset)] for offset in offsets if offset and int(offset) in self.by_offset]

    @cached_property
    def light(self) -> Looks:
        """How the elements look by day."""
        from newsletter.checks.styles import Looks

        return Looks(self, "light")

    @cached_property
    def dark(self) -> Looks:
        """How the elements look where readers prefer dark."""
        from newsletter.checks.styles import Looks

        return Looks(self, "dark")

    def place(self, element: Element) -> Place:
        """Return the place in a template, or in the theme, that wrote an element."""
        return self._tracer.place(element.at, _outline(element))

    def fault(self, element: Element, message: str, fix: str = "") -> Fault:
        """Return what is wrong with an element as a fault of the entry that it belongs to."""
        return Fault(message, self.place(element), self.entry(element), fix)

    def mjml_place(self, offset: int) -> Place:
        """Return the place in a template that wrote the character at an offset of the edition's MJML."""
        return self._tracer.mjml(offset)

    def entry(self, element: Element) -> str:
        """Return the id of the entry whose block an element stands in, or nothing."""
        for around in (element, *element.ancestors):
            if around.tag == "a" and around.get("href") in self._addressed:
                return self._addressed[around.get("href")]
        return self._tracer.entry(element.at)

    @cached_property
    def _addressed(self) -> dict[str, str]:
        """The entries by their address in this language."""
        found = {}
        for entry in self.selection.entries:
            told, _ = entry.told(self.edition.language)
            found[told.url or entry.url or ""] = entry.id
        found.pop("", None)
        return found

    @cached_property
    def _tracer(self) -> Tracer:
        return Tracer(self.html, self.edition, self.selection, self.trace)


def _build(node: Any, parent: Element | None, found: list[Element]) -> Element:
    attributes = {name: value or "" for name, value in node.attributes.items()}
    element = Element(node.tag, attributes, parent, len(found), int(attributes.pop(_AT, -1)))
    found.append(element)
    child = node.first_child
    while child is not None:
        if child.is_element_node:
            element.inside.append(_build(child, element, found))
        elif child.is_text_node:
            element.inside.append(child.text_content or "")
        child = child.next
    return element


def _outline(element: Element) -> tuple[str, ...]:
    """Return what an element can be recognised by in the MJML, the surest first; a frame by what is in it."""
    if element.tag in _FRAMES:
        return (_FRAMES[element.tag],)
    names = ("href", "src", "aria-label", "alt", "id")
    known = [f'{name}="{element.get(name)}"' for name in names if element.get(name)]
    if element.own_text:
        return (*known, element.own_text[:SHOWN])
    inside = next((inner for inner in element.descendants if inner.own_text or inner.tag in {"a", "img"}), None)
    return (*known, *(_outline(inside) if inside is not None else ()))
