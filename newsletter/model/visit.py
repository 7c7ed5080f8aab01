"""What came of following a link."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Outcome(StrEnum):
    """How a visit ended."""

    OK = "ok"
    GONE = "gone"
    """The server says that there is no such page: 404 or 410."""
    EMPTY = "empty"
    """The server says ok, and the page that there is none."""
    FAILED = "failed"
    """The server has a fault of its own: 5xx, or a circle of redirects."""
    REFUSED = "refused"
    """The server does not answer programs: 401, 403, 429 and the like. People may well see the page."""
    UNTRUSTED = "untrusted"
    """The certificate is not valid for the host."""
    UNREACHABLE = "unreachable"
    """No answer: no such host, no connection, or none in time."""
    PRIVATE = "private"
    """The name leads into a private network; nothing was sent there."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What came of following one link; `at` is when, in seconds since 1970."""

    url: str
    outcome: Outcome
    at: float
    status: int = 0
    final: str = ""
    """Where redirects led, if there were any."""
    permanent: bool = False
    """Whether all of the redirects say that the page has moved for good."""
    detail: str = ""
