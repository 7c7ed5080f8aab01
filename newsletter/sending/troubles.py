"""What people are told while a provider keeps failing: at once, and not again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, tzinfo

from newsletter.errors import NewsletterError
from newsletter.sending.providers.answers import without_addresses

_LONGEST_WORDS = 200
_OTHER_WORDS = 5.0
"""Seconds until something else may be told."""
_SAME_WORDS = 300.0
"""Seconds until the same may be told again."""


class Troubles:
    """Tells what is wrong with a provider, and keeps what `status` should say of it until it is over."""

    def __init__(self, what: str, tell: Callable[[str], None] | None, zone: tzinfo = UTC) -> None:
        self._what = what
        self._tell = tell
        self._zone = zone
        self._last_words = ""
        self._last_time = self._quiet_until = float("-inf")
        self._unsaved: str | None = None
        self._kept = ""
        self._muted = False

    def mute(self) -> None:
        """Tell nothing any more."""
        self._muted = True

    def happened(self, reason: str, wait: float, now: datetime) -> None:
        """Tell of a call that failed and is tried again in so many seconds."""
        words = without_addresses(reason, "…")
        words = words if len(words) <= _LONGEST_WORDS else f"{words[:_LONGEST_WORDS]}…"
        self.waits(f"{self._what}: {words}", wait, now)

    def waits(self, told: str, wait: float, now: datetime) -> None:
        """Tell, in a sentence, why no call begins for so many seconds."""
        if self._muted:
            return
        until = (now + timedelta(seconds=wait)).astimezone(self._zone)
        self._keep(f"{told}; tried again from {until:%H:%M:%S} {self._zone} on")
        self._say(told, wait)

    def over(self) -> None:
        """Forget what was wrong, because a call went well."""
        self._keep("")

    def unsaved(self) -> str | None:
        """Return what `status` should say from now on; nothing where that has not changed since the last time."""
        unsaved, self._unsaved = self._unsaved, None
        return unsaved

    def _keep(self, words: str) -> None:
        if words != self._kept:
            self._unsaved = self._kept = words

    def _say(self, told: str, wait: float) -> None:
        now = time.monotonic()
        if self._tell and now > (self._quiet_until if told == self._last_words else self._last_time + _OTHER_WORDS):
            self._last_words, self._last_time, self._quiet_until = told, now, now + max(_SAME_WORDS, wait / 2)
            self._tell(f"{told}; trying again in {_duration(wait)}")


def told(error: NewsletterError) -> str:
    """Return what happened and why, on one line."""
    return f"{error.message.rstrip('.')}: {error.why}" if error.why else error.message


def for_colleagues(error: NewsletterError) -> str:
    """Return the same with what to do: whoever asks for the status did not see this run end."""
    return f"{told(error)}; {error.fix}" if error.fix else told(error)


def _duration(seconds: float) -> str:
    if seconds >= 5400:
        return f"{round(seconds / 3600)} hours"
    if seconds >= 90:
        return f"{round(seconds / 60)} minutes"
    return f"{round(seconds)} seconds" if seconds >= 1.5 else "a second"
