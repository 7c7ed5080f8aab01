"""Feeds read by a process of their own, which is ended where it takes too long: strangers write them.

A few hundred KB of attributes, or of one author's name, keep feedparser busy for minutes, and no thread can be stopped.
"""

from __future__ import annotations

import gc
import json
import subprocess
import sys
from dataclasses import fields
from datetime import date, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from newsletter.content.sources import feeds, jsonfeeds
from newsletter.errors import SourceError
from newsletter.model.offer import Offer

_PATIENCE = 20.0
"""Seconds; the largest feeds that web sites have take two."""
# By itself Python would first look for modules in the folder that it is started in.
_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv[1]); "
    "from newsletter.content.sources import apart; apart.answer()"
)


def read(
    content: bytes, url: str, media_type: str, zone: tzinfo, patience: float = _PATIENCE
) -> tuple[Offer, ...] | None:
    """Return what a feed offers, or nothing where the content is no feed; raise SourceError where it takes too long."""
    asked = json.dumps({"url": url, "media_type": media_type, "zone": str(zone)}).encode() + b"\n" + content
    command = [sys.executable, "-I", "-c", _PROGRAM, json.dumps(sys.path)]
    try:
        done = subprocess.run(command, input=asked, capture_output=True, timeout=patience, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        raise SourceError(
            f"the feed at {url} cannot be read",
            why=f"it has {len(content) / 1e6:.1f} MB and was not read after {patience:.0f} seconds, so it is damaged, "
            "or made to keep a computer busy",
            fix="ask whoever runs the web site, or take single pages: newsletter fetch ADDRESS",
        ) from None
    if done.returncode:
        raise SourceError(
            f"the feed at {url} cannot be read",
            why="the process that read it has ended before it was done; the feed may have taken all memory",
            fix="ask whoever runs the web site, or take single pages: newsletter fetch ADDRESS",
        )
    found = json.loads(done.stdout)
    return None if found is None else tuple(_offer(one) for one in found)


def answer() -> None:
    """Read a feed from standard input, and write what it offers to standard output."""
    # Nothing that this process makes is left over before its end, however often one looks for it.
    gc.disable()
    asked, _, content = sys.stdin.buffer.read().partition(b"\n")
    told = json.loads(asked)
    url, zone = told["url"], ZoneInfo(told["zone"])
    offers = jsonfeeds.read(content, url, zone)
    if offers is None:
        offers = feeds.read(content, url, told["media_type"], zone)
    names = [field.name for field in fields(Offer)]
    found = None if offers is None else [{name: getattr(offer, name) for name in names} for offer in offers]
    # Whole: written piece by piece it takes four times as long.
    sys.stdout.write(json.dumps(found, default=str))


def _offer(found: dict[str, Any]) -> Offer:
    day = found["day"]
    return Offer(**{**found, "day": date.fromisoformat(day) if day else None, "topics": tuple(found["topics"])})
