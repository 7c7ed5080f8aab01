"""The fields of reports, wherever servers put them and whatever letters they write."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Sequence
from email import message_from_bytes, message_from_string
from email.message import Message

from newsletter.tracking.webhooks.reading import text

GLOBAL_STATUS = "message/global-delivery-status"
_ENCODED = frozenset({"base64", "quoted-printable"})
_FIELD = re.compile(r"[A-Za-z][A-Za-z-]*:")
_EMBEDDED = re.compile(r"\\x\{([0-9A-Fa-f]{2,6})\}")
"""How RFC 6533 writes letters beyond ASCII in a report that is not of UTF-8."""


def about_recipients(blocks: Sequence[Message]) -> Sequence[Message]:
    """Return the groups of fields of a report that are about recipients.

    Where there is one at most, all fields are about it: some servers divide them by empty lines, or put what happened
    among the fields about the message.
    """
    found = [block for block in blocks if recipient_of(block)]
    if len(found) > 1:
        return found
    whole, known = Message(), set[str]()
    for block in blocks:
        for name, value in block.raw_items():
            # Not `name in whole`, which looks through all of them: anybody can send a report of a million fields.
            if name.lower() not in known:
                known.add(name.lower())
                whole.set_raw(name, value)
    return [whole]


def fields_in(words: str) -> Message:
    """Return the fields that stand in a text for people."""
    return message_from_string("\n".join(line for line in words.splitlines() if _FIELD.match(line)))


def groups_of(part: Message) -> Iterable[Message]:
    """Return the groups of fields of a report, whose own headers come first."""
    encoding = value_of(part, "Content-Transfer-Encoding").strip().lower()
    if part.get_content_type() == GLOBAL_STATUS or encoding in _ENCODED:
        whole = content_of(part).decode("utf-8", "replace")
        return [message_from_string(piece) for piece in re.split(r"\r?\n\r?\n", whole) if piece.strip()]
    payload = part.get_payload()
    if isinstance(payload, list):
        return [_mended(block) for block in payload if isinstance(block, Message)]
    return [message_from_bytes(piece) for piece in re.split(rb"\r?\n\r?\n", payload_of(part)) if piece.strip()]


def _mended(block: Message) -> Message:
    """Return a group of fields with those below a line that is none: some servers do not indent what goes on."""
    rest = block.get_payload()
    if not isinstance(rest, str) or not rest.strip():
        return block
    lines = [f"{name}: {value}" for name, value in block.raw_items()]
    lines += [line if _FIELD.match(line) else f" {line}" for line in rest.splitlines() if line.strip()]
    return message_from_string("\n".join(lines))


def action_of(block: Message) -> str:
    """Return what happened to a recipient, in one word."""
    # A comment may follow (RFC 3464 §2.1.1).
    return value_of(block, "Action").partition("(")[0].strip().lower()


def recipient_of(block: Message) -> str:
    """Return the address of a recipient, by preference the one that was written to."""
    value = next(
        filter(None, (value_of(block, name) for name in ("Original-Recipient", "Final-Recipient", "Original-Rcpt-To"))),
        "",
    )
    kind, _, address = value.partition(";")
    if kind.strip().lower() == "utf-8":
        address = _EMBEDDED.sub(lambda found: chr(min(int(found[1], 16), sys.maxunicode)), address)
    return text(address or value)


def value_of(message: Message, name: str) -> str:
    """Return the first field of a name, or nothing."""
    # The parser gives up on letters beyond ASCII, where servers write UTF-8 although they should not.
    raw = next((raw for key, raw in message.raw_items() if key.lower() == name.lower()), "")
    return raw.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def content_of(part: Message) -> bytes:
    """Return what a part holds, also where the parser took it for a message in it, or took its encoding for text."""
    payload = part.get_payload()
    if not isinstance(payload, list):
        return payload_of(part)
    plain = Message()
    plain["Content-Transfer-Encoding"] = value_of(part, "Content-Transfer-Encoding") or "8bit"
    plain.set_payload(b"".join(inner.as_bytes() for inner in payload if isinstance(inner, Message)).strip())
    return payload_of(plain)


def payload_of(part: Message) -> bytes:
    """Return what a part without parts holds."""
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""
