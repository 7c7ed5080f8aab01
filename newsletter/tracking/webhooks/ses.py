"""Amazon SES: events as messages of Amazon SNS, signed with RSA; the certificate comes from Amazon alone.

https://docs.aws.amazon.com/sns/latest/dg/sns-verify-signature-of-message.html and, for what is in a message,
https://docs.aws.amazon.com/ses/latest/dg/event-publishing-retrieving-sns-contents.html
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.failure_codes import of_amazon, status_code
from newsletter.tracking.webhooks import reading
from newsletter.tracking.webhooks.contract import (
    Call,
    CertificateNeeded,
    Keys,
    Need,
    Told,
    Unreadable,
    Unverified,
    read_json,
    read_unproved,
)
from newsletter.tracking.webhooks.signing import check_age, check_rsa, check_rsa_key, from_base64, sign_rsa

# An address that merely ends in amazonaws.com may be anybody's bucket. No query, no port, no user, no other folder.
_CERTIFICATE = re.compile(r"https://sns\.[a-z0-9-]{3,}\.amazonaws\.com(\.cn)?/[A-Za-z0-9._-]+\.pem")
REHEARSAL = "https://sns.rehearsal.amazonaws.com/rehearsal.pem"
"""Where rehearsed messages say that their certificate is; the settings name the key, and nothing is fetched."""
NOTIFICATION, CONFIRMATION, GOODBYE = "Notification", "SubscriptionConfirmation", "UnsubscribeConfirmation"
_SIGNED = {
    NOTIFICATION: ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    CONFIRMATION: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
    GOODBYE: ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"),
}
_KINDS = {
    "send": EventKind.ACCEPTED,
    "delivery": EventKind.DELIVERED,
    "deliverydelay": EventKind.DEFERRED,
    "bounce": EventKind.BOUNCED,
    "reject": EventKind.BOUNCED,
    "rendering failure": EventKind.BOUNCED,
    "complaint": EventKind.COMPLAINED,
    "subscription": EventKind.UNSUBSCRIBED,
    "open": EventKind.OPENED,
    "click": EventKind.CLICKED,
}


class Ses:
    """Verifies and parses what Amazon SNS posts for Amazon SES."""

    needs = Need.TOPICS
    # It repeats a message for at most an hour, with the time at which it was published.
    tolerance = timedelta(hours=1, minutes=5)

    def check_secret(self, secret: str) -> None:
        """Raise ValueError for what is no certificate or public key, by which rehearsed messages are verified."""
        check_rsa_key(secret)

    def verify(self, call: Call, keys: Keys, now: datetime) -> str:
        """Return the message's id; raise Unverified or CertificateNeeded."""
        message = _message(call.body)
        names = _SIGNED.get(str(message.get("Type")))
        version = reading.text(message.get("SignatureVersion"))
        if names is None or version not in {"1", "2"}:
            raise Unverified("it is no message of Amazon SNS")
        # A valid signature says that Amazon sent it, not for whom: anybody may have a topic.
        if message.get("TopicArn") not in keys.topics:
            raise Unverified(f"the topic is not among those in the settings: {reading.text(message.get('TopicArn'))}")
        values = {name: message[name] for name in names if message.get(name) is not None}
        if not all(isinstance(value, str) for value in values.values()):
            raise Unverified("it is no message of Amazon SNS")
        signed_at = reading.moment(message.get("Timestamp"))
        if signed_at is None or not reading.text(message.get("MessageId")):
            raise Unverified("it has no time or no id")
        check_age(signed_at.timestamp(), self.tolerance, now)
        content = "".join(f"{name}\n{value}\n" for name, value in values.items()).encode("utf-8", "surrogatepass")
        signature = from_base64(str(message.get("Signature")))
        _check(message.get("SigningCertURL"), keys, signature, content, version)
        return reading.key(message["MessageId"])

    def read(self, body: bytes) -> Any:
        """Return the message."""
        return read_json(body)

    def parse(self, content: Any, key: str) -> Iterable[Event]:
        """Return the events; none for a message about the subscription itself."""
        message = reading.mapping(content)
        if message.get("Type") != NOTIFICATION:
            return
        told = reading.embedded(message.get("Message"))
        if not isinstance(told, dict):
            yield reading.other({"message": reading.text(told)}, key, at=reading.moment(message.get("Timestamp")))
            return
        yield from _events(told, key, reading.moment(message.get("Timestamp")))

    def rehearse(self, told: Told, url: str, secret: str) -> Call:
        """Return a call as Amazon SNS would make it; `secret` is the private key."""
        message = {
            "Type": NOTIFICATION,
            "MessageId": told.event.key,
            "TopicArn": told.topic,
            "Message": json.dumps(_rehearsed(told)),
            "Timestamp": told.now.isoformat(),
            "SignatureVersion": "2",
        }
        content = "".join(f"{name}\n{message[name]}\n" for name in _SIGNED[NOTIFICATION] if name in message)
        message |= {
            "Signature": base64.b64encode(sign_rsa(secret, content.encode())).decode(),
            "SigningCertURL": REHEARSAL,
        }
        return Call(url, {"content-type": "text/plain; charset=UTF-8"}, json.dumps(message).encode())


def _message(body: bytes) -> Mapping[str, Any]:
    try:
        return reading.mapping(read_unproved(body))
    except Unreadable:
        raise Unverified("it is no message of Amazon SNS") from None


def _check(url: Any, keys: Keys, signature: bytes, content: bytes, version: str) -> None:
    if not isinstance(url, str) or not _CERTIFICATE.fullmatch(url):
        raise Unverified(f"its certificate does not come from Amazon: {reading.text(url)}")
    if url == REHEARSAL:
        if not keys.secrets:
            raise Unverified("it is a rehearsal, for which the settings name no key (webhook_secret_file)")
        check_rsa(keys.secrets[0].encode(), signature, content, version=version)
        return
    if url not in keys.certificates:
        raise CertificateNeeded(url)
    check_rsa(keys.certificates[url], signature, content, version=version)


def _events(told: Mapping[str, Any], key: str, published: datetime | None) -> Iterable[Event]:
    name = reading.text(told.get("eventType") or told.get("notificationType"))
    mail = reading.mapping(told.get("mail"))
    token = _token(mail)
    part = reading.mapping(told.get(name[:1].lower() + name[1:]) or told.get("failure"))
    at = reading.moment(part.get("timestamp")) or published
    kind = _KINDS.get(name.lower())
    if (
        kind is None
        or (kind is EventKind.UNSUBSCRIBED and not _left(part))
        or (kind is EventKind.COMPLAINED and part.get("complaintFeedbackType") == "not-spam")
    ):
        yield reading.other(told, key, at=at, delivery=token)
        return
    people = _people(kind, mail, part)
    for number, (recipient, said) in enumerate(people):
        # Without a VERP address each delivery is a message of its own; several recipients share no delivery id.
        own = key if number == 0 else reading.key(str(number), key)
        mine = token if len(people) == 1 else ""
        if kind is not EventKind.BOUNCED:
            reason = said if kind is EventKind.DEFERRED else ""
            link = reading.followed(kind, part.get("link"))
            yield Event(kind, own, mine, recipient, at, code=status_code(reason), reason=reason, link=link)
            continue
        code = status_code(said)
        yield Event(kind, own, mine, recipient, at, _bounce(name, part, code, said), code, said)


def _people(kind: EventKind, mail: Mapping[str, Any], part: Mapping[str, Any]) -> list[tuple[str, str]]:
    names = {
        EventKind.BOUNCED: "bouncedRecipients",
        EventKind.COMPLAINED: "complainedRecipients",
        EventKind.DEFERRED: "delayedRecipients",
        EventKind.DELIVERED: "recipients",
    }
    listed = part.get(names.get(kind, "")) or mail.get("destination") or [""]
    general = reading.text(part.get("reason") or part.get("errorMessage") or part.get("bounceSubType"))
    return [
        (
            reading.text(reading.mapping(person).get("emailAddress") if isinstance(person, dict) else person),
            reading.text(reading.mapping(person).get("diagnosticCode") or reading.mapping(person).get("status"))
            or general,
        )
        for person in reading.items(listed)
    ] or [("", general)]


def _bounce(name: str, part: Mapping[str, Any], code: str, said: str) -> Bounce:
    if name.lower() != "bounce":
        return Bounce.BLOCK
    return of_amazon(reading.text(part.get("bounceType")), reading.text(part.get("bounceSubType")), code, said)


def _left(part: Mapping[str, Any]) -> bool:
    wishes = reading.mapping(part.get("newTopicPreferences"))
    return wishes.get("unsubscribeAll") is True


def _token(mail: Mapping[str, Any]) -> str:
    """Return the tag `delivery`; notifications of an identity have no tags, but may have the message's headers."""
    tagged = reading.delivery(reading.mapping(mail.get("tags")).get("delivery"))
    if tagged:
        return tagged
    leave = (
        header.get("value")
        for header in reading.objects(mail.get("headers"))
        if reading.text(header.get("name")).lower() == "list-unsubscribe"
    )
    return next(filter(None, map(reading.delivery_in_link, leave)), "")


def _rehearsed(told: Told) -> dict[str, Any]:
    event, time = told.event, told.now.isoformat()
    names = {
        EventKind.ACCEPTED: "Send",
        EventKind.DELIVERED: "Delivery",
        EventKind.DEFERRED: "DeliveryDelay",
        EventKind.BOUNCED: "Bounce",
        EventKind.COMPLAINED: "Complaint",
        EventKind.UNSUBSCRIBED: "Subscription",
        EventKind.OPENED: "Open",
        EventKind.CLICKED: "Click",
    }
    name = names[event.kind]
    person = {"emailAddress": event.recipient, "diagnosticCode": event.reason}
    part: dict[str, Any] = {"timestamp": time} | ({"link": event.link} if event.link else {})
    if event.bounce:
        kinds = {Bounce.HARD: ("Permanent", "General"), Bounce.SOFT: ("Transient", "MailboxFull")}
        kind, subtype = kinds.get(event.bounce, ("Transient", "ContentRejected"))
        part |= {"bounceType": kind, "bounceSubType": subtype, "bouncedRecipients": [person]}
    elif event.kind is EventKind.DEFERRED:
        part["delayedRecipients"] = [person]
    elif event.kind is EventKind.COMPLAINED:
        part |= {"complaintFeedbackType": "abuse", "complainedRecipients": [person]}
    elif event.kind is EventKind.DELIVERED:
        part["recipients"] = [event.recipient]
    elif event.kind is EventKind.UNSUBSCRIBED:
        part["newTopicPreferences"] = {"unsubscribeAll": True}
    mail = {"messageId": told.message_id, "destination": [event.recipient], "tags": {"delivery": [event.delivery]}}
    return {"eventType": name, "mail": mail, name[:1].lower() + name[1:]: part}
