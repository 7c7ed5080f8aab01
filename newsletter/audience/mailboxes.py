"""Addresses with the names of their owners, as mail programs copy them: `Anna Berg <anna@example.org>`."""

from __future__ import annotations

import re
import unicodedata

from newsletter.audience.address import shortened
from newsletter.errors import AudienceError

# A quoted name ends at any quotation mark: to look for one that is not escaped would take long in a hostile line.
_PART = re.compile(r'(?:"[^"]*"|<[^<>]*>|[^,;\t"<]|["<])+')
# Line breaks and invisible marks that turn or hide text never belong in a name that stands in a header.
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_ALONE = re.compile(r"[^\s,;:<>\"']*")
"""An address with nothing beside it, as nearly all of a million are."""
_BEFORE = re.compile(r"\s*(?:to|cc|bcc|an|kopie|mailto)\s*:\s*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)")
_QUOTES = "\"'"
_MOST_COMMAS = 1
"""In a name that nobody has quoted, such as `Berg, Anna`; a row of a table has more."""


def apart(line: str) -> list[str]:
    """Return the mailboxes in a line, as they stand in a `To:`; what has no @ belongs to the name after it."""
    if _ALONE.fullmatch(line.strip()):
        return [line.strip()] if line.strip() else []
    found: list[str] = []
    waiting: list[str] = []
    for part in filter(None, (part.strip() for part in _PART.findall(_after(line)))):
        waiting.append(part)
        if "@" in part:
            found.append(", ".join(waiting))
            waiting = []
    return [*found, *waiting]


def are_mailboxes(line: str) -> bool:
    """Whether a line holds an address, or several with their names, and not the cells of a table."""
    parts = apart(line)
    if not parts or not all("@" in part for part in parts):
        return False
    if len(parts) == 1 and "<" not in line:
        return "," not in parts[0]
    return "<" in line and all(part.count(", ") <= _MOST_COMMAS for part in parts)


def read_mailbox(text: str) -> tuple[str, str]:
    """Return the address and the name in a mailbox, neither of them looked at closely.

    Raises AudienceError where there are several.
    """
    if _ALONE.fullmatch(text):
        return text, ""
    parts = apart(text)
    if len(parts) > 1 and text.count("@") > 1:
        raise AudienceError(
            f"'{shortened(one_line(text))}' is {len(parts)} addresses",
            why="each person is told by themselves",
            fix="give one after the other, or import them from a file",
        )
    only = parts[0] if len(parts) == 1 else text.strip()
    if not (only.endswith(">") and "<" in only):
        return _unquoted(only), ""
    before, _, address = only[:-1].rpartition("<")
    name = _unquoted(one_line(before).rstrip(", "))
    address = _after(address).strip()
    return address, "" if name.casefold() == address.casefold() else name


def _after(line: str) -> str:
    """Return a line without `To:`, and an address without `mailto:`."""
    before = _BEFORE.match(line)
    return line[before.end() :] if before else line


def _unquoted(text: str) -> str:
    if len(text) > 1 and text[0] == text[-1] and text[0] in _QUOTES:
        return _ESCAPED.sub(r"\1", text[1:-1]).strip()
    return text


def one_line(text: str) -> str:
    """Return text without line breaks and marks that turn or hide it: it stands in headers."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip())
