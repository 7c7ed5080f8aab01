"""Whole mailings over each provider, through the executor, while its server breaks in every way it can.

Nobody twice, nobody forgotten: the server's own log is the judge, and the totals agree with it.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import NewsletterError
from newsletter.model.mailing import Totals
from newsletter.sending import Patience
from newsletter.sending.providers import smtp
from newsletter.sending.run import clock
from tests.sending import making as make
from tests.sending.crashing import WITHOUT_EVIDENCE
from tests.sending.mail_server import faults, serving
from tests.sending.servers import SERVERS, provider

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
SENDERS: dict[str, tuple[str, dict[str, Any]]] = {
    "resend": (EVERYTHING, {}),
    "brevo": (EVERYTHING, {}),
    "mailgun": (EVERYTHING, {"settle": SOON}),
    "mailjet": (EVERYTHING, {"settle": SOON}),
    "postmark": (EVERYTHING, {"settle": SOON}),
    "postmark bulk": (EVERYTHING.replace(",shuffled:0.03,missing:0.03", ""), {"settle": SOON}),
    "sendgrid": ("reset before:0.03,lost:0.03,reset after:0.03,500 after:0.02,429:0.03", {}),
    "ses": (HELD, {"recipients_per_second": None}),
    "smtp": (ON_THE_WAY, {}),
}
"""What breaks, and what the provider can do in a hurry."""


def send(sender: Any, folder: Path) -> Totals:
    """Send to all readers, going on after every pause; return the totals."""
    patience = Patience(first=0.01, longest=0.05, failures=50, throttled=200)
    with make.database(folder) as database:
        make.subscribe(database, make.addresses(READERS))
        mailing = make.start(database, sender, expect=READERS, now=clock())
        for _ in range(10):
            try:
                sending.deliver(database, mailing, sender, patience=patience)
            except NewsletterError:
                if sending.status(database, "2024-07").mailing.state != "paused":
                    break
                mailing = sending.resume(database, "2024-07")
            else:
                break
        return sending.status(database, "2024-07").totals


@pytest.mark.parametrize("kind", SENDERS)
@pytest.mark.parametrize("seed", [1, 2])
def test_whatever_breaks_nobody_gets_it_twice_and_nobody_is_forgotten(
    kind: str, seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What nobody can tell is held, and counted as such; only where the provider cannot be asked is anybody held."""
    # For how long a mail server is left alone that has too much.
    monkeypatch.setattr(smtp, "_PAUSE", 0.5)
    name, _, bulk = kind.partition(" ")
    spec, able = SENDERS[kind]
    server = SERVERS[name](fault=faults(spec, seed), bad=BAD)
    with serving(server):
        sender = provider(name, server.url, **ABLE, **able)
        totals = send(replace(sender, bulk=True) if bulk else sender, tmp_path)
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
