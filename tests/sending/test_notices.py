"""What the team is told of mailings that a worker sent."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.config import Workspace
from newsletter.errors import ConfigurationError
from newsletter.model.mailing import Mailing
from newsletter.sending.chats import body, chat_at
from newsletter.sending.ledger import claim_notice
from newsletter.sending.run import Run
from newsletter.store import Database
from tests import factories
from tests.databases import open_ready
from tests.sending import making as make
from tests.sending.resend_server import ResendServer
from tests.sending.test_freezing import start as freeze
from tests.sending.test_working import space as sending_to

VARIABLE = "NEWSLETTER_TEST_CHAT"


class Chat(ThreadingHTTPServer):
    """A chat that keeps what is written to it."""

    def __init__(self, status: int = 200) -> None:
        super().__init__(("127.0.0.1", 0), _Page)
        self.status = status
        self.told: list[Any] = []


class _Page(BaseHTTPRequestHandler):
    server: Chat

    def do_POST(self) -> None:
        self.server.told.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.server.status)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def chat(monkeypatch: pytest.MonkeyPatch) -> Iterator[Chat]:
    """Give a chat whose address is in the environment."""
    with Chat() as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        monkeypatch.setenv(VARIABLE, f"http://127.0.0.1:{server.server_port}/hook/s3cret")
        yield server
        server.shutdown()


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """A workspace that sends to files and tells two of the team, and a chat."""
    notices = {"to": ["ana@example.org", "ben@example.org"], "webhook_env": VARIABLE}
    return factories.workspace(tmp_path, notices=notices)


@pytest.fixture
def database(workspace: Workspace) -> Iterator[Database]:
    """Its database, with three readers."""
    with open_ready(workspace) as opened:
        make.subscribe(opened, make.addresses(3))
        yield opened


def start(workspace: Workspace, database: Database, plan: sending.Plan = sending.AT_ONCE) -> Mailing:
    """Start the July issue and leave it to workers."""
    return freeze(database, provider=sending.provider(workspace), plan=plan)


def work(workspace: Workspace, database: Database) -> list[str]:
    """Let a worker do what is due, and return what it says."""
    said: list[str] = []
    sending.work(workspace, database, once=True, tell=said.append, run=Run(pauses=False))
    return said


def with_notices(workspace: Workspace) -> Workspace:
    """Return a workspace that tells one of the team, and the chat."""
    notices = workspace.settings.notices.model_copy(update={"to": ("ana@example.org",), "webhook_env": VARIABLE})
    return replace(workspace, settings=workspace.settings.model_copy(update={"notices": notices}))


def mails(workspace: Workspace) -> list[tuple[str, str, str]]:
    """Return the notices in the outbox: to whom, subject, text."""
    found = []
    for file in workspace.state.glob("outbox/letter-notice/*.eml"):
        message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
        body = message.get_body(("plain",))
        assert body is not None
        found.append((message["To"], message["Subject"], body.get_content().replace("\r\n", "\n")))
    return sorted(found)


def test_the_team_learns_that_an_issue_was_sent(workspace: Workspace, database: Database, chat: Chat) -> None:
    """By email, each of them, and in the chat; once, however often workers look again."""
    start(workspace, database)
    work(workspace, database)
    work(workspace, database)
    subject, text = "[ICMPD Newsletter] 2024-07: sent", "2024-07: sent\n\nOf 3 people: 3 accepted.\n"
    assert mails(workspace) == [("ana@example.org", subject, text), ("ben@example.org", subject, text)]
    words = "2024-07: sent\nOf 3 people: 3 accepted."
    assert chat.told == [{"text": words, "content": words, "issue": "2024-07", "state": "sent", "totals": TOTALS}]


TOTALS = {"candidates": 3, "pending": 0, "claimed": 0, "accepted": 3, "rejected": 0, "suppressed": 0, "unknown": 0}
TITLE, LINE = "2024-07: sent", "Of 3 people: 3 accepted."
BODIES: dict[str, Any] = {
    "teams": {
        "type": "message",
        "attachments": [
            {
                "contentType": "application/vnd.microsoft.card.adaptive",
                "contentUrl": None,
                "content": {
                    "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
                    "type": "AdaptiveCard",
                    "version": "1.2",
                    "msteams": {"width": "Full"},
                    "body": [
                        {
                            "type": "RichTextBlock",
                            "inlines": [{"type": "TextRun", "text": TITLE, "size": "large", "weight": "bolder"}],
                        },
                        {"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": LINE}]},
                    ],
                },
            }
        ],
    },
    "discord": {"content": f"{TITLE}\n{LINE}", "allowed_mentions": {"parse": []}},
    "google": {"text": f"{TITLE}\n{LINE}"},
    "other": {
        "text": f"{TITLE}\n{LINE}",
        "content": f"{TITLE}\n{LINE}",
        "issue": "2024-07",
        "state": "sent",
        "totals": TOTALS,
    },
}


@pytest.mark.parametrize("kind", BODIES)
def test_a_chat_gets_what_it_takes_and_nothing_else(kind: Any, workspace: Workspace, chat: Chat) -> None:
    """Teams a card, Discord its `content`, Google nothing that it does not know, where the settings say which it is."""
    notices = workspace.settings.notices.model_copy(update={"chat": kind})
    space = replace(workspace, settings=workspace.settings.model_copy(update={"notices": notices}))
    with open_ready(space) as database:
        make.subscribe(database, make.addresses(3))
        start(space, database)
        work(space, database)
    assert chat.told == [BODIES[kind]]


@pytest.mark.parametrize(
    ("kind", "address"),
    [
        ("teams", "https://prod-15.uksouth.logic.azure.com:443/workflows/3a/triggers/manual/paths/invoke?sig=x"),
        ("teams", "https://default3a.b2.environment.api.powerplatform.com:443/powerautomate/automations/direct"),
        ("teams", "https://contoso.webhook.office.com/webhookb2/3a/IncomingWebhook/x"),
        ("discord", "https://discord.com/api/webhooks/1/x"),
        ("discord", "https://canary.discord.com/api/webhooks/1/x"),
        ("discord", "https://DiscordApp.com/api/webhooks/1/x"),
        ("other", "https://discord.com/api/webhooks/1/x/slack"),
        ("google", "https://chat.googleapis.com/v1/spaces/A/messages?key=x&token=y"),
        ("other", "https://hooks.slack.com/services/T/B/x"),
        ("other", "https://mattermost.example.org/hooks/x"),
        ("other", "https://notdiscord.com/hooks/x"),
        ("other", "https://logic.azure.com.example.org/hooks/x"),
        ("other", "https://hooks.example.org/?to=https://discord.com/api"),
    ],
)
def test_the_address_of_a_chat_tells_which_it_is(kind: str, address: str) -> None:
    """By its host, whatever else is in it."""
    assert chat_at(address) == kind


def test_what_is_too_long_for_discord_is_cut() -> None:
    """It takes no message of more than 2,000 characters, and would show nothing."""
    said = body("discord", TITLE, ("x" * 3000,), {})
    assert said == {"content": f"{TITLE}\n" + "x" * 1986, "allowed_mentions": {"parse": []}}


def test_after_the_first_readers_the_team_learns_that_it_is_waited_for(
    workspace: Workspace, database: Database, chat: Chat
) -> None:
    """And after its word, that the others have it."""
    start(workspace, database, replace(sending.AT_ONCE, canary=1))
    work(workspace, database)
    sending.resume(database, "2024-07")
    work(workspace, database)
    assert [told["text"].partition("\n")[0] for told in chat.told] == [
        "2024-07: the first readers have it, the others wait for your word",
        "2024-07: sent",
    ]
    assert "newsletter resume 2024-07" in chat.told[0]["text"]


def test_a_mailing_that_had_to_pause_says_why_each_time(tmp_path: Path, server: ResendServer, chat: Chat) -> None:
    """A key that was taken back is noticed at once, and after `resume` once more; the emails cannot leave either."""
    space = with_notices(sending_to(tmp_path, server.url, ""))
    server.fault = lambda _number: "401"
    with open_ready(space) as database:
        make.subscribe(database, make.addresses(3))
        start(space, database)
        said = work(space, database)
        assert work(space, database) == []
        sending.resume(database, "2024-07")
        work(space, database)
    assert [told["state"] for told in chat.told] == ["paused", "paused"]
    text = chat.told[0]["text"].splitlines()
    assert text[:2] == ["2024-07: paused", "Of 3 people: 3 pending."]
    assert "key" in text[2]
    assert text[3] == "Go on with: newsletter resume 2024-07"
    assert [words for words in said if words.startswith("2024-07: no notice to ana@example.org: ")]


def test_the_team_learns_that_a_scheduled_issue_missed_its_day(
    workspace: Workspace, database: Database, chat: Chat
) -> None:
    """The machine was off, and whoever scheduled it believes that it has left."""
    start(workspace, database, replace(sending.AT_ONCE, begins_at=dt.datetime(2024, 8, 1, 7, tzinfo=dt.UTC)))
    why = (
        "it was to leave on Thursday 1 August 2024, 09:00 Europe/Vienna, when nothing ran that sends it; so late it "
        "goes by your word alone"
    )
    assert work(workspace, database) == ["2024-07: sending", f"2024-07: paused; 0 of 3 accepted: {why}"]
    assert work(workspace, database) == []
    assert [told["text"].splitlines() for told in chat.told] == [
        ["2024-07: paused", "Of 3 people: 3 pending.", f"I{why[1:]}.", "Go on with: newsletter resume 2024-07"]
    ]


def test_a_chat_that_does_not_answer_holds_nothing_up(workspace: Workspace, database: Database, chat: Chat) -> None:
    """Its address, which lets everybody write there, is in no log."""
    chat.status = 404
    start(workspace, database)
    said = work(workspace, database)
    assert said[-1] == "2024-07: no notice to the chat: it answered 404"
    assert len(mails(workspace)) == 2


def test_a_chat_that_is_gone_is_told_without_its_address(
    workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors repeat addresses, and this one is a secret."""
    monkeypatch.setenv(VARIABLE, "http://127.0.0.1:9/hook/s3cret")
    start(workspace, database)
    assert work(workspace, database)[-1] == "2024-07: no notice to the chat: ConnectError"


def test_the_chat_is_told_of_a_provider_that_cannot_be_used(
    tmp_path: Path, server: ResendServer, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A key that is not there keeps the mailing from leaving, and the emails about that; not the word to the chat."""
    space = with_notices(sending_to(tmp_path, server.url, ""))
    with open_ready(space) as database:
        make.subscribe(database, make.addresses(3))
        start(space, database)
        monkeypatch.delenv("NEWSLETTER_TEST_KEY")
        said = work(space, database)
    lacks = "the environment variable NEWSLETTER_TEST_KEY holds no key for the provider 'main'"
    assert [told["state"] for told in chat.told] == ["paused"]
    assert said == [f"2024-07: paused: {lacks}", f"2024-07: no notice by email: {lacks}"]


def test_a_chat_behind_a_proxy_of_another_kind_holds_nothing_up(
    tmp_path: Path, chat: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A worker goes on, and says why nobody was told."""
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("http_proxy", "socks5://127.0.0.1:1080")
    space = factories.workspace(tmp_path, notices={"webhook_env": VARIABLE}, proxy="system")
    with open_ready(space) as database:
        make.subscribe(database, make.addresses(3))
        start(space, database)
        said = work(space, database)
    assert said[-1] == "2024-07: no notice to the chat: 127.0.0.1 cannot be reached through a proxy of the kind socks5"
    assert chat.told == []


def test_a_worker_does_not_begin_without_the_address_that_is_named(
    workspace: Workspace, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or nobody would learn in the night that nobody learns anything."""
    monkeypatch.delenv(VARIABLE, raising=False)
    start(workspace, database)
    with pytest.raises(ConfigurationError, match=f"the environment variable {VARIABLE} holds no address of a chat"):
        work(workspace, database)


def test_who_names_nobody_is_told_nothing(tmp_path: Path) -> None:
    """As before there were notices."""
    space = factories.workspace(tmp_path)
    with open_ready(space) as database:
        make.subscribe(database, make.addresses(1))
        start(space, database)
        work(space, database)
    assert mails(space) == []


def test_of_several_workers_one_tells(workspace: Workspace, database: Database) -> None:
    """Whoever is first; what comes next is told again, and so is the same after somebody let it go on."""
    mailing = start(workspace, database)
    assert [claim_notice(database, mailing.id, "2024-07: paused") for _ in range(2)] == [True, False]
    assert claim_notice(database, mailing.id, "2024-07: sent")
    sending.pause(database, mailing.id, "")
    sending.resume(database, "2024-07")
    assert claim_notice(database, mailing.id, "2024-07: sent")
