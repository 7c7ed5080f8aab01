"""Brevo: one event a call, or an array where batches are switched on; unsigned, so it repeats a secret.

https://developers.brevo.com/docs/transactional-webhooks
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import judged, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import Call, Told
from newsletter.tracking.webhooks.shared_secret import SharedSecret, basic

_KINDS = {
    "request": EventKind.ACCEPTED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "hard_bounce": EventKind.BOUNCED,
    "soft_bounce": EventKind.BOUNCED,
    "invalid_email": EventKind.BOUNCED,
    "blocked": EventKind.BOUNCED,
    "error": EventKind.BOUNCED,
    "spam": EventKind.COMPLAINED,
    "complaint": EventKind.COMPLAINED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "opened": EventKind.OPENED,
    "unique_opened": EventKind.OPENED,
    "proxy_open": EventKind.OPENED,
    "unique_proxy_open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
_BOUNCES = {"hard_bounce": Bounce.HARD, "invalid_email": Bounce.HARD, "soft_bounce": Bounce.SOFT}


class Brevo(SharedSecret):
    """Verifies and parses what Brevo posts."""

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events; none has an id of its own."""
        for event in reading.objects(content):
            yield _event(event)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Brevo would make it."""
        event = told.event
        words = {kind: name for name, kind in reversed(_KINDS.items())}
        names = {Bounce.HARD: "hard_bounce", Bounce.SOFT: "soft_bounce", Bounce.BLOCK: "blocked"}
        content = {
            "event": names[event.bounce] if event.bounce else words[event.kind],
            "email": event.recipient,
            "message-id": told.message_id,
            "ts_epoch": int(told.now.timestamp() * 1000),
            "X-Mailin-custom": json.dumps({"delivery": event.delivery}),
            "reason": event.reason,
            **({"link": event.link} if event.link else {}),
        }
        return Call(url, {"content-type": "application/json", **basic(secret)}, json.dumps(content).encode())


def _event(event: Mapping[str, Any]) -> Event:
    # `ts` and `date` are in the account's own zone; of these two, both in UTC, some events have the second alone.
    at = reading.moment(event.get("ts_epoch")) or reading.moment(event.get("ts_event"))
    custom = reading.embedded(event.get("X-Mailin-custom"))
    token = reading.delivery(custom) or reading.delivery(reading.mapping(custom).get("delivery"))
    name, recipient, own = reading.text(event.get("event")), reading.text(event.get("email")), reading.digest(event)
    kind = _KINDS.get(name)
    if kind is None:
        return reading.other(event, own, at=at, delivery=token)
    if kind in {EventKind.BOUNCED, EventKind.DEFERRED}:
        reason = reading.text(event.get("reason"))
        code = status_code(reason)
        bounce = judged(_BOUNCES.get(name, Bounce.BLOCK), code, reason) if kind is EventKind.BOUNCED else None
        return Event(kind, own, token, recipient, at, bounce, code, reason)
    link = reading.followed(kind, event.get("link"))
    return Event(kind, own, token, recipient, at, by_machine="proxy" in name, link=link)
