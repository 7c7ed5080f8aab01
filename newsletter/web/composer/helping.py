"""The manual, for whoever has the studio alone."""

from __future__ import annotations

import re
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from newsletter import manual
from newsletter.web.composer import pages

PAGE = "/help"
_PAGE_LINK = re.compile(r"([a-z-]+)\.md(#.*)?")
_ELSEWHERE = ("https://", "http://", "#")


def overview(request: Request) -> Response:
    """Show which pages there are."""
    return pages.show(request, "help", known=manual.pages().values())


def show(request: Request) -> Response:
    """Show a page."""
    page = manual.page(request.path_params["page"])
    return pages.show(request, "help-page", page=page, text=drawn(page.text))


@lru_cache(maxsize=32)
def drawn(text: str) -> Markup:
    """Return a page as HTML: its headings have the names by which links lead to them, and links lead to our pages."""
    # The text is the product's own, HTML and all.
    reader = MarkdownIt("commonmark").enable("table")
    tokens = reader.parse(text)
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _slug(tokens[place + 1].content))
        if token.children:
            token.children = _led(token.children)
    return Markup(reader.renderer.render(tokens, reader.options, {}))  # noqa: S704  no word of anybody else


def _slug(heading: str) -> str:
    """Return by which name GitHub calls a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _led(tokens: list[Token]) -> list[Token]:
    """Return the tokens of a line with links that lead somewhere here; of the others the words are left."""
    kept, is_open = [], True
    for token in tokens:
        if token.type == "link_open":
            href = str(token.attrGet("href"))
            found = _PAGE_LINK.fullmatch(href)
            is_ours = found is not None and found[1] in manual.pages()
            if found and is_ours:
                token.attrSet("href", f"{PAGE}/{found[1]}{found[2] or ''}")
            is_open = is_ours or href.startswith(_ELSEWHERE)
        if token.type not in {"link_open", "link_close"} or is_open:
            kept.append(token)
    return kept
