"""What a bounce means, by its enhanced status code (RFC 3463, RFC 5248 and the registry of IANA)."""

from __future__ import annotations

import re

from newsletter.model.event import Bounce

_CODE = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]*\d)")
# The sender's address, not the reader's, is what these are about.
_SENDERS = frozenset({"5.1.7", "5.1.8"})
# Full today; RFC 3463 calls it persistent all the same, and many servers do.
_FULL = frozenset({"5.2.2"})
# The message is at fault: too long, of a wrong kind.
_MESSAGES = frozenset({"5.2.3", "5.3.4"})


def status_code(text: str) -> str:
    """Return the enhanced status code in what a server said, or nothing; an IP address is none."""
    found = _CODE.search(text)
    return found[0] if found else ""


def judged(bounce: Bounce, code: str) -> Bounce:
    """Return how to take a bounce that a provider calls `bounce`, where its code says that the address is not dead.

    A policy (5.7.x) or an objection to the sender or the message says nothing about the reader's address, and a full
    mailbox may be emptied.
    """
    if bounce is not Bounce.HARD:
        return bounce
    if code.startswith(("5.7.", "5.6.")) or code in _SENDERS or code in _MESSAGES:
        return Bounce.BLOCK
    if code in _FULL or code.startswith("4."):
        return Bounce.SOFT
    return bounce


def of_code(code: str) -> Bounce:
    """Return what a server means that gave up a message with this code; soft where it is no failure's."""
    return judged(Bounce.HARD, code) if code.startswith("5.") else Bounce.SOFT
