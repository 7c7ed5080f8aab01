"""Addresses that mail servers refuse issue after issue, because there is no such reader."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from newsletter import audience, sending
from newsletter.model.mailing import Mailing, Totals
from newsletter.sending import Plan, ledger
from newsletter.sending.providers.smtp import Smtp
from newsletter.store import Database, schema
from tests.sending import making as make
from tests.sending.mail_server import serving
from tests.sending.smtp_server import SmtpServer
from tests.sending.test_controls import QUICK

ANNA, BEA = "anna@example.org", "bea@example.org"
NOBODY = "550 5.1.1 User unknown in virtual mailbox table"
TOLD = "1 address gets no more issues: in two of them its mail server has said that there is no such reader"


@dataclass
class Letters:
    """Issues that are sent one after the other, through a mail server that refuses Anna."""

    database: Database
    server: SmtpServer
    said: list[str] = field(default_factory=list)

    def send(self, issue: str, days: float) -> Totals:
        """Send an issue, some days after the first."""
        return self.deliver(self._start(issue, make.NOW + dt.timedelta(days=days)), days)

    def plan(self, issue: str, days: float) -> Mailing:
        """Begin on the first day what is to leave some days later."""
        return self._start(issue, make.NOW, plan=Plan(begins_at=make.NOW + dt.timedelta(days=days)))

    def deliver(self, mailing: Mailing, days: float) -> Totals:
        """Send what has begun, some days after the first issue."""
        now = make.NOW + dt.timedelta(days=days)
        return sending.deliver(
            self.database, mailing, self._provider, patience=QUICK, now=lambda: now, tell=self.said.append
        )

    def _start(self, issue: str, now: dt.datetime, **plan: Any) -> Mailing:
        editions = [make.edition(issue=issue)]
        return make.start(self.database, self._provider, issue=issue, editions=editions, now=now, **plan)

    @property
    def _provider(self) -> Smtp:
        return Smtp("main", self.server.url, "never")

    @property
    def suppressions(self) -> list[tuple[str, str, str]]:
        """Who must not be written to, and why."""
        table = schema.suppressions.c
        with self.database.reading() as connection:
            return [tuple(row) for row in connection.execute(select(table.address_key, table.reason, table.source))]


@pytest.fixture(params=["sqlite", "postgresql"])
def letters(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Letters]:
    """Give two readers of whom the server knows one."""
    settings = {} if request.param == "sqlite" else {"database": request.getfixturevalue("postgresql_address")}
    with make.database(tmp_path, **settings) as database, serving(SmtpServer(refused={ANNA: NOBODY})) as server:
        make.subscribe(database, [ANNA, BEA])
        yield Letters(database, server)


def test_who_does_not_exist_in_two_issues_gets_no_third(letters: Letters) -> None:
    """Servers think little of senders who knock at doors that were never there."""
    assert letters.send("2024-W30", 0) == Totals(accepted=1, rejected=1)
    assert (letters.suppressions, letters.said) == ([], [])
    assert letters.send("2024-W31", 7) == Totals(accepted=1, rejected=1)
    assert letters.suppressions == [(ANNA, "bounce", "refused by its mail server in two issues")]
    assert letters.said == [TOLD]
    assert letters.send("2024-W32", 14) == Totals(accepted=1, suppressed=1)


@pytest.mark.parametrize(
    "said",
    [
        "550 5.7.1 blocked by our policy",
        "552 5.2.2 mailbox full",
        "550 blocked using a block list",
        "554 5.7.1 relay access denied",
    ],
)
def test_a_refusal_for_another_reason_suppresses_nobody(said: str, letters: Letters) -> None:
    """A policy, a full mailbox and a way that is closed are not about whether there is a reader."""
    letters.server.refused = {ANNA: said}
    for week in range(3):
        assert letters.send(f"2024-W3{week}", 7 * week) == Totals(accepted=1, rejected=1)
    assert letters.suppressions == []


def test_two_letters_of_one_day_count_as_one(letters: Letters) -> None:
    """A server that is wrongly set up for a day must take nobody from the list; on the second day it counts."""
    assert letters.send("2024-W30", 0).rejected == 1
    assert letters.send("2024-W30-press", 0.1).rejected == 1
    assert letters.suppressions == []
    assert letters.send("2024-07-30", 1.1).rejected == 1
    assert [address for address, _, _ in letters.suppressions] == [ANNA]


def test_an_issue_that_was_accepted_in_between_ends_the_run(letters: Letters) -> None:
    """It begins anew: the server knew the reader meanwhile."""
    letters.send("2024-W30", 0)
    letters.server.refused = {}
    assert letters.send("2024-W31", 7) == Totals(accepted=2)
    letters.server.refused = {ANNA: NOBODY}
    letters.send("2024-W32", 14)
    assert letters.suppressions == []
    letters.send("2024-W33", 21)
    assert [address for address, _, _ in letters.suppressions] == [ANNA]


@pytest.mark.parametrize(("refused_in_between", "expected"), [(True, [ANNA]), (False, [])])
def test_issues_count_in_the_order_in_which_they_leave(
    refused_in_between: bool, expected: list[str], letters: Letters
) -> None:
    """One that was planned before another may leave after it."""
    letters.server.refused = {} if refused_in_between else {ANNA: NOBODY}
    letters.send("2024-W30", 0)
    planned = letters.plan("2024-W33", days=21)
    letters.server.refused = {ANNA: NOBODY} if refused_in_between else {}
    letters.send("2024-W31", 7)
    letters.server.refused = {ANNA: NOBODY}
    letters.deliver(planned, 21)
    assert [address for address, _, _ in letters.suppressions] == expected


def test_who_is_written_to_again_has_two_issues_anew(letters: Letters) -> None:
    """What was held against them before the team brought them back is not held against them by the next refusal."""
    letters.send("2024-W30", 0)
    letters.send("2024-W31", 7)
    assert audience.unsuppress(letters.database, ANNA, now=make.NOW + dt.timedelta(days=8)) == "bounce"
    assert letters.send("2024-W32", 14) == Totals(accepted=1, rejected=1)
    assert letters.suppressions == []
    assert letters.send("2024-W33", 21) == Totals(accepted=1, rejected=1)
    assert [address for address, _, _ in letters.suppressions] == [ANNA]


def test_a_mailing_that_ends_after_somebody_was_brought_back_does_not_take_them_again(letters: Letters) -> None:
    """It left before, and so did its refusal."""
    letters.send("2024-W30", 0)
    mailing = letters.plan("2024-W31", days=7)
    letters.deliver(mailing, 7)
    audience.unsuppress(letters.database, ANNA, now=make.NOW + dt.timedelta(days=8))
    totals = sending.status(letters.database, "2024-W31").totals
    assert ledger.heed_refusals(letters.database, mailing.id, totals, make.NOW + dt.timedelta(days=9)) == ""
    assert letters.suppressions == []


def test_another_address_of_the_same_reader_is_another_matter(letters: Letters) -> None:
    """What a server said of the old one says nothing of the new."""
    letters.send("2024-W30", 0)
    new = "anna@example.com"
    with letters.database.writing() as connection:
        table = schema.subscribers
        connection.execute(table.update().where(table.c.address_key == ANNA).values(address=new, address_key=new))
    letters.server.refused = {new: NOBODY}
    assert letters.send("2024-W31", 7) == Totals(accepted=1, rejected=1)
    assert letters.suppressions == []


def test_a_server_that_knows_nobody_takes_nobody_from_the_list(letters: Letters) -> None:
    """It may be the wrong one, however often it says so."""
    with letters.database.writing() as connection:
        connection.execute(schema.consents.delete())
        connection.execute(schema.subscribers.delete().where(schema.subscribers.c.address_key == BEA))
    make.subscribe(letters.database, [ANNA])
    for week in range(3):
        assert letters.send(f"2024-W3{week}", 7 * week) == Totals(rejected=1)
    assert letters.suppressions == []
