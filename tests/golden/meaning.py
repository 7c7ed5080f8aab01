"""What an HTML document means: not its white space, nor the order of its attributes and styles."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())
# The content's digest names a picture; another version of Pillow packs the same pixels into other bytes.
_PICTURE = re.compile(r"\b[0-9a-f]{20}(?=\.(?:png|jpg|gif)\b)")


def lines(html: str) -> list[str]:
    """Return one line for each element, text and comment, indented by depth."""
    names: dict[str, str] = {}

    def named(match: re.Match[str]) -> str:
        return names.setdefault(match[0], f"picture-{len(names) + 1}")

    reader = _Reader()
    reader.feed(_PICTURE.sub(named, html))
    reader.close()
    return reader.lines


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._depth = 0

    def handle_decl(self, decl: str) -> None:
        self._add(f"<!{decl}>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        shown = "".join(f" {name}={_value(name, value or '')!r}" for name, value in sorted(attrs))
        self._add(f"<{tag}{shown}>")
        self._depth += tag not in _VOID

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in _VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        self._depth -= tag not in _VOID

    def handle_data(self, data: str) -> None:
        text = _spaced(data)
        if text:
            self._add(text)

    def handle_comment(self, data: str) -> None:
        self._add("<!-- " + re.sub(r">\s+<", "><", _spaced(data)) + " -->")

    def _add(self, line: str) -> None:
        self.lines.append("  " * self._depth + line)


def _value(name: str, value: str) -> str:
    if name == "style":
        return "; ".join(sorted(_spaced(part).replace(": ", ":") for part in value.split(";") if part.strip()))
    if name == "class":
        return " ".join(sorted(value.split()))
    return _spaced(value)


def _spaced(text: str) -> str:
    return re.sub(r"[ \t\r\n]+", " ", text).strip(" ")
