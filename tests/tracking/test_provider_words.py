"""What providers call the things that happen to a message, by their documentation, and what is made of it."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from newsletter.tracking.webhooks import KINDS

POSTMARK = {
    "HardBounce": "bounced hard",
    "BadEmailAddress": "bounced hard",
    "SoftBounce": "bounced soft",
    "Blocked": "bounced block",
    "SpamNotification": "bounced block",
    "VirusNotification": "bounced block",
    "DMARCPolicy": "bounced block",
    "ManuallyDeactivated": "bounced block",
    "Unconfirmed": "bounced block",
    "SMTPApiError": "bounced block",
    "TemplateRenderingFailed": "bounced block",
    "Transient": "deferred",
    "DnsError": "deferred",
    "SpamComplaint": "complained",
    "Unsubscribe": "unsubscribed",
    "Subscribe": "other",
    "AutoResponder": "other",
    "AddressChange": "other",
    "ChallengeVerification": "other",
    "OpenRelayTest": "other",
    "Unknown": "other",
}
BREVO = {
    "request": "accepted",
    "deferred": "deferred",
    "delivered": "delivered",
    "hard_bounce": "bounced hard",
    "invalid_email": "bounced hard",
    "soft_bounce": "bounced soft",
    "blocked": "bounced block",
    "error": "bounced block",
    "spam": "complained",
    "complaint": "complained",
    "unsubscribed": "unsubscribed",
    "unsubscribe": "unsubscribed",
    "opened": "opened",
    "unique_opened": "opened",
    "proxy_open": "opened by a machine",
    "unique_proxy_open": "opened by a machine",
    "click": "clicked",
    "list_addition": "other",
}
MAILTRAP = {
    "delivery": "delivered",
    "bounce": "bounced hard",
    "soft bounce": "bounced soft",
    "suspension": "bounced block",
    "reject": "bounced block",
    "spam": "complained",
    "unsubscribe": "unsubscribed",
    "open": "opened",
    "click": "clicked",
}
LISTED = "Recipient in suppression list. Reason: "
MAILJET = {
    "user unknown": "bounced hard",
    "mailbox inactive": "bounced hard",
    "invalid domain": "bounced hard",
    "no mail host": "bounced hard",
    "quota exceeded": "bounced soft",
    "connection issue": "bounced soft",
    "protocol issue": "bounced soft",
    "system issue": "bounced soft",
    "timeout": "bounced soft",
    "relay/access denied": "bounced block",
    "sender blocked": "bounced block",
    "content blocked": "bounced block",
    "policy issue": "bounced block",
    "preblocked": "bounced block",
}
SENDGRID = {
    "processed": "accepted",
    "deferred": "deferred",
    "delivered": "delivered",
    "spamreport": "complained",
    "unsubscribe": "unsubscribed",
    "group_unsubscribe": "unsubscribed",
    "open": "opened",
    "click": "clicked",
    "group_resubscribe": "other",
}
MAILGUN = {
    "accepted": "accepted",
    "delivered": "delivered",
    "complained": "complained",
    "unsubscribed": "unsubscribed",
    "opened": "opened",
    "clicked": "clicked",
    "rejected": "bounced block",
    "stored": "other",
}
MANDRILL = {
    "send": "accepted",
    "delivered": "delivered",
    "deferral": "deferred",
    "hard_bounce": "bounced hard",
    "soft_bounce": "bounced soft",
    "spam": "complained",
    "unsub": "unsubscribed",
    "open": "opened",
    "click": "clicked",
    "whitelist": "other",
}
RESEND = {
    "email.sent": "accepted",
    "email.delivered": "delivered",
    "email.delivery_delayed": "deferred",
    "email.failed": "bounced block",
    "email.suppressed": "bounced hard",
    "email.complained": "complained",
    "email.opened": "opened",
    "email.clicked": "clicked",
    "email.scheduled": "other",
}
RESEND_BOUNCES = {
    ("Permanent", "General"): "bounced hard",
    ("Transient", "MailboxFull"): "bounced soft",
    ("Undetermined", "Undetermined"): "bounced soft",
    ("Transient", "ContentRejected"): "bounced block",
    ("Transient", "AttachmentRejected"): "bounced block",
    ("Transient", "MessageTooLarge"): "bounced block",
    ("Permanent", "MessageRejected"): "bounced block",
    ("Permanent", "UnsubscribedRecipient"): "bounced block",
    ("Permanent", "OnAccountSuppressionList"): "bounced hard",
}
SES = {
    "Send": "accepted",
    "Delivery": "delivered",
    "DeliveryDelay": "deferred",
    "Reject": "bounced block",
    "Rendering Failure": "bounced block",
    "Complaint": "complained",
    "Open": "opened",
    "Click": "clicked",
    "Received": "other",
}


def told(kind: str, content: Any) -> list[str]:
    """Return in words what the events of a call say; no two may have the same key."""
    events = list(KINDS[kind].parse(content, "k" * 100))
    assert len({event.key for event in events}) == len(events)
    return [
        f"{event.kind} {event.bounce or ''}".strip()
        + (" by a machine" if event.by_machine else "")
        + (" before" if event.told_again else "")
        for event in events
    ]


def amazon(message: dict[str, Any]) -> dict[str, Any]:
    """Return a message of Amazon SES as Amazon SNS hands it on."""
    return {"Type": "Notification", "MessageId": "1", "Message": json.dumps(message)}


@pytest.mark.parametrize(
    ("kind", "content", "wanted"),
    [
        *(("postmark", {"RecordType": "Bounce", "ID": 1, "Type": name}, wanted) for name, wanted in POSTMARK.items()),
        ("postmark", {"RecordType": "Delivery"}, "delivered"),
        ("postmark", {"RecordType": "SpamComplaint", "ID": 1, "Type": "SpamComplaint"}, "complained"),
        ("postmark", {"RecordType": "Open"}, "opened"),
        ("postmark", {"RecordType": "Click"}, "clicked"),
        *(("brevo", {"event": name}, wanted) for name, wanted in BREVO.items()),
        *(("mailtrap", {"event": name}, wanted) for name, wanted in MAILTRAP.items()),
        *(
            ("mailjet", {"event": "bounce", "error": name, "hard_bounce": True}, wanted)
            for name, wanted in MAILJET.items()
        ),
        ("mailtrap", {"event": "reject", "reason": f"{LISTED}hard bounce"}, "bounced hard"),
        ("mailtrap", {"event": "reject", "reason": f"{LISTED}manual import"}, "bounced block"),
        ("mailtrap", {"event": "bounce", "response": "no", "bounce_category": "spam"}, "bounced block"),
        ("mailtrap", {"event": "bounce", "response": "5.1.1 no", "bounce_category": "spam"}, "bounced hard"),
        ("mailjet", {"event": "bounce", "error": "user unknown", "hard_bounce": False}, "bounced soft"),
        ("mailjet", {"event": "bounce", "error": "greylisted", "hard_bounce": False}, "deferred"),
        ("mailjet", {"event": "blocked", "error": "user unknown", "hard_bounce": True}, "bounced block"),
        ("mailjet", {"event": "blocked", "error": "duplicate in campaign"}, "accepted"),
        ("mailjet", {"event": "sent"}, "delivered"),
        ("mailjet", {"event": "spam"}, "complained"),
        ("mailjet", {"event": "unsub"}, "unsubscribed"),
        ("mailjet", {"event": "open"}, "opened"),
        ("mailjet", {"event": "click"}, "clicked"),
        *(("sendgrid", [{"event": name}], wanted) for name, wanted in SENDGRID.items()),
        ("sendgrid", [{"event": "open", "sg_machine_open": True}], "opened by a machine"),
        ("sendgrid", [{"event": "bounce", "type": "bounce"}], "bounced hard"),
        ("sendgrid", [{"event": "bounce", "type": "blocked"}], "bounced block"),
        ("sendgrid", [{"event": "bounce", "type": "expired"}], "bounced soft"),
        ("sendgrid", [{"event": "dropped", "reason": "Bounced Address"}], "bounced hard"),
        ("sendgrid", [{"event": "dropped", "reason": "Invalid"}], "bounced hard"),
        ("sendgrid", [{"event": "dropped", "reason": "Invalid SMTPAPI header"}], "bounced block"),
        *(("mailgun", {"event-data": {"event": name}}, wanted) for name, wanted in MAILGUN.items()),
        ("mailgun", {"event-data": {"event": "opened", "client-info": {"bot": "gmail"}}}, "opened by a machine"),
        ("mailgun", {"event-data": {"event": "failed", "severity": "temporary"}}, "deferred"),
        ("mailgun", {"event-data": {"event": "failed", "reason": "espblock"}}, "bounced block"),
        ("mailgun", {"event-data": {"event": "failed", "reason": "old"}}, "bounced soft"),
        ("mailgun", {"event-data": {"event": "failed", "reason": "greylisted"}}, "bounced soft"),
        *(("mandrill", [{"event": name}], wanted) for name, wanted in MANDRILL.items()),
        ("mandrill", [{"event": "reject", "msg": {"reject": {"reason": "hard-bounce"}}}], "bounced hard"),
        ("mandrill", [{"event": "reject", "msg": {"reject": {"reason": "invalid"}}}], "bounced hard"),
        ("mandrill", [{"event": "reject", "msg": {"reject": {"reason": "soft-bounce"}}}], "bounced soft"),
        ("mandrill", [{"event": "reject", "msg": {"reject": "custom"}}], "bounced block"),
        *(("resend", {"type": name}, wanted) for name, wanted in RESEND.items()),
        ("resend", {"type": "email.suppressed", "data": {"suppressed": {"reason": "previous_bounce"}}}, "bounced hard"),
        (
            "resend",
            {"type": "email.suppressed", "data": {"suppressed": {"type": "OnAccountSuppressionList", "message": "…"}}},
            "bounced hard",
        ),
        *(
            ("resend", {"type": "email.bounced", "data": {"bounce": {"type": name, "subType": detail}}}, wanted)
            for (name, detail), wanted in RESEND_BOUNCES.items()
        ),
        *(("ses", amazon({"eventType": name}), wanted) for name, wanted in SES.items()),
        *(
            ("ses", amazon({"eventType": "Bounce", "bounce": {"bounceType": name, "bounceSubType": detail}}), wanted)
            for (name, detail), wanted in RESEND_BOUNCES.items()
        ),
        (
            "ses",
            amazon({"eventType": "Subscription", "subscription": {"newTopicPreferences": {"unsubscribeAll": True}}}),
            "unsubscribed",
        ),
        (
            "ses",
            amazon({"eventType": "Subscription", "subscription": {"newTopicPreferences": {"unsubscribeAll": False}}}),
            "other",
        ),
        (
            "ses",
            amazon({"notificationType": "Complaint", "complaint": {"complaintFeedbackType": "not-spam"}}),
            "other",
        ),
    ],
)
def test_a_word_of_a_provider_is_taken_for_what_it_means(kind: str, content: Any, wanted: str) -> None:
    """Only a dead address is never written to again; the spelling is the provider's."""
    assert told(kind, content) == [wanted]


@pytest.mark.parametrize(
    ("kind", "content", "wanted"),
    [
        ("sendgrid", [{"event": "dropped", "reason": "Spam Reporting Address"}], "complained"),
        ("sendgrid", [{"event": "dropped", "reason": "Unsubscribed Address"}], "unsubscribed"),
        ("mailgun", {"event-data": {"event": "failed", "reason": "suppress-complaint"}}, "complained"),
        ("mailgun", {"event-data": {"event": "failed", "reason": "suppress-unsubscribe"}}, "unsubscribed"),
        (
            "resend",
            {"type": "email.suppressed", "data": {"suppressed": {"reason": "previous_complaint"}}},
            "complained",
        ),
        ("mailtrap", {"event": "reject", "reason": f"{LISTED}spam complaint"}, "complained"),
        ("mailtrap", {"event": "reject", "reason": f"{LISTED}unsubscription"}, "unsubscribed"),
        ("mandrill", [{"event": "reject", "msg": {"reject": {"reason": "spam"}}}], "complained"),
        ("mandrill", [{"event": "reject", "msg": {"reject": {"reason": "unsub"}}}], "unsubscribed"),
    ],
)
def test_what_a_reader_said_before_is_told_again_by_a_provider_that_keeps_from_trying(
    kind: str, content: Any, wanted: str
) -> None:
    """The message did not arrive, and the reader's own word counts here as well, if it was missed."""
    assert told(kind, content) == ["bounced block", f"{wanted} before"]


@pytest.mark.parametrize(
    ("reason", "origin", "suppressed", "wanted"),
    [
        ("HardBounce", "Recipient", True, "bounced hard"),
        ("SpamComplaint", "Recipient", True, "complained"),
        ("ManualSuppression", "Recipient", True, "unsubscribed"),
        ("ManualSuppression", "Customer", True, "other"),
        ("ManualSuppression", "Admin", True, "other"),
        ("ManualSuppression", "Recipient", False, "other"),
    ],
)
def test_a_change_of_postmarks_list_is_a_readers_wish_where_the_reader_made_it(
    reason: str, origin: str, suppressed: bool, wanted: str
) -> None:
    """Whoever is put on the list by the team, or taken off it, has not unsubscribed."""
    change = {"RecordType": "SubscriptionChange", "SuppressionReason": reason, "Origin": origin}
    assert told("postmark", change | {"SuppressSending": suppressed}) == [wanted]


@pytest.mark.parametrize(
    "times",
    [
        {"ts_epoch": 1604933654000, "ts_event": 1, "ts": 1},
        {"ts_epoch": 1604933654, "ts": 1},
        {"ts_event": 1604933654, "ts": 1604937254, "date": "2020-11-09 16:54:14"},
        {"ts_epoch": None, "ts_event": "1604933654"},
    ],
)
def test_when_something_happened_is_told_by_brevo_in_one_of_two_ways(times: dict[str, Any]) -> None:
    """Complaints have no `ts_epoch`; `ts` and `date` are in a zone that nobody names."""
    (event,) = KINDS["brevo"].parse({"event": "complaint", "email": "anna@example.org", **times}, "key")
    assert event.at == dt.datetime(2020, 11, 9, 14, 54, 14, tzinfo=dt.UTC)
