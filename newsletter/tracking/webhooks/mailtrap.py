"""Mailtrap: up to 500 events a call as JSON or as lines of JSON, signed with HMAC-SHA256 over the raw body.

https://docs.mailtrap.io/email-api-smtp/advanced/webhooks
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import judged, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import Call, Keys, Need, Told, Unreadable, Unverified, read_json
from newsletter.tracking.webhooks.signing import any_same, hmac_hex, sha256

_SIGNATURE = "mailtrap-signature"
_KINDS = {
    "delivery": EventKind.DELIVERED,
    "bounce": EventKind.BOUNCED,
    "soft bounce": EventKind.BOUNCED,
    "suspension": EventKind.BOUNCED,
    "reject": EventKind.BOUNCED,
    "spam": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
_BOUNCES = {"bounce": Bounce.HARD, "soft bounce": Bounce.SOFT}
# Its own list keeps it from trying; what somebody did before is told again by that.
_LISTED = "recipient in suppression list. reason: "
_BEFORE = {"spam complaint": EventKind.COMPLAINED, "unsubscription": EventKind.UNSUBSCRIBED}


class Mailtrap:
    """Verifies and parses what Mailtrap posts."""

    needs = Need.SECRET
    # It signs the body alone; each body is taken once.
    tolerance = None

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for a secret that could be guessed."""
        if len(secret) < 16:
            raise ValueError("it is too short for a signing secret")

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return the body's digest; raise Unverified."""
        expected = (hmac_hex(secret, call.body) for secret in keys.secrets)
        if not any_same([call.headers.get(_SIGNATURE, "")], expected):
            raise Unverified("the signature is not the one of this body; see whether the signing secret is right")
        return sha256(call.body)

    def read(self, body: bytes) -> Any:
        """Return the events of either form."""
        try:
            return read_json(body)
        except Unreadable:
            lines = [read_json(line) for line in body.splitlines() if line.strip()]
            if not lines:
                raise
            return lines

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events."""
        events = content.get("events", content) if isinstance(content, dict) else content
        for event in reading.objects(events):
            yield from _event(event)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Mailtrap would make it."""
        event = told.event
        words = {kind: name for name, kind in reversed(_KINDS.items())}
        names = {Bounce.HARD: "bounce", Bounce.SOFT: "soft bounce", Bounce.BLOCK: "reject"}
        if event.kind not in words:
            raise ValueError("Mailtrap has no such event")
        content = {
            "event": names[event.bounce] if event.bounce else words[event.kind],
            "event_id": event.key,
            "message_id": told.message_id,
            "email": event.recipient,
            "timestamp": int(told.now.timestamp()),
            "custom_variables": {"delivery": event.delivery},
            "response": event.reason,
            **({"url": event.link} if event.link else {}),
        }
        body = json.dumps({"events": [content]}).encode()
        return Call(url, {"content-type": "application/json", _SIGNATURE: hmac_hex(secret, body)}, body)


def _event(event: Mapping[str, Any]) -> Iterable[Event]:
    at = reading.moment(event.get("timestamp"))
    own = reading.own_key(event, "event_id")
    token = reading.delivery(reading.mapping(event.get("custom_variables")).get("delivery"))
    name, recipient = reading.text(event.get("event")), reading.text(event.get("email"))
    kind = _KINDS.get(name)
    if kind is None:
        yield reading.other(event, own, at=at, delivery=token)
        return
    if kind is not EventKind.BOUNCED:
        yield Event(kind, own, token, recipient, at, link=reading.followed(kind, event.get("url")))
        return
    category = reading.text(event.get("bounce_category"))
    reason = reading.text(event.get("response")) or reading.text(event.get("reason")) or category
    code = status_code(reason)
    listed = reason.lower().removeprefix(_LISTED) if name == "reject" else ""
    likely = Bounce.HARD if listed == "hard bounce" else _BOUNCES.get(name, Bounce.BLOCK)
    yield Event(kind, own, token, recipient, at, judged(likely, code, f"{reason} {category}"), code, reason)
    if listed in _BEFORE:
        yield Event(_BEFORE[listed], f"{own}+"[-100:], token, recipient, at, told_again=True)
