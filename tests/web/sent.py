"""Issues that were sent, for tests of what readers do with them."""

from __future__ import annotations

from dataclasses import replace

from newsletter import rendering, sending
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
