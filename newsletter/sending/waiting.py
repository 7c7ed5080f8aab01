"""Waiting for one of several things."""

from __future__ import annotations

import asyncio


async def first_of(seconds: float | None, *events: asyncio.Event) -> None:
    """Wait until one of the events happens, or for some seconds."""
    waits = [asyncio.create_task(event.wait()) for event in events]
    try:
        await asyncio.wait(
            waits, timeout=None if seconds is None else max(seconds, 0.0), return_when=asyncio.FIRST_COMPLETED
        )
    finally:
        for wait in waits:
            wait.cancel()
