"""Ending in peace: SIGTERM, as service managers and machines that go down send it, does what Ctrl-C does."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TypeVar

_T = TypeVar("_T")
_TIMES = 10
_BETWEEN = 0.5
"""Seconds."""


class Ending:
    """Runs coroutines that may be asked to end."""

    def __init__(self) -> None:
        self.asked = False
        """Whether somebody has asked for an end; the work may have come to its own before."""
        self._end: tuple[asyncio.AbstractEventLoop, asyncio.Task[Any]] | None = None

    def run(self, work: Coroutine[Any, Any, _T], *, loop: Callable[[], asyncio.AbstractEventLoop] | None = None) -> _T:
        """Do what `asyncio.run` does, in a loop of some kind.

        Where the work is asked to end it is cancelled, and KeyboardInterrupt raised.
        """
        try:
            with asyncio.Runner(loop_factory=loop) as runner:
                return runner.run(self._watched(work))
        except asyncio.CancelledError:
            if self.asked:
                raise KeyboardInterrupt from None
            raise
        finally:
            self._end = None

    async def _watched(self, work: Coroutine[Any, Any, _T]) -> _T:
        task = asyncio.current_task()
        if task:
            self._end = asyncio.get_running_loop(), task
        try:
            return await work
        finally:
            await _end_others()

    def ask(self, *_: object) -> None:
        """Ask for an end; raise KeyboardInterrupt where nothing is under way, or for the second time."""
        if self._end is None or self.asked:
            raise KeyboardInterrupt
        self.asked = True
        loop, task = self._end
        # A loop that has just closed has nothing under way.
        with suppress(RuntimeError):
            loop.call_soon_threadsafe(task.cancel)


async def _end_others() -> None:
    """End what the work has left behind, asked more than once.

    A pool of connections takes the first time for a failed attempt to connect, and would wait for its next for ever.
    """
    for _ in range(_TIMES):
        others = asyncio.all_tasks() - {asyncio.current_task()}
        if not others:
            return
        for task in others:
            task.cancel()
        await asyncio.wait(others, timeout=_BETWEEN)


@contextmanager
def in_peace() -> Iterator[Ending]:
    """Give what runs coroutines so that SIGTERM asks them to end, in the main thread."""
    ending = Ending()
    if threading.current_thread() is not threading.main_thread():
        yield ending
        return
    before = signal.signal(signal.SIGTERM, ending.ask)
    try:
        yield ending
    finally:
        signal.signal(signal.SIGTERM, before)
