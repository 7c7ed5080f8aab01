"""Webhooks over HTTP, by a real server: what is answered, and what is kept by then."""

from __future__ import annotations

import datetime as dt
import json
import logging
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from newsletter.errors import ConfigurationError
from newsletter.model.event import EventKind
from newsletter.store import Database, schema
from newsletter.tracking.amazon import Unreachable
from newsletter.tracking.webhooks import KINDS, Call
from newsletter.web.public import hooks
from tests import factories
from tests.databases import open_ready
from tests.tracking import making as make
from tests.tracking.service import serving
from tests.tracking.test_vectors import SNS, SNS_CERTIFICATE, SNS_TOPIC

ENVIRONMENT = {f"{kind.upper()}_SECRET": make.SECRETS.get(kind, make.SECRET) for kind in KINDS}


def providers() -> dict[str, Any]:
    """Return settings with one provider of each kind, named after it."""
    found: dict[str, Any] = {kind: {"kind": kind, "webhook_secret_env": f"{kind.upper()}_SECRET"} for kind in KINDS}
    found["ses"]["topics"] = [make.TOPIC, SNS_TOPIC]
    return found | {"silent": {"kind": "resend"}}


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """A new database."""
    with open_ready(factories.workspace(tmp_path)) as opened:
        yield opened


@pytest.fixture
def service(tmp_path: Path, database: Database) -> Iterator[str]:
    """The address of a service that knows every kind of webhook."""
    with serving(factories.workspace(tmp_path, providers=providers()), database, ENVIRONMENT) as address:
        yield address


def post(address: str, name: str, call: Call, path: str = "") -> httpx.Response:
    """Post a call."""
    return httpx.post(f"{address}/hooks/{name}{path}", headers=dict(call.headers), content=call.body, trust_env=False)


def call(kind: str, told: Any = None, *, now: dt.datetime | None = None) -> Call:
    """Return a call as it would be made now; Mandrill signs the public address."""
    return make.call(kind, told, now=now or dt.datetime.now(dt.UTC), url=f"https://news.example.org/hooks/{kind}")


def events(database: Database) -> list[tuple[Any, ...]]:
    """Return the events that are kept."""
    table = schema.events.c
    with database.reading() as connection:
        return list(map(tuple, connection.execute(select(table.provider, table.kind, table.mailing_id))))


@pytest.mark.parametrize("kind", KINDS)
def test_what_a_provider_tells_is_kept_when_it_is_answered(service: str, database: Database, kind: str) -> None:
    """And joined to the delivery that it is about."""
    token = make.sent(database)["anna@example.org"]
    told = call(kind, make.event(delivery=token))
    answer = post(service, kind, told)
    assert (answer.status_code, answer.json()) == (200, {"status": "recorded"})
    assert events(database) == [(kind, "delivered", 1)]
    answer = post(service, kind, told)
    assert (answer.status_code, answer.json()) == (200, {"status": "recorded before"})
    assert len(events(database)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_slash_at_the_end_loses_no_event(service: str, database: Database, kind: str) -> None:
    """Providers follow no redirect; Mandrill signs the address as it was entered."""
    url = f"https://news.example.org/hooks/{kind}/"
    told = make.call(kind, make.event(), now=dt.datetime.now(dt.UTC), url=url)
    assert post(service, kind, told, "/").status_code == 200
    assert len(events(database)) == 1


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_unverified_reaches_a_parser(
    service: str, database: Database, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tampered, old, signed with another key, not JSON, ten megabytes: refused before anybody looks inside."""
    webhook = KINDS[kind]
    parsed: list[Any] = []
    monkeypatch.setattr(type(webhook), "parse", lambda *given: parsed.append(given) or ())
    good = call(kind)
    in_body = kind in {"mailgun", "ses"}
    refused = [
        (Call(good.url, {}, b"{}" if in_body else good.body), {401}),
        (Call(good.url, good.headers, b"not JSON"), {400, 401}),
        (Call(good.url, good.headers, bytes(10_000_000)), {413}),
    ]
    if make.signs_body(kind):
        refused.append((Call(good.url, good.headers, good.body.replace(b"event", b"tneve", 1) + b" "), {401}))
    if webhook.tolerance:
        refused.append((call(kind, now=dt.datetime.now(dt.UTC) - webhook.tolerance - dt.timedelta(minutes=1)), {401}))
    if kind not in {"ses", "sendgrid"}:
        other = "whsec_" + "B" * 32 if kind == "resend" else "another-secret-nobody-guesses"
        wrong = make.call(kind, now=dt.datetime.now(dt.UTC), url=good.url, secret=other)
        refused.append((wrong, {401}))
    for bad, statuses in refused:
        answer = post(service, kind, bad)
        assert answer.status_code in statuses
        assert make.SECRET not in answer.text
    assert (parsed, events(database)) == ([], [])


def test_a_signature_cannot_carry_another_body(service: str, database: Database) -> None:
    """Mailgun signs a token only; the token is good for one body."""
    token = make.sent(database)["anna@example.org"]
    told = call("mailgun", make.event(delivery=token))
    assert post(service, "mailgun", told).status_code == 200
    content = json.loads(told.body)
    content["event-data"] |= {"event": "complained", "id": "another"}
    answer = post(service, "mailgun", Call(told.url, told.headers, json.dumps(content).encode()))
    assert (answer.status_code, answer.json()) == (401, {"error": "not verified"})
    assert events(database) == [("mailgun", "delivered", 1)]


@pytest.mark.parametrize("name", ["unknown", "silent", "outbox"])
def test_who_is_not_set_up_is_not_there(service: str, name: str) -> None:
    """A provider without a secret for its webhook has none."""
    assert post(service, name, call("resend")).status_code == 404


def test_reading_changes_nothing(service: str, database: Database) -> None:
    """HEAD, by which providers look whether anybody is there, is answered; GET is not offered."""
    with httpx.Client(base_url=service, trust_env=False) as client:
        assert client.head("/hooks/mandrill").status_code == 200
        for method in ("GET", "PUT", "DELETE", "PATCH"):
            assert client.request(method, "/hooks/mandrill").status_code == 405
    assert events(database) == []


def test_the_secret_may_be_in_the_path(service: str, database: Database) -> None:
    """For providers that can neither sign nor authenticate."""
    body = call("brevo").body
    unsigned = Call("", {"content-type": "application/json"}, body)
    assert post(service, "brevo", unsigned, f"/{make.SECRET}").status_code == 200
    assert post(service, "brevo", unsigned, "/another-secret").status_code == 401
    assert len(events(database)) == 1


def test_why_a_call_was_refused_stands_in_the_log_without_addresses(
    service: str, caplog: pytest.LogCaptureFixture
) -> None:
    """The team finds out; a stranger and the log's readers learn nothing about anybody."""
    told = call("resend", make.event(recipient="anna@example.org"))
    with caplog.at_level(logging.INFO, logger="newsletter.hooks"):
        post(service, "resend", Call(told.url, told.headers, told.body + b" "))
    (line,) = [record.getMessage() for record in caplog.records]
    assert line == (
        "refused a call for the provider resend: the signature is not the one of this body; see whether the signing"
        " secret is right"
    )


def test_a_body_without_end_is_cut_off(service: str) -> None:
    """Its announced length is not believed, and no more than four megabytes are read."""
    host, _, port = service.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as connection:
        connection.sendall(b"POST /hooks/resend HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        piece = b"10000\r\n" + bytes(0x10000) + b"\r\n"
        try:
            for _ in range(200):
                connection.sendall(piece)
        except OSError:
            pass
        try:
            answer = connection.recv(100)
        except ConnectionResetError:
            return
    assert answer.startswith(b"HTTP/1.1 413")


class Amazon:
    """What Amazon answers, and what it was asked."""

    def __init__(self, answers: dict[str, bytes]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def fetch(self, url: str) -> bytes:
        """Answer, or not."""
        self.asked.append(url)
        if url not in self.answers:
            raise Unreachable("Amazon answered 403")
        return self.answers[url]


def sns(tmp_path: Path, database: Database, amazon: Amazon) -> Any:
    """Serve with an Amazon of our own, at the time of the published messages."""
    space = factories.workspace(tmp_path, providers={"ses": {"kind": "ses", "topics": [SNS_TOPIC]}})
    now = dt.datetime(2026, 3, 6, 20, 1, tzinfo=dt.UTC)
    return serving(space, database, {}, now=lambda: now, fetch=amazon.fetch)


def message(name: str) -> Call:
    """Return a message that Amazon has signed."""
    return Call("", {"content-type": "text/plain; charset=UTF-8"}, json.dumps(SNS[name]).encode())


def test_amazons_certificate_is_fetched_once(tmp_path: Path, database: Database) -> None:
    """Messages that Amazon signed are verified by it, and kept as what they are."""
    amazon = Amazon({SNS_CERTIFICATE: make.vector("sns-certificate.pem").encode()})
    with sns(tmp_path, database, amazon) as address:
        for name in ("notification, version 2", "notification with a subject, version 1"):
            assert post(address, "ses", message(name)).status_code == 200
        answer = post(address, "ses", Call("", {}, message("notification, version 2").body.replace(b"uses", b"used")))
        assert answer.status_code == 401
    assert amazon.asked == [SNS_CERTIFICATE]
    assert events(database) == [("ses", "other", None)] * 2


def test_a_subscription_is_confirmed_for_topics_of_the_settings(tmp_path: Path, database: Database) -> None:
    """By an address made here; where Amazon does not take it, Amazon is asked to come again."""
    amazon = Amazon({SNS_CERTIFICATE: make.vector("sns-certificate.pem").encode()})
    with sns(tmp_path, database, amazon) as address:
        assert post(address, "ses", message("subscription confirmation")).status_code == 503
        confirming = amazon.asked[-1]
        assert confirming.startswith("https://sns.us-west-2.amazonaws.com/?Action=ConfirmSubscription&TopicArn=arn%3A")
        amazon.answers[confirming] = b"<ConfirmSubscriptionResponse/>"
        assert post(address, "ses", message("subscription confirmation")).status_code == 200
    assert amazon.asked == [SNS_CERTIFICATE, confirming, confirming]


def test_nothing_is_fetched_for_other_topics(tmp_path: Path, database: Database) -> None:
    """Whoever does not know the topic cannot make the service call anybody."""
    amazon = Amazon({})
    other = dict(SNS["subscription confirmation"], TopicArn="arn:aws:sns:us-west-2:131990247566:another")
    with sns(tmp_path, database, amazon) as address:
        assert post(address, "ses", Call("", {}, json.dumps(other).encode())).status_code == 401
    assert amazon.asked == []


@pytest.mark.parametrize("content", [None, b"<html>", make.PAIRS["sendgrid"].public.encode()])
def test_a_certificate_that_cannot_be_had_is_asked_for_again_later(
    tmp_path: Path, database: Database, content: bytes | None
) -> None:
    """Amazon repeats the message; what was fetched wrongly is not kept, and nobody is asked with every call."""
    amazon = Amazon({} if content is None else {SNS_CERTIFICATE: content})
    with sns(tmp_path, database, amazon) as address:
        answers = [post(address, "ses", message("notification, version 2")) for _ in range(3)]
    assert [(answer.status_code, answer.headers["retry-after"]) for answer in answers] == [(503, "5")] * 3
    assert amazon.asked == [SNS_CERTIFICATE]


@pytest.mark.parametrize(
    ("settings", "environment", "wanted"),
    [
        ({"webhook_secret_env": "ABSENT"}, {}, "ABSENT holds no webhook secret"),
        ({"webhook_secret_env": "SHORT"}, {"SHORT": "whsec_"}, "cannot be one of resend: it is too short"),
        ({"webhook_secret_file": "nowhere"}, {}, "the file nowhere holds no webhook secret"),
        ({"webhook_secret_file": "~nobody-of-that-name/x"}, {}, "the file ~nobody-of-that-name/x holds no webhook"),
        ({"topics": [make.TOPIC]}, {}, "topics, which only Amazon SES knows"),
        ({"kind": "ses", "webhook_secret_env": "S"}, {"S": "x"}, "has no topics"),
        ({"kind": "smtp", "webhook_secret_env": "S"}, {"S": "x"}, "tells nothing by webhooks"),
    ],
)
def test_a_service_that_could_verify_nothing_does_not_start(
    tmp_path: Path, database: Database, settings: dict[str, Any], environment: dict[str, str], wanted: str
) -> None:
    """It says what is missing instead of losing events in silence."""
    space = factories.workspace(tmp_path, providers={"main": {"kind": "resend"} | settings})
    with pytest.raises(ConfigurationError) as caught:
        hooks.routes(space, database, environment=environment)
    assert wanted in caught.value.message
    assert caught.value.fix


def test_a_secret_that_is_too_short_is_told_with_one_remedy(tmp_path: Path, database: Database) -> None:
    """A copied one is copied again, one that was made up is made longer; nothing is said twice."""

    def told(kind: str, *names: str) -> str:
        providers = {name: {"kind": kind, "webhook_secret_env": "SHORT"} for name in names}
        space = factories.workspace(tmp_path, providers=providers)
        with pytest.raises(ConfigurationError) as caught:
            hooks.routes(space, database, environment={"SHORT": "whsec_"})
        return caught.value.fix

    assert told("resend", "one", "two") == "copy it again from the provider's page on webhooks"
    assert told("postmark", "one", "two") == "make up a longer one, and enter it at the provider, too"


def test_all_missing_secrets_are_told_at_once(tmp_path: Path, database: Database) -> None:
    """Nobody starts a service five times to find five mistakes."""
    space = factories.workspace(
        tmp_path, providers={name: {"kind": "resend", "webhook_secret_env": name.upper()} for name in ("one", "two")}
    )
    with pytest.raises(ConfigurationError) as caught:
        hooks.routes(space, database, environment={})
    assert "ONE" in caught.value.why
    assert "TWO" in caught.value.why


def test_a_database_that_fails_is_told_to_the_provider(service: str, database: Database) -> None:
    """It comes again; nothing is called recorded that is not, and the next call is taken as ever."""
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE events RENAME TO hidden")
    assert post(service, "resend", call("resend")).status_code in {500, 503}
    with database.writing() as connection:
        connection.exec_driver_sql("ALTER TABLE hidden RENAME TO events")
    assert post(service, "resend", call("resend", make.event(EventKind.OPENED))).status_code == 200
    assert len(events(database)) == 1
