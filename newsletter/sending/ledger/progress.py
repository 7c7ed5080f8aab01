"""How far the mailings of an issue are, and which of them the team means."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, select

from newsletter.errors import NotFound
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending.ledger.reading import mailing, of_issue, totals
from newsletter.store import Database
from newsletter.store.schema import mailings


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a mailing is."""

    mailing: Mailing
    totals: Totals
    sent_before: bool = False
    """Of a mailing that was stopped: whether the issue was sent to its lists, or one of them, by another one."""

    @property
    def was_sent(self) -> bool:
        """Whether the issue was sent by it, be it that everybody was refused.

        One that was stopped before anything left is as if it had not been; after any other an issue goes to the rest.
        """
        return self.mailing.state is not MailingState.STOPPED or self.totals.left > 0


def status(database: Database, issue: str) -> Progress:
    """Return the newest mailing of an issue, an unfinished one first; raise NotFound where there is none."""
    with database.reading() as connection:
        return _progress(connection, _foremost(connection, issue))


def unfinished(database: Database, issue: str) -> Mailing:
    """Return the mailing of an issue that is not at its end, or else its newest; raise NotFound where it has none."""
    with database.reading() as connection:
        return _foremost(connection, issue)


def standing(database: Database, mailing_id: int) -> Progress:
    """Return how far a mailing is."""
    with database.reading() as connection:
        row = connection.execute(select(mailings).where(mailings.c.id == mailing_id)).one()
        return _progress(connection, mailing(row))


def _progress(connection: Connection, one: Mailing) -> Progress:
    others = of_issue(connection, one.issue) if one.state is MailingState.STOPPED else ()
    before = [other for other in others if other.id != one.id and set(other.lists) & set(one.lists)]
    sent = any(Progress(other, totals(connection, other.id)).was_sent for other in before)
    return Progress(one, totals(connection, one.id), sent)


def in_doubt(database: Database, issue: str) -> Progress | None:
    """Return the mailing of an issue of which deliveries are unknown, be it an earlier one; nothing where none are."""
    with database.reading() as connection:
        for one in of_issue(connection, issue):
            counts = totals(connection, one.id)
            if counts.unknown:
                return Progress(one, counts)
    return None


def _foremost(connection: Connection, issue: str) -> Mailing:
    found = of_issue(connection, issue)
    if not found:
        raise NotFound(f"issue {issue} has not been sent", fix=f"send it with: newsletter send {issue}")
    return found[0]
