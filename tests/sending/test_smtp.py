"""Mail servers: whole bodies, and what they say."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError
from newsletter.model.verp import bounce_address
from newsletter.sending.message import prepare
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    Because,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
)
from newsletter.sending.providers.smtp import Smtp
from tests.sending import making as make

SMTP = Smtp("main", "smtp://mail.example.org", "required", "me", "pass-word", "bounce@example.org")
ANNA, BEA, CARL = "dA" * 14, "dB" * 14, "dC" * 14


def readers(*addresses: str) -> Batch:
    """Return a batch."""
    tokens = (ANNA, BEA, CARL, *(f"d{number:027}" for number in range(20)))
    return Batch(
        "key",
        tuple(make.ENVELOPE.recipient(token, address, "") for token, address in zip(tokens, addresses, strict=False)),
    )


BATCH = readers("anna@example.org", "bea@bücher.example", "çarl@example.org")


def test_a_body_is_exactly_this() -> None:
    """Before each message its envelope: where bounces go names the delivery, in letters that survive small letters."""
    request = SMTP.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(BATCH)
    message = prepare(make.edition(), make.ENVELOPE, make.NOW, smtputf8=True)
    body = b""
    for reader, to in zip(
        BATCH.recipients, ("anna@example.org", "bea@xn--bcher-kva.example", "çarl@example.org"), strict=True
    ):
        content = message.compose(reader)
        head = f'{{"from":"{bounce_address("bounce@example.org", reader.delivery_id)}","to":"{to}",'
        body += head.encode() + f'"id":"{reader.delivery_id}","size":{len(content)}}}\r\n'.encode() + content
    assert request == WireRequest(
        "SEND",
        "smtp://mail.example.org",
        (("tls", "required"), ("username", "me"), ("password", "pass-word")),
        body,
    )
    assert b'"from":"bounce+oqdua5ahib2aoqdua5ahib2aoqdua5ahia@' in body
    assert "To: çarl@example.org\r\n".encode() in body
    assert "pass-word" not in f"{SMTP!r}{request!r}"


def test_without_a_mailbox_for_bounces_they_go_to_the_senders() -> None:
    """Whose address names the delivery as well, unless the server takes no such senders."""
    smtp = replace(SMTP, bounces="")
    body = smtp.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(BATCH).body
    assert f'{{"from":"{bounce_address("news@example.org", ANNA)}",'.encode() in body
    body = replace(smtp, verp=False).prepare(make.edition(), make.ENVELOPE, make.NOW).encode(BATCH).body
    assert body.count(b'{"from":"news@example.org",') == 3


def test_an_address_with_a_plus_stays_as_it_is() -> None:
    """A second one would not be read back."""
    body = replace(SMTP, bounces="a+b@example.org").prepare(make.edition(), make.ENVELOPE, make.NOW).encode(BATCH).body
    assert body.count(b'{"from":"a+b@example.org",') == 3


def test_proofs_come_back_to_the_mailbox_itself() -> None:
    """Their ids are no deliveries'."""
    batch = Batch("key", (make.ENVELOPE.recipient("proof-1", "anna@example.org", ""),))
    body = SMTP.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(batch).body
    assert body.startswith(b'{"from":"bounce@example.org","to":"anna@example.org","id":"proof-1",')


def told(state: str, code: int = 0, text: str = "", stage: str = "") -> dict[str, Any]:
    """Return what the transport says of a message."""
    return {"state": state, "stage": stage, "code": code, "text": text}


def decoded(*messages: Any) -> Verdict:
    """Return what a dialogue means."""
    return SMTP.decode(BATCH, WireResponse(200, {}, json.dumps({"messages": messages}).encode()))


OK = told("accepted", 250, "2.0.0 Ok: queued as 4F1A2", "end")


def test_each_message_has_its_own_outcome() -> None:
    """What was taken before a connection broke stays taken."""
    assert decoded(OK, told("unsure", 0, "Connection lost"), told("unsent", 0, "Connection lost")) == Verdict(
        (
            Accepted(ANNA, "2.0.0 Ok: queued as 4F1A2"),
            Unsure(BEA, "Connection lost"),
            NotTaken(CARL, "Connection lost"),
        )
    )


@pytest.mark.parametrize(
    ("stage", "code", "text", "certain"),
    [
        ("rcpt", 550, "5.1.1 <anna@example.org>: User unknown", True),
        ("rcpt", 550, "User unknown", True),
        ("rcpt", 552, "5.2.2 Mailbox full", True),
        ("rcpt", 550, "5.1.0 address rejected", False),
        ("rcpt", 556, "5.1.10 <anna@example.org>: Domain takes no mail", False),
        ("rcpt", 553, "5.6.7 the server takes no addresses with letters beyond ASCII", False),
        ("rcpt", 550, "5.7.1 recipient does not take mail from outside", False),
        ("end", 550, "5.1.1 no such user", False),
        ("rcpt", 554, "5.7.1 <police@example.org>: Recipient address rejected: Access denied", False),
        ("rcpt", 550, "<author@example.org> is unknown", False),
    ],
)
def test_what_is_the_recipients_alone_is_rejected(stage: str, code: int, text: str, certain: bool) -> None:
    """Also as the first of all; only some words leave no doubt."""
    verdict = decoded(told("refused", code, text, stage), *[told("unsent")] * 2)
    assert verdict.outcomes[0] == Rejected(ANNA, f"{code} {text}", certain)
    assert verdict.stop is None


@pytest.mark.parametrize(
    ("stage", "code", "text", "kind", "because"),
    [
        ("mail", 530, "5.7.0 Authentication required", AuthenticationError, "call"),
        ("rcpt", 535, "5.7.8 bad credentials", AuthenticationError, "call"),
        ("mail", 550, "5.7.1 Sender address rejected: not owned by user", ProviderError, "call"),
        ("rcpt", 550, "5.1.8 <news@example.org>: Sender address rejected: Domain not found", ProviderError, "call"),
        ("rcpt", 550, "5.1.0 <news@example.org> sender rejected", ProviderError, "call"),
        ("mail", 552, "5.3.4 message too big", ProviderError, "call"),
        ("rcpt", 554, "5.7.1 <anna@example.org>: Relay access denied", ProviderError, "call"),
        ("rcpt", 550, "5.7.26 unauthenticated sender, SPF and DKIM did not pass", ProviderError, "call"),
        ("rcpt", 550, "5.7.1 refused", ProviderError, "message"),
        ("rcpt", 554, "your client host is listed", ProviderError, "call"),
        ("end", 554, "5.7.1 looks like spam", ProviderError, "message"),
        ("end", 552, "5.3.4 too big", ProviderError, "message"),
        ("end", 554, "rejected", ProviderError, "message"),
    ],
)
def test_what_is_about_us_stops(stage: str, code: int, text: str, kind: type[Exception], because: str) -> None:
    """The same would happen to everybody; nobody is called rejected for it.

    Only what names neither who we are nor whence we come could yet turn out to be about this reader.
    """
    verdict = decoded(told("refused", code, text, stage), *[told("unsent")] * 2)
    assert verdict.outcomes[0] == NotTaken(ANNA, f"{code} {text}", Because(because))
    assert type(verdict.stop) is kind
    assert text in str(verdict.stop)


def test_a_refusal_beside_others_that_got_through_is_the_recipients() -> None:
    """The same sender and the same message were good enough for them."""
    verdict = decoded(OK, told("refused", 550, "5.7.1 refused", "rcpt"), OK)
    assert verdict.outcomes[1] == Rejected(BEA, "550 5.7.1 refused")
    assert verdict.stop is None


@pytest.mark.parametrize("code", [421, 450, 451, 452])
def test_a_refusal_for_now_is_tried_again(code: int) -> None:
    """4xx: nobody is rejected, nothing stops."""
    verdict = decoded(told("refused", code, "4.7.1 try again", "rcpt"), OK, OK)
    assert verdict.outcomes[0] == NotTaken(ANNA, f"{code} 4.7.1 try again")
    assert verdict.stop is None


@pytest.mark.parametrize(
    ("stage", "code", "text", "because"),
    [
        ("rcpt", 450, "4.2.0 <anna@example.org>: Recipient address rejected: Greylisted", "mailbox"),
        ("rcpt", 451, "Greylisted, please come back in 300 seconds", "mailbox"),
        ("end", 451, "4.7.1 Greylisting in action", "mailbox"),
        ("rcpt", 452, "4.2.2 Mailbox full", "mailbox"),
        ("rcpt", 450, "4.1.1 <anna@example.org>: unverified address", "mailbox"),
        ("rcpt", 450, "mailbox busy", "mailbox"),
        ("rcpt", 450, "4.2.1 receives mail at a rate that prevents more", "mailbox"),
        ("rcpt", 450, "4.7.1 <anna@example.org>: Recipient address rejected: Access denied", "mailbox"),
        ("rcpt", 451, "4.7.1 <anna@example.org>: Recipient address rejected: Try later", "mailbox"),
        ("rcpt", 451, "Could not complete recipient verify callout", "mailbox"),
        ("rcpt", 450, "4.7.1 <anna@example.org>: Recipient address rejected: Too many messages", "call"),
        ("rcpt", 451, "4.3.5 <anna@example.org>: Recipient address rejected: Server configuration problem", "call"),
        ("mail", 450, "4.7.1 Error: too much mail from 192.0.2.1", "call"),
        ("rcpt", 450, "too many messages from you", "call"),
        ("rcpt", 421, "4.2.1 closing", "call"),
        ("rcpt", 451, "4.3.0 temporary lookup failure", "call"),
        ("rcpt", 452, "4.3.1 insufficient system storage", "call"),
        ("rcpt", 450, "4.7.1 Client host rejected: cannot find your hostname", "call"),
        ("mail", 450, "4.1.8 Sender address rejected: Domain not found", "call"),
        ("data", 451, "4.3.0 queue file write error", "call"),
    ],
)
def test_a_mailbox_that_cannot_take_it_now_is_told_from_a_server_that_cannot(
    stage: str, code: int, text: str, because: str
) -> None:
    """RFC 3463: 4.1 and 4.2 are about the recipient; without such a number it is 450, or the word for greylisting."""
    verdict = decoded(told("refused", code, text, stage), *[told("unsent")] * 2)
    assert verdict.outcomes[0] == NotTaken(ANNA, f"{code} {text}", Because(because))


@pytest.mark.parametrize(
    ("what", "code", "text", "kind"),
    [
        ("certificate", 0, "self-signed certificate", ConfigurationError),
        ("starttls", 0, "SMTP STARTTLS extension not supported by server.", ConfigurationError),
        ("authentication", 535, "5.7.8 bad credentials", AuthenticationError),
        ("authentication", 0, "The SMTP AUTH extension is not supported by this server.", ConfigurationError),
        ("greeting", 554, "5.7.1 go away", ProviderError),
        ("greeting", 421, "4.3.2 shutting down", None),
        ("authentication", 454, "4.7.0 temporary failure", None),
        ("starttls", 454, "TLS not available due to temporary reason", None),
    ],
)
def test_a_server_that_lets_nobody_in(what: str, code: int, text: str, kind: type[Exception] | None) -> None:
    """Nothing was sent; what will not pass by itself stops."""
    body = json.dumps({"problem": {"what": what, "code": code, "text": text}}).encode()
    verdict = SMTP.decode(BATCH, WireResponse(200, {}, body))
    assert [type(outcome) for outcome in verdict.outcomes] == [NotTaken] * 3
    assert (type(verdict.stop) if verdict.stop else None) is kind


def test_pauses_where_it_is_too_much() -> None:
    """5 seconds, for servers that name no number."""
    for said, pause in (
        (told("refused", 421, "4.7.0 busy", "mail"), 5.0),
        (told("refused", 450, "4.7.1 Error: too much mail from 192.0.2.1", "mail"), 5.0),
        (OK, 0.0),
        (told("unsent"), 0.0),
    ):
        response = WireResponse(200, {}, json.dumps({"messages": [OK, said]}).encode())
        assert SMTP.throttle(response, make.NOW) == pause


# From here on over real connections.
