"""A server that goes away while a worker works: told in one sentence, and once more when it is there again."""

from __future__ import annotations

import logging
from asyncio import AbstractEventLoop, CancelledError
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from psycopg import OperationalError

# The loggers by which libraries tell of it themselves: with each attempt, or with the stack of calls it was found in.
_LOGGERS = ("procrastinate.utils", "procrastinate.worker", "procrastinate.worker.worker", "psycopg.pool")


@dataclass(slots=True)
class Server:
    """A database server as its worker knows it."""

    name: str
    tell: Callable[[str], None]
    lost: bool = field(default=False, init=False)

    def is_there(self) -> None:
        """Say so where it was lost."""
        if self.lost:
            self.lost = False
            self.tell("the database is there again")

    def is_lost(self, reason: str) -> None:
        """Say so where it was there."""
        if not self.lost:
            self.lost = True
            self.tell(f"the database {self.name} was lost: {reason}; trying again")

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Say it in the place of libraries; what else they tell stays as it is."""
        loggers = [logging.getLogger(name) for name in _LOGGERS]
        for logger in loggers:
            logger.addFilter(self._is_something_else)
        try:
            yield
        finally:
            for logger in loggers:
                logger.removeFilter(self._is_something_else)

    def pass_over(self, loop: AbstractEventLoop, context: dict[str, Any]) -> None:
        """Handle what a task ended with that nobody waited for: an outage has been told by whoever looks for work.

        Python tells of such a task when it clears up, which may be long after the server is there again.
        """
        if _outage(context.get("exception")) is None:
            loop.default_exception_handler(context)

    def _is_something_else(self, record: logging.LogRecord) -> bool:
        from psycopg import AsyncConnection

        said = [record.exc_info[1]] if record.exc_info else record.args if isinstance(record.args, tuple) else ()
        for error in said:
            # A pool that is asked to end while it connects takes that for a failure.
            # One that finds a connection closed opens another: why it is closed has been told.
            if isinstance(error, CancelledError) or (isinstance(error, AsyncConnection) and error.closed):
                return False
            if cause := _outage(error):
                self.is_lost(in_words(cause))
                return False
        return True


def _outage(error: object) -> OperationalError | None:
    """Return what the driver has said of a server that is away, which Procrastinate wraps."""
    from psycopg import OperationalError

    cause = error if isinstance(error, OperationalError) else getattr(error, "__cause__", None)
    return cause if isinstance(cause, OperationalError) else None


def in_words(error: BaseException) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split())
