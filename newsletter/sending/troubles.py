"""What people are told while a provider keeps failing: at once, and not again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime, timedelta

from newsletter.sending.providers.answers import without_addresses

_LONGEST_WORDS = 200
_OTHER_WORDS = 5.0
"""Seconds until something else may be told."""
_SAME_WORDS = 300.0
"""Seconds until the same may be told again."""


class Troubles:
    """Tells what is wrong with a provider, and keeps what `status` should say of it until it is over."""

    def __init__(self, what: str, tell: Callable[[str], None] | None) -> None:
        self._what = what
        self._tell = tell
        self._last_words = ""
        self._last_time = float("-inf")
        self._unsaved: str | None = None
        self._lasts = False

    def happened(self, reason: str, wait: float, now: datetime) -> None:
        """Tell of a call that failed and is tried again in so many seconds."""
        words = without_addresses(reason, "…")
        words = words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
        told = f"{self._what}: {words}"
        self._unsaved, self._lasts = f"{told}; tried again from {now + timedelta(seconds=wait):%H:%M:%S} UTC on", True
        self._say(told, f"trying again in {_duration(wait)}")

    def over(self) -> None:
        """Forget what was wrong, because a call went well."""
        if self._lasts:
            self._unsaved, self._lasts = "", False

    def unsaved(self) -> str | None:
        """Return what `status` should say from now on; nothing where that has not changed since the last time."""
        unsaved, self._unsaved = self._unsaved, None
        return unsaved

    def _say(self, told: str, what_next: str) -> None:
        silent = time.monotonic() - self._last_time
        if self._tell and silent > (_SAME_WORDS if told == self._last_words else _OTHER_WORDS):
            self._last_words, self._last_time = told, time.monotonic()
            self._tell(f"{told}; {what_next}")


def _duration(seconds: float) -> str:
    if seconds >= 90:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds)} seconds" if seconds >= 1.5 else "a second"
