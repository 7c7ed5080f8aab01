"""What a terminal may be shown."""

from __future__ import annotations

import re

# It would obey them, or turn the line around.
_UNSHOWN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")


def shown(words: str) -> str:
    """Return words on one line, without what a terminal would obey: names of files may hold anything.

    A line that begins with two colons is a command to GitHub, wherever it comes from.
    """
    return _UNSHOWN.sub("\N{REPLACEMENT CHARACTER}", words.replace("\n", " "))
