"""A started mailing of ten readers, in batches of four, for the tests of the ledger."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from sqlalchemy import select

from newsletter import sending
from newsletter.model.mailing import Totals
from newsletter.sending import ledger
from newsletter.sending.ledger import Claim
from newsletter.sending.providers.contract import (
    Verdict,
    accepted,
)
from newsletter.sending.providers.resend import CAPABILITIES, Resend
from newsletter.store import Database, schema
from tests.sending import making as make

ABLE = replace(CAPABILITIES, max_recipients=4)
RESEND = Resend("main", "https://api.example.org", "re_key", ABLE)


class Book:
    """A started mailing of ten readers, in batches of four."""

    def __init__(self, database: Database, *, readers: int = 10) -> None:
        self.database = database
        make.subscribe(database, make.addresses(readers))
        self.mailing = make.start(database, RESEND)
        self.frozen = ledger.load(database, self.mailing.id)
        self.prepared = [RESEND.prepare(make.edition(), make.ENVELOPE, make.NOW)]

    def claim(self, *, after: float = 0, able: Any = ABLE) -> Claim | None:
        """Claim the next batch, some seconds after the start."""
        found = ledger.claim(self.database, self.sender(able), self.at(after))
        assert not isinstance(found, ledger.Search | ledger.Halt)
        return found

    def sender(self, able: Any = ABLE, lane: int = 0) -> ledger.Sender:
        """Return who claims."""
        return ledger.Sender(self.frozen, self.prepared, able, lane)

    def set_found_aside(self, able: Any = ABLE, after: float = 0) -> int:
        """Say that nobody is sending."""
        return ledger.set_found_aside(self.database, self.sender(able), self.at(after))

    def claimed(self, *, after: float = 0) -> Claim:
        """Claim a batch that must be there."""
        claim = self.claim(after=after)
        assert claim
        return claim

    def record(
        self, claim: Claim, verdict: Verdict, *, after: float = 0, retry_in: float = 0, able: Any = ABLE
    ) -> None:
        """Write down an answer."""
        ledger.record(self.database, claim, verdict, self.sender(able), now=self.at(after), retry_in=retry_in)

    def at(self, after: float) -> dt.datetime:
        """Return a moment after the start."""
        return make.NOW + dt.timedelta(seconds=after)

    @property
    def totals(self) -> Totals:
        """The deliveries by state."""
        return sending.status(self.database, "2024-07").totals

    def batches(self, *columns: str) -> list[tuple[Any, ...]]:
        """Return columns of the batches in the order of their ids."""
        table = schema.batches
        with self.database.reading() as connection:
            rows = connection.execute(select(*(table.c[name] for name in columns)).order_by(table.c.id))
            return [tuple(row) for row in rows]


def ids(claim: Claim) -> list[str]:
    """Return the addresses of a claim."""
    return [recipient.address for recipient in claim.batch.recipients]


def good(claim: Claim) -> Verdict:
    """Return that everything was accepted."""
    return Verdict(accepted(claim.batch, [f"id-{recipient.address}" for recipient in claim.batch.recipients]))
