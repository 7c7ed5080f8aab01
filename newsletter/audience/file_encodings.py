"""Which letters the bytes of a file stand for, where it does not say so: a person sees which words are right."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import chain, pairwise
from pathlib import Path

from newsletter.errors import AudienceError
from newsletter.model.meant import did_you_mean

_OF_SEVERAL_BYTES = ("cp932", "gb18030", "big5", "cp949")
ENCODINGS = (
    *("windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255", "windows-1256"),
    *("windows-1257", "windows-1258", "iso-8859-2", "iso-8859-5", "iso-8859-15", "mac-roman", "cp850", "cp852"),
    *("koi8-r", "koi8-u", "cp874", *_OF_SEVERAL_BYTES),
)
"""What spreadsheets and databases write that do not write UTF-8: of several that say the same, the first is offered."""
_MOST_BYTES = 20_000_000
"""As far as a file is looked through; the rest of it will have no other letters."""
_MOST_WORDS = 5
# Of letters with their marks: Vietnamese, Hebrew, Arabic and Thai ones stand by themselves in these encodings.
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u0323\u05b0-\u05c2\u064b-\u0652\u0e31\u0e34-\u0e4e'’-])*")
_HIGH = re.compile(rb"[\x80-\xff]")
_SIGNS = frozenset("\u00a0\u200c\u200d\u200e\u200f’‘“”„«»–—…·€£°§©®™ªº²³¹½¼´`¡¿、。・（）「」")
"""Beside letters, what people write into lists."""


def is_utf8(line: str, encoding: str) -> bool:
    """Whether a line that was read in another encoding is UTF-8: bytes of a letter each would not be by chance."""
    if encoding in _OF_SEVERAL_BYTES:
        return False
    try:
        return not line.encode(encoding).decode("utf-8").isascii()
    except UnicodeError:
        return False


def known_encoding(name: str) -> str:
    """Return an encoding by its name, whichever way that is written; raise AudienceError for one that is not known."""
    plain = re.sub(r"[\s_]+", "-", name.strip().lower())
    plain = _ALSO.get(plain, plain)
    if plain and plain not in ENCODINGS:
        near = did_you_mean(plain, ENCODINGS)
        raise AudienceError(
            f"'{name}' is no encoding that is known here",
            fix=f"did you mean {near}?" if near else f"one of these: {', '.join(ENCODINGS)}",
        )
    return plain


_ALSO = {
    **{f"cp125{number}": f"windows-125{number}" for number in range(9)},
    "latin-1": "windows-1252",
    "latin1": "windows-1252",
    "iso-8859-1": "windows-1252",
    "ansi": "windows-1252",
    "latin-2": "iso-8859-2",
    "latin-9": "iso-8859-15",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "macintosh": "mac-roman",
    "euc-kr": "cp949",
    "tis-620": "cp874",
    "utf-8": "",
    "utf8": "",
    "utf-8-sig": "",
}
"""Names that people and programs have for them. Whoever says Latin-1 means what Windows writes."""


def readings(file: Path) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return the encodings that a file may be in, the likeliest first, each with words that tell it from the others.

    Of those that differ in nothing that the file has there is one. None for a file that is in UTF-8 in part.
    """
    lines = _telling(file)
    if any(map(_is_utf8, lines)):
        return ()
    found: dict[tuple[str, ...], str] = {}
    for encoding in ENCODINGS:
        try:
            told = tuple(line.decode(encoding) for line in lines)
        except UnicodeDecodeError:
            continue
        if all(map(_is_plausible, told)):
            found.setdefault(told, encoding)
    words = {told: _words(told) for told in sorted(found, key=lambda told: sum(map(_oddities, told)))}
    common = Counter(chain.from_iterable(words.values()))
    return tuple((found[told], tuple(sorted(words[told], key=common.__getitem__)[:_MOST_WORDS])) for told in words)


def _telling(file: Path) -> list[bytes]:
    """Return lines that hold every byte beyond ASCII which the file has, each as few as possible times."""
    seen: set[bytes] = set()
    lines = []
    with file.open("rb") as source:
        for line in source.readlines(_MOST_BYTES):
            new = set(_HIGH.findall(line)) - seen if not line.isascii() else set()
            if new:
                seen |= new
                lines.append(line)
    return lines


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _is_plausible(text: str) -> bool:
    """Whether every sign is one that people write, and no word mixes Latin letters with those of other scripts."""
    return all(map(_is_written, text)) and not any(
        len({_is_latin(sign) for sign in word if sign.isalpha() or _is_mark(sign)}) > 1 for word in _WORD.findall(text)
    )


def _is_written(sign: str) -> bool:
    return sign.isascii() or sign.isalpha() or sign in _SIGNS or _is_mark(sign)


def _is_mark(sign: str) -> bool:
    return unicodedata.category(sign) == "Mn"


def _is_latin(sign: str) -> bool:
    return sign.isascii() or unicodedata.name(sign, "").startswith(("LATIN", "COMBINING"))


def _oddities(text: str) -> int:
    """Return how much in a text is as it would be where another encoding was meant.

    That is capitals behind small letters, numerals within words, and Latin words of which most letters have an accent.
    """
    capitals = sum(first.islower() and second.isupper() for first, second in pairwise(text) if not second.isascii())
    words: list[str] = [word for word in _WORD.findall(text) if not word.isascii() and _is_latin(word[0])]
    numerals = sum(sign.isnumeric() and not sign.isalpha() for word in words for sign in word)
    return capitals + numerals + sum(2 * sum(map(str.isascii, word)) < len(word) for word in words)


def _words(lines: Iterable[str]) -> dict[str, None]:
    return dict.fromkeys(word for line in lines for word in _WORD.findall(line) if not word.isascii())
