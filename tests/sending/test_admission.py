"""Mail servers that let nobody in: for a reason that stays, or for one that may pass."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
import threading
from concurrent.futures import Future

import pytest

from newsletter.errors import ConfigurationError
from newsletter.sending.providers.contract import Accepted, NotTaken, WireResponse
from newsletter.sending.providers.smtp import Smtp
from newsletter.sending.smtp import MailServers
from newsletter.sending.transport import NotSent
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_smtp import readers
from tests.sending.test_smtp_connections import kinds

ONE = readers("anna@example.org")


def answered(greeting: bytes) -> tuple[Smtp, WireResponse]:
    """Ask a server for encryption that says something in the clear instead, or hangs up; return what came of it."""

    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        # Something is said before it hangs up, whatever the other side has begun with.
        await writer.drain()
        writer.close()

    async def ask() -> tuple[Smtp, WireResponse]:
        async with await asyncio.start_server(greet, "127.0.0.1", 0) as server:
            smtp = Smtp("main", f"smtps://127.0.0.1:{server.sockets[0].getsockname()[1]}", "implicit")
            transport = MailServers()
            try:
                return smtp, await transport.send(smtp.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(ONE))
            finally:
                await transport.close()

    return asyncio.run(ask())


def test_a_server_that_is_too_busy_to_encrypt_is_asked_again() -> None:
    """Exim says in the clear that there are too many connections, also where encryption comes first."""
    smtp, response = answered(b"421 mail.example.org: Too many concurrent SMTP connections\r\n")
    verdict = smtp.decode(ONE, response)
    assert (kinds(verdict), verdict.stop) == ([NotTaken], None)
    assert smtp.throttle(response, make.NOW) > 0


def test_a_port_that_does_not_encrypt_stops() -> None:
    """It never will, and the two kinds of address are easily taken for each other."""
    smtp, response = answered(b"220 mail.example.org ESMTP\r\n")
    verdict = smtp.decode(ONE, response)
    assert kinds(verdict) == [NotTaken]
    assert type(verdict.stop) is ConfigurationError
    assert "the mail server of 'main' does not encrypt as was asked" in str(verdict.stop)


def test_a_connection_lost_while_it_becomes_encrypted_is_tried_again() -> None:
    """A server that is being started again proves nothing about its certificate."""
    with pytest.raises(NotSent):
        answered(b"")


@pytest.mark.parametrize("most", [1, 2])
def test_calls_share_the_connections_that_a_server_takes(most: int) -> None:
    """None of them fails, and none asks for a pause: who finds no room waits for a connection that is given back."""
    server = SmtpServer(at_once=most, latency=lambda: 0.02)
    batches = [readers(*(f"reader{number}-{place}@example.org" for place in range(3))) for number in range(4)]

    async def send(smtp: Smtp) -> list[WireResponse]:
        transport, prepared = MailServers(), smtp.prepare(make.edition(), make.ENVELOPE, make.NOW)
        try:
            return await asyncio.gather(*(transport.send(prepared.encode(batch)) for batch in batches))
        finally:
            await transport.close()

    with serving(server):
        smtp = Smtp("main", server.url, "never")
        responses = asyncio.run(send(smtp))
    for batch, response in zip(batches, responses, strict=True):
        assert kinds(smtp.decode(batch, response)) == [Accepted] * 3
        assert smtp.throttle(response, make.NOW) == 0.0
    assert len(server.messages) == 12


def test_a_connection_that_a_server_ends_is_let_go_at_once(trust: ssl.SSLContext) -> None:
    """A server may wait for our farewell first, and count the connection among the few that it allows until then."""
    ended: Future[bool] = Future()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = threading.Thread(target=_turn_away, args=(listener, trust, ended))
        serving.start()
        smtp = Smtp("main", f"smtps://127.0.0.1:{listener.getsockname()[1]}", "implicit")

        async def send() -> bool:
            transport = MailServers()
            await transport.send(smtp.prepare(make.edition(), make.ENVELOPE, make.NOW).encode(ONE))
            try:
                return await asyncio.wrap_future(ended)
            finally:
                await transport.close()

        assert asyncio.run(send())
        serving.join()


def _turn_away(listener: socket.socket, trust: ssl.SSLContext, ended: Future[bool]) -> None:
    """Say 421 to a sender, and then nothing; tell whether the other side ends the connection by itself."""
    plain, _ = listener.accept()
    with trust.wrap_socket(plain, server_side=True) as connection:
        connection.sendall(b"220 mail.example.org ESMTP\r\n")
        for line in connection.makefile("rb"):
            connection.sendall(b"250 mail.example.org\r\n" if line.startswith(b"EHLO") else b"421 4.7.0 enough\r\n")
        # The encryption is at its end; is the connection?
        with socket.socket(fileno=os.dup(connection.fileno())) as beneath:
            beneath.settimeout(5)
            try:
                ended.set_result(beneath.recv(1) == b"")
            except ConnectionResetError:
                ended.set_result(True)
            except TimeoutError:
                ended.set_result(False)
