"""`report`, `bounces read` and `simulate`, as a team uses them: with a real service and a real workspace."""

from __future__ import annotations

import datetime as dt
import json
import mailbox
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from newsletter import audience, config
from newsletter.cli import app
from newsletter.model.event import Bounce, EventKind
from newsletter.store import Database
from newsletter.tracking import record_events
from tests.databases import open_ready
from tests.tracking import making as make
from tests.tracking.reports import report as delivery_report
from tests.tracking.service import serving
from tests.tracking.test_recording import suppressed

SETTINGS = f"""
title = "Our newsletter"
from = "Us <us@example.org>"
zone = "Europe/Vienna"
postal_address = "Main Street 1"
public_url = "https://news.example.org"

[lists.monthly]
title = "Monthly"

[providers.main]
kind = "resend"
webhook_secret_env = "MAIN"

[providers.mandrill]
kind = "mandrill"
webhook_secret_env = "MANDRILL"

[providers.amazon]
kind = "ses"
topics = ["{make.TOPIC}"]
webhook_secret_file = ".newsletter/rehearsal/amazon.pub"

[providers.grid]
kind = "sendgrid"
webhook_secret_file = ".newsletter/rehearsal/grid.pub"
"""
ENVIRONMENT = {"MAIN": make.SECRETS["resend"], "MANDRILL": make.SECRET}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A workspace on disk, with its secrets in the environment."""
    (tmp_path / "newsletter.toml").write_text(SETTINGS)
    monkeypatch.chdir(tmp_path)
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    return tmp_path


@pytest.fixture
def database(folder: Path) -> Iterator[Database]:
    """Its database."""
    with open_ready(config.load(folder)) as opened:
        yield opened


def run(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Run a command; return its exit code, what it printed, and what it said."""
    code = app.run(arguments)
    out, err = capsys.readouterr()
    return code, out, err


def test_rehearsing_with_a_running_service(
    folder: Path, database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Providers with secrets, with addresses that are signed, and with pairs of keys made for it."""
    make.sent(database)
    for name in ("amazon", "grid"):
        code, out, _ = run(["simulate", "key", "--provider", name], capsys)
        assert (code, out) == (0, f'webhook_secret_file = ".newsletter/rehearsal/{name}.pub"\n')
        assert (folder / f".newsletter/rehearsal/{name}.key").stat().st_mode & 0o777 == 0o600
        assert run(["simulate", "key", "--provider", name], capsys)[0] == 5
    code, _, said = run(["simulate", "key", "--provider", "main"], capsys)
    assert (code, said.splitlines()[0]) == (2, "error: resend needs no pair of keys")
    with serving(config.load(folder), database, ENVIRONMENT) as address:
        for name in ("main", "mandrill", "amazon", "grid"):
            arguments = ["simulate", "event", "bounced", "--provider", name, "--issue", "2024-07", "--url", address]
            code, _, said = run([*arguments, "--to", "anna@example.org"], capsys)
            assert (code, said) == (0, f"posted to {address}/hooks/{name}: recorded\n")
    assert suppressed(database)[0][:2] == ("anna@example.org", "bounce")
    code, out, _ = run(["report", "2024-07", "--json"], capsys)
    known = json.loads(out)["tracking"]
    assert (code, known["arrived"]["hard bounced"], known["events"]) == (0, 1, {"bounced": 4})


@pytest.mark.parametrize(
    ("more", "code", "words"),
    [
        (["--provider", "mian", "--delivery", make.NOBODY], 2, "did you mean 'main'?"),
        (["--provider", "main"], 2, "name a delivery"),
        (["--provider", "main", "--issue", "2024-07", "--to", "nobody@example.org"], 2, "no delivery to nobody"),
        (["--provider", "main", "--delivery", make.NOBODY, "--url", "http://127.0.0.1:9"], 3, "no service answers"),
        (["--provider", "main", "--delivery", make.NOBODY], 5, "would take a rehearsal for the truth"),
    ],
)
def test_a_rehearsal_that_cannot_be(
    database: Database, capsys: pytest.CaptureFixture[str], more: list[str], code: int, words: str
) -> None:
    """Each mistake with its own exit code and what to do about it."""
    found, _, said = run(["simulate", "event", "delivered", *more], capsys)
    assert (found, words in said) == (code, True), said


def test_what_a_provider_never_tells(folder: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Resend has no link of its own to leave by."""
    arguments = ["simulate", "event", "unsubscribed", "--provider", "main", "--delivery", make.NOBODY]
    code, _, said = run([*arguments, "--url", "http://127.0.0.1:9"], capsys)
    assert (code, "resend tells nothing of messages that were unsubscribed" in said) == (2, True)


def test_the_help_of_a_rehearsal_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    """In a sentence: the list of them would not fit into the line that says how to call it."""
    _, said, _ = run(["simulate", "event", "--help"], capsys)
    assert "[OPTIONS] KIND\n" in said
    assert [kind for kind in EventKind if kind is not EventKind.OTHER and kind not in said] == []


def test_a_service_with_another_secret(folder: Path, database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """The likeliest mistake when a service is set up."""
    run(["simulate", "key", "--provider", "amazon"], capsys)
    run(["simulate", "key", "--provider", "grid"], capsys)
    with serving(config.load(folder), database, ENVIRONMENT | {"MANDRILL": "another-secret-than-here"}) as address:
        arguments = ["simulate", "event", "opened", "--provider", "mandrill", "--delivery", make.NOBODY]
        code, _, said = run([*arguments, "--url", address], capsys)
    assert (code, "its secret for this webhook is another one" in said) == (4, True)


def tell(database: Database) -> None:
    """Let some things happen to the July issue."""
    tokens = make.sent(database, [f"reader{number}@example.org" for number in range(8)])
    names = list(tokens.values())
    kinds: list[tuple[EventKind, dict[str, Any]]] = [
        (EventKind.DELIVERED, {}),
        (EventKind.DELIVERED, {}),
        (EventKind.DEFERRED, {}),
        (EventKind.BOUNCED, {"reason": "550 5.1.1 <reader3@example.org> does not exist"}),
        (EventKind.BOUNCED, {"bounce": Bounce.BLOCK, "code": "5.7.1", "reason": "550 5.7.1 reputation"}),
        (EventKind.COMPLAINED, {}),
        (EventKind.UNSUBSCRIBED, {}),
    ]
    told = [make.event(kind, delivery=names[n], key=f"e{n}", **more) for n, (kind, more) in enumerate(kinds)]
    opens = [make.event(EventKind.OPENED, delivery=names[0], key=f"o{n}", by_machine=n > 1) for n in range(5)]
    tracking = config.TrackingSettings()
    record_events(database, "main", [*told, *opens], tracking, now=make.NOW + dt.timedelta(hours=1))


def test_a_report_for_programs(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Every delivery in one state, events as they were told, reasons without addresses."""
    tell(database)
    code, out, _ = run(["report", "2024-07", "--json"], capsys)
    assert code == 0
    assert json.loads(out) == {
        "schema": 1,
        "issue": "2024-07",
        "mailing": 1,
        "state": "sent",
        "totals": {
            "candidates": 8,
            "pending": 0,
            "claimed": 0,
            "accepted": 8,
            "rejected": 0,
            "suppressed": 0,
            "unknown": 0,
        },
        "tracking": {
            "spoken_of": 7,
            "arrived": {
                "accepted": 2,
                "deferred": 1,
                "blocked": 1,
                "soft bounced": 0,
                "delivered": 2,
                "hard bounced": 1,
            },
            "readers": {"complained": 1, "unsubscribed": 1, "opened": 0, "clicked": 0},
            "opens": 2,
            "clicks": 0,
            "events": {
                "deferred": 1,
                "delivered": 2,
                "bounced": 2,
                "complained": 1,
                "unsubscribed": 1,
                "opened": 5,
            },
            "events_by_machines": {"opened": 3},
            "bounces": [
                {"bounce": "block", "code": "5.7.1", "count": 1, "example": "550 5.7.1 reputation"},
                {"bounce": "hard", "code": "5.1.1", "count": 1, "example": "550 5.1.1 <…> does not exist"},
            ],
            "links": [],
        },
        "others": [],
        "read": [],
    }


def test_a_report_names_no_reason_of_which_nobody_is_left(
    database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of a reader who was erased the ledger's row stays, and what a server said of them belongs to nobody."""
    tell(database)
    audience.erase(database, "reader3@example.org", now=make.NOW)
    code, out, _ = run(["report", "2024-07", "--json"], capsys)
    assert (code, [reason["code"] for reason in json.loads(out)["tracking"]["bounces"]]) == (0, ["5.7.1"])


def test_a_report_for_people(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """Honest words: delivered by the provider's word, opens an estimate."""
    tell(database)
    code, out, _ = run(["report", "2024-07"], capsys)
    assert code == 0
    lines = [" ".join(line.split()) for line in out.splitlines() if line.strip()]
    assert lines == [
        "2024-07: sent; 8 candidates = 8 accepted",
        "of the accepted deliveries",
        "delivered, by the provider's word 2 25.0%",
        "accepted, not yet delivered 2 25.0%",
        "deferred, still being tried 1 12.5%",
        "refused by a policy, the address may be fine 1 12.5%",
        "came back for good, no such address 1 12.5%",
        "nothing told yet 1 12.5%",
        "came back code deliveries what a server said",
        "block 5.7.1 1 550 5.7.1 reputation",
        "hard 5.1.1 1 550 5.1.1 <…> does not exist",
        "readers",
        "called it spam 1",
        "left by a link in it 1",
        "opens, an estimate 2; 3 more by programs, says the provider",
        "clicks, an estimate 0",
    ]


def test_a_rehearsed_click_may_name_its_link(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Only a click has one."""
    arguments = [
        "simulate",
        "event",
        "opened",
        "--provider",
        "main",
        "--delivery",
        make.NOBODY,
        "--link",
        "https://x.example",
    ]
    code, _, said = run(arguments, capsys)
    assert (code, "--link goes with clicked: it is the link that a reader followed" in said) == (2, True)


def test_a_report_of_an_issue_of_which_nobody_has_told(database: Database, capsys: pytest.CaptureFixture[str]) -> None:
    """It says how to be told, and that an unknown issue is unknown."""
    make.sent(database)
    code, _, said = run(["report", "2024-07"], capsys)
    assert (code, "nothing was told about it yet" in said) == (0, True)
    assert run(["report", "2024-08"], capsys)[0] == 2


def test_bounces_are_read(database: Database, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From a maildir; what nobody understands is told."""
    token = make.sent(database)["anna@example.org"]
    box = mailbox.Maildir(folder / "bounces")
    box.add(delivery_report(returned=f"Message-ID: <{token}@example.org>\n\nNews"))
    box.add(b"Subject: Hello\r\n\r\nIs anybody there?\r\n")
    code, _, said = run(["bounces", "read", "--maildir", "bounces"], capsys)
    assert (code, said.splitlines()) == (
        0,
        [
            "2 unread mails: 1 told of deliveries, 1 of them news",
            "1 came back for good, 0 for now, 0 complaints",
            "1 was not understood and stays unread; have a look",
        ],
    )
    code, out, _ = run(["bounces", "read", "--maildir", "bounces", "--json"], capsys)
    found = {"mails": 1, "understood": 0, "left": 1, "new": 0, "for_good": 0, "for_now": 0, "complaints": 0}
    assert (code, json.loads(out)) == (0, {"schema": 1, **found})


def test_bounces_are_read_where_the_settings_say(
    database: Database, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Below the newsletter's folder, unless somebody names another place."""
    settings = (folder / "newsletter.toml").read_text()
    (folder / "newsletter.toml").write_text(f'{settings}\n[tracking.inbox]\nmaildir = "came back"\n')
    box = mailbox.Maildir(folder / "came back")
    box.add(b"Subject: Hello\r\n\r\nIs anybody there?\r\n")
    mailbox.Maildir(folder / "other")
    for arguments, mails in (([], "1 unread mail"), (["--maildir", "other"], "0 unread mails")):
        code, _, said = run(["bounces", "read", *arguments], capsys)
        assert (code, said.partition(":")[0]) == (0, mails)


@pytest.mark.parametrize(
    ("inbox", "told"),
    [
        ("", "must name one mailbox"),
        ('imap = "imap://us@mail.example.org"', "is not encrypted"),
        ('imap = "imaps://us:secret@mail.example.org"', "never the password"),
    ],
)
def test_a_mailbox_that_cannot_be_one_is_told_with_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str], inbox: str, told: str
) -> None:
    """Before anything is read, and without the password that may stand in it."""
    settings = (folder / "newsletter.toml").read_text()
    (folder / "newsletter.toml").write_text(f"{settings}\n[tracking.inbox]\n{inbox}\n")
    code, _, said = run(["bounces", "read"], capsys)
    assert (code, told in said, "newsletter.toml:" in said, "secret" in said) == (2, True, True, False), said


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "--maildir DIR or --imap ADDRESS"),
        (["--maildir", "nowhere"], "nowhere is not a maildir"),
        (["--imap", "imaps://us@mail.example.org"], "NEWSLETTER_IMAP_PASSWORD holds no password"),
    ],
)
def test_an_inbox_that_cannot_be_read(
    database: Database, capsys: pytest.CaptureFixture[str], arguments: list[str], words: str
) -> None:
    """Said before anything is touched."""
    code, _, said = run(["bounces", "read", *arguments], capsys)
    assert (code, words in said) == (2, True), said
