"""Editions as the ledger keeps them: compressed JSON that gives back the same edition."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from newsletter.errors import StorageError
from newsletter.model.edition import Edition, InlineImage
from newsletter.model.slot import Context, Slot, Slotted

_JSON = json.JSONDecoder()
_LONGEST_HEAD = 65_536
_LONGEST_TEXT = 4_194_304


def edition_bytes(edition: Edition) -> bytes:
    """Return an edition for `read_edition`."""
    document = {
        "issue": edition.issue,
        "language": edition.language,
        "direction": edition.direction,
        "subject": _from_slotted(edition.subject),
        "preheader": _from_slotted(edition.preheader),
        "html": _from_slotted(edition.html),
        "text": _from_slotted(edition.text),
        "mjml": edition.mjml,
        "topics": edition.topics,
        "images": [_from_image(image) for image in edition.images],
        "hosted": [_from_image(image) for image in edition.hosted],
    }
    return zlib.compress(json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode())


def read_edition(content: bytes, digest: str) -> Edition:
    """Return the edition that was kept; raise StorageError where it is not the one with this digest."""
    try:
        document = json.loads(zlib.decompress(content))
        edition = Edition(
            issue=document["issue"],
            language=document["language"],
            direction=document["direction"],
            subject=_to_slotted(document["subject"]),
            preheader=_to_slotted(document["preheader"]),
            html=_to_slotted(document["html"]),
            text=_to_slotted(document["text"]),
            mjml=document["mjml"],
            topics=tuple(document["topics"]),
            images=tuple(_to_image(image) for image in document["images"]),
            hosted=tuple(_to_image(image) for image in document["hosted"]),
        )
    except (zlib.error, ValueError, KeyError, TypeError) as error:
        raise _damaged() from error
    if edition.digest != digest:
        raise _damaged()
    return edition


def read_head(beginning: bytes) -> tuple[Slotted, Slotted] | None:
    """Return subject and preheader from the beginning of what was kept, nothing where that is too short for them."""
    found = _read_until("preheader", beginning, _LONGEST_HEAD)
    return (found["subject"], found["preheader"]) if found else None


def read_text(beginning: bytes) -> Slotted | None:
    """Return the text part from the beginning of what was kept, nothing where that is too short for it."""
    found = _read_until("text", beginning, _LONGEST_TEXT)
    return found["text"] if found else None


def _read_until(last: str, beginning: bytes, most: int) -> dict[str, Slotted] | None:
    """Return what has slots among the parts that come first, up to one of them."""
    found: dict[str, Slotted] = {}
    try:
        document = zlib.decompressobj().decompress(beginning, most).decode(errors="ignore")
        place = 1
        while last not in found:
            name, place = _JSON.raw_decode(document, place)
            part, place = _JSON.raw_decode(document, place + len(":"))
            if isinstance(part, dict):
                found[name] = _to_slotted(part)
            place += len(",")
    except (zlib.error, ValueError, KeyError, TypeError):
        return None
    return found


def _from_slotted(part: Slotted) -> dict[str, Any]:
    return {
        "chunks": [chunk.decode() for chunk in part.chunks],
        "slots": [[slot.name, slot.fallback] for slot in part.slots],
        "context": part.context,
    }


def _to_slotted(part: dict[str, Any]) -> Slotted:
    return Slotted(
        chunks=tuple(chunk.encode() for chunk in part["chunks"]),
        slots=tuple(Slot(name, fallback) for name, fallback in part["slots"]),
        context=Context(part["context"]),
    )


def _from_image(image: InlineImage) -> list[str]:
    return [image.name, image.media_type, image.encoded]


def _to_image(image: list[str]) -> InlineImage:
    name, media_type, data = image
    return InlineImage(name, media_type, base64.b64decode(data))


def _damaged() -> StorageError:
    return StorageError(
        "an edition in the database is not the one that was frozen",
        why="its digest differs, so readers would not get what was approved",
        fix="put back your latest copy of the database; do not send again before",
    )
