"""What the mail APIs on loopback have in common: HTTP that breaks on demand, and a log of what was truly taken."""

from __future__ import annotations

import argparse
import gzip
import json
import random
import socket
import struct
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, TypeVar

Reply = tuple[int, bytes]
Fault = Callable[[int], str | None]


class Gone(Exception):
    """The connection is over."""


def reply(status: int, value: Any) -> Reply:
    """Return an answer in JSON."""
    return status, json.dumps(value).encode()


HTML = b"<html><body>We are back soon</body></html>"
ASTRAY: Mapping[str, tuple[Any, ...]] = {
    "redirect": (302, b"", "Location: http://127.0.0.1:9/elsewhere"),
    "404": (404, b"not here"),
    "html 400": (400, HTML),
}
"""What answers where the API is not, or something before it."""


@dataclass
class MailServer:
    """Counts every message that it truly took, by address and by delivery."""

    url: str = ""
    latency: Callable[[], float] = lambda: 0.0
    fault: Fault = lambda _number: None
    """What goes wrong with the nth call that sends, counted from 1; nothing for `None`.

    It was taken with "reset after", "stall", "truncated", "500 after", "html", "bomb", "packed", "late", and those of
    `disturb`, and not taken with "reset before", "lost" and those of `refusals`.
    """
    search_fault: Fault = lambda _number: None
    """The same for the nth call that searches: only what is in `refusals`, "html" and "truncated"."""
    lag: float = 0.0
    """Seconds until a search finds what was taken."""
    late: float = 1.0
    """Seconds that the answer takes in the fault "late"."""
    bad: set[str] = field(default_factory=set)
    """Addresses that are refused."""
    log: Path | None = None
    """Where every message taken is written, before its call is answered: `{"address", "delivery", "batch"}` a line."""
    accepted: Counter[str] = field(default_factory=Counter)
    deliveries: Counter[str] = field(default_factory=Counter)
    calls: list[dict[str, Any]] = field(default_factory=list)
    lock: threading.RLock = field(default_factory=threading.RLock)
    sends: int = 0
    searches: int = 0

    refusals: ClassVar[Mapping[str, tuple[Any, ...]]] = {}
    """Answers without anything being taken: status, body, header lines."""

    def take(self, line: str, headers: dict[str, str], body: bytes) -> Reply:
        """Answer a call that sends."""
        raise NotImplementedError

    def search(self, target: str, headers: dict[str, str]) -> Reply:
        """Answer a call that searches."""
        return 404, b"not here"

    def disturb(self, fault: str, status: int, answer: bytes) -> Reply:
        """Return the answer as the faults of one provider alone have it."""
        return status, answer

    def record(self, messages: Sequence[tuple[str, str]], batch: str = "") -> None:
        """Count messages, given as address and delivery, and write them down for good."""
        with self.lock:
            self.accepted.update(address for address, _ in messages)
            self.deliveries.update(delivery for _, delivery in messages)
            if self.log:
                lines = (
                    json.dumps({"address": address, "delivery": delivery, "batch": batch}) + "\n"
                    for address, delivery in messages
                )
                with self.log.open("a", encoding="utf-8") as file:
                    file.write("".join(lines))

    @contextmanager
    def listening(self, port: int) -> Iterator[None]:
        """Serve until left."""
        with socket.create_server(("127.0.0.1", port), backlog=256) as listener:
            self.url = f"http://127.0.0.1:{listener.getsockname()[1]}"
            threading.Thread(target=_accept, args=(listener, self), daemon=True).start()
            yield
            # A blocked accept does not notice that its socket was closed.
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)

    def serve(self, connection: socket.socket) -> None:
        """Answer the calls of one connection."""
        buffer = b""
        with connection, suppress(Gone, OSError):
            while True:
                head, buffer = until(connection, buffer, b"\r\n\r\n")
                line, *rest = head.decode().split("\r\n")
                headers = {name.lower(): value for name, _, value in (one.partition(": ") for one in rest)}
                length = int(headers.get("content-length", "0"))
                call: dict[str, Any] = {"line": line, "headers": headers}
                searching = line.startswith("GET ")
                with self.lock:
                    self.calls.append(call)
                    if searching:
                        self.searches += 1
                        fault = self.search_fault(self.searches)
                    else:
                        self.sends += 1
                        fault = self.fault(self.sends)
                if fault == "reset before":
                    reset(connection)
                while len(buffer) < length:
                    buffer += receive(connection)
                call["body"], buffer = buffer[:length], buffer[length:]
                self._answer(connection, fault, call, searching=searching)

    def _answer(self, connection: socket.socket, fault: str | None, call: dict[str, Any], *, searching: bool) -> None:
        if fault == "lost":
            reset(connection)
        if fault is not None and fault in self.refusals:
            connection.sendall(http(*self.refusals[fault]))
            return
        line, headers = call["line"], call["headers"]
        answered = self.search(line.split(" ")[1], headers) if searching else self.take(line, headers, call["body"])
        status, answer = self.disturb(fault or "", *answered)
        more: list[str] = []
        if fault == "reset after":
            reset(connection)
        if fault == "stall":
            time.sleep(60)
        if fault == "late":
            time.sleep(self.late)
        if fault == "truncated":
            connection.sendall(http(status, answer)[:-10])
            raise Gone
        if fault == "500 after":
            status, answer = reply(500, {"message": "An unexpected error occurred"})
        if fault == "html":
            answer = HTML
        if fault == "bomb":
            # 50 MB once unpacked.
            answer, more = gzip.compress(b" " * 50_000_000, 1) + b"x" * 5_000_000, ["Content-Encoding: gzip"]
        if fault == "packed":
            answer, more = gzip.compress(answer), ["Content-Encoding: gzip"]
        connection.sendall(http(status, answer, *more))


def http(status: int, body: bytes, *headers: str) -> bytes:
    """Return an answer as it stands on the wire."""
    lines = [f"HTTP/1.1 {status} Some", f"Content-Length: {len(body)}", "Content-Type: application/json", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def until(connection: socket.socket, buffer: bytes, end: bytes) -> tuple[bytes, bytes]:
    """Receive up to `end`; return what came before and what came after."""
    while end not in buffer:
        buffer += receive(connection)
    head, _, rest = buffer.partition(end)
    return head, rest


def receive(connection: socket.socket) -> bytes:
    """Return some bytes; raise Gone where there are none."""
    received = connection.recv(1 << 20)
    if not received:
        raise Gone
    return received


def reset(connection: socket.socket) -> None:
    """Break the connection off."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    raise Gone


S = TypeVar("S", bound=MailServer)


@contextmanager
def serving(server: S, port: int = 0) -> Iterator[S]:
    """Serve on a free port of loopback."""
    with server.listening(port):
        yield server


def _accept(listener: socket.socket, server: MailServer) -> None:
    with suppress(OSError):
        while True:
            connection, _ = listener.accept()
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            threading.Thread(target=server.serve, args=(connection,), daemon=True).start()


def faults(spec: str, seed: int = 0) -> Fault:
    """Return faults by number, `3=reset after`, and by probability, `500 after:0.02`, separated by commas."""
    chance = random.Random(seed)
    script: dict[int, str] = {}
    shares: list[tuple[str, float]] = []
    for part in filter(None, (part.strip() for part in spec.split(","))):
        number, equals, name = part.partition("=")
        if equals:
            script[int(number)] = name.strip()
        else:
            name, _, share = part.rpartition(":")
            shares.append((name.strip(), float(share)))

    def choose(number: int) -> str | None:
        drawn = chance.random()
        if number in script:
            return script[number]
        for name, share in shares:
            if drawn < share:
                return name
            drawn -= share
        return None

    return choose


def taken(log: Path) -> tuple[Counter[str], Counter[str]]:
    """Return what a log says was taken, by address and by delivery."""
    lines = [json.loads(line) for line in log.read_text(encoding="utf-8").splitlines()] if log.exists() else []
    return Counter(line["address"] for line in lines), Counter(line["delivery"] for line in lines)


def main(kind: type[MailServer], arguments: Sequence[str] | None = None) -> None:
    """Serve from the command line until killed; the first line printed is the address."""
    parser = argparse.ArgumentParser(description=kind.__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--log", type=Path)
    parser.add_argument("--faults", default="", help="3=reset after,500 after:0.02")
    parser.add_argument("--search-faults", default="")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds")
    parser.add_argument("--lag", type=float, default=0.0, help="seconds until a search finds what was taken")
    parser.add_argument("--late", type=float, default=1.0)
    parser.add_argument("--bad", action="append", default=[], help="an address that is refused")
    given = parser.parse_args(arguments)
    server = kind(
        latency=lambda: given.latency,
        fault=faults(given.faults, given.seed),
        search_fault=faults(given.search_faults, given.seed + 1),
        lag=given.lag,
        late=given.late,
        bad=set(given.bad),
        log=given.log,
    )
    with serving(server, given.port):
        print(server.url, flush=True)
        threading.Event().wait()
