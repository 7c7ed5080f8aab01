"""Ending a connection without taking back the answer from a client that is still sending.

A socket that is closed while there is something to read resets the connection, and the client loses what it has not
read yet. So first only our side is closed, and what still comes is read for a moment and dropped (RFC 9112 §9.6).

For a client that reads nothing asyncio waits as long as that one likes, with what was written before the end as well as
with the rest of an answer. So whoever takes next to nothing is cut off.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

_SECONDS = 2.0
"""In which what still comes is read after an answer that did not wait for it."""
_MOST_BYTES = 16_000_000
_TAKING = 60.0
"""Seconds in which a client must take something of what is left; the system takes it for them, and more at once."""
_LEAST_BYTES = 16_384
"""So many at the least, which the slowest of telephones take in ten seconds."""


class Lingering:
    """A transport that, where `is_sending` says that more is to come, is closed on our side first."""

    def __init__(self, transport: asyncio.Transport, is_sending: Callable[[], bool]) -> None:
        self._transport = transport
        self._is_sending = is_sending
        self._end: asyncio.TimerHandle | None = None
        self._watching: asyncio.TimerHandle | None = None
        self._dropped = 0

    def __getattr__(self, name: str) -> Any:
        """Return anything else of the transport."""
        return getattr(self._transport, name)

    def is_closing(self) -> bool:
        """Whether nothing can be written any more."""
        return self._end is not None or self._transport.is_closing()

    def close(self) -> None:
        """End the connection, at once or when the client has had the time to read what was written."""
        if self.is_closing():
            return
        if not self._is_sending():
            self._close()
            return
        self._end = asyncio.get_running_loop().call_later(_SECONDS, self._close)
        self._transport.write_eof()
        self._transport.resume_reading()

    def drops(self, data: bytes) -> bool:
        """Whether bytes that have come are for nobody any more."""
        self._dropped += len(data) if self._end else 0
        if self._dropped > _MOST_BYTES:
            self.cut()
        return self._end is not None

    def cut(self) -> None:
        """End the connection at once, but for what was written."""
        if self._end:
            self._end.cancel()
        self._close()

    def watch(self) -> None:
        """Cut a client off that takes next to nothing of what waits for it; to be called when it begins to wait."""
        self._wait(self._transport.get_write_buffer_size())

    def trust(self) -> None:
        """Stop watching a client that has taken enough for more to be written, where more is."""
        if self._watching and not self._transport.is_closing():
            self._watching.cancel()

    def _close(self) -> None:
        self._transport.close()
        self.watch()

    def _wait(self, left: int) -> None:
        if self._watching:
            self._watching.cancel()
        if left:
            self._watching = asyncio.get_running_loop().call_later(_TAKING, self._look, left)

    def _look(self, before: int) -> None:
        left = self._transport.get_write_buffer_size()
        if before - left < _LEAST_BYTES:
            self._transport.abort()
        else:
            self._wait(left)
