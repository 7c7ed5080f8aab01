"""A sound document becomes HTML in two halves: its frame of components through the MJML engine, its texts beside it.

What stands in `mj-text` and `mj-raw` comes out of MJML as it went in. So the engine gets a word for each of them, and
the HTML that it makes of such a frame serves every document with the same frame: where the team changes a summary, the
engine has nothing to do. Of what entries say it sees little more than addresses and alternative texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from newsletter.rendering.inspection import has_sound_shape, shape_of
from newsletter.rendering.mjml import compile_mjml, finished
from newsletter.rendering.validation.text import CONTROL
from newsletter.rendering.validation.vocabulary import VOID

_OPENING = re.compile(r"<mj-(text|raw)(?:\s[^<>]*[^<>/]|\s*)>")
_WORD = "qWORDSq"
_WORDS = re.compile(rf"{_WORD}(\d+)q")
_INLINE = re.compile(r"<mj-style\b[^>]*\binline\b", re.IGNORECASE)
_EMPTY = re.compile(r"<([^\s<>/]+)[^<>]*/>")
# The engine leaves such blanks out. One line break says the same to a browser.
_INDENT = re.compile(r">[ \t]*\n\s*(?=<)")
_ROW = "<tr>"
_BODY = '<mjml lang="en" dir="ltr"><mj-head><mj-title>T</mj-title></mj-head><mj-body>{}</mj-body></mjml>'
_AROUND = {
    "text": _BODY.format("<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>").split("{}"),
    "raw": _BODY.format("<mj-raw>{}</mj-raw>").split("{}"),
}


class _Part(NamedTuple):
    """A piece of a document, taken apart."""

    frame: tuple[str, ...]
    """What stands around its texts: one more than these."""
    texts: tuple[bytes, ...]


def assemble(pieces: Sequence[str], name: str) -> list[bytes] | None:
    """Return the HTML of a document in which nothing is wrong, or None where something might be.

    `pieces` are the document's, one after the other; what is done with one is remembered. `name` is the template to
    speak of when it fails.
    """
    parts = [_part(piece) for piece in pieces]
    if not all(parts):
        # A text that reaches from one piece into another.
        parts = [_part("".join(pieces))]
    known = [part for part in parts if part is not None]
    if len(known) < len(parts):
        return None
    around = _frame(tuple([part.frame for part in known]), name)
    if around is None:
        return None
    html = [around[0]]
    at = 1
    for part in known:
        for text in part.texts:
            html += (text, around[at])
            at += 1
    return html


@lru_cache(maxsize=1024)
def _part(piece: str) -> _Part | None:
    frame, texts = [], []
    end = 0
    while opening := _OPENING.search(piece, end):
        start = opening.end()
        close = piece.find(f"</mj-{opening[1]}>", start)
        text = _text(opening[1], piece[start:close]) if close >= 0 else None
        if text is None:
            return None
        frame.append(piece[end:start])
        texts.append(text)
        end = close
    return _Part((*frame, piece[end:]), tuple(texts))


@lru_cache(maxsize=64)
def _frame(frames: tuple[tuple[str, ...], ...], name: str) -> tuple[bytes, ...] | None:
    """Return the HTML of a frame, cut where its texts belong."""
    texts = 0
    composed = []
    for first, *others in frames:
        composed.append(first)
        for other in others:
            composed += (f"{_WORD}{texts}q", other)
            texts += 1
    frame = "".join(composed)
    if not has_sound_shape(shape_of(frame)) or _INLINE.search(frame) or CONTROL.search(frame):
        return None
    cut = _WORDS.split(compile_mjml(frame, name=name))
    # Each of them once and in order, or else it is not known what the engine did with them.
    if cut[1::2] != [str(number) for number in range(texts)]:
        return None
    return tuple(piece.encode() for piece in cut[::2])


def _text(element: str, text: str) -> bytes | None:
    """Return the HTML of what stands in an `mj-text` or `mj-raw`."""
    # Row by row, because one changed entry changes one row. No blank around a row is shown.
    rows = [_row(row) for row in text.split(_ROW)]
    before, after = _AROUND[element]
    if not has_sound_shape(before + _ROW.join([shape for shape, _ in rows]) + after):
        return None
    htmls = [html for _, html in rows if html is not None]
    return _ROW.encode().join(htmls) if len(htmls) == len(rows) else None


@lru_cache(maxsize=4096)
def _row(text: str) -> tuple[str, bytes | None]:
    """Return the shape of a piece of text, and its HTML."""
    shape = shape_of(text)
    if CONTROL.search(text):
        return shape, None
    if "/>" in text and any(empty.lower() not in VOID for empty in _EMPTY.findall(text)):
        return shape, None
    return shape, finished(_INDENT.sub(">\n", text).strip()).encode()
