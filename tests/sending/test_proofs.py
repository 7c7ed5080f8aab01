"""Proofs to the team."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from newsletter import sending
from newsletter.errors import AudienceError, AuthenticationError, ProviderError
from newsletter.model.slot import Context, Slot
from newsletter.sending.providers.brevo import Brevo
from newsletter.sending.providers.mailgun import Mailgun
from newsletter.sending.providers.outbox import Outbox
from newsletter.sending.providers.resend import CAPABILITIES, Resend
from newsletter.store import read_delivery_id, schema, signing_keys
from tests.sending import brevo_server, mailgun_server
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer

TEAM = ["anna@example.org", "ben@example.org"]


def test_a_proof_is_marked_and_otherwise_what_readers_get(tmp_path: Path) -> None:
    """Same writer, same provider; a sample name in its slots; kept apart from the issue."""
    edition = make.edition(subject=make.slotted(Context.HEADER, "For ", Slot("first_name", "you"), ""))
    tokens = sending.proof(
        Outbox("outbox", tmp_path), edition, make.ENVELOPE, TEAM[:1], name="Anna Muster", now=make.NOW
    )
    (file,) = (tmp_path / "2024-07-proof").iterdir()
    recipient = make.ENVELOPE.recipient(tokens[0], TEAM[0], "Anna Muster")
    subject = make.slotted(Context.HEADER, "[Proof] For ", Slot("first_name", "you"), "")
    assert file.name == f"{tokens[0]}.eml"
    marked = replace(edition, subject=subject, issue="2024-07-proof")
    assert file.read_bytes() == sending.compose(marked, make.ENVELOPE, recipient, make.NOW)
    assert b"Subject: [Proof] For Anna\r\n" in file.read_bytes()


def test_a_proof_unsubscribes_nobody_and_is_in_no_ledger(tmp_path: Path) -> None:
    """Its links carry an id that no key has signed."""
    with make.database(tmp_path) as database:
        keys = signing_keys(database, now=make.NOW).all
        (token,) = sending.proof(Outbox("outbox", tmp_path), make.edition(), make.ENVELOPE, TEAM[:1], now=make.NOW)
        assert token.startswith("proof-")
        assert read_delivery_id(token, keys) is None
        with database.reading() as connection:
            assert connection.execute(select(schema.mailings)).all() == []


def test_a_proof_goes_through_the_real_provider() -> None:
    """In as few calls as it can; a second proof is another message."""
    with serving(ResendServer()) as server:
        provider = Resend("main", server.url, API_KEY, replace(CAPABILITIES, max_recipients=2))
        for minute in (0, 1):
            now = make.NOW + dt.timedelta(minutes=minute)
            sending.proof(provider, make.edition(), make.ENVELOPE, [*TEAM, "cleo@example.org"], now=now)
    assert server.accepted == dict.fromkeys([*TEAM, "cleo@example.org"], 2)
    assert len(server.calls) == 4
    assert json.loads(server.calls[0]["body"])[0]["subject"] == "[Proof] Border communities"


def test_what_is_wrong_is_told() -> None:
    """The address, the key, or what the provider says."""
    with serving(ResendServer(bad={"ben@example.org"})) as server:
        provider = Resend("main", server.url, API_KEY)
        with pytest.raises(AudienceError, match="'nobody' is not an address"):
            sending.proof(provider, make.edition(), make.ENVELOPE, ["nobody"], now=make.NOW)
        with pytest.raises(AuthenticationError):
            sending.proof(replace(provider, api_key="re_other"), make.edition(), make.ENVELOPE, TEAM, now=make.NOW)
        with pytest.raises(ProviderError) as caught:
            sending.proof(provider, make.edition(), make.ENVELOPE, ["ben@example.org"], now=make.NOW)
    assert (caught.value.message, caught.value.why) == (
        "the proof to ben@example.org was not taken",
        "Invalid `to` field",
    )


def test_a_proof_goes_out_by_as_many_calls_as_the_text_needs() -> None:
    """Mailgun takes one reader a call where the text has its variables."""
    text = make.slotted(Context.PLAIN, "Write %recipient.name%.\n")
    with serving(mailgun_server.MailgunServer()) as server:
        provider = Mailgun("main", server.url, mailgun_server.DOMAIN, mailgun_server.API_KEY)
        sending.proof(provider, make.edition(text=text), make.ENVELOPE, TEAM, now=make.NOW)
    assert (server.accepted, server.sends) == (dict.fromkeys(TEAM, 1), 2)


def test_after_a_refused_key_the_proof_is_sent_again() -> None:
    """Nothing waits to be resumed, as a mailing would."""
    with serving(brevo_server.BrevoServer()) as server, pytest.raises(AuthenticationError) as caught:
        sending.proof(Brevo("main", server.url, "another"), make.edition(), make.ENVELOPE, TEAM, now=make.NOW)
    assert caught.value.fix.endswith("; then send the proof again")
    assert "resume" not in caught.value.fix
