"""Quoted-printable in pieces: what all readers get is encoded once, what differs is put between.

RFC 2045 §6.7: lines of at most 76 characters, CRLF, `=` at the end of a line for a break that is not there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

SOFT_BREAK = b"=\r\n"
_WIDTH = 75
_UNSAFE = re.compile(rb"[^\t !-<>-~]|[\t ](?=\Z)")
_PLAIN = re.compile(rb"[ !-<>-~]{0,74}[!-<>-~]")
"""What is one short line already."""
_ESCAPES = tuple(f"={code:02X}".encode() for code in range(256))


def quoted(data: bytes) -> bytes:
    """Return `data` encoded from the first column on; its line breaks become CRLF."""
    return b"\r\n".join(_line(line) for line in data.replace(b"\r\n", b"\n").split(b"\n"))


def value(data: bytes) -> bytes:
    """Return a reader's value as it may stand between two `pieces`."""
    if _PLAIN.fullmatch(data):
        return data + SOFT_BREAK
    return quoted(data) + SOFT_BREAK if data else b""


def pieces(chunks: Iterable[bytes]) -> list[bytes]:
    """Return chunks encoded so that a `value` may follow each but the last."""
    encoded = [quoted(chunk) for chunk in chunks]
    return [piece + SOFT_BREAK if piece and not piece.endswith(b"\n") else piece for piece in encoded[:-1]] + encoded[
        -1:
    ]


def _line(line: bytes) -> bytes:
    safe = _UNSAFE.sub(lambda match: _ESCAPES[match[0][0]], line)
    if len(safe) <= _WIDTH:
        return safe
    parts = []
    start = 0
    while len(safe) - start > _WIDTH:
        end = start + _WIDTH
        # An escape is never torn apart.
        cut = safe.rfind(b"=", end - 2, end)
        end = end if cut < 0 else cut
        parts.append(safe[start:end])
        start = end
    return SOFT_BREAK.join([*parts, safe[start:]])
