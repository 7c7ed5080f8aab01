"""Mail servers: whole bodies, what they say, and every moment at which a connection can break."""

from __future__ import annotations

import asyncio
import gc
import json
import socket
import ssl
import threading
import warnings
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError
from newsletter.model.slot import Context
from newsletter.model.verp import bounce_address
from newsletter.sending.message import prepare
from newsletter.sending.providers.contract import (
    Accepted,
    Batch,
    NotTaken,
    Rejected,
    Unsure,
    Verdict,
    WireRequest,
    WireResponse,
)
from newsletter.sending.providers.smtp import Smtp
from newsletter.sending.smtp import MailServers
from newsletter.sending.transport import NotSent
from tests.sending import making as make
from tests.sending.mail_server import faults, taken
from tests.sending.smtp_server import PASSWORD, USERNAME, SmtpServer, running

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
    ("stage", "code", "text", "kind"),
    [
        ("mail", 530, "5.7.0 Authentication required", AuthenticationError),
        ("rcpt", 535, "5.7.8 bad credentials", AuthenticationError),
        ("mail", 550, "5.7.1 Sender address rejected: not owned by user", ProviderError),
        ("rcpt", 550, "5.1.8 <news@example.org>: Sender address rejected: Domain not found", ProviderError),
        ("rcpt", 550, "5.1.0 <news@example.org> sender rejected", ProviderError),
        ("mail", 552, "5.3.4 message too big", ProviderError),
        ("rcpt", 554, "5.7.1 <anna@example.org>: Relay access denied", ProviderError),
        ("rcpt", 550, "5.7.26 unauthenticated sender, SPF and DKIM did not pass", ProviderError),
        ("rcpt", 550, "5.7.1 refused", ProviderError),
        ("rcpt", 554, "your client host is listed", ProviderError),
        ("end", 554, "5.7.1 looks like spam", ProviderError),
        ("end", 552, "5.3.4 too big", ProviderError),
        ("end", 554, "rejected", ProviderError),
    ],
)
def test_what_is_about_us_stops(stage: str, code: int, text: str, kind: type[Exception]) -> None:
    """The same would happen to everybody; nobody is called rejected for it."""
    verdict = decoded(told("refused", code, text, stage), *[told("unsent")] * 2)
    assert verdict.outcomes[0] == NotTaken(ANNA, f"{code} {text}")
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
    for said, pause in ((told("refused", 421, "4.7.0 busy", "mail"), 5.0), (OK, 0.0), (told("unsent"), 0.0)):
        response = WireResponse(200, {}, json.dumps({"messages": [OK, said]}).encode())
        assert SMTP.throttle(response, make.NOW) == pause


# From here on over real connections.


def provider(server: SmtpServer, **settings: Any) -> Smtp:
    """Return a provider of a server."""
    return replace(Smtp("main", server.url, "implicit" if server.implicit else "never"), **settings)


def sent(smtp: Smtp, *batches: Batch, **timeouts: float) -> list[Verdict]:
    """Send batches one after the other over one transport; return what their answers mean."""

    async def send() -> list[Verdict]:
        transport = MailServers(**timeouts)
        prepared = smtp.prepare(make.edition(), make.ENVELOPE, make.NOW)
        try:
            return [smtp.decode(batch, await transport.send(prepared.encode(batch))) for batch in batches]
        finally:
            await transport.close()

    return asyncio.run(send())


def kinds(verdict: Verdict) -> list[type]:
    """Return what became of each."""
    return [type(outcome) for outcome in verdict.outcomes]


def test_messages_arrive_byte_for_byte_with_their_envelopes() -> None:
    """On one connection for all batches, with a notification asked for in case of failure only."""
    with running() as server:
        smtp = provider(server, bounces="bounce@example.org")
        verdicts = sent(smtp, BATCH, readers("dora@example.org"))
    assert [kinds(verdict) for verdict in verdicts] == [[Accepted] * 3, [Accepted]]
    assert verdicts[1].outcomes == (Accepted(ANNA, "2.0.0 Ok: queued as 4"),)
    assert server.connections == 1
    message = prepare(make.edition(), make.ENVELOPE, make.NOW, smtputf8=True)
    assert server.messages[:3] == [
        (
            bounce_address("bounce@example.org", reader.delivery_id),
            address,
            message.compose(reader),
            {"RET": "HDRS", "ENVID": reader.delivery_id, "NOTIFY": "FAILURE"},
        )
        for reader, address in zip(
            BATCH.recipients, ("anna@example.org", "bea@xn--bcher-kva.example", "çarl@example.org"), strict=True
        )
    ]


def test_a_line_that_begins_with_a_dot_stays_one() -> None:
    """Otherwise the message would end there."""
    text = make.slotted(Context.PLAIN, ".\n.hidden\n..\nend\n")
    with running() as server:
        smtp = provider(server)

        async def send() -> None:
            transport = MailServers()
            await transport.send(
                smtp.prepare(make.edition(text=text), make.ENVELOPE, make.NOW).encode(readers("anna@example.org"))
            )
            await transport.close()

        asyncio.run(send())
    assert b"\r\n\r\n.\r\n.hidden\r\n..\r\nend\r\n" in server.messages[0][2]


def test_what_a_server_does_not_offer_is_not_asked_for() -> None:
    """No notifications; an address beyond ASCII is refused here, the others go out."""
    with running(SmtpServer(dsn=False, smtputf8=False)) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Accepted, Accepted, Rejected]
    assert [dsn for *_, dsn in server.messages] == [{}, {}]


def test_a_message_larger_than_the_server_takes_is_not_begun() -> None:
    """Its limit is known beforehand, and the same for everybody."""
    with running(SmtpServer(size=500)) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert "5.3.4 the server takes 500 bytes" in str(verdict.stop)


def test_one_bad_address_keeps_nobody_else_from_their_message() -> None:
    """It is rejected, and the connection goes on."""
    server = SmtpServer(bad={"anna@example.org"}, refused={"bea@xn--bcher-kva.example": "451 4.7.1 Greylisted"})
    with running(server):
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Rejected, NotTaken, Accepted]
    assert (server.accepted, server.connections) == ({"çarl@example.org": 1}, 1)


def test_a_server_that_hangs_up_on_a_wrong_address_has_refused_it_nevertheless() -> None:
    """Its word is kept, and the others are handed over on new connections."""
    server = SmtpServer(bad={"anna@example.org", "çarl@example.org"}, hangs_up=True)
    with running(server):
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Rejected, Accepted, Rejected]
    assert (server.accepted, server.connections) == ({"bea@xn--bcher-kva.example": 1}, 2)


@pytest.mark.parametrize(
    ("fault", "outcomes", "took"),
    [
        ("lost", [Accepted, Unsure, Accepted], 2),
        ("reset after", [Accepted, Unsure, Accepted], 3),
        ("stall", [Accepted, Unsure, Accepted], 3),
        ("garbage", [Accepted, Unsure, Accepted], 3),
        ("251", [Accepted, Accepted, Accepted], 3),
        ("354", [Accepted, Unsure, Accepted], 3),
        ("451", [Accepted, NotTaken, Accepted], 2),
        ("429", [Accepted, NotTaken, NotTaken], 1),
        ("500 before", [Accepted, Rejected, Accepted], 2),
        ("late", [Accepted, Accepted, Accepted], 3),
    ],
)
def test_every_moment_at_which_it_can_break(fault: str, outcomes: list[type], took: int) -> None:
    """Sure where it can be, unsure where nobody can: the server's own count agrees with either."""
    server = SmtpServer(fault=faults(f"2={fault}"), late=0.3)
    with running(server):
        (verdict,) = sent(provider(server), BATCH, last_word=1.0)
    assert kinds(verdict) == outcomes
    assert sum(server.accepted.values()) == took


def test_a_reset_before_the_dot_is_not_sent() -> None:
    """The server cannot have the message, whatever the exception is called; a small one would be in doubt."""
    picture = replace(make.image(), data=bytes(15_000_000))
    with running(SmtpServer(fault=faults("1=reset before"), size=50_000_000)) as server:
        smtp = provider(server)
        batch = readers("anna@example.org")

        async def send() -> WireResponse:
            transport = MailServers()
            prepared = smtp.prepare(make.edition(images=(picture,)), make.ENVELOPE, make.NOW)
            try:
                return await transport.send(prepared.encode(batch))
            finally:
                await transport.close()

        assert kinds(smtp.decode(batch, asyncio.run(send()))) == [NotTaken]
    assert not server.accepted


def test_a_server_that_goes_away_leaves_one_in_doubt() -> None:
    """Those before are taken, those after are not sent."""
    with running(SmtpServer(fault=faults("2=gone"))) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Accepted, Unsure, NotTaken]


def test_nobody_listening_is_not_sent() -> None:
    """The connection was refused."""
    with socket.create_server(("127.0.0.1", 0)) as taken_port:
        port = taken_port.getsockname()[1]
    with pytest.raises(NotSent, match=rf"127\.0\.0\.1:{port} could not be reached"):
        sent(Smtp("main", f"smtp://127.0.0.1:{port}", "never"), BATCH)


def test_a_server_that_says_nothing_is_not_sent() -> None:
    """After a while."""
    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(NotSent):
        sent(Smtp("main", f"smtp://127.0.0.1:{mute.getsockname()[1]}", "never"), BATCH, connect=0.2)


def test_a_server_that_hangs_up_after_its_greeting_is_not_sent_to() -> None:
    """It lets us in, and goes away before the first message."""

    def hang_up() -> None:
        with suppress(OSError):
            while True:
                connection = listener.accept()[0]
                with connection, connection.makefile("rwb") as stream:
                    stream.write(b"220 mail.example.org ESMTP\r\n")
                    stream.flush()
                    stream.readline()
                    stream.write(b"250 mail.example.org\r\n")

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=hang_up, daemon=True).start()
        two = readers("anna@example.org", "bea@example.org")
        (verdict,) = sent(Smtp("main", f"smtp://127.0.0.1:{listener.getsockname()[1]}", "never"), two)
        listener.shutdown(socket.SHUT_RDWR)
    assert kinds(verdict) == [NotTaken, NotTaken]


def test_a_server_that_takes_a_few_messages_a_connection_is_asked_again() -> None:
    """What it did not take is tried by the next call, on a new connection."""
    server = SmtpServer(per_connection=2)
    with running(server):
        first, second = sent(provider(server), BATCH, readers("dora@example.org"))
    assert (kinds(first), kinds(second)) == ([Accepted, Accepted, NotTaken], [Accepted])
    assert server.connections == 2


def test_a_server_that_wants_no_more_is_left_alone() -> None:
    """However many messages of the call are left: none of them is handed over on a new connection."""
    server = SmtpServer(per_connection=2)
    with running(server):
        (verdict,) = sent(provider(server), readers(*(f"reader{number}@example.org" for number in range(6))))
    assert kinds(verdict) == [Accepted] * 2 + [NotTaken] * 4
    assert server.connections == 1


def test_a_connection_that_was_closed_while_idle_is_made_anew() -> None:
    """Nobody is in doubt because of it."""
    server = SmtpServer()

    async def send() -> list[list[type]]:
        transport, found = MailServers(), []
        with running(server):
            prepared = provider(server).prepare(make.edition(), make.ENVELOPE, make.NOW)
            request = prepared.encode(readers("anna@example.org"))
            for _ in range(2):
                found.append(kinds(provider(server).decode(readers("anna@example.org"), await transport.send(request))))
                for idle in transport._idle.values():
                    for client in idle:
                        assert client.transport
                        client.transport.abort()
            await transport.close()
        return found

    assert asyncio.run(send()) == [[Accepted], [Accepted]]
    assert server.connections == 2


@pytest.mark.parametrize("implicit", [False, True], ids=["starttls", "implicit"])
def test_encrypted_and_logged_in(trust: ssl.SSLContext, implicit: bool) -> None:
    """By STARTTLS, or from the first byte."""
    server = SmtpServer(trust=trust, implicit=implicit, needs_login=True)
    with running(server):
        smtp = provider(server, tls="implicit" if implicit else "required", username=USERNAME, password=PASSWORD)
        (verdict,) = sent(smtp, BATCH)
    assert kinds(verdict) == [Accepted] * 3


def test_a_server_that_takes_no_password_in_the_clear_stops() -> None:
    """That is no fault of the password, and nobody looks for one there."""
    with running(SmtpServer(login_needs_tls=True)) as server:
        (verdict,) = sent(provider(server, username=USERNAME, password=PASSWORD), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert type(verdict.stop) is ConfigurationError
    assert "takes no password here" in str(verdict.stop)


def test_a_wrong_password_stops(trust: ssl.SSLContext) -> None:
    """Nobody was sent to, and the password is not repeated."""
    with running(SmtpServer(trust=trust, needs_login=True)) as server:
        (verdict,) = sent(provider(server, tls="required", username=USERNAME, password="wrong-word"), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert type(verdict.stop) is AuthenticationError
    assert "wrong-word" not in f"{verdict}{verdict.stop}"


def test_no_connection_outlives_a_run(trust: ssl.SSLContext) -> None:
    """An encrypted one that waits for the server's farewell would stay open after the last message."""
    with warnings.catch_warnings(record=True) as left:
        warnings.simplefilter("always")
        for password in (PASSWORD, "wrong-word") * 5:
            with running(SmtpServer(trust=trust, needs_login=True)) as server:
                sent(provider(server, tls="required", username=USERNAME, password=password), BATCH)
            gc.collect()
    assert [str(one.message) for one in left if issubclass(one.category, ResourceWarning)] == []


def test_an_unknown_issuer_stops(trust: ssl.SSLContext, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody could be standing in between."""
    monkeypatch.delenv("SSL_CERT_FILE")
    with running(SmtpServer(trust=trust)) as server:
        (verdict,) = sent(provider(server, tls="required"), BATCH)
    assert type(verdict.stop) is ConfigurationError
    assert "cannot prove who it is" in str(verdict.stop)


def test_no_encryption_where_it_is_required_stops() -> None:
    """Not one message goes out openly."""
    with running() as server:
        (verdict,) = sent(provider(server, tls="required"), BATCH)
    assert type(verdict.stop) is ConfigurationError
    assert not server.accepted


def test_a_sender_that_is_not_allowed_stops() -> None:
    """With what the server said."""
    with running(SmtpServer(sender_refused="550 5.7.1 Sender address rejected")) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert str(verdict.stop) == "the mail server refused the sender or the message: 550 5.7.1 Sender address rejected"


def test_the_log_has_what_was_taken(tmp_path: Path) -> None:
    """Written before the answer, so that it is true whoever is killed."""
    with running(SmtpServer(log=tmp_path / "log", fault=faults("2=reset after"))) as server:
        sent(provider(server), BATCH)
    addresses, deliveries = taken(tmp_path / "log")
    assert addresses == {"anna@example.org": 1, "bea@xn--bcher-kva.example": 1, "çarl@example.org": 1}
    assert deliveries == {ANNA: 1, BEA: 1, CARL: 1}
