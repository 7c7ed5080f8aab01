"""The address of a folder of mail: imaps://user@server/FOLDER (RFC 5092, as far as one folder needs it)."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from newsletter.model.meant import Unfit

_HERE = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class InboxAddress:
    """A folder of mail on a server; its password stands elsewhere."""

    encrypted: bool
    host: str
    port: int | None
    user: str
    folder: str


def read_inbox_address(written: str) -> InboxAddress:
    """Take an address apart; raise Unfit for one that cannot be used, without the password that may stand in it."""
    parts, port = _split(written)
    if parts.scheme not in {"imap", "imaps"} or not parts.hostname or not parts.username or parts.password:
        raise Unfit(
            "the address of the inbox cannot be used",
            why="it names server, user and folder, and never the password",
            fix="write it such as imaps://bounces%40example.org@mail.example.org/INBOX",
        )
    if parts.scheme == "imap" and parts.hostname not in _HERE:
        raise Unfit(
            "the address of the inbox is not encrypted",
            why="everybody on the way could read the password",
            fix="write an address that begins with imaps://",
        )
    folder = unquote(parts.path.strip("/")) or "INBOX"
    return InboxAddress(parts.scheme == "imaps", parts.hostname, port, unquote(parts.username), folder)


def _split(address: str) -> tuple[SplitResult, int | None]:
    """Take an address apart; nothing is in one that is no address."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return urlsplit(""), None
    return parts, port
