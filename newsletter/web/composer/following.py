"""What tells open pages that files have changed, whoever has changed them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

_LOOK = 0.4
"""Seconds between two looks at the files; one takes a millisecond or two."""
_MOST_QUIET = 15.0
"""Seconds without a word, after which a browser that has gone is noticed."""


class Follower:
    """Looks at the files while somebody wants to know, once for all pages that are open."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._ended = False
        self.revision = ""

    async def follow(self, revision: Callable[[], str]) -> None:
        """Look again and again; `revision` is asked in a thread, because a disk may take its time."""
        while True:
            with suppress(OSError):
                now = await asyncio.to_thread(revision)
                if now != self.revision:
                    self.revision = now
                    await self._wake()
            await asyncio.sleep(_LOOK)

    async def end(self) -> None:
        """Let every page go: a server that waits for them would never end."""
        self._ended = True
        await self._wake()

    async def messages(self) -> AsyncIterator[str]:
        """Yield the revision, now and whenever it changes (https://html.spec.whatwg.org/#server-sent-events)."""
        seen = ""
        while not self._ended:
            if seen != self.revision:
                seen = self.revision
                yield f"data: {json.dumps({'revision': seen})}\n\n"
            try:
                await asyncio.wait_for(self._other_than(seen), _MOST_QUIET)
            except TimeoutError:
                yield ": still here\n\n"

    async def _wake(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _other_than(self, seen: str) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._ended or self.revision != seen)


async def changes(request: Request) -> Response:
    """Tell a page of every change, as long as it is open."""
    follower = request.app.state.follower
    assert isinstance(follower, Follower)  # noqa: S101
    return StreamingResponse(follower.messages(), media_type="text/event-stream")
