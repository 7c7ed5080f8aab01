"""Pictures on a machine that is busy with something else."""

from __future__ import annotations

import asyncio
import base64
from typing import Any

import pytest

from newsletter.preview import pictures
from newsletter.preview.modes import MODES

BUSY = "CDPSession.send: Protocol error (Page.captureScreenshot): Unable to capture screenshot"


class Session:
    """The browser's protocol, which answers with an error a few times."""

    def __init__(self, error: str, times: int) -> None:
        self.error, self.times, self.asked = error, times, 0

    async def send(self, method: str, parameters: dict[str, Any]) -> dict[str, str]:
        """Answer a call."""
        from playwright.async_api import Error

        self.asked += 1
        if self.asked <= self.times:
            raise Error(self.error)
        return {"data": base64.b64encode(b"pixels").decode()}


def test_a_frame_that_does_not_come_in_time_is_asked_for_again() -> None:
    """A build server that has much to do still shows what readers get."""
    session: Any = Session(BUSY, 1)
    assert asyncio.run(pictures._part(session, MODES[0], 0, 10)) == b"pixels"
    assert session.asked == 2


def test_a_browser_that_cannot_take_pictures_is_asked_once() -> None:
    """Any other word of its is told."""
    from playwright.async_api import Error

    session: Any = Session("Protocol error (Page.captureScreenshot): Target closed", 9)
    with pytest.raises(Error, match="Target closed"):
        asyncio.run(pictures._part(session, MODES[0], 0, 10))
    assert session.asked == 1
