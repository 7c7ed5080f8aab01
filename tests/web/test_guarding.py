"""What surrounds every answer: headers, hosts, proxies, bounds, logs."""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from newsletter import audience, sending
from newsletter.errors import StorageError
from newsletter.web.public import application, hooks
from newsletter.web.public.guarding import Lines
from tests import factories as make
from tests.databases import open_ready
from tests.web.readers import LISTS, World, hidden, link, path_of
from tests.web.sent import send_issue

PATHS = ["/", "/subscribe", "/preferences", "/u/x", "/v/x", "/confirm/x", "/nothing", "/images/x.png", "/health"]


@pytest.fixture
def logged() -> Iterator[list[dict[str, Any]]]:
    """The log lines of a test, as they would be written."""
    lines: list[dict[str, Any]] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(json.loads(Lines().format(record)))

    log, keeper = logging.getLogger("newsletter.readers"), Keeper()
    log.addHandler(keeper)
    before = log.level
    log.setLevel(logging.INFO)
    yield lines
    log.removeHandler(keeper)
    log.setLevel(before)


def test_an_address_at_which_there_is_nothing_is_told_in_words(world: World) -> None:
    """Readers mistype, and mail programs break links; a number would tell them nothing."""
    answer = world.visitor.get("/nowhere", headers={"Accept-Language": "fr"})
    assert (answer.status_code, answer.headers["content-language"]) == (404, "fr")
    assert "<h1>" in answer.text
    # Whoever followed a broken link to leave or to choose can still do so.
    main = answer.text.partition("<main")[2].partition("</main>")[0]
    assert re.findall(r'href="([^"]+)"', main) == ["/preferences"]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_has_its_headers(world: World, path: str) -> None:
    """Found or not, page or JSON."""
    headers = world.visitor.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["x-robots-tag"] == "noindex"
    assert headers["cache-control"] == "no-store"
    assert headers["x-frame-options"] == "DENY"
    assert headers["strict-transport-security"] == "max-age=31536000"
    assert headers["content-security-policy"] == (
        "default-src 'none'; style-src 'self'; img-src 'self' https:; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    assert "set-cookie" not in headers
    assert "server" not in headers


def test_pages_run_no_script_and_carry_no_style(world: World) -> None:
    """They work without JavaScript, and the policy forbids what they do not have."""
    for path in ("/", "/preferences", "/nothing"):
        page = world.visitor.get(path).text
        assert not re.search(r"<script|\son\w+=|style=|javascript:", page)


def test_plain_http_makes_no_promise_for_https(tmp_path: Path) -> None:
    """HSTS is for those whose readers come by https."""
    workspace = make.workspace(tmp_path, lists=LISTS, public_url="http://news.example.org")
    with open_ready(workspace) as database:
        visitor = World(workspace, database).browser(host="http://news.example.org")
        headers = visitor.get("/").headers
    assert "strict-transport-security" not in headers


@pytest.mark.parametrize("host", ["evil.example", "news.example.org.evil.example", "", "localhost", "127.0.0.1:8000"])
def test_another_host_is_not_answered(world: World, host: str) -> None:
    """Except about its health, for load balancers."""
    assert world.visitor.get("/", headers={"Host": host}).status_code == 421
    assert world.visitor.get("/health", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host", ["news.example.org", "NEWS.example.org:443", "localhost:8000", "127.0.0.1", "[::1]:8000"]
)
def test_the_own_host_is_answered(world: World, host: str) -> None:
    """And on this machine alone, its names here."""
    app = application(world.workspace, world.database, sending.provider(world.workspace), local=True)
    world.app = app
    assert world.browser().get("/", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(("trusted", "limited"), [(["198.51.100.0/24"], False), (["10.0.0.0/8"], True), ([], True)])
def test_proxies_are_believed_from_known_networks_alone(tmp_path: Path, trusted: list[str], limited: bool) -> None:
    """Anybody may write X-Forwarded-For; by it nobody escapes the limits."""
    workspace = make.workspace(tmp_path, lists=LISTS, readers={"trusted_proxies": trusted})
    with open_ready(workspace) as database:
        world = World(workspace, database)
        status = 200
        for number in range(70):
            page = world.visitor.get("/subscribe")
            world.clock.forward(seconds=3)
            status = world.visitor.post(
                "/subscribe",
                data=hidden(page.text) | {"email": f"reader{number}@example.org", "list": "monthly"},
                headers={"X-Forwarded-For": f"203.0.113.{number}"},
            ).status_code
    assert status == (429 if limited else 200)


def test_a_proxy_is_known_on_a_socket_for_ipv6_too(tmp_path: Path) -> None:
    """There it is called ::ffff:198.51.100.7; otherwise all readers would be one, and limited as one."""
    workspace = make.workspace(tmp_path, lists=LISTS, readers={"trusted_proxies": ["198.51.100.0/24"]})
    with open_ready(workspace) as database:
        world = World(workspace, database)
        visitor = world.browser(("::ffff:198.51.100.7", 50000))
        for number in range(70):
            page = visitor.get("/subscribe")
            world.clock.forward(seconds=3)
            answer = visitor.post(
                "/subscribe",
                data=hidden(page.text) | {"email": f"reader{number}@example.org", "list": "monthly"},
                headers={"X-Forwarded-For": f"203.0.113.{number}, ::ffff:198.51.100.8"},
            )
    assert answer.status_code == 200


def test_the_nearest_stranger_in_the_chain_counts(tmp_path: Path) -> None:
    """What a client wrote before its proxy did is not believed."""
    workspace = make.workspace(tmp_path, lists=LISTS, readers={"trusted_proxies": ["198.51.100.0/24"]})
    with open_ready(workspace) as database:
        world = World(workspace, database)
        for number in range(70):
            page = world.visitor.get("/subscribe")
            world.clock.forward(seconds=3)
            answer = world.visitor.post(
                "/subscribe",
                data=hidden(page.text) | {"email": f"reader{number}@example.org", "list": "monthly"},
                headers={"X-Forwarded-For": f"192.0.2.{number}, 203.0.113.5"},
            )
    assert answer.status_code == 429


@pytest.mark.parametrize("path", ["/subscribe", "/preferences", "/confirm/x", "/preferences/x"])
def test_large_bodies_are_refused(world: World, path: str) -> None:
    """A form has a few hundred bytes."""
    assert world.visitor.post(path, content=b"x" * 20_000).status_code == 413


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "PROPFIND"])
@pytest.mark.parametrize("path", ["/", "/subscribe", "/u/x", "/health"])
def test_other_methods_are_not_allowed(world: World, method: str, path: str) -> None:
    """And change nothing."""
    assert world.visitor.request(method, path).status_code == 405


def test_the_form_may_be_framed_where_the_settings_say(tmp_path: Path) -> None:
    """And nothing else may be, anywhere."""
    workspace = make.workspace(tmp_path, lists=LISTS, readers={"embed": ["https://www.example.org"]})
    with open_ready(workspace) as database:
        world = World(workspace, database)
        framed = world.visitor.get("/subscribe/framed?list=events").headers
        page = world.visitor.get("/subscribe").headers
    assert framed["content-security-policy"].endswith("frame-ancestors https://www.example.org")
    assert "x-frame-options" not in framed
    assert page["content-security-policy"].endswith("frame-ancestors 'none'")


def test_without_such_a_setting_no_frame_shows_the_form(world: World) -> None:
    """The page is there, for nobody's frame."""
    assert world.visitor.get("/subscribe/framed").headers["x-frame-options"] == "DENY"


def test_logs_hold_neither_addresses_nor_tokens(world: World, logged: list[dict[str, Any]]) -> None:
    """Routes stand for paths; the whole way of a reader leaves nothing by which to know them."""
    world.subscribe(name="Anna Berg")
    (letter,) = world.mail()
    path = path_of(link(letter))
    world.visitor.get(path)
    world.visitor.post(path)
    token = send_issue(world, "monthly")["anna@example.org"]
    world.visitor.get(f"/v/{token}")
    world.visitor.post(f"/u/{token}")
    world.visitor.get("/anna@example.org")
    world.visitor.get("/?email=anna@example.org")
    written = json.dumps(logged, ensure_ascii=False)
    for personal in ("anna", "Anna", "example.org", "198.51.100.7", token, path.rpartition("/")[2]):
        assert personal not in written
    assert [line["route"] for line in logged if line["event"] == "request"] == [
        "/subscribe",
        "/subscribe",
        "/confirm/{token}",
        "/confirm/{token}",
        "/v/{token}",
        "/u/{token}",
        "",
        "/",
    ]
    (sent,) = [line for line in logged if line["event"] == "letter"]
    assert (sent["kind"], sent["outcome"]) == ("confirm", "accepted")


def test_logs_tell_webhooks_by_their_whole_route(world: World, logged: list[dict[str, Any]]) -> None:
    """Whoever reads the log finds the calls of providers where the guide says that they arrive."""
    space, database = world.workspace, world.database
    world.app = application(
        space, database, sending.provider(space), hooks=hooks.routes(space, database, environment={}), local=False
    )
    world.browser().post("/hooks/nobody")
    assert [line["route"] for line in logged if line["event"] == "request"] == ["/hooks/{provider}"]


def test_failures_are_logged_by_kind_and_place(
    world: World, logged: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Their words are not: databases repeat addresses in theirs. The reader gets a page with 500 and no traceback.

    The place is in our own code, though libraries may lie in a folder that is called as we are.
    """
    driver: dict[str, Any] = {}
    source = "def fail(*_, **__): raise RuntimeError('duplicate key: anna@example.org')"
    exec(compile(source, "/srv/newsletter/.venv/lib/driver.py", "exec"), driver)
    monkeypatch.setattr(audience, "ask", driver["fail"])
    answer = world.subscribe()
    assert answer.status_code == 500
    assert "<h1>Something went wrong on our side</h1>" in answer.text
    assert "anna" not in answer.text
    assert "Traceback" not in answer.text
    (line,) = [line for line in logged if line["level"] == "error"]
    assert re.fullmatch(r"RuntimeError at web/public/subscribing\.py:\d+", line["problem"])
    assert "anna" not in json.dumps(line)


def test_a_database_out_of_reach_is_told_kindly(tmp_path: Path, logged: list[dict[str, Any]]) -> None:
    """503, nothing has changed, try again; health says so, too, and the log says why."""
    workspace = make.workspace(tmp_path, lists=LISTS)
    with open_ready(workspace) as database:
        world = World(workspace, database)
        world.visitor.get("/")
        with patch.object(type(database), "reading", side_effect=StorageError("the database is busy")):
            answer = world.visitor.get("/u/x")
            health = world.visitor.get("/health")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "60")
    assert "Nothing has changed" in answer.text
    assert (health.status_code, health.json()) == (503, {"schema": 1, "status": "failed"})
    told = [(line["level"], line["status"], line["problem"]) for line in logged if "problem" in line]
    assert told == [("error", 503, "the database is busy")] * 2


def test_a_full_disk_is_told_before_somebody_wants_to_leave(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What can be read is, but whoever looks after the machine hears that nothing can be written."""
    assert world.visitor.get("/health").status_code == 200
    monkeypatch.setattr("newsletter.store.database._LEAST_ROOM", 1 << 60)
    health = world.visitor.get("/health")
    assert (health.status_code, health.json()) == (503, {"schema": 1, "status": "failed"})
    assert world.visitor.get("/").status_code == 200


def test_the_service_lives_below_a_path_where_its_address_has_one(tmp_path: Path) -> None:
    """https://www.example.org/news, whether or not the proxy takes the path away."""
    workspace = make.workspace(tmp_path, lists=LISTS, public_url="https://news.example.org/letters/")
    with open_ready(workspace) as database:
        world = World(workspace, database)
        for path in ("/letters/subscribe", "/subscribe"):
            page = world.visitor.get(path)
            assert page.status_code == 200
            assert 'action="/letters/subscribe"' in page.text
            assert 'href="/letters/assets/readers.' in page.text
        world.fill_in("/letters/subscribe", email="anna@example.org", list="monthly")
        (letter,) = world.mail()
        assert link(letter).startswith("https://news.example.org/letters/confirm/")
        assert world.visitor.post(path_of(link(letter))).status_code == 200


def test_a_domain_beyond_ascii_is_asked_for_as_browsers_write_it(tmp_path: Path) -> None:
    """IDNA: the host in a request is never the one that people read."""
    workspace = make.workspace(tmp_path, lists=LISTS, public_url="https://nëws.example.org")
    with open_ready(workspace) as database:
        world = World(workspace, database)
        answer = world.visitor.get("/subscribe", headers={"Host": "xn--nws-jma.example.org"})
    assert answer.status_code == 200


@pytest.mark.parametrize("there", ["/letters", ""])
def test_nobody_is_led_out_of_the_services_own_path(tmp_path: Path, there: str) -> None:
    """Neither by a slash too many or too few nor by saving preferences, also where the proxy takes the path away."""
    workspace = make.workspace(tmp_path, lists=LISTS, public_url="https://news.example.org/letters")
    with open_ready(workspace) as database:
        world = World(workspace, database)
        for path in (f"{there}/subscribe/", f"{there}/subscribe/framed/", f"{there}/lists.json/", f"{there}/", there):
            assert world.visitor.get(path).status_code == 200, path
        world.confirmed()
        path = world.preferences().removeprefix("/letters")
        answer = world.visitor.post(there + path, data={"form": "x", "list": "monthly"})
        assert (answer.status_code, answer.headers["location"].partition("?")[0]) == (303, f"/letters{path}")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://news.example.org:8443", 303),
        ("https://news.example.org:1", 403),
        ("null", 303),
        ("https://[", 403),
        ("https://evil.example/news.example.org:8443", 403),
        ("", 403),
    ],
)
def test_the_own_site_is_known_where_a_proxy_takes_its_port_off(tmp_path: Path, origin: str, status: int) -> None:
    """As nginx does with `$host`; browsers before 2023 say by their origin alone where a form is from."""
    workspace = make.workspace(tmp_path, lists=LISTS, public_url="https://news.example.org:8443")
    with open_ready(workspace) as database:
        world = World(workspace, database)
        world.confirmed()
        path = world.preferences()
        answer = world.visitor.post(path, data={"form": "x", "list": "monthly"}, headers={"Origin": origin})
    assert answer.status_code == status


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("sv, fr;q=0.3", "fr"),
        ("sv", "en"),
        ("pt-BR", "pt"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "en"),
        ("zh-TW,zh;q=0.9,zh-CN;q=0.8,en;q=0.7", "zh"),
        ("es-MX,en;q=0.5", "es"),
        ("", "en"),
        ("*;q=x,,;", "en"),
        ("ar", "ar"),
    ],
)
def test_pages_speak_the_visitors_language(world: World, header: str, language: str) -> None:
    """As far as there are words in it."""
    assert world.visitor.get("/", headers={"Accept-Language": header}).headers["content-language"] == language
