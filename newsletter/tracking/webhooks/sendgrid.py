"""SendGrid: arrays of events, signed with ECDSA on P-256 over the time and the raw body.

https://www.twilio.com/docs/sendgrid/for-developers/tracking-events/getting-started-event-webhook-security-features
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import judged, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import Call, Keys, Need, Told, Unverified, read_json
from newsletter.tracking.webhooks.signing import (
    check_age,
    check_ecdsa,
    ec_key,
    from_base64,
    seconds,
    sha256,
    sign_ecdsa,
)

_SIGNATURE, _TIME = "x-twilio-email-event-webhook-signature", "x-twilio-email-event-webhook-timestamp"
_KINDS = {
    "processed": EventKind.ACCEPTED,
    "deferred": EventKind.DEFERRED,
    "delivered": EventKind.DELIVERED,
    "bounce": EventKind.BOUNCED,
    "dropped": EventKind.BOUNCED,
    "spamreport": EventKind.COMPLAINED,
    "unsubscribe": EventKind.UNSUBSCRIBED,
    "group_unsubscribe": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
# Its own lists keep it from trying; what somebody did before is told again by that.
_DROPPED = {"spam reporting address": EventKind.COMPLAINED, "unsubscribed address": EventKind.UNSUBSCRIBED}
_DEAD = frozenset({"bounced address", "invalid"})
# By the first word: some of its pages say Technical, others Technical Failure.
_CLASSES = {
    "content": Bounce.BLOCK,
    "reputation": Bounce.BLOCK,
    "frequency": Bounce.SOFT,
    "technical": Bounce.SOFT,
}


class SendGrid:
    """Verifies and parses what SendGrid posts."""

    needs = Need.SECRET
    # It repeats a call for 24 hours, and nobody says that it signs it anew.
    tolerance = timedelta(hours=25)

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for what is not the verification key."""
        ec_key(secret)

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return the body's digest; raise Unverified."""
        time = call.headers.get(_TIME, "")
        signed_at = seconds(time)
        signature = from_base64(call.headers.get(_SIGNATURE, ""))
        content = time.encode("ascii") + call.body
        if not any(check_ecdsa(key, signature, content) for key in keys.secrets):
            raise Unverified("the signature is not the one of this body; see whether the verification key is right")
        check_age(signed_at, self.tolerance, now)
        return sha256(call.body)

    def read(self, body: bytes) -> Any:
        """Return the events."""
        return read_json(body)

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events."""
        for event in reading.objects(content):
            yield from _event(event)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as SendGrid would make it; `secret` is the private key."""
        event = told.event
        words = {kind: name for name, kind in reversed(_KINDS.items()) if name != "dropped"}
        content = {
            "email": event.recipient,
            "timestamp": int(told.now.timestamp()),
            "event": words[event.kind],
            "sg_event_id": event.key,
            "sg_message_id": told.message_id,
            "delivery": event.delivery,
        }
        if event.link:
            content["url"] = event.link
        if event.bounce:
            content |= {"type": "blocked" if event.bounce is Bounce.BLOCK else "bounce", "reason": event.reason}
            content["status"] = event.code
        body = json.dumps([content]).encode() + b"\r\n"
        time = str(int(told.now.timestamp()))
        signature = base64.b64encode(sign_ecdsa(secret, time.encode() + body)).decode()
        return Call(url, {"content-type": "application/json", _SIGNATURE: signature, _TIME: time}, body)


def _event(event: Mapping[str, Any]) -> Iterable[Event]:
    at, token = reading.moment(event.get("timestamp")), reading.delivery(event.get("delivery"))
    own = reading.own_key(event, "sg_event_id")
    name, recipient = reading.text(event.get("event")), reading.text(event.get("email"))
    kind = _KINDS.get(name)
    if kind is None:
        yield reading.other(event, own, at=at, delivery=token)
        return
    if kind is not EventKind.BOUNCED:
        reason = reading.text(event.get("response")) if kind is EventKind.DEFERRED else ""
        robot = event.get("sg_machine_open") is True
        link = reading.followed(kind, event.get("url"))
        code = status_code(reason)
        yield Event(kind, own, token, recipient, at, code=code, reason=reason, by_machine=robot, link=link)
        return
    reason = reading.text(event.get("reason"))
    code = status_code(reading.text(event.get("status"))) or status_code(reason)
    if name == "dropped":
        bounce = Bounce.HARD if reason.lower() in _DEAD else Bounce.BLOCK
    else:
        first = reading.text(event.get("bounce_classification")).lower().replace("/", " ").partition(" ")[0]
        # An address that nobody could reach for 72 hours may be reached by another message.
        likely = Bounce.SOFT if event.get("type") == "expired" else _CLASSES.get(first, Bounce.HARD)
        bounce = Bounce.BLOCK if event.get("type") == "blocked" else judged(likely, code, reason)
    yield Event(kind, own, token, recipient, at, bounce, code, reason)
    before = _DROPPED.get(reason.lower()) if name == "dropped" else None
    if before:
        yield Event(before, f"{own}+"[-100:], token, recipient, at, told_again=True)
