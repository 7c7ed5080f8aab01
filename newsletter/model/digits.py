"""The digits that readers of a language know numbers and dates in."""

from __future__ import annotations

from babel import Locale

EXTENDED = "arabext"
"""What CLDR calls the digits of Persian and Pashto; of Babel's functions only the one for numbers knows their signs."""

_EXTENDED = str.maketrans("0123456789%", "۰۱۲۳۴۵۶۷۸۹٪")


def in_own(text: str, where: Locale) -> str:
    """Return a number or a date in Persian digits where readers have them; in Arabic, too, Latin ones are usual."""
    return text.translate(_EXTENDED) if where.default_numbering_system == EXTENDED else text
