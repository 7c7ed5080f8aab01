"""One spelling of what people write in several: letters with two codes, digits of other scripts, marks and blanks."""

from __future__ import annotations

import re
import unicodedata

# Persian and Arabic keyboards have their own yeh and kaf; Hindi is typed with and without its dots.
_ALIKE = str.maketrans({"ي": "ی", "ى": "ی", "ك": "ک", "ँ": "ं", "\u093c": None, "\u0e33": "\u0e4d\u0e32"})
_DIGITS = str.maketrans({chr(zero + digit): str(digit) for zero in (0x660, 0x6F0, 0x966, 0xE50) for digit in range(10)})
_ACCENTS = re.compile("[\u0300-\u036f\u0591-\u05bd\u05bf-\u05c7\u064b-\u065f\u0670]")
# In these scripts vowels are marks: without them Hindi “is not” and “bathe” would be one word.
_WITH_VOWELS = re.compile("[\u0900-\u0eff\u1000-\u109f\u1780-\u17ff]")


def one_spelling(text: str) -> str:
    """Return text in which letters and digits that look alike are one; regular expressions may be spelt so as well."""
    return text if text.isascii() else text.translate(_ALIKE).translate(_DIGITS)


def plain(text: str) -> str:
    """Return text without case and accents, in one spelling."""
    if text.isascii():
        return text.casefold()
    return one_spelling(_ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold())))


def is_of_words(letter: str) -> bool:
    """Whether words have it: letters, digits, and the vowels of Hindi and Thai."""
    return letter.isalnum() or (_WITH_VOWELS.match(letter) is not None and unicodedata.category(letter) in {"Mn", "Mc"})


def folded(text: str) -> str:
    """Return text without case, accents, spaces and punctuation, in one spelling."""
    return "".join(filter(is_of_words, plain(text)))
