"""Resend: one event a call, signed as the Standard Webhooks specification has it (Svix).

https://resend.com/docs/webhooks/event-types, `WebhookEvent…` in https://github.com/resend/resend-openapi (resend.yaml),
https://github.com/standard-webhooks/standard-webhooks
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import of_amazon, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import Call, Keys, Need, Told, Unverified, read_json
from newsletter.tracking.webhooks.signing import FIVE_MINUTES, any_same, check_age, seconds

_KINDS = {
    "email.sent": EventKind.ACCEPTED,
    "email.delivered": EventKind.DELIVERED,
    "email.delivery_delayed": EventKind.DEFERRED,
    "email.bounced": EventKind.BOUNCED,
    "email.failed": EventKind.BOUNCED,
    "email.suppressed": EventKind.BOUNCED,
    "email.complained": EventKind.COMPLAINED,
    "email.opened": EventKind.OPENED,
    "email.clicked": EventKind.CLICKED,
}
_PREFIX = "whsec_"
# Its own list keeps it from trying; what somebody did before is told again by that.
_COMPLAINED_BEFORE = "previous_complaint"


class Resend:
    """Verifies and parses what Resend posts."""

    needs = Need.SECRET
    # The time is that of the attempt: a repetition is signed anew.
    tolerance = FIVE_MINUTES

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for what is not `whsec_…`."""
        try:
            key = _key(secret)
        except ValueError:
            raise ValueError("it is not whsec_ and letters after it") from None
        if len(key) < 16:
            raise ValueError("it is too short")

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return `svix-id`, the same for every attempt; raise Unverified."""
        headers = call.headers
        name = "svix" if "svix-id" in headers else "webhook"
        identifier, time = headers.get(f"{name}-id", ""), headers.get(f"{name}-timestamp", "")
        signed_at = seconds(time)
        given = [part.removeprefix("v1,") for part in headers.get(f"{name}-signature", "").split() if part[:3] == "v1,"]
        if not identifier or not any_same(
            given, (_sign(secret, identifier, time, call.body) for secret in keys.secrets)
        ):
            raise Unverified("the signature is not the one of this body; see whether the signing secret is right")
        check_age(signed_at, self.tolerance, now)
        return reading.key(identifier)

    def read(self, body: bytes) -> Any:
        """Return the event."""
        return read_json(body)

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the event; what kept Resend from trying is told as an event of its own."""
        event = reading.mapping(content)
        data = reading.mapping(event.get("data"))
        at = reading.moment(event.get("created_at"))
        token, recipient = _token(data.get("tags")), reading.text(next(iter(reading.items(data.get("to"))), ""))
        kind = _KINDS.get(reading.text(event.get("type")))
        if kind is None:
            yield reading.other(content, key, at=at, delivery=token)
            return
        if kind is not EventKind.BOUNCED:
            link = reading.followed(kind, reading.mapping(data.get("click")).get("link"))
            yield Event(kind, key, token, recipient, at, link=link)
            return
        told = reading.mapping(data.get("bounce") or data.get("suppressed") or data.get("failed"))
        said = " ".join(filter(None, map(reading.text, reading.items(told.get("diagnosticCode")))))
        # Resend's own advice, which speaks of a sender's reputation, is no word of a server.
        reason = said or reading.text(told.get("message") or told.get("reason"))
        code = status_code(reason)
        yield Event(kind, key, token, recipient, at, _bounce(event, told, code, said), code, reason)
        if event.get("type") == "email.suppressed" and told.get("reason") == _COMPLAINED_BEFORE:
            yield Event(EventKind.COMPLAINED, f"{key}+"[-100:], token, recipient, at, told_again=True)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Resend would make it."""
        event = told.event
        words = {kind: name for name, kind in _KINDS.items() if name not in {"email.failed", "email.suppressed"}}
        if event.kind not in words:
            raise ValueError("Resend has no such event")
        data: dict[str, Any] = {
            "email_id": told.message_id,
            "created_at": told.now.isoformat(),
            "to": [event.recipient],
            "subject": "Rehearsal",
            "tags": {"delivery": event.delivery},
        }
        if event.link:
            data["click"] = {"link": event.link, "timestamp": told.now.isoformat()}
        if event.bounce:
            kinds = {Bounce.HARD: ("Permanent", "General"), Bounce.SOFT: ("Transient", "MailboxFull")}
            kind, subtype = kinds.get(event.bounce, ("Transient", "ContentRejected"))
            data["bounce"] = {"type": kind, "subType": subtype, "message": event.reason}
        body = json.dumps({"type": words[event.kind], "created_at": told.now.isoformat(), "data": data}).encode()
        time = str(int(told.now.timestamp()))
        headers = {
            "content-type": "application/json",
            "svix-id": event.key,
            "svix-timestamp": time,
            "svix-signature": "v1," + _sign(secret, event.key, time, body),
        }
        return Call(url, headers, body)


def _key(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix(_PREFIX), validate=True)


def _sign(secret: str, identifier: str, time: str, body: bytes) -> str:
    content = f"{identifier}.{time}.".encode("utf-8", "surrogatepass") + body
    return base64.b64encode(hmac.digest(_key(secret), content, "sha256")).decode("ascii")


def _bounce(event: Any, told: Any, code: str, said: str) -> Bounce:
    if event.get("type") == "email.failed":
        return Bounce.BLOCK
    if event.get("type") == "email.suppressed":
        # Resend's own list has the address after a hard bounce or a complaint, or by hand: it is not written to again.
        return Bounce.BLOCK if told.get("reason") == _COMPLAINED_BEFORE else Bounce.HARD
    return of_amazon(reading.text(told.get("type")), reading.text(told.get("subType")), code, said)


def _token(tags: Any) -> str:
    """Return the tag `delivery`; tags come as an object, or as they were sent."""
    if isinstance(tags, dict):
        return reading.delivery(tags.get("delivery"))
    named = (tag for tag in reading.objects(tags) if tag.get("name") == "delivery")
    return next((reading.delivery(tag.get("value")) for tag in named), "")
