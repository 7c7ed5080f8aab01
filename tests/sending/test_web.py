"""HTTP that tells not sent from maybe sent, against a server that breaks at each moment."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import httpx
import pytest
import trustme

from newsletter.errors import ProviderError
from newsletter.internet import authorities
from newsletter.sending.providers.contract import WireRequest, WireResponse
from newsletter.sending.transport import MaybeSent, NotSent
from newsletter.sending.web import Web
from tests.sending.mail_server import serving
from tests.sending.resend_server import API_KEY, ResendServer
from tests.waiting import settles

BODY = b'[{"to":["reader@example.org"],"tags":[{"value":"d"}]}]'
# More than the system buffers on its own.
LARGE = BODY[:-1] + b" " * 20_000_000 + b"]"


def request(url: str, body: bytes = BODY) -> WireRequest:
    """Return a call."""
    return WireRequest(
        "POST", f"{url}/emails/batch", (("Authorization", f"Bearer {API_KEY}"), ("Idempotency-Key", "k")), body
    )


def send(*requests: WireRequest, longest_call: float = 60, patience: float = 20) -> list[WireResponse]:
    """Carry calls one after the other over one client, which waits `patience` seconds for the next byte."""

    async def run() -> list[WireResponse]:
        web = Web(2, timeout=httpx.Timeout(connect=20, write=20, read=patience, pool=None), longest_call=longest_call)
        try:
            return [await web.send(one) for one in requests]
        finally:
            await web.close()

    return asyncio.run(run())


def breaking(fault: str) -> Callable[[int], str]:
    """Break every call."""
    return lambda _number: fault


def test_an_answer_comes_back_as_it_is() -> None:
    """Status, headers in small letters, bytes; the request is exactly what was asked for."""
    with serving(ResendServer()) as server:
        answers = send(request(server.url), request(server.url))
    assert [answer.body for answer in answers] == [b'{"data": [{"id": "k-0"}]}'] * 2
    assert answers[0].status == 200
    assert answers[0].headers["content-type"] == "application/json"
    assert [call["body"] for call in server.calls] == [BODY, BODY]
    assert server.calls[0]["headers"] == {
        "host": server.url.removeprefix("http://"),
        "accept": "application/json",
        "accept-encoding": "identity",
        "connection": "keep-alive",
        "user-agent": "newsletter",
        "authorization": f"Bearer {API_KEY}",
        "idempotency-key": "k",
        "content-length": str(len(BODY)),
    }
    assert server.accepted == {"reader@example.org": 1}


def test_nobody_listening_is_not_sent() -> None:
    """The connection was refused; who is told of it is told where to look."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(NotSent, match=r"127\.0\.0\.1 could not be reached") as caught:
        send(request(f"http://127.0.0.1:{port}"))
    assert "region and base_url" in caught.value.fix


@pytest.mark.parametrize("host", ["xn--.example", "exa\u00admple.org", "api example.org"])
def test_a_host_that_cannot_be_one_is_not_sent_to(host: str) -> None:
    """No call is in doubt because of a slip in the settings."""
    with pytest.raises(NotSent, match=f"{host} could not be reached"):
        send(request(f"https://{host}/"))


def test_a_reset_before_the_last_byte_is_not_sent() -> None:
    """The server cannot have the whole call, whatever the exception is called."""
    with serving(ResendServer(fault=breaking("reset before"))) as server, pytest.raises(NotSent):
        send(request(server.url, LARGE))
    assert not server.accepted


@pytest.mark.parametrize("fault", ["lost", "reset after", "stall", "truncated"])
@pytest.mark.parametrize("body", [BODY, LARGE], ids=["small", "large"])
def test_no_answer_after_the_last_byte_is_maybe_sent(fault: str, body: bytes) -> None:
    """Both what was taken and what was not: nobody can tell from here."""
    with serving(ResendServer(fault=breaking(fault))) as server, pytest.raises(MaybeSent) as caught:
        send(request(server.url, body), patience=0.5)
    taken = {} if fault == "lost" else {"reader@example.org": 1}
    # On a busy machine the caller may be gone before the server has read the call.
    settles(lambda: server.accepted, taken)
    assert caught.value.message == "no usable answer came back after the whole call was handed over"
    assert isinstance(caught.value, ProviderError)


def test_the_authorities_of_the_web_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They are the same for every mailing; those of another file are others."""
    first = authorities()
    assert authorities() is first
    trustme.CA().cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "authority.pem"))
    assert (len(authorities().get_ca_certs()), authorities() is first) == (1, False)


def test_encryption_that_breaks_after_the_last_byte_is_maybe_sent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes back is no answer, and no reason for the whole run to end."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    monkeypatch.setattr("certifi.where", lambda: str(tmp_path / "authority.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=_break_encryption, args=(listening, context))
        thread.start()
        with pytest.raises(MaybeSent):
            send(request(f"https://127.0.0.1:{listening.getsockname()[1]}"))
        thread.join()


def _break_encryption(listening: socket.socket, context: ssl.SSLContext) -> None:
    """Read one call, and answer with bytes that are no TLS record of this connection."""
    connection, _ = listening.accept()
    came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(came, goes, server_side=True)
    heard = b""
    with connection:
        while not heard.endswith(b"]"):
            came.write(connection.recv(65536))
            with suppress(ssl.SSLWantReadError):
                tls.do_handshake()
                while True:
                    heard += tls.read(65536)
            if goes.pending:
                connection.sendall(goes.read())
        connection.sendall(b"\x17\x03\x03\x00\x30" + bytes(48))
        with suppress(OSError):
            while connection.recv(65536):
                pass


def test_an_answer_that_takes_for_ever_is_cut_off() -> None:
    """Even one that trickles."""
    with serving(ResendServer(latency=lambda: 2)) as server, pytest.raises(MaybeSent):
        send(request(server.url), longest_call=1)


def test_a_call_that_is_cut_off_before_its_last_byte_is_not_sent() -> None:
    """The other side reads nothing, so it cannot have the whole of it."""

    async def cut_off(mute: socket.socket) -> None:
        web, url = Web(1), f"http://127.0.0.1:{mute.getsockname()[1]}/"
        call = asyncio.create_task(web.send(request(url, bytes(50_000_000))))
        connection, _ = await asyncio.to_thread(mute.accept)
        call.cancel()
        try:
            await call
        finally:
            connection.close()
            await web.close()

    with socket.create_server(("127.0.0.1", 0)) as mute, pytest.raises(NotSent):
        asyncio.run(cut_off(mute))


def test_redirects_are_not_followed() -> None:
    """Nothing is sent to where somebody points."""
    with serving(ResendServer(fault=breaking("redirect"))) as server:
        (answer,) = send(request(server.url))
    assert (answer.status, len(server.calls)) == (302, 1)


def test_a_huge_answer_is_not_read_to_its_end() -> None:
    """4 MB are more than any answer needs, and a packed one does not become more."""
    with serving(ResendServer(fault=breaking("bomb"))) as server:
        (answer,) = send(request(server.url))
    assert len(answer.body) == 4_000_000


def test_an_answer_packed_without_being_asked_is_read() -> None:
    """Some servers in between do so."""
    with serving(ResendServer(fault=breaking("packed"))) as server:
        (answer,) = send(request(server.url))
    assert answer.body.startswith(b'{"data": [')


def test_the_environment_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy gets to read addresses because of a variable."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    with serving(ResendServer()) as server:
        assert send(request(server.url))[0].status == 200
