"""The kinds of webhooks, one file and one line each; the contract suite tests whatever stands here."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.tracking.webhooks.brevo import Brevo
from newsletter.tracking.webhooks.contract import (
    Call,
    CertificateNeeded,
    Keys,
    Told,
    Unreadable,
    Unverified,
    Webhook,
)
from newsletter.tracking.webhooks.mailgun import Mailgun
from newsletter.tracking.webhooks.mailjet import Mailjet
from newsletter.tracking.webhooks.mailtrap import Mailtrap
from newsletter.tracking.webhooks.mandrill import Mandrill
from newsletter.tracking.webhooks.postmark import Postmark
from newsletter.tracking.webhooks.resend import Resend
from newsletter.tracking.webhooks.sendgrid import SendGrid
from newsletter.tracking.webhooks.ses import Ses

__all__ = ["KINDS", "Call", "CertificateNeeded", "Keys", "Told", "Unreadable", "Unverified"]

KINDS: Mapping[str, Webhook] = {
    "resend": Resend(),
    "mailgun": Mailgun(),
    "postmark": Postmark(),
    "ses": Ses(),
    "sendgrid": SendGrid(),
    "brevo": Brevo(),
    "mailjet": Mailjet(),
    "mailtrap": Mailtrap(),
    "mandrill": Mandrill(),
}
