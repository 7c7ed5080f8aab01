"""Messages for a mail server as one body: before each message a line of JSON that says from whom, to whom, how long."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Submission:
    """One message and its envelope."""

    sender: str
    """Where bounces go."""
    recipient: str
    id: str
    """What a notification about the message names again (ENVID of RFC 3461)."""
    content: bytes | memoryview

    @property
    def smtputf8(self) -> bool:
        """Whether the server must know RFC 6531."""
        return not (self.sender.isascii() and self.recipient.isascii())


def pack(submissions: Iterable[Submission]) -> bytes:
    """Return messages as one body."""
    parts: list[bytes | memoryview] = []
    for one in submissions:
        head = {"from": one.sender, "to": one.recipient, "id": one.id, "size": len(one.content)}
        parts += (json.dumps(head, ensure_ascii=False, separators=(",", ":")).encode(), b"\r\n", one.content)
    return b"".join(parts)


def unpack(body: bytes) -> Iterator[Submission]:
    """Return the messages that `pack` was given."""
    view = memoryview(body)
    start = 0
    while start < len(body):
        end = body.index(b"\r\n", start)
        head = json.loads(body[start:end])
        start = end + 2 + head["size"]
        yield Submission(head["from"], head["to"], head["id"], view[end + 2 : start])
