"""An edition as feed readers show it: headings, words, links and pictures, without the tables that lay out an email.

It is made from the HTML that was sent, so that it says what readers got. The masthead, which repeats the title, is left
out, and so is what stands around the link to unsubscribe: whoever reads a feed gets no email.
"""

from __future__ import annotations

import re
from html import escape

import nh3
from selectolax.lexbor import LexborHTMLParser, LexborNode

from newsletter.model.edition import Edition
from newsletter.rendering.markdown import SCHEMES
from newsletter.web.public.service import Service

_UNSUBSCRIBE = "https://unsubscribe.invalid/"
"""Stands where the link to unsubscribe would (RFC 6761: nobody can own the name)."""
_MASTHEAD = ".band, .strip, h1"
_INLINE = {
    "a": ("href", "hreflang", "lang"),
    "abbr": ("title",),
    "b": (),
    "bdi": ("dir",),
    "br": (),
    "code": (),
    "em": (),
    "i": (),
    "img": ("src", "alt"),
    "small": (),
    "strong": (),
    "sub": (),
    "sup": (),
}
_BLOCKS = dict.fromkeys("blockquote h1 h2 h3 h4 h5 h6 hr li p pre table td th tr ul".split(), ()) | {"ol": ("start",)}
_ATTRIBUTES = {**_BLOCKS, **_INLINE}
_TRANSPARENT = frozenset({"abbr", "bdi", "font", "label", "span", "u"})
_UNSEEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|mso-hide", re.IGNORECASE)
_SHORT = 20
"""Characters of a cell that is one line, however many it has in the email."""
_SPACE = re.compile(r"[ \t\r\n\f]+")
# Filling of preheaders, and hints where a long word may be broken.
_FILLING = re.compile("[\u034f\u00ad]")
_EMPTY = re.compile(r"<(p|h[1-6]|li|blockquote|td|th|a|strong|em)\b[^>]*>\s*</\1>")


def full_text(service: Service, edition: Edition, address: str) -> str:
    """Return safe HTML with absolute addresses for an edition that is shown at `address`."""
    html = edition.html.fill({"view_url": address, "unsubscribe_url": _UNSUBSCRIBE}).decode()
    for image in edition.images:
        html = html.replace(f"cid:{image.content_id}", service.url(f"/images/{image.name}"))
    body = LexborHTMLParser(html).body
    if body is None:
        return ""
    for link in body.css(f'a[href="{_UNSUBSCRIBE}"]'):
        _around(link).decompose()
    for part in body.css(_MASTHEAD):
        part.decompose()
    made = _Blocks()
    made.add(body)
    cleaned = nh3.clean(
        made.html(),
        tags=set(_ATTRIBUTES),
        attributes={name: set(allowed) for name, allowed in _ATTRIBUTES.items()},
        url_schemes=set(SCHEMES),
        url_relative="deny",
        link_rel=None,
    )
    # What is left of a link that leads nowhere.
    cleaned = re.sub(r"<a>(.*?)</a>", r"\1", cleaned, flags=re.DOTALL)
    return f'<div lang="{escape(edition.language)}" dir="{edition.direction}">{cleaned}</div>'


def _around(link: LexborNode) -> LexborNode:
    """Return the largest part with the link and without a heading, or the link where there are no headings at all."""
    found = link
    while found.tag != "body" and (parent := found.parent) is not None:
        if parent.css_first("h1, h2, h3"):
            return found
        found = parent
    return link


class _Blocks:
    """Paragraphs and the like, one after the other; words that stand in none are put into one."""

    def __init__(self) -> None:
        self._blocks: list[str] = []
        self._words: list[str] = []

    def html(self) -> str:
        """Return what was added."""
        self._end_paragraph()
        html = "\n".join(self._blocks)
        while (shorter := _EMPTY.sub("", html)) != html:
            html = shorter
        return re.sub(r"\n{2,}", "\n", html).strip()

    def add(self, parent: LexborNode) -> None:
        """Add what stands inside of an element."""
        for node in parent.iter(include_text=True):
            tag = node.tag or ""
            if tag == "-text":
                self._words.append(_text(node))
            elif tag.startswith(("-", "!")) or tag in {"head", "script", "style"} or _is_unseen(node):
                continue
            elif tag in _INLINE or tag in _TRANSPARENT:
                self._words.append(_inline(node))
            elif tag == "hr":
                self._end_paragraph()
                self._blocks.append("<hr>")
            elif tag in _BLOCKS and not _is_layout(node):
                self._end_paragraph()
                self._blocks.append(_block(node))
            else:
                self._end_paragraph()
                if tag == "td" and _is_one_line(node):
                    self._words.append(_inside(node))
                else:
                    self.add(node)
                self._end_paragraph()

    def _end_paragraph(self) -> None:
        words = _SPACE.sub(" ", "".join(self._words)).strip()
        self._words.clear()
        if words:
            self._blocks.append(f"<p>{words}</p>")


def _is_layout(node: LexborNode) -> bool:
    """Whether an element of a table only puts things side by side."""
    while node.tag in {"td", "th", "tr", "tbody", "thead", "tfoot"} and node.parent is not None:
        node = node.parent
    return node.tag == "table" and node.attributes.get("role") in {"presentation", "none"}


def _is_one_line(cell: LexborNode) -> bool:
    """Whether a cell is such as a date beside a title, with the month below the day."""
    several = "h1, h2, h3, h4, h5, h6, img, li, table"
    return len(_SPACE.sub(" ", cell.text(separator=" ")).strip()) <= _SHORT and cell.css_first(several) is None


def _is_unseen(node: LexborNode) -> bool:
    attributes = node.attributes
    tiny = node.tag == "img" and (attributes.get("width") in {"0", "1"} or attributes.get("height") in {"0", "1"})
    hidden = "hidden" in attributes or attributes.get("aria-hidden") == "true"
    return tiny or hidden or bool(_UNSEEN.search(attributes.get("style") or ""))


def _block(node: LexborNode) -> str:
    """Return a block; one that may hold others holds them as they are, a paragraph or a heading only words."""
    tag = node.tag or ""
    if tag in {"blockquote", "li", "td", "th"}:
        return _tagged(node, _mixed(node))
    if tag in {"ul", "ol", "table", "tr"}:
        return _tagged(node, "".join(_block(each) for each in _elements(node)))
    if tag in {"tbody", "thead", "tfoot"}:
        return "".join(_block(each) for each in _elements(node))
    if tag == "pre":
        return _tagged(node, escape(node.text(), quote=False))
    return _tagged(node, _SPACE.sub(" ", _inside(node)).strip())


def _elements(node: LexborNode) -> list[LexborNode]:
    return [each for each in node.iter() if not _is_unseen(each)]


def _mixed(node: LexborNode) -> str:
    inner = _Blocks()
    inner.add(node)
    html = inner.html()
    alone = re.fullmatch(r"<p>((?:(?!<p>).)*)</p>", html, re.DOTALL)
    return alone[1] if alone and node.tag != "blockquote" else html


def _inline(node: LexborNode) -> str:
    tag = node.tag or ""
    if tag == "br":
        return "<br>"
    if tag == "img":
        return _tagged(node, "", closed=False)
    inside = _inside(node)
    # What an email shows on lines of their own by a style must not run into the next words.
    block = re.search(r"display\s*:\s*block", node.attributes.get("style") or "")
    return (inside if tag in _TRANSPARENT and tag not in _INLINE else _tagged(node, inside)) + (" " if block else "")


def _inside(node: LexborNode) -> str:
    parts = []
    for each in node.iter(include_text=True):
        tag = each.tag or ""
        if tag == "-text":
            parts.append(_text(each))
        elif not tag.startswith(("-", "!")) and not _is_unseen(each):
            parts.append(_inline(each) if tag in _INLINE or tag in _TRANSPARENT else f" {_inside(each)} ")
    return "".join(parts)


def _tagged(node: LexborNode, inside: str, *, closed: bool = True) -> str:
    tag = node.tag or ""
    values = node.attributes
    shown = "".join(f' {name}="{escape(values[name] or "")}"' for name in _ATTRIBUTES[tag] if name in values)
    return f"<{tag}{shown}>{inside}" + (f"</{tag}>" if closed else "")


def _text(node: LexborNode) -> str:
    return escape(_SPACE.sub(" ", _FILLING.sub("", node.text(deep=False) or "")), quote=False)
