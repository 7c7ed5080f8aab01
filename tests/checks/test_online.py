"""Following links: what servers answer, what is never asked, and what is remembered. Real servers on this machine."""

from __future__ import annotations

import asyncio
import ipaddress
import json
import socket
import ssl
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest

from newsletter.checks.online import Memory, Visitor, addresses, visit, visiting
from newsletter.hosts import is_public
from newsletter.model.visit import Outcome, Visit
from tests import factories as make


class _Site(BaseHTTPRequestHandler):
    seen: ClassVar[Counter[str]] = Counter()
    hosts: ClassVar[set[str]] = set()
    at_once = 0
    most_at_once = 0
    lock = threading.Lock()

    def do_GET(self) -> None:
        cls = type(self)
        with cls.lock:
            cls.seen[self.path] += 1
            cls.hosts.add(self.headers["Host"])
            cls.at_once += 1
            cls.most_at_once = max(cls.most_at_once, cls.at_once)
        time.sleep(0.02)
        with cls.lock:
            cls.at_once -= 1
        status, headers, body = _answer(self.path)
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


def _answer(path: str) -> tuple[int, dict[str, str], bytes]:
    html = {"Content-Type": "text/html; charset=utf-8"}
    redirects = {
        "/moved": (301, "/page"),
        "/twice": (308, "/moved"),
        "/for-now": (302, "/page"),
        "/mixed": (301, "/for-now"),
        "/vanished": (302, "/"),
        "/circle": (302, "/circle"),
        "/inside": (302, "http://10.0.0.8/"),
        "/file": (302, "file:///etc/passwd"),
    }
    if path in redirects:
        status, target = redirects[path]
        return status, {"Location": target}, b""
    if path == "/soft":
        return 200, html, b"<html><title>Page not found</title>"
    if path.startswith("/status/"):
        return int(path.rpartition("/")[2]), html, b"<title>x</title>"
    return (
        200,
        html,
        b"<html><title>A page on error 404s</title>" if path == "/404s" else b"<html><title>A page</title>",
    )


@pytest.fixture(autouse=True)
def short_rests(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let hosts rest for a moment only."""
    monkeypatch.setattr(visiting, "_PAUSE", 0.01)


@pytest.fixture
def site() -> Iterator[str]:
    """The address of a web server."""
    _Site.seen, _Site.hosts, _Site.most_at_once = Counter(), set(), 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def loopback(address: Any) -> bool:
    """Let through what runs on this machine, and nothing else."""
    return bool(address.is_loopback)


def follow(*urls: str, **options: Any) -> list[Visit]:
    """Return what came of following some links."""

    async def walk() -> list[Visit]:
        visitor = Visitor(**options)
        try:
            return list(await asyncio.gather(*map(visitor.visit, urls)))
        finally:
            await visitor.close()

    return asyncio.run(walk())


@pytest.mark.parametrize(
    ("path", "outcome", "final", "permanent"),
    [
        ("/page", Outcome.OK, "", False),
        ("/moved", Outcome.OK, "/page", True),
        ("/twice", Outcome.OK, "/page", True),
        ("/for-now", Outcome.OK, "/page", False),
        ("/mixed", Outcome.OK, "/page", False),
        ("/status/404", Outcome.GONE, "", False),
        ("/status/410", Outcome.GONE, "", False),
        ("/status/403", Outcome.REFUSED, "", False),
        ("/status/429", Outcome.REFUSED, "", False),
        ("/status/503", Outcome.FAILED, "", False),
        ("/soft", Outcome.EMPTY, "", False),
        ("/vanished", Outcome.EMPTY, "/", False),
    ],
)
def test_what_a_server_answers(site: str, path: str, outcome: Outcome, final: str, permanent: bool) -> None:
    """Gone, moved, refused, broken: each is something else to an editor."""
    (visit,) = follow(site + path, allowed=loopback)
    assert (visit.outcome, visit.final, visit.permanent) == (outcome, final and site + final, permanent)


def test_redirects_without_end_and_to_nowhere(site: str) -> None:
    """They end after eight, and none leads out of the web."""
    circle, file = follow(f"{site}/circle", f"{site}/file", allowed=loopback)
    assert (circle.outcome, circle.detail) == (Outcome.FAILED, "it redirects without end")
    assert (file.outcome, file.detail) == (Outcome.FAILED, "it redirects to no web address")
    assert _Site.seen["/circle"] == 8


def test_no_request_enters_a_private_network(site: str) -> None:
    """Neither directly nor by way of a redirect."""
    (direct,) = follow(f"{site}/page")
    assert (direct.outcome, _Site.seen) == (Outcome.PRIVATE, Counter())
    (redirected,) = follow(f"{site}/inside", allowed=loopback)
    assert (redirected.outcome, redirected.detail) == (Outcome.PRIVATE, "10.0.0.8 leads to 10.0.0.8")


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1:248:1893:25c8:1946", True),
        ("127.0.0.1", False),
        ("10.1.2.3", False),
        ("172.20.0.1", False),
        ("192.168.0.1", False),
        ("169.254.169.254", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("::1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::a00:1", False),
        ("2002:7f00:1::", False),
        ("64:ff9b:1::7f00:1", False),
        ("fec0::2", False),
        ("::127.0.0.1", False),
    ],
)
def test_addresses_of_the_public_internet(address: str, public: bool) -> None:
    """Also those that wear another address inside."""
    assert is_public(ipaddress.ip_address(address)) is public


def resolving(monkeypatch: pytest.MonkeyPatch, *answers: list[str]) -> list[str]:
    """Let a name have these addresses, the first time, the second time and so on; return who was asked for."""
    asked: list[str] = []
    genuine = asyncio.BaseEventLoop.getaddrinfo

    async def getaddrinfo(self: Any, host: Any, port: Any, **options: Any) -> Any:
        if not str(host).endswith(".example"):
            return await genuine(self, host, port, **options)
        found = answers[min(len(asked), len(answers) - 1)]
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", getaddrinfo)
    return asked


def test_a_name_with_one_private_address_is_not_visited(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    """One of two would be tried at some time."""
    resolving(monkeypatch, ["93.184.216.34", "127.0.0.1"])
    (visit,) = follow(f"http://two.example:{site.rpartition(':')[2]}/page")
    assert (visit.outcome, visit.detail) == (Outcome.PRIVATE, "two.example leads to 127.0.0.1")
    assert _Site.seen == Counter()


def test_a_name_is_resolved_once_and_that_address_is_used(monkeypatch: pytest.MonkeyPatch, site: str) -> None:
    """DNS rebinding answers otherwise the second time, which never comes; the server still hears its name."""
    port = site.rpartition(":")[2]
    asked = resolving(monkeypatch, ["127.0.0.1"], ["10.0.0.8"])
    (visit,) = follow(f"http://once.example:{port}/page", allowed=loopback)
    assert (visit.outcome, asked, _Site.hosts) == (Outcome.OK, ["once.example"], {f"once.example:{port}"})


def test_each_host_is_asked_one_thing_at_a_time(site: str) -> None:
    """Ten links to one site are no storm."""
    visits = follow(*(f"{site}/page?{number}" for number in range(6)), allowed=loopback)
    assert {visit.outcome for visit in visits} == {Outcome.OK}
    assert _Site.most_at_once == 1


def test_a_host_rests_between_two_requests(site: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nobody waits for the rest after the last one."""
    monkeypatch.setattr(visiting, "_PAUSE", 0.2)
    began = time.monotonic()
    follow(f"{site}/page?1", f"{site}/page?2", allowed=loopback)
    assert time.monotonic() - began >= 0.2
    monkeypatch.setattr(visiting, "_PAUSE", 60.0)
    began = time.monotonic()
    follow(f"{site}/page", allowed=loopback)
    assert time.monotonic() - began < 30


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for secure.example that nobody has signed, with its key."""
    folder = tmp_path_factory.mktemp("tls")
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=secure.example".split()
    command += ["-addext", "subjectAltName=DNS:secure.example", "-keyout", "key.pem", "-out", "cert.pem"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)
    except FileNotFoundError:
        pytest.skip("NO OPENSSL ON THIS MACHINE: certificates are not tried")
    return folder


def test_certificates_are_looked_at_for_the_name(monkeypatch: pytest.MonkeyPatch, certificate: Path) -> None:
    """Though the connection goes to an address, TLS asks for the host's name; an unknown signer is told."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Site)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    resolving(monkeypatch, ["127.0.0.1"])
    try:
        trusting = ssl.create_default_context(cafile=str(certificate / "cert.pem"))
        url = f"https://secure.example:{server.server_port}/page"
        (unknown,) = follow(url, allowed=loopback)
        (known,) = follow(url, allowed=loopback, context=trusting)
        (other,) = follow(url.replace("secure", "other"), allowed=loopback, context=trusting)
    finally:
        server.shutdown()
        server.server_close()
    assert unknown.outcome is Outcome.UNTRUSTED
    assert known.outcome is Outcome.OK
    assert other.outcome is Outcome.UNTRUSTED
    assert "other.example" in other.detail


def test_a_closed_port_is_unreachable() -> None:
    """Nobody is there."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
    (found,) = follow(f"http://127.0.0.1:{port}/", allowed=loopback)
    assert found.outcome is Outcome.UNREACHABLE


def test_a_new_link_that_is_dead_is_told_where_all_others_were_followed_lately(site: str, tmp_path: Path) -> None:
    """That it alone gives no answer does not mean that there is no network."""
    good, dead = f"{site}/page", "http://127.0.0.1:9/"
    memory = Memory(tmp_path / "links.json")
    visit([good], memory, visitor=lambda: Visitor(loopback))
    found = visit([good, dead], memory, visitor=lambda: Visitor(loopback))
    assert {url: each.outcome for url, each in found.items()} == {good: Outcome.OK, dead: Outcome.UNREACHABLE}


def test_what_was_visited_is_remembered(site: str, tmp_path: Path) -> None:
    """A good page for a week; one that fails is asked again soon, and the file says what is known."""
    file = tmp_path / "links.json"
    urls = [f"{site}/page", f"{site}/status/404"]
    for _ in range(2):
        found = visit(urls, Memory(file), visitor=lambda: Visitor(loopback))
    assert {url: each.outcome for url, each in found.items()} == {urls[0]: Outcome.OK, urls[1]: Outcome.GONE}
    assert _Site.seen == Counter({"/page": 1, "/status/404": 1})
    now = time.time()
    assert Memory(file).fresh(urls[0], now + 6 * 86_400)
    assert not Memory(file).fresh(urls[0], now + 8 * 86_400)
    assert not Memory(file).fresh(urls[1], now + 3_600)
    assert {row["outcome"] for row in json.loads(file.read_text())["visits"]} == {"ok", "gone"}


def test_a_damaged_memory_is_an_empty_one(tmp_path: Path) -> None:
    """It is a cache and nothing else."""
    file = tmp_path / "links.json"
    file.write_text('{"visits": [{"url": 1}]}')
    assert Memory(file).fresh("https://a.example/", 0) is None


def test_without_a_network_nothing_is_said(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """That no link can be reached says nothing about the links."""

    async def nowhere(*_: Any, **__: Any) -> Any:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", nowhere)
    assert visit(["https://a.example/", "https://b.example/"], Memory(tmp_path / "links.json")) == {}


def test_which_addresses_are_followed() -> None:
    """Those on the web, once; neither mail addresses nor what is private by its name."""
    news = make.news(
        url="https://www.example.org/a",
        summary="[b](https://www.example.org/b), [a](https://www.example.org/a), [m](mailto:a@example.org), "
        "[l](http://localhost/x), [s]({unsubscribe_url})",
    )
    chosen = make.selection((make.section(), [news]))
    assert addresses([chosen]) == ["https://www.example.org/a", "https://www.example.org/b"]
