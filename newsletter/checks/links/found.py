"""The links that people wrote: in address fields, and in Markdown."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from urllib.parse import SplitResult, urlsplit

from newsletter.checks.rendered import Element
from newsletter.checks.subject import Passage, Subject, without_code
from newsletter.model.finding import Place

_MARKDOWN = re.compile(
    r"(?<![!\\])\[(?P<text>(?:[^\[\]\\]|\\.|\[[^\[\]]*\])*)\]"
    r"\(\s*(?P<url>(?:[^()\n\"]|\([^()\n]*\))*?)\s*(?:\"[^\"\n]*\"\s*)?\)"
    r"|<(?P<auto>https?://[^\s<>]*)>"
    r"|(?<![!\\\]])\[(?P<words>[^\[\]^\\][^\[\]\\]*)\](?:\[(?P<label>[^\[\]\\]*)\])?(?![\[(:])"
)
# Of emphasis and code, and before what is meant as it stands.
_MARKS = re.compile(r"[*_`\\]")
# [report]: https://example.org/report, at the end of a text, for all its [links][report].
_DEFINITION = re.compile(
    r"(?:\A|(?<=\n))(?P<line> {0,3}\[(?P<label>[^\[\]\\^][^\[\]\\]*)\]:[ \t]*\n?[ \t]*"
    r"(?:<(?P<inside>[^<>\n]*)>|(?P<url>[^\s<]\S*))[^\n]*(?:\n|\Z))"
)


@dataclass(frozen=True, slots=True)
class Link:
    """A link; its address stands from character `start` up to `end` of the passage, its text around `text_start`."""

    url: str
    text: str
    """Empty for the address field of an entry, whose text belongs to the template."""
    passage: Passage
    start: int
    end: int
    text_start: int

    @property
    def entry(self) -> str:
        """The id of the entry it stands in, or nothing."""
        return self.passage.entry

    @property
    def parts(self) -> SplitResult | None:
        """The address taken apart, or nothing for one that cannot be."""
        return split(self.url)

    @property
    def host(self) -> str:
        """The host in small letters, or nothing."""
        return (self.parts.hostname or "").rstrip(".") if self.parts else ""

    def place(self, subject: Subject) -> Place:
        """Return where the address stands, or the text of a link without one."""
        if self.start == self.end:
            return self.text_place(subject)
        return subject.place(self.passage, self.start, self.end)

    def text_place(self, subject: Subject) -> Place:
        """Return where the text stands."""
        if not self.text:
            return subject.place(self.passage, self.start, self.end)
        return subject.place(self.passage, self.text_start, self.text_start + len(self.text))


@lru_cache(maxsize=8192)
def split(url: str) -> SplitResult | None:
    """Return an address taken apart, or nothing for one that cannot be."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return None
    return parts


def links_of(subject: Subject) -> Iterator[Link]:
    """Yield every link that people wrote for the issue."""
    for passage in subject.passages:
        if passage.name == "url" and passage.text:
            yield Link(passage.text, "", passage, 0, len(passage.text), 0)
        elif passage.is_markdown and any(mark in passage.text for mark in ("](", "][", "]:", "<http")):
            yield from _in_markdown(passage)


def written(subject: Subject) -> Callable[[Element], Link | None]:
    """Return what finds the link in somebody's Markdown that an element shows; nothing for one of a template's own."""

    # Not before there is a fault to point at.
    @cache
    def known() -> Mapping[tuple[str, str], Link]:
        found: dict[tuple[str, str], Link] = {}
        for link in links_of(subject):
            if link.passage.name != "url":
                found.setdefault((link.url, _bare(link.text)), link)
        return found

    return lambda element: known().get((element.get("href"), _bare(element.text)))


def _bare(text: str) -> str:
    return " ".join(_MARKS.sub("", text).split())


def definitions(text: str) -> Mapping[str, tuple[int, int]]:
    """Return where the addresses stand that a Markdown text gives to labels, by their labels.

    One that follows on the line of a paragraph is words, not a definition.
    """
    found: dict[str, tuple[int, int]] = {}
    if "]:" not in text:
        return found
    ended = 0
    for match in _DEFINITION.finditer(text):
        line_before = text[text.rfind("\n", 0, max(match.start() - 1, 0)) + 1 : match.start()]
        if match.start() == ended or not line_before.strip():
            ended = match.end()
            found.setdefault(_folded(match["label"]), match.span("url" if match["inside"] is None else "inside"))
    return found


def _folded(label: str) -> str:
    return " ".join(label.split()).casefold()


def _in_markdown(passage: Passage) -> Iterator[Link]:
    defined = definitions(passage.text)
    # What somebody shows as code is no link.
    for match in _MARKDOWN.finditer(without_code(passage.text)):
        if match["words"] is not None:
            start, end = defined.get(_folded(match["label"] or match["words"]), (0, 0))
            # Words in brackets are a link only where their label is known; [words][label] is meant as one, x[i][j] not.
            if end or (match["label"] and not passage.text[max(match.start() - 1, 0) : match.start()].isalnum()):
                yield _link(passage, start, end, *match.span("words"))
            continue
        name = "url" if match["auto"] is None else "auto"
        start, end = match.span(name)
        if match["url"] and match["url"].startswith("<") and match["url"].endswith(">"):
            start, end = start + 1, end - 1
        yield _link(passage, start, end, *match.span("text" if name == "url" else name))


def _link(passage: Passage, start: int, end: int, text_start: int, text_end: int) -> Link:
    # The words as they stand, with the code in them.
    return Link(passage.text[start:end], passage.text[text_start:text_end], passage, start, end, text_start)
