"""From a place in the HTML back to the line of the template that wrote it, by way of the MJML.

The MJML engine keeps the tags that stand in texts as they are, and the addresses and words of its own elements; so the
same words are looked for in the MJML, the second time for the second time. Only when there is a fault to point at.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator
from functools import cached_property

from newsletter.model.edition import Edition
from newsletter.model.finding import Place
from newsletter.model.selection import Selection

_TAG = re.compile(r"<[a-zA-Z][^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>")

SHOWN = 60
"""Letters of its text by which an element is looked for; a longer one is cut off, in the middle of a word."""

_BLANKS = re.compile(r"\s+")
_QUOTED = re.compile(r"='([^'\"<>]*)'")
_SPELLINGS = {
    "&": "&(?:amp;)?",
    "<": "(?:<|&lt;)",
    ">": "(?:>|&gt;)",
    '"': '(?:"|&#34;|&quot;)',
    "'": "(?:'|&#39;|&#x27;)",
    " ": r"(?:\s|&#160;|&nbsp;)+",
}


def _spelled(words: str) -> str:
    """Return a pattern for words in every way in which HTML can write them."""
    # A run of blanks counts once: patterns for each of them could share the same run in countless ways.
    return "".join(_SPELLINGS.get(letter) or re.escape(letter) for letter in _BLANKS.sub(" ", words))


def shown(words: str, html: str, since: int) -> int:
    """Return where, from an offset on, the tag ends that shows exactly these words; -1 if none does."""
    found = re.compile(f">{_spelled(words)}<").search(html, since)
    return found.start() if found else -1


class _Text:
    """A text in which the same things are looked for again and again."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._known: dict[str, list[int]] = {}

    def places(self, needle: str) -> list[int]:
        """Return where a tag or an attribute stands, or words outside tags: "1" is no part of "21" nor of a style."""
        if needle not in self._known:
            self._known[needle] = self._tags.get(needle) or self._found(needle)
        return self._known[needle]

    def _found(self, needle: str) -> list[int]:
        pattern = re.escape(needle) if needle.startswith("<") else _spelled(needle)
        if not needle.startswith("<") and '="' not in needle:
            pattern = rf"(?<!\w){pattern}(?!\w|[^<>]*>)" if len(needle) < SHOWN else rf"(?<!\w){pattern}(?![^<>]*>)"
        return [match.start() for match in re.finditer(pattern, self._text)]

    @cached_property
    def _tags(self) -> dict[str, list[int]]:
        """Where each tag stands: an issue with thousands of links has as many that are looked for once."""
        found: dict[str, list[int]] = {}
        for tag in _TAG.finditer(self._text):
            found.setdefault(tag[0], []).append(tag.start())
        return found


def _quoted(text: str) -> str:
    """Return a text with the quotes of its attributes as the engine writes them, every character at its place."""
    return _QUOTED.sub(r'="\1"', text)


class Tracer:
    """The way back for one edition."""

    def __init__(
        self,
        page: str,
        edition: Edition,
        selection: Selection,
        trace: Callable[[Edition], Callable[[int], Place]] | None,
    ) -> None:
        self._page = page
        self._edition = edition
        self._selection = selection
        self._trace = trace

    def place(self, at: int, words: tuple[str, ...]) -> Place:
        """Return the place of the tag at an offset of the HTML; `words` are what it can be recognised by.

        What nothing in the MJML can be recognised by stands in the theme, as a whole.
        """
        if self._trace is not None:
            tag = _TAG.match(self._page, at) if at >= 0 else None
            for needle in (*([tag[0]] if tag else []), *words):
                offset = self._offset(needle, at)
                if offset is not None:
                    begin = offset if needle.startswith("<") else self._edition.mjml.rfind("<", 0, offset)
                    return self._back(max(begin, 0))
        return self._theme

    def mjml(self, offset: int) -> Place:
        """Return the place of the character at an offset of the MJML."""
        return self._theme if self._trace is None else self._back(offset)

    def entry(self, at: int) -> str:
        """Return the id of the entry whose block an offset of the HTML lies in: that of the last title before it."""
        starts, ids = self._blocks
        number = bisect_right(starts, at) - 1
        return ids[number] if number >= 0 else ""

    @property
    def _theme(self) -> Place:
        return Place(f"templates/themes/{self._selection.issue.theme}.mjml.j2")

    @cached_property
    def _back(self) -> Callable[[int], Place]:
        assert self._trace is not None  # noqa: S101  asked before
        return self._trace(self._edition)

    @cached_property
    def _mjml(self) -> _Text:
        return _Text(_quoted(self._edition.mjml))

    @cached_property
    def _html(self) -> _Text:
        return _Text(_quoted(self._page))

    def _offset(self, needle: str, at: int) -> int | None:
        needle = _quoted(needle)
        found = self._mjml.places(needle)
        if not found:
            return None
        earlier = bisect_left(self._html.places(needle), at)
        return found[earlier] if earlier < len(found) else found[0]

    @cached_property
    def _blocks(self) -> tuple[list[int], list[str]]:
        """Where the blocks of entries begin in the HTML, each until the next block or the next section's heading."""
        found: dict[int, str] = {}
        position = 0
        for words, entry in self._shown():
            start = shown(words, self._page, position)
            if start >= 0:
                row = self._page.rfind("<tr", position, start)
                position = start
                found[row if row >= 0 else self._page.rfind("<", 0, start)] = entry
        end = self._page.rfind("{unsubscribe_url}")
        if end >= 0:
            found[max(found, default=0) if max(found, default=0) > end else self._page.rfind("<table", 0, end)] = ""
        starts = sorted(found)
        return starts, [found[start] for start in starts]

    def _shown(self) -> Iterator[tuple[str, str]]:
        """Yield the headings and titles in their order, each with the id of its entry."""
        for section in self._selection.edition(self._edition.language, self._edition.topics).sections:
            if section.chosen:
                yield section.plan.heading, ""
            for entry in section.entries:
                yield entry.told(self._edition.language)[0].title, entry.id
