"""What a page leads to and which pictures it shows."""

from __future__ import annotations

from html.parser import HTMLParser

from newsletter.model.outline import ImageOutline


def inside(html: str) -> tuple[tuple[str, ...], tuple[ImageOutline, ...]]:
    """Return the addresses of an email's links, each once, and its pictures, in order."""
    page = _Page()
    page.feed(html)
    page.close()
    return tuple(dict.fromkeys(page.links)), tuple(page.images)


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.images: list[ImageOutline] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag in {"a", "area"} and values.get("href"):
            self.links.append(values["href"])
        elif tag == "img":
            self.images.append(ImageOutline(values.get("src", ""), values.get("alt", "")))
