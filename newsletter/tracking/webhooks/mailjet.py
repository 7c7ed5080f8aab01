"""Mailjet: one event a call, or an array where grouping is switched on; unsigned, so it repeats a secret.

https://dev.mailjet.com/email/guides/webhooks/
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
    "sent": EventKind.DELIVERED,
    "bounce": EventKind.BOUNCED,
    "blocked": EventKind.BOUNCED,
    "spam": EventKind.COMPLAINED,
    "unsub": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
_BLOCKS = frozenset({"sender blocked", "content blocked", "policy issue", "relay/access denied", "preblocked"})
# Of Mailjet's own servers it says: "This should not happen, and never be permanent".
_SOFT = frozenset({"quota exceeded", "connection issue", "protocol issue", "system issue", "timeout"})
_DUPLICATE = "duplicate in campaign"


class Mailjet(SharedSecret):
    """Verifies and parses what Mailjet posts."""

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events; none has an id of its own."""
        for event in reading.objects(content):
            yield _event(event)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Mailjet would make it."""
        event = told.event
        words = {kind: name for name, kind in reversed(_KINDS.items())}
        content: dict[str, Any] = {
            "event": words.get(event.kind, "bounce"),
            "time": int(told.now.timestamp()),
            "MessageID": told.message_id,
            "email": event.recipient,
            "CustomID": event.delivery,
        }
        if event.link:
            content["url"] = event.link
        if event.kind is EventKind.DEFERRED:
            content |= {"error": "greylisted", "hard_bounce": False, "comment": event.reason}
        elif event.kind is EventKind.ACCEPTED:
            content |= {"event": "blocked", "error": _DUPLICATE}
        elif event.bounce:
            errors = {Bounce.HARD: "user unknown", Bounce.SOFT: "quota exceeded", Bounce.BLOCK: "policy issue"}
            content |= {"error": errors[event.bounce], "comment": event.reason}
            content["hard_bounce"] = event.bounce is Bounce.HARD
        return Call(url, {"content-type": "application/json", **basic(secret)}, json.dumps(content).encode())


def _event(event: Mapping[str, Any]) -> Event:
    at, own = reading.moment(event.get("time")), reading.digest(event)
    payload = reading.embedded(event.get("Payload"))
    token = (
        reading.delivery(event.get("CustomID"))
        or reading.delivery(payload)
        or reading.delivery(reading.mapping(payload).get("delivery"))
    )
    recipient, kind = reading.text(event.get("email")), _KINDS.get(reading.text(event.get("event")))
    if kind is None:
        return reading.other(event, own, at=at, delivery=token)
    if kind is not EventKind.BOUNCED:
        return Event(kind, own, token, recipient, at, link=reading.followed(kind, event.get("url")))
    error = reading.text(event.get("error")).lower()
    said = reading.text(event.get("comment") or event.get("smtp_reply")) or error
    if error == _DUPLICATE:
        # Proof that the same message was taken before.
        return Event(EventKind.ACCEPTED, own, token, recipient, at)
    code = status_code(said)
    if error == "greylisted" and event.get("hard_bounce") is not True:
        return Event(EventKind.DEFERRED, own, token, recipient, at, code=code, reason=said)
    return Event(kind, own, token, recipient, at, _bounce(event, error, code, said), code, said)


def _bounce(event: Mapping[str, Any], error: str, code: str, said: str) -> Bounce:
    if event.get("event") == "blocked" or error in _BLOCKS:
        return Bounce.BLOCK
    if error in _SOFT or event.get("hard_bounce") is not True:
        return judged(Bounce.SOFT, code, said)
    return judged(Bounce.HARD, code, said)
