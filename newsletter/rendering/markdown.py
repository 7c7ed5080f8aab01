"""The team's Markdown as HTML that mail clients can be trusted with, and as plain text.

CommonMark without raw HTML; headings become bold lines, because their order belongs to the template; of a picture its
alternative text remains. What comes out is cleaned again by nh3, so that no parser's mistake reaches a reader.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from newsletter.rendering.wrapping import wrap

SCHEMES = {"http", "https", "mailto"}
_TAGS = {"a", "blockquote", "br", "code", "em", "li", "ol", "p", "pre", "strong", "ul"}

# One line in which no character has a meaning in Markdown; most summaries are nothing else, and 100 times faster so.
_PLAIN = re.compile(r"(?!\d+[.)]|[#>+=~:-]|\s)[^\\`*_\[\]<>&!|\0\t\r\x0b\x0c]+(?<!\s)")

_LAST = re.compile(r"<p>(?=[^<]*(?:<(?!/p>)[^<]*)*</p>\s*(?:</blockquote>|</li>|\Z))")
"""A paragraph that ends what it stands in."""


def to_html(text: str, link_style: str = "", quote_style: str = "") -> str:
    """Return safe, well-formed HTML; every link bears `link_style`, every quotation `quote_style`."""
    if not text:
        return ""
    plain = _paragraphs(text)
    cleaned = _clean(text) if plain is None else "".join(f"<p>{html.escape(part)}</p>" for part in plain)
    return _styled(cleaned, link_style, quote_style)


def to_text(text: str, width: int = 72) -> str:
    """Return lines of at most `width` columns; only what has no space, such as a web address, is longer."""
    plain = _paragraphs(text)
    if plain is not None:
        return "\n\n".join(wrap(part, width) for part in plain)
    return _plain_text(text, width)


@lru_cache(maxsize=4096)
def _paragraphs(text: str) -> tuple[str, ...] | None:
    """Return the paragraphs of a text without any Markdown in it, each on one line, or None."""
    paragraphs: list[list[str]] = [[]]
    for line in text.split("\n"):
        if not line:
            paragraphs.append([])
        elif _PLAIN.fullmatch(line):
            paragraphs[-1].append(line)
        else:
            return None
    return tuple(" ".join(lines) for lines in paragraphs if lines)


@lru_cache(maxsize=4096)
def _clean(text: str) -> str:
    cleaned = nh3.clean(
        _parser().render(text),
        tags=_TAGS,
        attributes={"a": {"href"}, "ol": {"start"}, "*": set()},
        url_schemes=SCHEMES,
        link_rel=None,
        url_relative="deny",
    )
    return re.sub(r"<a>(.*?)</a>", r"\1", cleaned.strip(), flags=re.DOTALL)


@lru_cache(maxsize=4096)
def _styled(cleaned: str, link_style: str, quote_style: str) -> str:
    """Give paragraphs their margins, because not every client reads style sheets; lists are read from either side."""
    styled = _LAST.sub('<p style="margin:0">', cleaned).replace("<p>", '<p style="margin:0 0 12px">')
    if link_style:
        styled = styled.replace('<a href="', f'<a style="{link_style}" href="')
    if quote_style:
        styled = styled.replace("<blockquote>", f'<blockquote class="quote" style="{quote_style}">')
    # A long line of code would make the letter wider than a phone.
    styled = styled.replace("<pre>", '<pre style="margin:0 0 12px;white-space:pre-wrap">')
    # Among Arabic words the slash at the end of a path would stand before it.
    styled = styled.replace("<code>", '<code dir="ltr">')
    return re.sub(r"<(ul|ol)\b", r'<\1 style="margin:0 0 12px;padding:0 20px"', styled)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False})
    parser.add_render_rule("heading_open", lambda *_: "<p><strong>")
    parser.add_render_rule("heading_close", lambda *_: "</strong></p>\n")
    parser.add_render_rule("hr", lambda *_: "")
    parser.add_render_rule("image", lambda self, tokens, index, *_: html.escape(tokens[index].content))
    return parser


@lru_cache(maxsize=4096)
def _plain_text(text: str, width: int) -> str:
    return "\n".join(_Lines(_parser().parse(text), width).lines())


class _Lines:
    """Markdown's tokens as lines of text."""

    def __init__(self, tokens: Sequence[Token], width: int) -> None:
        self._tokens = iter(tokens)
        self._width = width

    def lines(self) -> Iterator[str]:
        """Yield the lines, with one empty line between blocks."""
        return _spaced(list(self._blocks("", self._width)))

    def _blocks(self, end: str, width: int) -> Iterator[_Block]:
        """Yield the blocks until the token that closes the one around them."""
        parted = True
        for token in self._tokens:
            if token.type == end:
                return
            if token.type == "paragraph_open":
                parted = not token.hidden
            elif token.type == "inline":
                yield _Block(wrap(_inline(token.children or ()), width).split("\n"), parted=parted)
            elif token.type in {"fence", "code_block"}:
                yield _Block([f"    {line}" for line in token.content.rstrip("\n").split("\n")], parted=True)
            elif token.type == "hr":
                yield _Block(["-" * 3])
            elif token.type == "blockquote_open":
                inside = list(self._blocks("blockquote_close", width - 2))
                yield _Block([f"> {line}" if line else ">" for line in _spaced(inside)])
            elif token.type in {"bullet_list_open", "ordered_list_open"}:
                yield from self._items(token, width)

    def _items(self, opening: Token, width: int) -> Iterator[_Block]:
        number = int(opening.attrs.get("start", 1))
        begins = True
        for token in self._tokens:
            if token.type != "list_item_open":
                return
            mark = "- " if opening.type == "bullet_list_open" else f"{number}. "
            number += 1
            first = True
            for block in self._blocks("list_item_close", width - len(mark)):
                lead = mark if first else " " * len(mark)
                rest = " " * len(mark)
                lines = [((rest if index else lead) + line).rstrip() for index, line in enumerate(block.lines)]
                parted = block.parted and not first
                yield _Block(lines, tight=not parted, begins=begins, parted=parted)
                first = begins = False
            if first:
                yield _Block([mark.rstrip()], tight=True, begins=begins)
                begins = False


class _Block:
    """Some lines; tight ones stand together, as the items of a list do, whose first one `begins` it.

    A block that is `parted` is a paragraph of its own wherever it stands.
    """

    __slots__ = ("begins", "lines", "parted", "tight")

    def __init__(self, lines: list[str], tight: bool = False, begins: bool = False, parted: bool = False) -> None:
        self.lines = lines
        self.tight = tight
        self.begins = begins
        self.parted = parted


def _spaced(blocks: Sequence[_Block]) -> Iterator[str]:
    for number, block in enumerate(blocks):
        if number and (block.begins or not (block.tight and blocks[number - 1].tight)):
            yield ""
        yield from block.lines


def _inline(tokens: Sequence[Token]) -> str:
    parts: list[str] = []
    links: list[tuple[str, int]] = []
    for token in tokens:
        if token.type in {"text", "code_inline", "image"}:
            parts.append(token.content)
        elif token.type == "softbreak":
            parts.append(" ")
        elif token.type == "hardbreak":
            parts.append("\n")
        elif token.type == "link_open":
            links.append((str(token.attrs.get("href", "")), len(parts)))
        elif token.type == "link_close":
            href, start = links.pop()
            shown = "".join(parts[start:])
            if href.partition(":")[0].lower() in SCHEMES and shown not in {href, href.removeprefix("mailto:")}:
                parts.append(f" <{href}>")
    return "".join(parts)
