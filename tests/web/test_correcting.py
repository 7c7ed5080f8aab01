"""What was put right after an issue had left, wherever readers meet it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import Any

from newsletter import sending
from newsletter.model.edition import InlineImage
from tests.web.archived import listed
from tests.web.readers import World
from tests.web.sent import editions, join, publish, send_issue

NOTE = "The call closes on 12 August, not on 31 July."
CORRECTED: dict[str, Any] = {"corrections": [{"date": "2024-07-29", "note": NOTE}]}


def correct(world: World, name: str = "2024-07", **fields: Any) -> None:
    """Correct an issue two days later; the service looks at it soon after."""
    world.clock.forward(days=2)
    found = sending.replacements(sending.shown_editions(world.database, name), editions(world, name, **fields))
    assert sending.correct(world.database, found, note=NOTE, by="Ana", now=world.clock())
    world.clock.forward(seconds=5)


def test_the_archive_shows_the_correction(archive: World) -> None:
    """On the issue's page and in the list, whoever has looked before; the address stays."""
    join(archive, "anna@example.org", "monthly")
    publish(archive)
    before = archive.visitor.get("/issues/2024-07")
    assert archive.visitor.get("/issues").status_code == 200
    correct(archive, subject="Open until August", preheader="Put right", **CORRECTED)
    page = archive.visitor.get("/issues/2024-07", headers={"If-None-Match": before.headers["etag"]})
    assert page.status_code == 200
    assert "Corrected on 29 July 2024" in page.text
    assert NOTE in page.text
    assert [item[1:] for item in listed(archive.visitor.get("/issues"))] == [
        ("Open until August", "Put right", "/issues/2024-07")
    ]


def test_feed_readers_are_told_that_it_was_updated(archive: World) -> None:
    """It keeps its id and the day on which it left."""
    join(archive, "anna@example.org", "monthly")
    publish(archive)
    before = archive.visitor.get("/issues.atom").text
    correct(archive, **CORRECTED)
    after = archive.visitor.get("/issues.atom").text
    for tag in ("id", "published"):
        assert re.findall(f"<{tag}>.*?</{tag}>", after) == re.findall(f"<{tag}>.*?</{tag}>", before)
    assert re.findall("<updated>(.*?)</updated>", before) == ["2024-07-26T07:00:00Z"] * 2
    assert re.findall("<updated>(.*?)</updated>", after) == ["2024-07-30T09:00:05Z"] * 2
    assert f"&lt;p&gt;{NOTE}&lt;/p&gt;" in after


def test_the_link_in_an_email_leads_to_the_correction(world: World) -> None:
    """With an archive or without."""
    join(world, "anna@example.org", "monthly")
    token = send_issue(world, "monthly")["anna@example.org"]
    assert NOTE not in world.visitor.get(f"/v/{token}").text
    correct(world, **CORRECTED)
    page = world.visitor.get(f"/v/{token}")
    assert NOTE in page.text
    own = re.search(r'rel="canonical" href="[^"]*(/v/[^"]+)"', page.text)
    assert own
    assert NOTE in world.visitor.get(own[1]).text


def test_emails_that_have_left_keep_their_pictures(world: World) -> None:
    """A correction may show others; the old ones are in every mailbox."""
    join(world, "anna@example.org", "monthly")
    old, new = (InlineImage(f"{sign * 20}.png", "image/png", sign.encode()) for sign in "ab")
    (edition,) = editions(world)
    mailing = sending.start(
        world.database,
        issue="2024-07",
        lists=["monthly"],
        editions=[replace(edition, hosted=(old,))],
        envelope=sending.envelope(world.workspace.settings, ["monthly"]),
        provider=sending.provider(world.workspace),
        expect=None,
        now=dt.datetime(2024, 7, 26, 7, tzinfo=dt.UTC),
    )
    sending.deliver(world.database, mailing, sending.provider(world.workspace))
    found = sending.replacements(sending.shown_editions(world.database, "2024-07"), [replace(edition, hosted=(new,))])
    assert sending.correct(world.database, found, note="", by="Ana", now=world.clock())
    for picture in (new, old):
        assert world.visitor.get(f"/images/{picture.name}").content == picture.data
