"""From the cells of a row to what it says about a subscriber."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from newsletter.audience.address import read_address, shortened
from newsletter.audience.columns import Columns, read_consent, read_suppression, says_yes
from newsletter.audience.spreadsheet import unguarded
from newsletter.errors import AudienceError
from newsletter.model.consent import Consent, Suppression

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
# Line breaks and invisible marks that turn or hide text never belong in a name that stands in a header.
_BLANKS = re.compile(r"[\s\x00-\x1f\x7f-\x9f]+")
_INVISIBLE = re.compile(r"[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]")
_LONGEST_NAME = 200


class Row(NamedTuple):
    """A valid row, in the order of the columns of `staging.incoming`."""

    row: int
    address: str
    address_key: str
    name: str
    language: str
    consent: str
    suppression: str
    """Why the address must not be written to, or nothing."""
    standing: int
    """Which of several rows with one address counts: the lowest; what takes rights away wins."""


def read_row(number: int, cells: Sequence[str] | None, columns: Columns) -> Row:
    """Return what a row says; raise AudienceError for one that cannot be used."""
    if cells is None:
        raise AudienceError("the quotation marks do not match")
    width = len(columns.headers)
    if width and any(cell.strip() for cell in cells[width:]):
        raise AudienceError(f"has {len(cells)} cells where the first row has {width}")
    values = {
        meaning: unguarded(cells[place].strip()) for meaning, place in columns.places.items() if place < len(cells)
    }
    text, name = _mailbox(values.get("address", ""))
    if not text:
        raise AudienceError("has no address")
    address = read_address(text)
    consent, suppression = _consent(values, columns)
    return Row(
        number,
        address.written,
        address.key,
        _name(values) or name,
        _language(values.get("language", "")),
        consent,
        suppression or "",
        0 if suppression else 1 if consent is Consent.UNSUBSCRIBED else 2,
    )


def _mailbox(text: str) -> tuple[str, str]:
    """Take `Name <reader@example.org>` apart, as mail programs copy it."""
    if text.endswith(">") and "<" in text:
        name, _, address = text[:-1].rpartition("<")
        return address.strip(), _line(name.strip().strip('"'))
    return text, ""


def _consent(values: dict[str, str], columns: Columns) -> tuple[Consent, Suppression | None]:
    suppression = read_suppression(values.get("suppressed", ""))
    if says_yes(values.get("left", "")):
        return Consent.UNSUBSCRIBED, suppression
    if "consent" not in columns.places:
        return Consent.CONFIRMED, suppression
    word = values.get("consent", "")
    said = read_consent(word)
    if said is None:
        column = columns.used["consent"]
        raise AudienceError(
            f"'{shortened(word)}' in the column {shortened(column)} is neither confirmed, pending nor unsubscribed"
            if word
            else f"the column {shortened(column)} is empty"
        )
    if isinstance(said, Suppression):
        return Consent.UNSUBSCRIBED, suppression or said
    return said, suppression


def _name(values: dict[str, str]) -> str:
    first, last, whole = (_line(values.get(part, "")) for part in ("first_name", "last_name", "name"))
    if not (whole and first in whole and last in whole):
        # `Prénom, Nom` and `Nombre, Apellidos`: a column called "name" is the other half where only one is given.
        whole = " ".join(filter(None, (first or whole, last or (whole if first else ""))))
    if len(whole) > _LONGEST_NAME:
        raise AudienceError(f"the name is longer than {_LONGEST_NAME} letters")
    return whole


def _line(text: str) -> str:
    if text.isascii() and text.isprintable() and "  " not in text:
        return text
    return unicodedata.normalize("NFC", _BLANKS.sub(" ", _INVISIBLE.sub("", text)).strip())


def _language(text: str) -> str:
    if text and not _LANGUAGE.fullmatch(text):
        raise AudienceError(f"'{shortened(text)}' is not a language; use a code such as en, fr or ar")
    return text.replace("_", "-")
