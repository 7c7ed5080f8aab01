"""What may take its time runs beside the pages: whoever asks is told soon, and the page says how far it is."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from newsletter.errors import Refused

PATIENCE = 2.0
"""Seconds that a page waits for an errand, before it shows how far that is."""

Done = TypeVar("Done")
Progress = Callable[[int, int], None]
"""Told how much of how much is done."""


class Errand(Generic[Done]):
    """Something that is done in a thread of its own, from now on.

    It ends with the composer, whatever it is at: what it does must be whole at every moment.
    """

    def __init__(self, do: Callable[[Progress], Done]) -> None:
        self.done, self.whole = 0, 0
        """How much of how much is done, as far as that can be told."""
        self._do = do
        self._answer: Done | None = None
        self._error: Exception | None = None
        self._over, self._stopped = threading.Event(), False
        self._began = time.monotonic()
        threading.Thread(target=self._run, daemon=True).start()

    @property
    def is_over(self) -> bool:
        """Whether there is an answer."""
        return self._over.is_set()

    @property
    def seconds(self) -> int:
        """For how long it has been under way."""
        return int(time.monotonic() - self._began)

    def wait(self) -> bool:
        """Wait for as long as a page may; return whether it is over."""
        return self._over.wait(PATIENCE)

    def stop(self) -> None:
        """Let it end where it tells next how far it is, as if something had stood in its way."""
        self._stopped = True

    def answer(self) -> Done:
        """Return what came of it, or raise what stood in its way; only when it is over."""
        if self._error:
            raise self._error
        assert self._answer is not None  # noqa: S101
        return self._answer

    def _run(self) -> None:
        try:
            self._answer = self._do(self._advance)
        except Exception as error:  # noqa: BLE001  told to whoever asks for the answer
            self._error = error
        self._over.set()

    def _advance(self, done: int, whole: int) -> None:
        if self._stopped:
            raise Refused("this was stopped before its end", why="somebody wanted it so")
        self.done, self.whole = done, whole


@contextmanager
def told_once(forget: Callable[[], None]) -> Iterator[None]:
    """Forget an errand whose answer raises what the page cannot show: every later look at it would fail as well."""
    try:
        yield
    except Exception:
        forget()
        raise
