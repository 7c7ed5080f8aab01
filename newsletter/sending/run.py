"""How one process sends a mailing, and how that ended."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, tzinfo

from newsletter.errors import NewsletterError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending.patience import Patience


def clock() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """How a mailing is sent by this process."""

    now: Callable[[], datetime] = clock
    patience: Patience = field(default_factory=Patience)
    progress: Callable[[Totals], None] | None = None
    tell: Callable[[str], None] | None = None
    """Takes what hinders the provider, in a sentence."""
    zone: tzinfo = UTC
    """In which people are told times."""
    pauses: bool = True
    """Whether an interruption pauses the mailing; otherwise whoever comes next goes on by itself."""
    slots: asyncio.Semaphore | None = None
    """The calls that may be under way at once, where a process sends in several lanes; none for the provider's."""
    ledger_thread: ThreadPoolExecutor | None = None
    """Does what the mailings of one process do in the ledger, one after the other; none for a thread of its own."""


@dataclass(frozen=True, slots=True)
class Result:
    """How a run ended."""

    state: MailingState
    totals: Totals
    error: NewsletterError | None = None
    """Why it ended early."""
