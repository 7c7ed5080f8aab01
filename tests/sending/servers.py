"""A server on loopback for every kind of provider, and providers that call them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.postmark import Postmark
from newsletter.sending.providers.resend import Resend
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.sending.providers.smtp import Smtp
from tests.sending import (
    brevo_server,
    mailgun_server,
    mailjet_server,
    postmark_server,
    resend_server,
    sendgrid_server,
    ses_server,
    smtp_server,
)
from tests.sending.mail_server import MailServer

SERVERS: Mapping[str, type[MailServer]] = {
    "resend": resend_server.ResendServer,
    "brevo": brevo_server.BrevoServer,
    "mailgun": mailgun_server.MailgunServer,
    "mailjet": mailjet_server.MailjetServer,
    "postmark": postmark_server.PostmarkServer,
    "sendgrid": sendgrid_server.SendGridServer,
    "ses": ses_server.SesServer,
    "smtp": smtp_server.SmtpServer,
}
_PROVIDERS: Mapping[str, Callable[[str], Any]] = {
    "resend": lambda url: Resend("main", url, resend_server.API_KEY),
    "brevo": lambda url: Brevo("main", url, brevo_server.API_KEY),
    "mailgun": lambda url: Mailgun("main", url, mailgun_server.DOMAIN, mailgun_server.API_KEY),
    "mailjet": mailjet_server.provider,
    "postmark": lambda url: Postmark("main", url, postmark_server.API_KEY),
    "sendgrid": lambda url: SendGrid("main", url, sendgrid_server.API_KEY),
    "ses": ses_server.provider,
    "smtp": lambda url: Smtp("main", url, "never"),
}


def provider(kind: str, url: str, **able: Any) -> Any:
    """Return a provider that calls a server of its kind, with other capabilities than usual where some are given."""
    usual = _PROVIDERS[kind](url)
    return replace(usual, capabilities=replace(usual.capabilities, **able))
