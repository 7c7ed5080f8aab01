"""A mail API on loopback that behaves as Resend's batch endpoint does, breaks on demand, and logs what it accepted."""

from __future__ import annotations

import hashlib
import json
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

API_KEY = "re_test_key"


class _Gone(Exception):
    """The connection is over."""


@dataclass
class ResendServer:
    """Counts every message that it truly took, by address."""

    url: str = ""
    latency: Callable[[], float] = lambda: 0.0
    fault: Callable[[int], str | None] = lambda _number: None
    """What goes wrong with the nth call, counted from 1; nothing for `None`."""
    bad: set[str] = field(default_factory=set)
    """Addresses because of which a whole call is refused."""
    accepted: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    calls: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)
    _answers: dict[str, tuple[str, bytes | None]] = field(default_factory=dict)

    def take(self, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        """Answer a whole call as Resend does."""
        key = headers.get("idempotency-key", "")
        if headers.get("authorization") != f"Bearer {API_KEY}":
            return _error(403, "invalid_api_key", "API key is invalid")
        digest = hashlib.sha256(body).hexdigest()
        with self.lock:
            if key in self._answers:
                known, answer = self._answers[key]
                if known != digest:
                    return _error(409, "invalid_idempotent_request", "Same key, other payload")
                if answer is None:
                    return _error(409, "concurrent_idempotent_requests", "The original request is in progress")
                return 200, answer
            messages = json.loads(body)
            if any(address in self.bad for message in messages for address in message["to"]):
                return _error(422, "validation_error", "Invalid `to` field")
            self._answers[key] = (digest, None)
        time.sleep(self.latency())
        with self.lock:
            for message in messages:
                self.accepted.update(message["to"])
                self.deliveries.update(tag["value"] for tag in message["tags"])
            answer = json.dumps({"data": [{"id": f"{key}-{number}"} for number in range(len(messages))]}).encode()
            self._answers[key] = (digest, answer)
        return 200, answer

    def serve(self, connection: socket.socket) -> None:
        """Answer the calls of one connection."""
        buffer = b""
        with connection, suppress(_Gone, OSError):
            while True:
                head, buffer = _until(connection, buffer, b"\r\n\r\n")
                first, *lines = head.decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
                length = int(headers.get("content-length", "0"))
                with self.lock:
                    self.calls.append({"line": first, "headers": headers})
                    number = len(self.calls)
                fault = self.fault(number)
                if fault == "reset before":
                    _reset(connection)
                while len(buffer) < length:
                    buffer += _receive(connection)
                body, buffer = buffer[:length], buffer[length:]
                self.calls[number - 1]["body"] = body
                self._answer(connection, fault, headers, body)

    def _answer(self, connection: socket.socket, fault: str | None, headers: dict[str, str], body: bytes) -> None:
        if fault == "lost":
            _reset(connection)
        if fault in REFUSALS:
            connection.sendall(_http(*REFUSALS[fault]))
            return
        status, answer = self.take(headers, body)
        if fault == "reset after":
            _reset(connection)
        if fault == "stall":
            time.sleep(60)
        if fault == "truncated":
            connection.sendall(_http(status, answer)[:-10])
            raise _Gone
        if fault == "500 after":
            status, answer = _error(500, "application_error", "An unexpected error occurred")
        if fault == "html":
            answer = b"<html><body>We are back soon</body></html>"
        if fault == "bomb":
            answer = b"x" * 5_000_000
        connection.sendall(_http(status, answer))


def _error(status: int, name: str, message: str) -> tuple[int, bytes]:
    return status, json.dumps({"statusCode": status, "name": name, "message": message}).encode()


REFUSALS: dict[str, tuple[Any, ...]] = {
    "500 before": _error(500, "internal_server_error", "An unexpected error occurred"),
    "429": (*_error(429, "rate_limit_exceeded", "Too many requests"), "Retry-After: 0.05"),
    "quota": _error(429, "daily_quota_exceeded", "You have reached your daily email sending quota."),
    "401": _error(401, "restricted_api_key", "This API key is restricted"),
    "refused": _error(422, "validation_error", "The `reply_to` field is invalid"),
    "redirect": (302, b"", "Location: http://127.0.0.1:9/elsewhere"),
    "404": (404, b"not here"),
    "html 400": (400, b"<html>Bad request</html>"),
}


def _http(status: int, body: bytes, *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status} Some", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def _until(connection: socket.socket, buffer: bytes, end: bytes) -> tuple[bytes, bytes]:
    while end not in buffer:
        buffer += _receive(connection)
    head, _, rest = buffer.partition(end)
    return head, rest


def _receive(connection: socket.socket) -> bytes:
    received = connection.recv(1 << 20)
    if not received:
        raise _Gone
    return received


def _reset(connection: socket.socket) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise _Gone


@contextmanager
def running(server: ResendServer | None = None) -> Iterator[ResendServer]:
    """Serve on a free port of loopback."""
    server = server or ResendServer()
    with socket.create_server(("127.0.0.1", 0), backlog=64) as listener:
        server.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        threading.Thread(target=_accept, args=(listener, server), daemon=True).start()
        yield server
        # A blocked accept does not notice that its socket was closed.
        with suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, server: ResendServer) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            threading.Thread(target=server.serve, args=(connection,), daemon=True).start()
