"""How long the service as a process waits for clients: all of them are slow at once, and each test looks at one."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from tests.web.serving import SETTINGS, Served, answer, connection, served

Client = Callable[[Served], float]
BEHIND_A_PROXY = SETTINGS.replace("[readers]", '[readers]\ntrusted_proxies = ["127.0.0.0/8"]')
HEALTH = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
LEAVING = b"POST /u/proof-x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n"
KEPT = 7.0
"""After so many seconds without an end a connection is one that is kept."""


def closed(wire: socket.socket) -> float:
    """Return after how many seconds the other side closes, without another word."""
    begun = time.monotonic()
    with contextlib.suppress(ConnectionResetError):
        assert answer(wire) == b""
    return time.monotonic() - begun


def kept(wire: socket.socket) -> float:
    """Return `KEPT` when the other side has not closed by then."""
    wire.settimeout(KEPT)
    with pytest.raises(TimeoutError):
        while wire.recv(65536):
            pass
    return KEPT


def asks(wire: socket.socket, request: bytes = HEALTH) -> None:
    """Send a request and read its answer to the end, in however many pieces it comes."""
    wire.sendall(request)
    with wire.makefile("rb") as answered:
        assert answered.readline() == b"HTTP/1.1 200 OK\r\n"
        fields = iter(answered.readline, b"\r\n")
        (length,) = [
            int(value)
            for name, _, value in (field.partition(b":") for field in fields)
            if name.lower() == b"content-length"
        ]
        assert len(answered.read(length)) == length


def silent(service: Served) -> float:
    """Send nothing."""
    with connection(service) as wire:
        return closed(wire)


def dripping(service: Served) -> float:
    """Send a head that does not end, a byte each second."""
    with connection(service) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        begun = time.monotonic()

        def drip() -> None:
            with contextlib.suppress(OSError):
                while time.monotonic() - begun < 20:
                    wire.sendall(b"x")
                    time.sleep(1)

        threading.Thread(target=drip, daemon=True).start()
        return closed(wire)


def without_a_body(service: Served) -> float:
    """Send a head, and of its body the beginning alone."""
    with connection(service) as wire:
        begun = time.monotonic()
        wire.sendall(b"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nemail=")
        assert wire.recv(65536).startswith(b"HTTP/1.1 408")
        return time.monotonic() - begun


def idle(service: Served) -> float:
    """Ask twice on one connection, and no more."""
    with connection(service) as wire:
        for _ in range(2):
            wire.sendall(HEALTH)
            received = b""
            while not received.endswith(b'"ok"}'):
                received += wire.recv(65536)
        return closed(wire)


def proxy_between_readers(service: Served) -> float:
    """Ask for one reader, and for the next one much later."""
    with connection(service) as wire:
        asks(wire, LEAVING)
        seconds = kept(wire)
        asks(wire, LEAVING)
        return seconds


def proxy_after_readers(service: Served) -> float:
    """Ask for two readers, and no more."""
    with connection(service) as wire:
        for _ in range(2):
            asks(wire, LEAVING)
        return kept(wire)


def crowding_proxy(service: Served) -> float:
    """Open more connections than a proxy may keep; once they are closed, one more may be kept."""
    with contextlib.ExitStack() as stack:
        wires = [stack.enter_context(connection(service)) for _ in range(300)]
        for wire in wires:
            wire.sendall(HEALTH)
        begun = time.monotonic()
        assert answer(wires[-1]).startswith(b"HTTP/1.1 200")
        seconds = time.monotonic() - begun
    with connection(service) as wire:
        wire.sendall(HEALTH)
        kept(wire)
    return seconds


@pytest.fixture(scope="module")
def seconds(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Client], float]]:
    """Return how long a client was waited for; they all begin together."""
    groups: list[tuple[str, list[Client]]] = [
        (SETTINGS, [silent, dripping, without_a_body, idle]),
        (BEHIND_A_PROXY, [proxy_between_readers, proxy_after_readers]),
        (BEHIND_A_PROXY, [crowding_proxy]),
    ]
    begun: dict[Client, Future[float]] = {}
    with contextlib.ExitStack() as stack:
        services = [
            (stack.enter_context(served(tmp_path_factory.mktemp("served"), settings)), clients)
            for settings, clients in groups
        ]
        pool = stack.enter_context(ThreadPoolExecutor(sum(len(clients) for _, clients in groups)))
        for service, clients in services:
            for client in clients:
                begun[client] = pool.submit(client, service)
        yield lambda client: begun[client].result()


@pytest.mark.slow
@pytest.mark.parametrize("client", [silent, dripping])
def test_a_head_that_does_not_come_is_not_waited_for(seconds: Callable[[Client], float], client: Client) -> None:
    """However many bytes arrive in between: a client that sends one each second is put out after ten."""
    assert 8 < seconds(client) < 15


@pytest.mark.slow
def test_a_body_that_does_not_come_is_not_waited_for(seconds: Callable[[Client], float]) -> None:
    """408 after ten seconds."""
    assert 8 < seconds(without_a_body) < 15


@pytest.mark.slow
def test_an_idle_connection_is_closed(seconds: Callable[[Client], float]) -> None:
    """Five seconds after an answer; a second request on it works before that."""
    assert 3 < seconds(idle) < 9


@pytest.mark.slow
@pytest.mark.parametrize("client", [proxy_between_readers, proxy_after_readers])
def test_a_proxy_may_keep_a_connection(seconds: Callable[[Client], float], client: Client) -> None:
    """What it sends on one that is just being closed would be lost, and a reader who leaves by it with it."""
    assert seconds(client) == KEPT


@pytest.mark.slow
def test_a_proxy_cannot_keep_all_connections(seconds: Callable[[Client], float]) -> None:
    """Beyond half of what the service takes they are closed like others; else it would answer nobody for minutes."""
    assert 3 < seconds(crowding_proxy) < 20
