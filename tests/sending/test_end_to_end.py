"""Whole mailings over each provider, through the executor, while its server breaks in every way it can.

Nobody twice, nobody forgotten: the server's own log is the judge, and the totals agree with it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import NewsletterError
from newsletter.model.mailing import Totals
from newsletter.sending import Patience, Provider
from newsletter.sending.providers.brevo import CAPABILITIES as BREVO
from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.mailgun import CAPABILITIES as MAILGUN
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.mailjet import CAPABILITIES as MAILJET
from newsletter.sending.providers.postmark import CAPABILITIES as POSTMARK
from newsletter.sending.providers.postmark import Postmark
from newsletter.sending.providers.resend import CAPABILITIES as RESEND
from newsletter.sending.providers.resend import Resend
from newsletter.sending.providers.sendgrid import CAPABILITIES as SENDGRID
from newsletter.sending.providers.sendgrid import SendGrid
from newsletter.sending.providers.ses import CAPABILITIES as SES
from newsletter.sending.providers.smtp import CAPABILITIES as SMTP
from newsletter.sending.providers.smtp import Smtp
from tests.sending import (
    brevo_server,
    mailgun_server,
    mailjet_server,
    postmark_server,
    resend_server,
    sendgrid_server,
    ses_server,
)
from tests.sending import making as make
from tests.sending.brevo_server import BrevoServer
from tests.sending.crashing import WITHOUT_EVIDENCE
from tests.sending.mail_server import MailServer, faults, serving
from tests.sending.mailgun_server import MailgunServer
from tests.sending.mailjet_server import MailjetServer
from tests.sending.postmark_server import PostmarkServer
from tests.sending.resend_server import ResendServer
from tests.sending.sendgrid_server import SendGridServer
from tests.sending.ses_server import SesServer
from tests.sending.smtp_server import SmtpServer

READERS = 400
BAD = {"reader0123@example.org", "reader0124@example.org"}
ABLE: dict[str, Any] = {"max_recipients": 10, "in_flight": 3, "calls_per_second": None}
SOON = timedelta(milliseconds=50)
EVERYTHING = (
    "reset before:0.03,lost:0.03,reset after:0.03,truncated:0.03,500 after:0.03,500 before:0.03,html:0.03,bomb:0.005,"
    "packed:0.03,429:0.03,shuffled:0.03,missing:0.03"
)
ON_THE_WAY = "reset before:0.02,lost:0.02,reset after:0.02,451:0.02,garbage:0.01,100=429"
HELD = (
    "reset before:0.05,429:0.05,packed:0.05,lost:0.01,reset after:0.01,truncated:0.01,500 after:0.01,html:0.01,"
    "missing:0.01"
)
SENDERS: dict[str, tuple[type[MailServer], str, Callable[[str], Provider]]] = {
    "resend": (
        ResendServer,
        EVERYTHING,
        lambda url: Resend("main", url, resend_server.API_KEY, replace(RESEND, **ABLE)),
    ),
    "brevo": (
        BrevoServer,
        EVERYTHING,
        lambda url: Brevo("main", url, brevo_server.API_KEY, capabilities=replace(BREVO, **ABLE)),
    ),
    "mailgun": (
        MailgunServer,
        EVERYTHING,
        lambda url: Mailgun(
            "main",
            url,
            mailgun_server.DOMAIN,
            mailgun_server.API_KEY,
            capabilities=replace(MAILGUN, settle=SOON, **ABLE),
        ),
    ),
    "mailjet": (
        MailjetServer,
        EVERYTHING,
        lambda url: mailjet_server.provider(url, replace(MAILJET, settle=SOON, **ABLE)),
    ),
    "postmark": (
        PostmarkServer,
        EVERYTHING,
        lambda url: Postmark("main", url, postmark_server.API_KEY, capabilities=replace(POSTMARK, settle=SOON, **ABLE)),
    ),
    "postmark bulk": (
        PostmarkServer,
        EVERYTHING.replace(",shuffled:0.03,missing:0.03", ""),
        lambda url: Postmark(
            "main",
            url,
            postmark_server.API_KEY,
            bulk=True,
            capabilities=replace(POSTMARK, settle=SOON, **ABLE),
        ),
    ),
    "sendgrid": (
        SendGridServer,
        "reset before:0.03,lost:0.03,reset after:0.03,500 after:0.02,429:0.03",
        lambda url: SendGrid("main", url, sendgrid_server.API_KEY, capabilities=replace(SENDGRID, **ABLE)),
    ),
    "ses": (
        SesServer,
        HELD,
        lambda url: ses_server.provider(url, replace(SES, recipients_per_second=None, **ABLE)),
    ),
    "smtp": (
        SmtpServer,
        ON_THE_WAY,
        lambda url: Smtp("main", url, "never", capabilities=replace(SMTP, **ABLE)),
    ),
}


def send(server: MailServer, kind: str, folder: Path) -> Totals:
    """Send to all readers, going on after every pause; return the totals."""
    provider = SENDERS[kind][2](server.url)
    patience = Patience(first=0.01, longest=0.05, failures=50, throttled=200)
    with make.database(folder) as database:
        make.subscribe(database, make.addresses(READERS))
        mailing = make.start(database, provider, expect=READERS, now=sending.delivering.clock())
        for _ in range(10):
            try:
                sending.deliver(database, mailing, provider, patience=patience)
            except NewsletterError:
                if sending.status(database, "2024-07").mailing.state != "paused":
                    break
                mailing = sending.resume(database, "2024-07")
            else:
                break
        return sending.status(database, "2024-07").totals


@pytest.mark.parametrize("kind", SENDERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_breaks_nobody_gets_it_twice_and_nobody_is_forgotten(kind: str, seed: int, tmp_path: Path) -> None:
    """What nobody can tell is held, and counted as such; only where the provider cannot be asked is anybody held."""
    server_kind, spec, _ = SENDERS[kind]
    server = server_kind(fault=faults(spec, seed), bad=BAD)
    with serving(server):
        totals = send(server, kind, tmp_path)
    assert server.deliveries == Counter(dict.fromkeys(server.deliveries, 1)), "somebody got it twice"
    assert totals.candidates == READERS
    rejected = len(BAD)
    assert (totals.pending, totals.claimed, totals.suppressed) == (0, 0, 0)
    if kind in WITHOUT_EVIDENCE:
        # Rejected, or in doubt for good.
        assert totals.accepted <= len(server.deliveries) <= totals.accepted + totals.unknown
        assert totals.unknown < READERS / 5, "only what broke off after the last byte is in doubt, and few beside it"
        assert totals.rejected <= rejected
    else:
        assert totals == Totals(accepted=READERS - rejected, rejected=rejected)
        assert len(server.deliveries) == READERS - rejected
