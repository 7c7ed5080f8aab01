"""Feeds read by a process of their own: the same offers, and an end to those that never end."""

from __future__ import annotations

import time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.sources import apart, feeds
from newsletter.errors import SourceError
from tests.content.sources.test_feeds import AT, ATOM, MEDIA, VIENNA, WORDPRESS

ITEM = '<rss version="2.0"><channel><title>x</title><item><title>One</title><link>/1</link>{}</item></channel></rss>'


def test_a_feed_offers_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Days, topics and letters beyond ASCII included; what is no feed is none; nothing of the folder is run."""
    (tmp_path / "json.py").write_text("raise SystemExit(9)\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    for feed in (WORDPRESS, ATOM, MEDIA, ITEM.format("<description>Žluťoučký \U0001f600</description>")):
        content = feed.encode()
        assert apart.read(content, AT, "text/xml", VIENNA) == feeds.read(content, AT, "text/xml", VIENNA)
    assert apart.read(b"<title>A page</title>", AT, "text/html", VIENNA) is None


@pytest.mark.parametrize(
    "hostile",
    [
        f"<author>{'a' * 400_000}@</author>",
        f"<a {' '.join(f'a{number}=_' for number in range(100_000))}/>".replace("_", "''"),
    ],
)
def test_a_feed_that_is_never_read_through_is_given_up(hostile: str) -> None:
    """feedparser looks again and again at what was written to keep it busy; it is told, and nothing waits for it."""
    content = ITEM.format(hostile).encode()
    begun = time.monotonic()
    with pytest.raises(SourceError) as caught:
        apart.read(content, AT, "text/xml", ZoneInfo("UTC"), patience=3)
    assert time.monotonic() - begun < 10
    assert caught.value.message == f"the feed at {AT} cannot be read"
    assert caught.value.why == (
        f"it has {len(content) / 1e6:.1f} MB and was not read after 3 seconds, so it is damaged, or made to keep a "
        "computer busy"
    )
    assert caught.value.fix == "ask whoever runs the web site, or take single pages: newsletter fetch ADDRESS"
