"""Mail servers over real connections: what arrives, and every moment at which one can break."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

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
    WireResponse,
)
from newsletter.sending.providers.smtp import Smtp
from newsletter.sending.smtp import MailServers
from newsletter.sending.transport import NotSent
from tests.sending import making as make
from tests.sending.mail_server import faults, serving, taken
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_smtp import ANNA, BATCH, BEA, CARL, readers


def provider(server: SmtpServer, **settings: Any) -> Smtp:
    """Return a provider of a server."""
    return replace(Smtp("main", server.url, "implicit" if server.implicit else "never"), **settings)


def sent(smtp: Smtp, *batches: Batch, **timeouts: Any) -> list[Verdict]:
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
    with serving(SmtpServer()) as server:
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
    with serving(SmtpServer()) as server:
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
    with serving(SmtpServer(dsn=False, smtputf8=False)) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Accepted, Accepted, Rejected]
    assert [dsn for *_, dsn in server.messages] == [{}, {}]


def test_a_message_larger_than_the_server_takes_is_not_begun() -> None:
    """Its limit is known beforehand, and the same for everybody."""
    with serving(SmtpServer(size=500)) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert "5.3.4 the server takes 500 bytes" in str(verdict.stop)


def test_one_bad_address_keeps_nobody_else_from_their_message() -> None:
    """It is rejected, and the connection goes on."""
    server = SmtpServer(bad={"anna@example.org"}, refused={"bea@xn--bcher-kva.example": "451 4.7.1 Greylisted"})
    with serving(server):
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Rejected, NotTaken, Accepted]
    assert (server.accepted, server.connections) == ({"çarl@example.org": 1}, 1)


def test_a_server_that_hangs_up_on_a_wrong_address_has_refused_it_nevertheless() -> None:
    """Its word is kept, and the others are handed over on new connections."""
    server = SmtpServer(bad={"anna@example.org", "çarl@example.org"}, hangs_up=True)
    with serving(server):
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
    with serving(server):
        # A busy machine may keep any answer waiting; one that never comes need not be waited for as long.
        (verdict,) = sent(provider(server), BATCH, last_word=2.0 if fault == "stall" else 30.0)
    assert kinds(verdict) == outcomes
    assert sum(server.accepted.values()) == took


def test_a_reset_before_the_dot_is_not_sent() -> None:
    """The server cannot have the message, whatever the exception is called; a small one would be in doubt."""
    picture = replace(make.image(), data=bytes(15_000_000))
    with serving(SmtpServer(fault=faults("1=reset before"), size=50_000_000)) as server:
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
    with serving(SmtpServer(fault=faults("2=gone"))) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [Accepted, Unsure, NotTaken]


def test_nobody_listening_is_not_sent() -> None:
    """The connection was refused; whoever has just written the address is told to look at it."""
    with socket.create_server(("127.0.0.1", 0)) as taken_port:
        port = taken_port.getsockname()[1]
    with pytest.raises(NotSent, match=rf"127\.0\.0\.1:{port} could not be reached") as caught:
        sent(Smtp("main", f"smtp://127.0.0.1:{port}", "never"), BATCH)
    assert (
        caught.value.fix
        == "look whether this machine has a network, and whether base_url names the server and its port"
    )


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


FULL = ["421 4.7.0 Too many messages on this connection", "452 4.5.3 Too many recipients: Too many messages sent"]
"""As Exim says it, which hangs up, and OpenSMTPD, which says so for ever."""


@pytest.mark.parametrize("said", FULL)
def test_a_server_that_takes_a_few_messages_a_connection_gets_more_connections(said: str) -> None:
    """The message that it does not take any more goes over a new one, at once, also where that is the next call's."""
    server = SmtpServer(per_connection=2, full_said=said)
    with serving(server):
        first, second = sent(provider(server), BATCH, readers(*(f"reader{number}@example.org" for number in range(6))))
    assert (kinds(first), kinds(second)) == ([Accepted] * 3, [Accepted] * 6)
    assert (server.connections, server.open) == (5, 0)
    assert len(server.messages) == 9


@pytest.mark.parametrize("said", FULL)
def test_a_server_that_wants_no_more_is_left_alone(said: str) -> None:
    """A new connection is tried once; however many messages of the call are left, there is no other."""
    server = SmtpServer(in_all=2, full_said=said)
    with serving(server):
        (verdict,) = sent(provider(server), readers(*(f"reader{number}@example.org" for number in range(6))))
    assert kinds(verdict) == [Accepted] * 2 + [NotTaken] * 4
    assert server.connections == 2


def test_a_server_that_takes_nothing_is_not_asked_over_another_connection() -> None:
    """Where no message was taken, it is not their number that it means."""
    with serving(SmtpServer(sender_refused="421 4.3.2 shutting down")) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert server.connections == 1


def test_a_connection_that_was_closed_while_idle_is_made_anew() -> None:
    """Nobody is in doubt because of it."""
    server = SmtpServer()

    async def send() -> list[list[type]]:
        transport, found = MailServers(), []
        with serving(server):
            prepared = provider(server).prepare(make.edition(), make.ENVELOPE, make.NOW)
            request = prepared.encode(readers("anna@example.org"))
            for _ in range(2):
                found.append(kinds(provider(server).decode(readers("anna@example.org"), await transport.send(request))))
                for idle in transport._idle.values():
                    for client in idle:
                        assert isinstance(client.transport, asyncio.WriteTransport)
                        client.transport.abort()
            await transport.close()
        return found

    assert asyncio.run(send()) == [[Accepted], [Accepted]]
    assert server.connections == 2


def test_a_sender_that_is_not_allowed_stops() -> None:
    """With what the server said."""
    with serving(SmtpServer(sender_refused="550 5.7.1 Sender address rejected")) as server:
        (verdict,) = sent(provider(server), BATCH)
    assert kinds(verdict) == [NotTaken] * 3
    assert str(verdict.stop) == "the mail server refused the sender or the message: 550 5.7.1 Sender address rejected"


def test_the_log_has_what_was_taken(tmp_path: Path) -> None:
    """Written before the answer, so that it is true whoever is killed."""
    with serving(SmtpServer(log=tmp_path / "log", fault=faults("2=reset after"))) as server:
        sent(provider(server), BATCH)
    addresses, deliveries = taken(tmp_path / "log")
    assert addresses == {"anna@example.org": 1, "bea@xn--bcher-kva.example": 1, "çarl@example.org": 1}
    assert deliveries == {ANNA: 1, BEA: 1, CARL: 1}
