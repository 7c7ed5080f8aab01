"""How often something may fail in a row before sending pauses, and how long to wait in between."""

from __future__ import annotations

import random
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds and numbers of tries."""

    first: float = 1.0
    """The wait after the first failure; it doubles each time."""
    longest: float = 60.0
    failures: int = 8
    """Calls without an answer, or with the provider's own failure."""
    throttled: int = 60
    """Answers that we call too often."""
    refused: int = 12
    """Refusals of single messages while nothing has been accepted yet."""
    refused_later: int = 40
    """Refusals of single messages in a row."""
    put_off: tuple[float, ...] = (30.0, 60.0, 120.0, 240.0, 480.0, 900.0)
    """The waits of a reader whose mailbox cannot take a message for now; after the last try they are given up.

    Those of a mailing of which nobody was accepted yet; after the last try it pauses.
    """
    put_off_in_a_row: int = 40
    """Calls that put off readers who were not before, while nobody else is accepted.

    After so many, nobody else is tried until these have been tried again.
    """
    put_off_at_last: int = 4
    """How many such calls are too many to give anybody up before a person has looked."""
    drain: float = 60.0
    """How long calls under way may take after an interruption."""
    unwritten: float = 60.0
    """How long an answer is kept that the database does not take."""

    def after(self, attempts: int) -> float:
        """Return how long one batch waits for its next try while others go well.

        At first not at all: while a provider is down, the same few batches are tried again, and no others are drawn
        into the doubt.
        """
        return 0.0 if attempts < 4 else min(self.longest, self.first * 2.0 ** min(attempts - 4, 30))


class Fuse:
    """Counts failures in a row. What failed together counts once: calls that began before the last failure."""

    def __init__(self, tries: int, patience: Patience) -> None:
        self._tries = tries
        self._patience = patience
        self._since = float("-inf")
        self._count = 0

    @property
    def blown(self) -> bool:
        """Whether it is time to pause."""
        return self._count >= self._tries

    @property
    def count(self) -> int:
        """How many there were."""
        return self._count

    @property
    def again(self) -> bool:
        """Whether it was more than one failure."""
        return self._count > 1

    def fail(self, began: float, now: float) -> float:
        """Count a call that failed; return how many seconds to wait before the next."""
        if began >= self._since:
            self._count += 1
            self._since = now
        wait: float = min(self._patience.longest, self._patience.first * 2.0 ** min(self._count - 1, 30))
        # Callers that failed together must not come back together.
        return wait * random.uniform(0.5, 1.0)  # noqa: S311

    def mend(self) -> None:
        """Forget the failures, because a call went well."""
        self._count = 0
