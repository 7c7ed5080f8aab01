"""Several names in one sentence, joined by the language's “and”."""

from __future__ import annotations

import re
from functools import lru_cache

from babel import Locale
from babel.lists import format_list

# The sound before which Spanish says e for y, as in Georgia e Irak; CLDR leaves that to programs.
_SPANISH_I = re.compile(r"h?[ií](?![aeo])", re.IGNORECASE)
# An “and” that is one with the word after it, and what parts it from a name in other letters.
_ATTACHED = {"ar": ("و", " "), "he": ("ו", "־"), "th": ("และ", " ")}


@lru_cache(maxsize=1024)
def enumerated(parts: tuple[str, ...], where: Locale) -> str:
    """Return such as Georgia, Iraq and Libya."""
    joined = str(format_list(parts, locale=where))
    last = parts[-1]
    before = joined.removesuffix(last)
    if where.language == "es" and _SPANISH_I.match(last) and before.endswith(" y "):
        return f"{before.removesuffix('y ')}e {last}"
    word, mark = _ATTACHED.get(where.language, ("", ""))
    if len(parts) > 1 and word and before.endswith(word):
        # After the two words of a name it would be read as the end of the second.
        if word == "และ" and (before.removesuffix(word)[-1:].isascii() or any(" " in part for part in parts)):
            before = f"{before.removesuffix(word).rstrip()} {word}"
        return f"{before}{mark}{last}" if last[:1].isascii() else before + last
    return joined
