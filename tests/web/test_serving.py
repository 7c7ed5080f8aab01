"""The service as a process: slow and greedy clients, stopping, restarting, mistakes on the command line."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from newsletter.web.public.serving import listen
from tests.waiting import until
from tests.web.readers import hidden, link
from tests.web.serving import SETTINGS, Served, answer, answers, command, connection, prepare, served


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One service for the whole file."""
    with served(tmp_path_factory.mktemp("served")) as running:
        yield running


def ask(service: Served, address: str) -> httpx.Response:
    """Subscribe as a person does."""
    page = httpx.get(f"{service.url}/subscribe")
    time.sleep(2.1)
    return httpx.post(f"{service.url}/subscribe", data=hidden(page.text) | {"email": address, "list": "monthly"})


def test_a_body_of_unknown_length_is_cut_off(service: Served) -> None:
    """413 as soon as it is too large."""
    with connection(service) as wire:
        wire.sendall(b"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(20):
            wire.sendall(b"400\r\n" + b"x" * 1024 + b"\r\n")
        assert wire.recv(65536).startswith(b"HTTP/1.1 413")


def test_leaving_drops_a_large_body_and_answers(service: Served) -> None:
    """Whatever a mail program sends along; the next request finds the connection in order."""
    with connection(service) as wire:
        wire.sendall(b"POST /u/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        for _ in range(8):
            wire.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")
        wire.sendall(b"0\r\n\r\n" + b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert statuses(wire) == [b"404", b"200"]


def test_leaving_reads_no_body_without_end(service: Served) -> None:
    """After a megabyte the connection ends."""
    with connection(service) as wire:
        wire.sendall(b"POST /u/x HTTP/1.1\r\nHost: 127.0.0.1\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(ConnectionError):
            for _ in range(400):
                wire.sendall(b"10000\r\n" + b"x" * 65_536 + b"\r\n")


@pytest.mark.parametrize(
    "head", [b"X: " + b"x" * 70_000, b"\r\n".join(b"X-%d: %s" % (n, b"x" * 500) for n in range(200))]
)
def test_a_huge_head_is_refused(service: Served, head: bytes) -> None:
    """Memory is bounded before anybody knows who asks."""
    with connection(service) as wire:
        wire.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n" + head[:100_000])
        assert b"400" in wire.recv(65536)[:20]


def test_a_head_that_trickles_in_is_refused_as_soon_as_it_is_too_large(service: Served) -> None:
    """Even one that never ends a line."""
    with connection(service) as wire:
        wire.sendall(b"GET /" + b"x" * 8_000)
        time.sleep(0.1)
        wire.sendall(b"x" * 9_000)
        assert wire.recv(65536).startswith(b"HTTP/1.1 400")


def statuses(wire: socket.socket) -> list[bytes]:
    """Return the status of each answer until the other side closes."""
    return re.findall(rb"HTTP/1\.1 (\d+)", answer(wire))


def form(size: int, more: bytes = b"") -> bytes:
    """Return a request with a body, whose last bytes are still to come."""
    kind = b"Content-Type: application/x-www-form-urlencoded"
    return b"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1\r\n%s\r\n%sContent-Length: %d\r\n\r\n" % (kind, more, size)


def test_a_large_body_after_a_small_head_is_no_large_head(service: Served) -> None:
    """And a second request on the same connection is counted anew."""
    with connection(service) as wire:
        for more in (b"", b"", b"Connection: close\r\n"):
            wire.sendall(form(9_000, more))
            time.sleep(0.1)
            wire.sendall(b"x" * 9_000)
            time.sleep(0.2)
        assert statuses(wire) == [b"200", b"200", b"200"]


def test_what_comes_behind_a_body_is_no_header(service: Served) -> None:
    """A proxy hands it on as it is: a stranger could write there for whom the proxy asks."""
    kind = b"Content-Type: application/x-www-form-urlencoded\r\n"
    for before, behind, language in ((kind, b"", b"de"), (b"", kind, b"en")):
        with connection(service) as wire:
            wire.sendall(
                b"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n%s"
                b"Transfer-Encoding: chunked\r\n\r\nb\r\nlanguage=de\r\n0\r\n%s\r\n" % (before, behind)
            )
            assert b"\r\ncontent-language: %s\r\n" % language in answer(wire)


@pytest.mark.parametrize("more", [b"", b"Connection: close\r\n"])
def test_an_answer_reaches_a_client_that_reads_only_when_it_has_sent_everything(service: Served, more: bytes) -> None:
    """What is too large is refused before it is there; a connection that is reset would take the answer back."""
    with connection(service) as wire:
        wire.sendall(form(10_000_000, more))
        for _ in range(100):
            wire.sendall(b"x" * 100_000)
        time.sleep(0.2)
        assert answer(wire).startswith(b"HTTP/1.1 413 ")


def test_whoever_goes_on_after_the_answer_is_put_out(service: Served) -> None:
    """A body that nobody reads would hold the connection as long as it drips."""
    begun = time.monotonic()
    with connection(service) as wire:
        wire.sendall(form(10_000_000) + b"x" * 20_000)
        assert answer(wire).startswith(b"HTTP/1.1 413 ")
        with pytest.raises(ConnectionError):
            while time.monotonic() < begun + 20:
                wire.sendall(b"x")
                time.sleep(0.1)
        assert time.monotonic() < begun + 5


def test_requests_that_come_at_once_are_answered_in_order(service: Served) -> None:
    """The second one's body may still be on its way when the first is answered."""
    health = b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n"
    with connection(service) as wire:
        wire.sendall(health + b"\r\n" + form(20))
        time.sleep(0.3)
        wire.sendall(b"x" * 20 + health + b"Connection: close\r\n\r\n")
        assert statuses(wire) == [b"200", b"200", b"200"]


@pytest.mark.parametrize(
    "head",
    [
        b"POST /u/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"POST /u/x HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\nabcde",
        b"POST /u/x HTTP/1.1\r\nHost: a\r\nContent-Length : 4\r\n\r\nabcd",
        b"POST /u/x HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    ],
)
def test_a_request_whose_length_can_be_read_in_two_ways_is_refused(service: Served, head: bytes) -> None:
    """RFC 9112 section 6.3: a proxy before us might read it the other way."""
    with connection(service) as wire:
        wire.sendall(head)
        assert wire.recv(65536).startswith(b"HTTP/1.1 400")


@pytest.mark.parametrize(
    "line",
    [b"\x16\x03\x01\x02", b"GET http://evil.example/ HTTP/1.1", b"GET //evil.example HTTP/1.1"],
)
def test_odd_requests_are_survived(service: Served, line: bytes) -> None:
    """And answered with 4xx; the next visitor notices nothing."""
    with connection(service) as wire:
        wire.sendall(line + b"\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n")
        assert answer(wire).startswith(b"HTTP/1.1 4")
    assert httpx.get(f"{service.url}/health").status_code == 200


def test_a_service_starts_by_itself(tmp_path: Path) -> None:
    """Others here are forked from a process that has the program in memory; a service manager starts a new one."""
    port = prepare(tmp_path)
    arguments = [sys.executable, "-m", "newsletter", "-C", str(tmp_path), "serve", "--port", str(port)]
    with subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True) as process:
        until(lambda: answers(port))
        process.terminate()
        _, told = process.communicate(timeout=20)
    assert process.returncode == 0
    assert told.startswith(f"readers are served at http://127.0.0.1:{port}; ")
    assert "note: there was no database, so a new one is begun" in told


def test_a_request_that_has_begun_is_finished_before_the_service_stops(tmp_path: Path) -> None:
    """Exit code 0, and the letter that was asked for is in the outbox."""
    with served(tmp_path / "space") as service:
        with connection(service) as wire:
            page = httpx.get(f"{service.url}/subscribe")
            time.sleep(2.1)
            fields = hidden(page.text) | {"email": "anna@example.org", "list": "monthly"}
            body = httpx.Request("POST", service.url, data=fields).read()
            head = (
                f"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                f"Content-Length: {len(body)}\r\n\r\n"
            )
            wire.sendall(head.encode() + body[:10])
            time.sleep(0.3)
            service.process.send(signal.SIGTERM)
            time.sleep(0.3)
            wire.sendall(body[10:])
            assert b"mailbox" in answer(wire)
        assert service.process.ended(15) == 0
    with served(tmp_path / "space") as again:
        (letter,) = again.letters("confirm")
        assert letter["To"] == "anna@example.org"


def test_whoever_does_not_want_to_wait_is_not_told_of_a_failure(tmp_path: Path) -> None:
    """A second Ctrl-C ends without the request that does not come to its end, and nothing went wrong."""
    with served(tmp_path / "space") as service, connection(service) as wire:
        wire.sendall(b"POST /subscribe HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100\r\n\r\nemail")
        time.sleep(0.2)
        service.process.send(signal.SIGINT)
        time.sleep(0.2)
        service.process.send(signal.SIGINT)
        assert service.process.ended(5) == 130
        assert '"level": "error"' not in service.log.read_text(encoding="utf-8")


def test_what_was_asked_before_a_kill_is_written_after_it(tmp_path: Path) -> None:
    """An answer is given only when the signup is on the disk."""
    with served(tmp_path / "space") as service:
        assert ask(service, "anna@example.org").status_code == 200
        service.process.send(signal.SIGKILL)
        service.process.ended()
    # Killed in the middle of sending, the letter waits some minutes, in case it has left: let them be over.
    with (
        contextlib.closing(sqlite3.connect(tmp_path / "space" / ".newsletter" / "newsletter.db")) as database,
        database,
    ):
        database.execute("UPDATE signups SET sent_at = '2000-01-01 00:00:00.000000' WHERE state = 'sending'")
    with served(tmp_path / "space") as again:
        assert [letter["To"] for letter in again.letters("confirm")] == ["anna@example.org"]


def test_small_answers_leave_at_once() -> None:
    """asyncio turns Nagle's algorithm off for sockets that are named as TCP alone; with it an answer takes 40 ms."""
    with listen("127.0.0.1", 0) as socket_:
        assert socket_.proto == socket.IPPROTO_TCP


def test_logs_are_json_lines(service: Served) -> None:
    """Each after the sentences at the start."""
    httpx.get(f"{service.url}/preferences")
    # The line is written when the answer has left.
    until(lambda: "/preferences" in service.log.read_text())
    lines = service.log.read_text().splitlines()
    assert lines[0].startswith(f"readers are served at {service.url}")
    parsed = [json.loads(line) for line in lines if line.startswith("{")]
    assert "/preferences" in {line.get("route") for line in parsed}
    assert all(line.startswith(("{", "readers", "note")) for line in lines)


def test_a_port_that_is_taken_is_told(service: Served) -> None:
    """Exit code 2, with the option that helps."""
    done = command(service.root, "serve", "--port", str(service.port))
    assert done.returncode == 2
    assert "--port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_newsletter_without_public_url_cannot_be_served(tmp_path: Path) -> None:
    """Nobody could follow a link."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS.replace('public_url = "{url}"', ""))
    done = command(tmp_path, "serve")
    assert done.returncode == 2
    assert "public_url" in done.stderr


def test_the_snippet_is_a_frame_for_the_sites_of_the_settings(service: Served) -> None:
    """On stdout, ready to be pasted."""
    printed = service.run("serve", "--snippet", "--list", "events")
    assert f'src="{service.url}/subscribe/framed?list=events"' in printed


def test_the_snippet_is_a_form_without_such_sites(tmp_path: Path) -> None:
    """It leads to the page with one more button."""
    settings = SETTINGS.replace('embed = ["https://www.example.org"]', "").replace("{url}", "https://news.example.org")
    (tmp_path / "newsletter.toml").write_text(settings)
    printed = command(tmp_path, "serve", "--snippet").stdout
    assert '<form action="https://news.example.org/subscribe" method="post">' in printed
    assert "<script" not in printed


def test_keys_are_rotated_while_the_service_runs(service: Served) -> None:
    """Links signed before and after both work, without a restart."""
    ask(service, "rotate@example.org")
    before = service.letters("confirm")[-1]
    done = command(service.root, "keys", "rotate")
    assert (done.returncode, done.stderr) == (0, "new links are signed with key 2; all 2 keys verify\n")
    ask(service, "rotated@example.org")
    after = service.letters("confirm", 2)[-1]
    for letter in (before, after):
        assert httpx.post(link(letter)).status_code == 200
