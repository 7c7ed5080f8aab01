"""Mandrill (Mailchimp Transactional): a form with an array of events, signed with HMAC-SHA1 over the address and it.

https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/#authenticating-webhook-requests
"""

from __future__ import annotations

import base64
import hmac
import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import judged, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import Call, Keys, Need, Told, Unreadable, Unverified, read_json
from newsletter.tracking.webhooks.signing import any_same, sha256

_SIGNATURE = "x-mandrill-signature"
_EVENTS = "mandrill_events"
_KINDS = {
    "send": EventKind.ACCEPTED,
    "delivered": EventKind.DELIVERED,
    "deferral": EventKind.DEFERRED,
    "hard_bounce": EventKind.BOUNCED,
    "soft_bounce": EventKind.BOUNCED,
    "reject": EventKind.BOUNCED,
    "spam": EventKind.COMPLAINED,
    "unsub": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}
_BOUNCES = {"hard_bounce": Bounce.HARD, "soft_bounce": Bounce.SOFT}
_REJECTED = {"hard-bounce": Bounce.HARD, "invalid": Bounce.HARD, "soft-bounce": Bounce.SOFT}
# Its own lists keep it from trying; what somebody did before is told again by that.
_BEFORE = {"spam": EventKind.COMPLAINED, "unsub": EventKind.UNSUBSCRIBED}


class Mandrill:
    """Verifies and parses what Mandrill posts."""

    needs = Need.SECRET
    tolerance = None

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for a key that could be guessed."""
        if len(secret) < 16:
            raise ValueError("it is too short for a webhook's key")

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return the body's digest; raise Unverified. The address must be the one that Mandrill was given."""
        try:
            fields = _fields(call.body)
        except Unreadable as error:
            raise Unverified(str(error)) from None
        expected = (_sign(secret, call.url, fields) for secret in keys.secrets)
        if not any_same([call.headers.get(_SIGNATURE, "")], expected):
            raise Unverified(f"the signature is wrong; see the key, and whether Mandrill calls exactly {call.url}")
        return sha256(call.body)

    def read(self, body: bytes) -> Any:
        """Return the events."""
        return read_json(_fields(body).get(_EVENTS, "").encode("utf-8", "surrogatepass"))

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events; none has an id of its own."""
        for event in reading.objects(content):
            yield from _event(event)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Mandrill would make it."""
        event = told.event
        words = {kind: name for name, kind in reversed(_KINDS.items())}
        names = {Bounce.HARD: "hard_bounce", Bounce.SOFT: "soft_bounce", Bounce.BLOCK: "reject"}
        content = {
            "event": names[event.bounce] if event.bounce else words[event.kind],
            "_id": told.message_id,
            "ts": int(told.now.timestamp()),
            **({"url": event.link} if event.link else {}),
            "msg": {"email": event.recipient, "metadata": {"delivery": event.delivery}, "diag": event.reason},
        }
        fields = {_EVENTS: json.dumps([content])}
        headers = {
            "content-type": "application/x-www-form-urlencoded",
            _SIGNATURE: _sign(secret, url, fields),
        }
        return Call(url, headers, urlencode(fields).encode())


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=20))
    except ValueError:
        raise Unreadable("the body is not a form") from None


def _sign(secret: str, url: str, fields: Mapping[str, str]) -> str:
    content = url + "".join(name + fields[name] for name in sorted(fields))
    # SHA-1 is Mandrill's choice; a keyed digest suffers nothing from what is known against it.
    signature = hmac.digest(secret.encode(), content.encode("utf-8", "surrogatepass"), "sha1")
    return base64.b64encode(signature).decode("ascii")


def _event(event: Mapping[str, Any]) -> Iterable[Event]:
    at, own = reading.moment(event.get("ts")), reading.digest(event)
    message = reading.mapping(event.get("msg"))
    token = reading.delivery(reading.mapping(message.get("metadata")).get("delivery"))
    name, recipient = reading.text(event.get("event")), reading.text(message.get("email"))
    kind = _KINDS.get(name)
    if kind is None:
        yield reading.other(event, own, at=at, delivery=token)
        return
    if kind not in {EventKind.BOUNCED, EventKind.DEFERRED}:
        yield Event(kind, own, token, recipient, at, link=reading.followed(kind, event.get("url")))
        return
    rejected = message.get("reject")
    why = reading.text(reading.mapping(rejected).get("reason") if isinstance(rejected, dict) else rejected)
    reason = reading.text(message.get("diag")) or why or reading.text(message.get("bounce_description"))
    code = status_code(reason)
    bounce = None
    if kind is EventKind.BOUNCED:
        bounce = judged(_BOUNCES.get(name) or _REJECTED.get(why, Bounce.BLOCK), code, reason)
    yield Event(kind, own, token, recipient, at, bounce, code, reason)
    if name == "reject" and why in _BEFORE:
        yield Event(_BEFORE[why], f"{own}+", token, recipient, at, told_again=True)
