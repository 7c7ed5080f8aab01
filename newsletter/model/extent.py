"""How much a text may be, so that no entry keeps a machine busy for longer than somebody would wait."""

from __future__ import annotations

import re

from newsletter.model.meant import Unfit

LONGEST = 100_000
"""Characters of one text: Gmail cuts a whole email off at as many bytes."""
_QUOTING = 100_000
"""Quotations that begin in lines without an empty one between them, times those lines."""
_BLOCK = re.compile(r"(?:[^\S\n]*\S.*\n?)+")
_MARKS = re.compile(r"(?:[ \t>*+-]|\d{1,9}[.)])*")


def check_extent(text: str) -> None:
    """Raise Unfit for a text that is too long, or whose quotations would take too long to tell apart."""
    if len(text) > LONGEST:
        raise Unfit(
            f"has {len(text):,} characters; at most {LONGEST:,} are possible",
            why="an email that long is cut off before its end",
            fix="keep what readers need to know, and link to a page with the rest",
        )
    if text.count(">") * (text.count("\n") + 1) > _QUOTING:
        _check_quotations(text)


def _check_quotations(text: str) -> None:
    """Markdown reads on to the next empty line for the end of each quotation, and there is none."""
    for block in _BLOCK.finditer(text):
        lines = block[0].splitlines()
        begun = depth = 0
        for line in lines:
            before, depth = depth, _depth(line)
            begun += max(0, depth - before)
        if begun * len(lines) > _QUOTING:
            raise Unfit(
                f"has {begun:,} quotations in {len(lines):,} lines without an empty line between them",
                why="where each of them ends could be told after minutes only",
                fix="leave an empty line after each quotation, or delete the signs > that begin them",
            )


def _depth(line: str) -> int:
    marks = _MARKS.match(line)
    return marks[0].count(">") if marks else 0
