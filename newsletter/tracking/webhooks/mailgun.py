"""Mailgun: one event a call; its signature is of a time and a token only, so that no token may come with two bodies.

https://documentation.mailgun.com/docs/mailgun/user-manual/webhooks/securing-webhooks
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import judged, of_failure, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import (
    Call,
    Keys,
    Need,
    Told,
    Unreadable,
    Unverified,
    read_json,
    read_unproved,
)
from newsletter.tracking.webhooks.signing import any_same, check_age, hmac_hex, seconds, sha256

_KINDS = {
    "accepted": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "failed": EventKind.BOUNCED,
    "rejected": EventKind.BOUNCED,
    "complained": EventKind.COMPLAINED,
    "unsubscribed": EventKind.UNSUBSCRIBED,
    "opened": EventKind.OPENED,
    "clicked": EventKind.CLICKED,
}
# Mailgun's own lists keep it from trying; what somebody did before is told again by that.
_SUPPRESSED = {
    "suppress-complaint": EventKind.COMPLAINED,
    "suppress-unsubscribe": EventKind.UNSUBSCRIBED,
}
_BOUNCES = {"espblock": Bounce.BLOCK, "old": Bounce.SOFT, "greylisted": Bounce.SOFT}


class Mailgun:
    """Verifies and parses what Mailgun posts."""

    needs = Need.SECRET
    # It repeats a call for 8 hours, and nobody says that it signs it anew; each token is taken once anyway.
    tolerance = timedelta(hours=9)

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for a key that could be guessed."""
        if len(secret) < 16:
            raise ValueError("it is too short for a webhook signing key")

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return the token; raise Unverified."""
        try:
            signature = reading.mapping(reading.mapping(read_unproved(call.body)).get("signature"))
        except Unreadable:
            raise Unverified("it holds no signature") from None
        token, time, given = (signature.get(name) for name in ("token", "timestamp", "signature"))
        time = str(time) if isinstance(time, int) else time
        if not (isinstance(token, str) and isinstance(time, str) and isinstance(given, str)) or not token:
            raise Unverified("it holds no signature")
        signed_at = seconds(time)
        content = f"{time}{token}".encode("utf-8", "surrogatepass")
        if not any_same([given], (hmac_hex(secret, content) for secret in keys.secrets)):
            raise Unverified("the signature is wrong; see whether the webhook signing key is right")
        check_age(signed_at, self.tolerance, now)
        return reading.key(token)

    def read(self, body: bytes) -> Any:
        """Return the event with its signature."""
        return read_json(body)

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the event; what kept Mailgun from trying is told as an event of its own."""
        event = reading.mapping(reading.mapping(content).get("event-data"))
        at = reading.moment(event.get("timestamp"))
        token = reading.delivery(reading.mapping(event.get("user-variables")).get("delivery"))
        recipient = reading.text(event.get("recipient"))
        # Its id is unique within a day.
        own = (
            reading.key(event.get("id"), reading.text(event.get("timestamp"))) if reading.text(event.get("id")) else key
        )
        kind = _KINDS.get(reading.text(event.get("event")))
        if kind is None:
            yield reading.other(event or content, own, at=at, delivery=token)
        elif kind is not EventKind.BOUNCED:
            robot = bool(reading.text(reading.mapping(event.get("client-info")).get("bot")))
            link = reading.followed(kind, event.get("url"))
            yield Event(kind, own, token, recipient, at, by_machine=robot, link=link)
        else:
            yield from _failure(event, Event(kind, own, token, recipient, at))

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Mailgun would make it."""
        event, time = told.event, str(int(told.now.timestamp()))
        data: dict[str, Any] = {
            "id": event.key,
            "timestamp": told.now.timestamp(),
            "event": event.kind.value,
            "recipient": event.recipient,
            "user-variables": {"delivery": event.delivery},
            "message": {"headers": {"message-id": told.message_id}},
        }
        if event.link:
            data["url"] = event.link
        if event.kind in {EventKind.BOUNCED, EventKind.DEFERRED}:
            reasons = {Bounce.BLOCK: "espblock", Bounce.SOFT: "old", Bounce.HARD: "bounce", None: "generic"}
            data |= {
                "event": "failed",
                "severity": "permanent" if event.bounce else "temporary",
                "reason": reasons[event.bounce],
                "delivery-status": {"message": event.reason, "enhanced-code": event.code},
            }
        token = sha256(event.key.encode())[:50]
        signature = {"timestamp": time, "token": token, "signature": hmac_hex(secret, f"{time}{token}".encode())}
        body = json.dumps({"signature": signature, "event-data": data}).encode()
        return Call(url, {"content-type": "application/json"}, body)


def _failure(event: Mapping[str, Any], known: Event) -> Iterable[Event]:
    status = reading.mapping(event.get("delivery-status"))
    said = reading.text(status.get("message") or status.get("description"))
    why = reading.text(event.get("reason"))
    reason = said or why or reading.text(reading.mapping(event.get("reject")).get("reason"))
    # What comes back later, after the message was taken, has its code under another name.
    told = (status.get("enhanced-code"), status.get("bounce-code"), said)
    code = next(filter(None, (status_code(reading.text(one)) for one in told)), "")
    if event.get("severity") == "temporary":
        yield Event(EventKind.DEFERRED, known.key, known.delivery, known.recipient, known.at, code=code, reason=reason)
        return
    dropped = _SUPPRESSED.get(why)
    likely = Bounce.SOFT if status.get("bounce-type") == "soft" else Bounce.HARD
    bounce = Bounce.BLOCK if dropped or event.get("event") == "rejected" else _BOUNCES.get(why, likely)
    how = judged(bounce, code, reason)
    if why == "generic":
        # Mailgun does not know what the server meant, and goes on writing to the address.
        how = of_failure(code, f"{reading.text(status.get('code'))} {reason}")
    yield Event(known.kind, known.key, known.delivery, known.recipient, known.at, how, code, reason)
    if dropped:
        yield Event(dropped, f"{known.key}+"[-100:], known.delivery, known.recipient, known.at, told_again=True)
