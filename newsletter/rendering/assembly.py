"""A sound document becomes HTML in two halves: its frame of components through the MJML engine, its texts beside it.

What stands in `mj-text` and `mj-raw` comes out of MJML as it went in. So the engine gets a word for each of them, and
the HTML that it makes of such a frame serves every document with the same frame: where the team changes a summary, the
engine has nothing to do. It also never sees what entries say.
"""

from __future__ import annotations

import re
from functools import lru_cache

from newsletter.rendering.inspection import has_sound_shape, shape_of
from newsletter.rendering.mjml import VOID, compile_mjml, finished

_OPENING = re.compile(r"<mj-(text|raw)(?:\s[^<>]*[^<>/]|\s*)>")
_WORD = "qWORDSq"
_WORDS = re.compile(rf"{_WORD}(\d+)q")
_INLINE = re.compile(r"<mj-style\b[^>]*\binline\b", re.IGNORECASE)
_EMPTY = re.compile(r"<([^\s<>/]+)[^<>]*/>")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
# The engine leaves such blanks out. One line break says the same to a browser.
_INDENT = re.compile(r">[ \t]*\n\s*(?=<)")
_ROW = "<tr>"
_BODY = '<mjml lang="en" dir="ltr"><mj-head><mj-title>T</mj-title></mj-head><mj-body>{}</mj-body></mjml>'
_AROUND = {
    "text": _BODY.format("<mj-section><mj-column><mj-text>{}</mj-text></mj-column></mj-section>").split("{}"),
    "raw": _BODY.format("<mj-raw>{}</mj-raw>").split("{}"),
}


def assemble(mjml: str, name: str) -> bytes | None:
    """Return the HTML of a document in which nothing is wrong, or None where something might be.

    `name` is the template to speak of when it fails.
    """
    frame, texts = [], []
    end = 0
    while opening := _OPENING.search(mjml, end):
        start = opening.end()
        close = mjml.find(f"</mj-{opening[1]}>", start)
        if close < 0:
            return None
        text = _text(opening[1], mjml[start:close])
        if text is None:
            return None
        frame += (mjml[end:start], f"{_WORD}{len(texts)}q")
        texts.append(text)
        end = close
    frame.append(mjml[end:])
    pieces = _frame("".join(frame), len(texts), name)
    if pieces is None:
        return None
    parts = [pieces[0]]
    for text, piece in zip(texts, pieces[1:], strict=True):
        parts += (text, piece)
    return b"".join(parts)


@lru_cache(maxsize=64)
def _frame(frame: str, texts: int, name: str) -> tuple[bytes, ...] | None:
    """Return the HTML of a frame, cut where its texts belong."""
    if not has_sound_shape(shape_of(frame)) or _INLINE.search(frame) or _CONTROL.search(frame):
        return None
    pieces = _WORDS.split(compile_mjml(frame, name=name))
    # Each of them once and in order, or else it is not known what the engine did with them.
    if pieces[1::2] != [str(number) for number in range(texts)]:
        return None
    return tuple(piece.encode() for piece in pieces[::2])


@lru_cache(maxsize=256)
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
    if _CONTROL.search(text):
        return shape, None
    if "/>" in text and any(empty.lower() not in VOID for empty in _EMPTY.findall(text)):
        return shape, None
    return shape, finished(_INDENT.sub(">\n", text).strip()).encode()
