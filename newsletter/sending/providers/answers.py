"""What the answers of mail APIs have in common: JSON that may be anything, pauses, and wrong addresses."""

from __future__ import annotations

import json
import math
import re
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from newsletter.errors import ConfigurationError, NewsletterError
from newsletter.sending.headers import clean
from newsletter.sending.providers.contract import WireResponse

LONGEST_PAUSE = 3600.0
_LONGEST_WORDS = 500
_ADDRESS = re.compile(r"[^\s<>'\"()]+@[^\s<>'\"()]+")


def read_json(body: bytes) -> Any:
    """Return what a body says, or None where it is no JSON."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def field(answer: Any, name: str) -> Any:
    """Return a member of a JSON object, or None where the answer is none."""
    return answer.get(name) if isinstance(answer, dict) else None


def words(value: Any) -> str:
    """Return a message of the provider's as it may be shown and kept, or nothing where it is no text."""
    return clean(value)[:_LONGEST_WORDS] if isinstance(value, str) else ""


def without_addresses(text: str, instead: str = "") -> str:
    """Return a provider's words as they may be searched for what they are about: an address may hold any word."""
    return _ADDRESS.sub(instead, text)


def identifier(value: Any) -> str:
    """Return a provider's id, or nothing where it cannot be one."""
    return value if isinstance(value, str) and 0 < len(value) <= 200 and value.isprintable() else ""


def seconds(value: str | None, now: datetime) -> float | None:
    """Return how long a header asks to wait, at most an hour: seconds, or until a date."""
    if value is None:
        return None
    try:
        asked = float(value)
    except ValueError:
        try:
            asked = (parsedate_to_datetime(value) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            return None
    return None if math.isnan(asked) else min(max(asked, 0.0), LONGEST_PAUSE)


def pause(response: WireResponse, now: datetime, otherwise: float | None = None) -> float:
    """Return how many seconds a 429 or a 503 asks to wait: in `Retry-After`, or else `otherwise`; 0 for other answers.

    A 429 always asks for something: what it names may have passed by our clock, or be no time at all.
    """
    if response.status not in {429, 503}:
        return 0.0
    asked = seconds(response.headers.get("retry-after"), now)
    if response.status == 503:
        return asked or 0.0
    return (otherwise if asked is None else asked) or 1.0


def misdirected(name: str, status: int) -> NewsletterError | None:
    """Return what to say when the address is not that of the API, or None where it may be."""
    where = f"[providers.{name}]"
    if 300 <= status < 400:
        return ConfigurationError(
            f"the provider '{name}' answers that it has moved ({status})",
            why="calls with addresses and keys are not sent on to where somebody points",
            fix=f"correct base_url in {where}",
        )
    if status in {404, 405}:
        return ConfigurationError(
            f"the provider '{name}' does not know the call ({status})", fix=f"correct base_url in {where}"
        )
    return None
