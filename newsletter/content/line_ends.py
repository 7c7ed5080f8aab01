"""A changed text gets back what is no part of its words: the byte order mark, and how each of its lines ends."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

_MARK = "\ufeff"
_BREAKS = re.compile("[\v\f\u2028\u2029]")
_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|\Z)")


def plain(written: str) -> str:
    """Return a file's text without byte order mark and with plain line ends."""
    return written.removeprefix(_MARK).replace("\r\n", "\n").replace("\r", "\n")


def on_one_line(written: str) -> str:
    """Return a text on one line, as a browser's field for one holds it, without gluing words together.

    Hard and thin blanks stay: languages such as French want them.
    """
    return _BLANKS.sub(" ", written).strip()


def pasted(typed: str) -> str:
    """Return what was typed or pasted with plain line ends.

    Word copies a line break within a paragraph as a vertical tab, and a new page as a form feed.
    """
    return _BREAKS.sub("\n", plain(typed))


def on_lines(written: str) -> str:
    """Return a text of several lines as it is once it is read again: without blanks and lines after its end."""
    return plain(written).strip("\n").rstrip()


def restored(written: str, after: str) -> str:
    """Return `after`, which has plain line ends, with those of `written`, the text that it replaces.

    Where a file's lines end in several ways, each line that stays keeps its own.
    """
    lines = [(match[1], match[2]) for match in _LINE.finditer(written.removeprefix(_MARK))]
    kinds = Counter(end for _, end in lines if end)
    mark = _MARK if written.startswith(_MARK) else ""
    usual = kinds.most_common(1)[0][0] if kinds else "\n"
    if len(kinds) < 2:
        return mark + after.replace("\n", usual)
    new = after.split("\n")
    ends = [usual] * len(new)
    same = SequenceMatcher(None, [line for line, _ in lines], new, autojunk=False).get_matching_blocks()
    for block in same:
        for step in range(block.size):
            ends[block.b + step] = lines[block.a + step][1] or usual
    return mark + "".join(f"{line}{end}" for line, end in zip(new[:-1], ends, strict=False)) + new[-1]
