"""What proves, and until when, whether a call was taken of which nobody heard."""

from __future__ import annotations

import hmac
from datetime import datetime, timedelta

from newsletter.sending.providers.contract import Capabilities, Provider
from newsletter.store import SigningKey

_SLACK = timedelta(minutes=10)
_AN_HOUR = timedelta(hours=1)


def account(provider: Provider, key: SigningKey) -> str:
    """Return a keyed hash of what tells a provider's account.

    Its kind is part of it: one that can be asked, under the name of one that could not, never heard of those calls.
    """
    settings = (str(getattr(provider, name)).rstrip("/") for name in provider.account)
    told = "\0".join((type(provider).__name__, *settings))
    return hmac.digest(key.secret, f"account {told}".encode(), "sha256").hex()


def is_set_back(first_call: datetime, now: datetime) -> bool:
    """Whether the clock stands so far before a call that nobody can tell how long ago that was."""
    return first_call - now > _SLACK


def may_repeat(able: Capabilities, first_call: datetime, now: datetime) -> bool:
    """Whether a call may be made again without anybody getting a second message.

    A clock that stands well before the first call was set back: nobody can tell how long ago that was.
    """
    window = able.replay_window
    return window is not None and -_SLACK <= now - first_call < window


def remembered(able: Capabilities, first_call: datetime, now: datetime) -> bool:
    """Whether a provider still shows a call of that moment, if it took it."""
    if able.remembers is None:
        return True
    # Whoever waits for longer before a search knows for how long theirs are kept.
    return now - first_call < max(able.remembers, (able.settle or _AN_HOUR) + _AN_HOUR)


def evidence_due(able: Capabilities, first_call: datetime, now: datetime) -> datetime | None:
    """Return when an unknown batch can be settled: nothing for at once, or when a search will tell the truth."""
    if able.settle is None or may_repeat(able, first_call, now):
        return None
    # A clock that was set back since the call must not make us wait for as long.
    return max(now, min(first_call, now) + able.settle)
