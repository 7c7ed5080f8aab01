"""Issues that were sent, for tests of what readers do with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from newsletter import rendering, sending
from newsletter.model.edition import Edition
from newsletter.model.mailing import Mailing
from newsletter.store import delivery_id, signing_keys
from tests import factories as make
from tests.web.readers import World


def send_issue(world: World, *lists: str, language: str = "en", name: str = "2024-07") -> dict[str, str]:
    """Send the July issue to lists; return the token of each delivery by address."""
    issue = make.issue(name=name, lists=list(lists), intro="Dear {first_name|reader},")
    edition = rendering.render(make.selection(of=issue), world.workspace, language)
    provider = sending.provider(world.workspace)
    mailing = sending.start(
        world.database,
        issue=name,
        lists=lists,
        editions=[replace(edition, issue=name)],
        envelope=sending.envelope(world.workspace.settings, lists),
        provider=provider,
        expect=None,
        now=world.clock(),
    )
    sending.deliver(world.database, mailing, provider)
    key = signing_keys(world.database, now=world.clock()).newest
    rows = world.rows(f"SELECT subscriber_id, address FROM deliveries WHERE mailing_id = {mailing.id}")
    return {address: delivery_id(mailing.id, subscriber, key) for subscriber, address in rows}


def join(world: World, address: str, *lists: str) -> None:
    """Put somebody on lists."""
    world.put_on(address, *lists, name="Anna Berg")


def editions(world: World, name: str = "2024-07", languages: Sequence[str] = ("en",), **fields: Any) -> list[Edition]:
    """Render an issue."""
    issue = make.issue(name=name, languages=list(languages), intro="Dear {first_name|reader},", **fields)
    chosen = make.selection(of=issue)
    return [replace(rendering.render(chosen.edition(each), world.workspace, each), issue=name) for each in languages]


def start(
    world: World,
    name: str = "2024-07",
    *lists: str,
    at: str = "2024-07-26",
    plan: sending.Plan = sending.AT_ONCE,
    **fields: Any,
) -> Mailing:
    """Start a mailing of an issue on a day, at nine in Vienna; the service looks at it soon after."""
    world.clock.forward(seconds=5)
    chosen = lists or ("monthly",)
    return sending.start(
        world.database,
        issue=name,
        lists=chosen,
        editions=editions(world, name, **fields),
        envelope=sending.envelope(world.workspace.settings, chosen),
        provider=sending.provider(world.workspace),
        expect=None,
        now=dt.datetime.fromisoformat(f"{at}T07:00:00+00:00"),
        plan=plan,
    )


def publish(world: World, name: str = "2024-07", *lists: str, **fields: Any) -> Mailing:
    """Send an issue to everybody."""
    mailing = start(world, name, *lists, **fields)
    sending.deliver(world.database, mailing, sending.provider(world.workspace), now=lambda: mailing.leaves_at)
    return mailing
