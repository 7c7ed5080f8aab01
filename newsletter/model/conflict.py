"""The lines with which git marks in a file that two changes of it do not go together."""

from __future__ import annotations

import re

_OPENS = re.compile(r"^<{7}(?: .*)?$", re.MULTILINE)
_CLOSES = re.compile(r"^>{7}(?: .*)?$", re.MULTILINE)

TOLD = "git has left two versions of these lines here"
WHY = "two people have changed the same lines, and somebody has to say which of the two holds"
FIX = "keep what is right of both, and delete the three lines that begin with <<<<<<<, ======= and >>>>>>>"


def line_of(text: str) -> int:
    """Return the line in which a conflict begins, counted from 1; 0 where there is none."""
    if "<<<<<<<" not in text:
        return 0
    opens = _OPENS.search(text)
    if opens is None or _CLOSES.search(text, opens.end()) is None:
        return 0
    return text.count("\n", 0, opens.start()) + 1
