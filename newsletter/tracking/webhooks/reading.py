"""Values out of what providers send, whatever they turn out to be."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from newsletter.model.event import Event, EventKind
from newsletter.model.url import web_address, without_tracking
from newsletter.tracking.masking import impersonal
from newsletter.tracking.webhooks.signing import sha256

_LONGEST = 500
_LONGEST_KEY = 100
_LONGEST_LINK = 2_000
_DEEPEST_LINK = 4
_TOKEN = re.compile(r"[A-Za-z0-9_-]{28}")
_IN_LINK = re.compile(r"/[uv]/([A-Za-z0-9_-]{28})(?![A-Za-z0-9_-])")
# By letters as well, which go through the same provider: whoever has such a link may see and change what it is about.
_OWN_LINK = re.compile(r"/(?:u|v|confirm|preferences)/[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])")
# `/@name` is a channel or a place on a map.
_NAMES_SOMEBODY = re.compile(r"[^/?&=#]@[^/?&=#]")
_MILLISECONDS = 10_000_000_000


def text(value: Any) -> str:
    """Return a text on one line that any database takes, or nothing for what is no text or number."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    if isinstance(value, str) and len(value) <= _LONGEST and value.isprintable() and "  " not in value:
        return value.strip()
    shown = "".join(letter if letter.isprintable() else " " for letter in str(value)[: 2 * _LONGEST])
    return " ".join(shown.split())[:_LONGEST]


def mapping(value: Any) -> Mapping[str, Any]:
    """Return an object, empty for anything else."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[Any]:
    """Return the members of an array, or a single thing as one."""
    return value if isinstance(value, list) else [value]


def objects(value: Any) -> Iterator[Mapping[str, Any]]:
    """Return the objects of an array, or the single one that stands there without."""
    return (item for item in items(value) if isinstance(item, dict))


def moment(value: Any) -> datetime | None:
    """Return a time given as seconds or milliseconds since 1970 or in ISO 8601, or nothing."""
    try:
        if isinstance(value, str) and not value.replace(".", "", 1).isdigit():
            found = datetime.fromisoformat(value)
            return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return None
        number = float(value)
        return datetime.fromtimestamp(number / 1000 if number > _MILLISECONDS else number, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def delivery(value: Any) -> str:
    """Return a value that has the form of a delivery id, or nothing."""
    value = value[0] if isinstance(value, list) and value else value
    return value if isinstance(value, str) and _TOKEN.fullmatch(value) else ""


def delivery_in_link(value: Any) -> str:
    """Return the delivery id in a reader's link, such as the one in `List-Unsubscribe`."""
    found = _IN_LINK.search(value) if isinstance(value, str) else None
    return found[1] if found else ""


def followed(kind: EventKind | None, value: Any) -> str:
    """Return the address that a click led to; nothing for a reader's own link, or for what is no address."""
    # Of one that is cut off nobody could tell whose it is.
    is_whole = isinstance(value, str) and len(value) <= _LONGEST_LINK and value.isprintable()
    address = web_address("", value) if kind is EventKind.CLICKED and is_whole else ""
    if not address or _OWN_LINK.search(_decoded(address)):
        return ""
    whole = without_tracking(address)
    # A form of the team's may have been linked to with the reader's address in it.
    candidates = (whole, whole.partition("?")[0])
    return next((one for one in candidates if not _NAMES_SOMEBODY.search(_decoded(one))), "")


def _decoded(address: str) -> str:
    """Return an address as it is read in the end: one within another is encoded once more."""
    for _ in range(_DEEPEST_LINK):
        address = unquote(address)
    return address


def embedded(value: Any) -> Any:
    """Return what JSON in a text holds, or the text itself."""
    if isinstance(value, str):
        try:
            return json.loads(value)
        except (ValueError, RecursionError):
            return value
    return value


def key(value: Any, *context: str) -> str:
    """Return an event's key: the provider's own id where it is one, short enough to be kept."""
    own = ":".join((*context, text(value)))
    return own if len(own) <= _LONGEST_KEY and own.isascii() and own.isprintable() else sha256(own.encode())


def own_key(event: Mapping[str, Any], name: str) -> str:
    """Return the key of an event by its own id, or by a digest of the event where it has none."""
    return key(event[name]) if text(event.get(name)) else digest(event)


def digest(value: Any) -> str:
    """Return a digest of an event for which the provider has no id."""
    return sha256(json.dumps(value, sort_keys=True, separators=(",", ":")).encode())


def other(value: Any, event_key: str, *, at: datetime | None = None, delivery: str = "") -> Event:
    """Return an event of a kind that is not known here."""
    return Event(EventKind.OTHER, event_key, delivery, at=at, raw=impersonal(value))
