"""Many calls at the same time share one transaction: whatever comes while one is written waits for the next."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

from newsletter.config import TrackingSettings
from newsletter.errors import StorageError
from newsletter.store import Database
from newsletter.tracking.recording import Answer, Received, forget_receipts, record

_AT_ONCE = 500
_WAITING = 10_000
_TRIES = 2
_TIDY_EVERY = 50_000
_GATHERING = 0.003
"""Seconds to wait for company: a commit costs about as much, and one for a single call as much as one for hundreds."""


class Busy(Exception):
    """More calls wait than can be written soon; the provider is asked to come again."""


class Recorder:
    """Records calls; a call is answered when it is kept for good.

    It belongs to the event loop that first uses it.
    """

    def __init__(self, database: Database, tracking: TrackingSettings, *, now: Callable[[], datetime]) -> None:
        self._database = database
        self._tracking = tracking
        self._now = now
        self._waiting: list[tuple[Received, asyncio.Future[Answer]]] = []
        self._task: asyncio.Task[None] | None = None
        self._since_tidied = _TIDY_EVERY
        # SQLite has one writer: one thread keeps its groups in line.
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="events")

    async def record(self, call: Received) -> Answer:
        """Return what became of a call once that is kept.

        Raises Busy or StorageError where it is not, and may come again.
        """
        if len(self._waiting) >= _WAITING:
            raise Busy
        answered: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, answered))
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write())
        return await answered

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            if len(self._waiting) < _AT_ONCE:
                await asyncio.sleep(_GATHERING)
            group, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            try:
                answers = await loop.run_in_executor(self._thread, self._record, [call for call, _ in group])
            except Exception as error:  # noqa: BLE001
                # Told to everybody who waits for it, as their own.
                for _, answered in group:
                    if not answered.done():
                        answered.set_exception(error)
            else:
                for (_, answered), answer in zip(group, answers, strict=True):
                    if not answered.done():
                        answered.set_result(answer)

    def _record(self, calls: list[Received]) -> list[Answer]:
        for attempt in range(_TRIES):
            try:
                answers = record(self._database, calls, self._tracking)
                break
            except StorageError:
                # On a server, two writers that held each other fast: one is told to try again.
                if attempt + 1 == _TRIES:
                    raise
        self._since_tidied += len(calls)
        if self._since_tidied > _TIDY_EVERY:
            self._since_tidied = 0
            forget_receipts(self._database, now=self._now())
        return answers
