"""What providers call a bounce, and what is made of it."""

from __future__ import annotations

import json
from typing import Any

import pytest

from newsletter.model.event import Bounce
from newsletter.tracking.webhooks import KINDS


def bounce(kind: str, content: Any) -> Bounce | None:
    """Return how a provider's only event is taken."""
    (event,) = KINDS[kind].parse(content, "key")
    return event.bounce


@pytest.mark.parametrize(
    ("reason", "code", "said", "wanted"),
    [
        ("bounce", 550, "5.1.1 The email account that you tried to reach does not exist.", Bounce.HARD),
        ("suppress-bounce", 605, "Not delivering to previously bounced address", Bounce.HARD),
        ("generic", 550, "no such user", Bounce.HARD),
        ("generic", 498, "No MX for example.org", Bounce.SOFT),
        ("generic", 554, "Transaction failed", Bounce.SOFT),
        ("generic", 552, "Message size exceeds fixed maximum message size", Bounce.BLOCK),
        ("generic", 550, "Administrative prohibition", Bounce.BLOCK),
    ],
)
def test_a_generic_failure_of_mailgun_is_judged_by_what_the_server_said(
    reason: str, code: int, said: str, wanted: Bounce
) -> None:
    """Mailgun itself does not take the address for dead."""
    status = {"code": code, "message": said}
    event = {"event": "failed", "severity": "permanent", "reason": reason, "id": "x", "delivery-status": status}
    assert bounce("mailgun", {"event-data": event}) is wanted


@pytest.mark.parametrize(
    ("status", "wanted"),
    [
        ({"code": 550, "bounce-code": "5.1.1", "message": "smtp; not found"}, Bounce.HARD),
        ({"code": 550, "bounce-code": "5.2.2", "message": "smtp; no more messages"}, Bounce.SOFT),
        ({"code": 550, "bounce-code": "5.4.14", "message": "smtp; too far"}, Bounce.SOFT),
        ({"code": 550, "bounce-code": "5.7.1", "message": "smtp; no"}, Bounce.BLOCK),
        ({"code": 550, "bounce-type": "hard", "message": "no"}, Bounce.HARD),
        ({"code": 550, "bounce-type": "soft", "message": "no"}, Bounce.SOFT),
    ],
)
def test_what_comes_back_to_mailgun_later_has_its_code_elsewhere(status: dict[str, Any], wanted: Bounce) -> None:
    """`bounce-code` where `flags` say `is-delayed-bounce`; and `bounce-type` is Mailgun's own judgement."""
    event = {"event": "failed", "severity": "permanent", "reason": "bounce", "id": "x", "delivery-status": status}
    assert bounce("mailgun", {"event-data": event}) is wanted


@pytest.mark.parametrize(
    ("classified", "said", "wanted"),
    [
        ("Invalid Address", "500 unknown recipient", Bounce.HARD),
        ("Mailbox Unavailable", "550 mailbox unavailable", Bounce.HARD),
        ("Unclassified", "550 no", Bounce.HARD),
        ("Reputation", "550 Access denied, bad reverse lookup", Bounce.BLOCK),
        ("Content", "554 Message rejected", Bounce.BLOCK),
        ("Technical", "unable to get mx info: failed to get IPs from PTR record", Bounce.SOFT),
        ("Technical Failure", "unable to get mx info", Bounce.SOFT),
        ("Frequency/Volume", "550 too much", Bounce.SOFT),
        ("Frequency or Volume Too High", "550 too much", Bounce.SOFT),
    ],
)
def test_sendgrid_says_of_which_class_a_bounce_is(classified: str, said: str, wanted: Bounce) -> None:
    """The sender's reputation is no dead address."""
    event = {"event": "bounce", "type": "bounce", "status": "5.0.0", "reason": said}
    assert bounce("sendgrid", [event | {"bounce_classification": classified}]) is wanted


@pytest.mark.parametrize(
    ("status", "wanted"), [("5.1.1", Bounce.HARD), ("5.7.1", Bounce.BLOCK), ("5.2.2", Bounce.SOFT)]
)
def test_without_a_diagnosis_of_amazon_the_status_counts(status: str, wanted: Bounce) -> None:
    """Both are optional in its notifications."""
    person = {"emailAddress": "anna@example.org", "action": "failed", "status": status}
    told = {"bounceType": "Permanent", "bounceSubType": "General", "bouncedRecipients": [person]}
    message = {"notificationType": "Bounce", "bounce": told, "mail": {"destination": ["anna@example.org"]}}
    assert bounce("ses", {"Type": "Notification", "Message": json.dumps(message)}) is wanted


ADVICE = (
    "The recipient's email provider sent a hard bounce message. Sending messages to such addresses can have a negative "
    "impact on your reputation as a sender."
)


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ({"type": "Permanent", "subType": "General"}, Bounce.HARD),
        ({"type": "Permanent", "subType": "General", "diagnosticCode": ["smtp; 550 5.7.1 no"]}, Bounce.BLOCK),
        ({"type": "Transient", "subType": "General"}, Bounce.SOFT),
    ],
)
def test_the_advice_of_resend_is_no_word_of_a_server(told: dict[str, Any], wanted: Bounce) -> None:
    """It speaks of the sender's reputation wherever an address is dead."""
    assert bounce("resend", {"type": "email.bounced", "data": {"bounce": told | {"message": ADVICE}}}) is wanted
