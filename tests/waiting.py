"""Waiting for what another thread, process or page does: a machine with other work to do is no fault of theirs."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(holds: Callable[[], object], seconds: float = 60) -> None:
    """Return as soon as something is so."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def settles(ask: Callable[[], object], wanted: object, seconds: float = 20) -> None:
    """Return as soon as asking answers what is wanted."""
    end = time.monotonic() + seconds
    while ask() != wanted and time.monotonic() < end:
        time.sleep(0.02)
    assert ask() == wanted
