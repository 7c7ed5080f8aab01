"""Postmark: one event a call, unsigned; it repeats a secret by Basic authentication or in a header.

https://postmarkapp.com/developer/webhooks/webhooks-overview, bounce types:
https://postmarkapp.com/developer/api/bounce-api#bounce-types
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
    "Delivery": EventKind.DELIVERED,
    "Bounce": EventKind.BOUNCED,
    "SpamComplaint": EventKind.COMPLAINED,
    "Open": EventKind.OPENED,
    "Click": EventKind.CLICKED,
}
_TIMES = ("DeliveredAt", "BouncedAt", "ReceivedAt", "ChangedAt")
_BOUNCES = {
    "HardBounce": Bounce.HARD,
    "BadEmailAddress": Bounce.HARD,
    "SoftBounce": Bounce.SOFT,
    "Blocked": Bounce.BLOCK,
    "SpamNotification": Bounce.BLOCK,
    "VirusNotification": Bounce.BLOCK,
    "DMARCPolicy": Bounce.BLOCK,
    "ManuallyDeactivated": Bounce.BLOCK,
    "Unconfirmed": Bounce.BLOCK,
    "SMTPApiError": Bounce.BLOCK,
    "TemplateRenderingFailed": Bounce.BLOCK,
}
_DEFERRED = frozenset({"Transient", "DnsError"})
# By `Type` of a bounce or `SuppressionReason` of a change.
_OTHERWISE = {"SpamComplaint": EventKind.COMPLAINED, "Unsubscribe": EventKind.UNSUBSCRIBED}


class Postmark(SharedSecret):
    """Verifies and parses what Postmark posts."""

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the event."""
        told = reading.mapping(content)
        record, kind_of_bounce = reading.text(told.get("RecordType")), reading.text(told.get("Type"))
        at = reading.moment(next((told[name] for name in _TIMES if told.get(name)), None))
        token = reading.delivery(reading.mapping(told.get("Metadata")).get("delivery"))
        recipient = reading.text(told.get("Recipient") or told.get("Email"))
        # Only bounces and complaints have an id.
        own = reading.key(told["ID"], record, kind_of_bounce) if reading.text(told.get("ID")) else key
        kind = _change(told) if record == "SubscriptionChange" else _KINDS.get(record)
        reason = reading.text(told.get("Details") or told.get("Description") or told.get("SuppressionReason"))
        code = status_code(reason)
        bounce = None
        if record == "Bounce":
            bounce = _BOUNCES.get(kind_of_bounce)
            if bounce is None:
                kind = EventKind.DEFERRED if kind_of_bounce in _DEFERRED else _OTHERWISE.get(kind_of_bounce)
        elif kind is EventKind.BOUNCED:
            bounce = Bounce.HARD
        if kind is None:
            yield reading.other(content, own, at=at, delivery=token)
            return
        if kind not in {EventKind.BOUNCED, EventKind.DEFERRED}:
            code = reason = ""
        how = judged(bounce, code, reason) if bounce else None
        link = reading.followed(kind, told.get("OriginalLink"))
        yield Event(kind, own, token, recipient, at, how, code, reason, link=link)

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Postmark would make it."""
        event, time = told.event, told.now.isoformat()
        common = {"MessageID": told.message_id, "Metadata": {"delivery": event.delivery}, "MessageStream": "broadcast"}
        content: dict[str, Any]
        match event.kind:
            case EventKind.DELIVERED:
                content = {"RecordType": "Delivery", "Recipient": event.recipient, "DeliveredAt": time}
            case EventKind.BOUNCED | EventKind.DEFERRED:
                names = {Bounce.HARD: "HardBounce", Bounce.SOFT: "SoftBounce", Bounce.BLOCK: "Blocked"}
                content = {"RecordType": "Bounce", "Email": event.recipient, "BouncedAt": time, "Details": event.reason}
                content["Type"] = names[event.bounce] if event.bounce else "Transient"
            case EventKind.COMPLAINED:
                content = {"RecordType": "SpamComplaint", "Email": event.recipient, "BouncedAt": time}
                content["Type"] = "SpamComplaint"
            case EventKind.UNSUBSCRIBED:
                content = {"RecordType": "SubscriptionChange", "Recipient": event.recipient, "ChangedAt": time}
                content |= {"SuppressSending": True, "SuppressionReason": "ManualSuppression", "Origin": "Recipient"}
            case EventKind.OPENED | EventKind.CLICKED:
                record = "Open" if event.kind is EventKind.OPENED else "Click"
                content = {"RecordType": record, "Recipient": event.recipient, "ReceivedAt": time}
                content |= {"OriginalLink": event.link} if event.link else {}
            case _:
                raise ValueError("Postmark has no such event")
        body = json.dumps(content | common).encode()
        return Call(url, {"content-type": "application/json", **basic(secret)}, body)


def _change(told: Mapping[str, Any]) -> EventKind | None:
    """Return what a change of Postmark's list of suppressions says of the reader."""
    if told.get("SuppressSending") is not True:
        return None
    reason = reading.text(told.get("SuppressionReason"))
    if reason == "HardBounce":
        return EventKind.BOUNCED
    if reason == "ManualSuppression" and reading.text(told.get("Origin")) == "Recipient":
        return EventKind.UNSUBSCRIBED
    return _OTHERWISE.get(reason)
