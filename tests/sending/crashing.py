"""kill −9 of senders at random moments, over every kind of provider and on both databases; the server's log judges.

`make crash-test` kills 200 times; `python -m tests.sending.crashing --kills 25 resend postgresql` one kind alone.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from newsletter import sending
from newsletter.config import Workspace
from newsletter.errors import NewsletterError
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import Patience
from newsletter.sending.run import Run
from newsletter.sending.working import Rhythm
from newsletter.store import Database, open_database, schema, stored
from tests import factories, postgresql
from tests.forking import Forked, forked
from tests.sending import (
    brevo_server,
    mailgun_server,
    mailjet_server,
    postmark_server,
    resend_server,
    sendgrid_server,
    ses_server,
)
from tests.sending import making as make
from tests.sending.mail_server import MailServer, serving
from tests.sending.servers import SERVERS

_SETTLED = 0.04
"""Minutes until a search proves that a call was not taken: more than a busy machine lets a server wait for its turn."""
KINDS: Mapping[str, tuple[dict[str, Any], str]] = {
    "resend": ({}, resend_server.API_KEY),
    "brevo": ({}, brevo_server.API_KEY),
    "mailgun": ({"domain": mailgun_server.DOMAIN, "settle_minutes": _SETTLED}, mailgun_server.API_KEY),
    "mailjet": ({"secret_key_env": "NEWSLETTER_TEST_SECRET_KEY", "settle_minutes": _SETTLED}, mailjet_server.API_KEY),
    "postmark": ({"settle_minutes": _SETTLED}, postmark_server.API_KEY),
    "sendgrid": ({}, sendgrid_server.API_KEY),
    "ses": (
        {
            "region": ses_server.REGION,
            "access_key_env": "NEWSLETTER_TEST_ACCESS_KEY",
            "secret_key_env": "NEWSLETTER_TEST_KEY",
            "rate": {"calls": 40, "recipients": 1000, "per": "second"},
        },
        ses_server.SECRET_KEY,
    ),
    "smtp": ({}, ""),
}
"""The settings of each kind, and its key."""
WITHOUT_EVIDENCE = frozenset({"sendgrid", "ses", "smtp"})
"""The kinds that nobody can ask about a call without an answer."""
DATABASES = ("sqlite", "postgresql")
WORKERS = {"sqlite": 1, "postgresql": 2}
SUPPRESSED, BAD = "reader7@example.org", "reader23@example.org"
FAULTS = ("500 after", "reset after", "lost", "truncated", "500 before", "429", "html", "reset before")
# A mail server that says 421 is left alone for seconds, which only makes the trial longer.
SMTP_FAULTS = tuple(fault for fault in FAULTS if fault != "429")
_KEY = "NEWSLETTER_TEST_KEY"
_QUICK = Patience(first=0.02, longest=0.2, failures=60, throttled=200)
_LIMIT = 600.0


@dataclass(frozen=True, slots=True)
class Trial:
    """What is tried."""

    kind: str
    database: str
    kills: int
    seed: int = 1
    share_of_faults: float = 0.06

    @property
    def readers(self) -> int:
        """As many as are needed for the mailing to last until everybody was killed."""
        # A mail server takes one message after the other.
        for_one = 60 if self.kind == "smtp" else 220
        return 200 + self.kills * for_one * WORKERS[self.database]


def space(folder: Path, kind: str, url: str, address: str) -> Workspace:
    """Return a workspace whose provider is a server on loopback."""
    more, key = KINDS[kind]
    os.environ |= {
        _KEY: key,
        "NEWSLETTER_TEST_ACCESS_KEY": ses_server.ACCESS_KEY,
        "NEWSLETTER_TEST_SECRET_KEY": mailjet_server.SECRET_KEY,
    }
    provider = {"kind": kind, "base_url": url, "rate": {"calls": 40, "per": "second"}} | more
    if key and kind != "ses":
        provider["api_key_env"] = _KEY
    settings: dict[str, Any] = {"database": address} if address else {}
    return factories.workspace(folder, providers={"main": provider}, provider="main", **settings)


def child(folder: str, kind: str, url: str, address: str) -> None:
    """Send until the mailing is at its end, as a command on SQLite and as a worker on PostgreSQL."""
    workspace = space(Path(folder), kind, url, address)
    with told(), open_database(workspace) as database:
        print("ready", flush=True)
        if address:
            rhythm = Rhythm(look=0.1, heartbeat=0.3, dead_after=1.0)
            sending.work(workspace, database, rhythm=rhythm, run=Run(patience=_QUICK, pauses=False))
        mailing = sending.unfinished(database, "2024-07")
        if mailing.state is MailingState.PAUSED:
            mailing = sending.resume(database, "2024-07")
        if not mailing.finished:
            sending.deliver(database, mailing, sending.provider(workspace), patience=_QUICK)


@contextmanager
def told() -> Iterator[None]:
    """Say what stops a sender as a command does."""
    try:
        yield
    except NewsletterError as error:
        sys.exit(f"{type(error).__name__}: {error.message}: {error.why}")


def run(trial: Trial, folder: Path, address: str = "") -> tuple[Totals, int]:
    """Send a mailing through senders that are killed; return the totals and how many were; raise AssertionError."""
    chance = random.Random(trial.seed)
    faults = SMTP_FAULTS if trial.kind == "smtp" else FAULTS
    server = SERVERS[trial.kind](
        latency=lambda: chance.uniform(0.005, 0.06),
        fault=lambda _number: chance.choice(faults) if chance.random() < trial.share_of_faults else None,
        bad={BAD},
        lag=0.2,
    )
    with serving(server) as started:
        workspace = space(folder, trial.kind, started.url, address)
        with open_database(workspace) as database:
            start(workspace, database, trial.readers)
            kills = kill_until_done(trial, workspace, database, chance)
            totals = judge(trial, database, server)
    return totals, kills


def start(workspace: Workspace, database: Database, readers: int) -> None:
    """Freeze a mailing in batches of ten."""
    now = stored(make.NOW)
    with database.writing() as connection:
        connection.execute(schema.lists.insert(), {"id": 1, "name": "monthly", "created_at": now})
        connection.execute(
            schema.subscribers.insert(),
            [
                {
                    "id": number,
                    "address": f"reader{number}@example.org",
                    "address_key": f"reader{number}@example.org",
                    "created_at": now,
                }
                for number in range(1, readers + 1)
            ],
        )
        connection.execute(
            schema.consents.insert(),
            [
                {"list_id": 1, "subscriber_id": number, "state": "confirmed", "changed_at": now}
                for number in range(1, readers + 1)
            ],
        )
    make.suppress(database, SUPPRESSED)
    provider: Any = sending.provider(workspace)
    mailing = make.start(
        database, replace(provider, capabilities=replace(provider.capabilities, max_recipients=10)), expect=readers - 1
    )
    sending.announce(database, mailing)


def kill_until_done(trial: Trial, workspace: Workspace, database: Database, chance: random.Random) -> int:
    """Kill senders at random moments until enough were, then let the mailing come to its end."""
    deadline = time.monotonic() + _LIMIT
    provider = workspace.settings.providers["main"]
    address = workspace.settings.database if trial.database == "postgresql" else ""
    arguments = [str(workspace.root), trial.kind, str(provider.base_url), address]
    kills = 0
    with ExitStack() as stack:
        alive = [stack.enter_context(sender(arguments)) for _ in range(WORKERS[trial.database])]
        while True:
            time.sleep(chance.uniform(0.02, 0.7) if kills < trial.kills else 0.2)
            found = sending.status(database, "2024-07")
            assert found.totals.candidates == trial.readers
            if found.mailing.state in {MailingState.SENT, MailingState.PARTLY_SENT}:
                return kills
            assert time.monotonic() < deadline, found
            number = chance.randrange(len(alive))
            if kills < trial.kills and alive[number].process.is_alive():
                alive[number].process.kill()
                kills += 1
            for place, one in enumerate(alive):
                if not one.process.is_alive():
                    code, error = one.ended(), one.errors.read()
                    assert code in {0, -9} or "PartlyAccepted" in error or "ProviderError" in error, error
                    alive[place] = stack.enter_context(sender(arguments))


@contextmanager
def sender(arguments: list[str]) -> Iterator[Forked]:
    """Start a process that sends; kill it at the end."""
    with forked(child, *arguments) as process:
        process.output.readline()
        yield process


def judge(trial: Trial, database: Database, server: MailServer) -> Totals:
    """Compare the ledger with what the server truly took, person by person."""
    table = schema.deliveries
    with database.reading() as connection:
        states = {row.address: row.state for row in connection.execute(select(table.c.address, table.c.state))}
    totals = sending.status(database, "2024-07").totals
    counts = {state: count for state, count in totals.as_json().items() if count and state != "candidates"}
    assert Counter(states.values()) == counts
    assert totals.candidates == trial.readers == len(states)
    doubled = {address: count for address, count in server.accepted.items() if count > 1}
    assert doubled == {}
    for address, state in states.items():
        took = server.accepted[address]
        assert (state, took) in {("accepted", 1), ("rejected", 0), ("suppressed", 0), ("unknown", 0), ("unknown", 1)}, (
            address,
            state,
            took,
        )
    assert server.accepted.keys() <= states.keys()
    assert states[SUPPRESSED] == "suppressed"
    assert server.accepted[BAD] == server.accepted[SUPPRESSED] == 0
    if trial.kind not in WITHOUT_EVIDENCE:
        assert totals == Totals(accepted=trial.readers - 2, rejected=1, suppressed=1)
    return totals


def main() -> None:
    """Run the trials that the command line names, or all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=25, help="for each kind and database")
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("names", nargs="*", help="kinds and databases; all where none is named")
    given = parser.parse_args()
    kinds = [kind for kind in KINDS if kind in given.names] or list(KINDS)
    databases = [name for name in DATABASES if name in given.names] or list(DATABASES)
    print(f"seed {given.seed}", flush=True)
    killed = 0
    for kind in kinds:
        for name in databases:
            trial = Trial(kind, name, given.kills, given.seed)
            with ExitStack() as stack:
                folder = Path(stack.enter_context(TemporaryDirectory(prefix="newsletter-")))
                address = ""
                if name == "postgresql":
                    home = stack.enter_context(TemporaryDirectory(prefix="newsletter-", ignore_cleanup_errors=True))
                    server = stack.enter_context(postgresql.server(Path(home)))
                    address = stack.enter_context(postgresql.new_database(server))
                begin = time.monotonic()
                totals, kills = run(trial, folder, address)
            killed += kills
            print(
                f"{kind:9} {name:11} {kills:3} killed, {trial.readers:6,} readers: {totals.accepted:,} accepted, "
                f"{totals.unknown} unknown, 0 lost, 0 doubled; {time.monotonic() - begin:.0f} s",
                flush=True,
            )
    print(f"{killed} senders killed: nobody lost, nobody doubled, totals add up")


if __name__ == "__main__":
    main()
