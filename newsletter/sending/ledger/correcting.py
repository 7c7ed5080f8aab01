"""Putting right what an issue's pages show after it has left; what readers were sent stays on record as it was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select, tuple_

from newsletter.errors import Refused
from newsletter.model.edition import Edition
from newsletter.model.mailing import MailingState
from newsletter.sending.keeping import edition_bytes, read_edition
from newsletter.store import Database, aware, stored
from newsletter.store.schema import corrections, mailings
from newsletter.store.schema import editions as kept_editions


@dataclass(frozen=True, slots=True)
class Corrected:
    """That somebody has put something right, and when."""

    at: datetime
    by: str
    note: str
    """What readers are told; empty for a slip of which nobody need be told."""

    @property
    def told(self) -> str:
        """What readers are told, in one line, and where they are told nothing, that."""
        return " / ".join(self.note.splitlines()) or "a slip, of which readers are not told"

    def as_json(self) -> dict[str, str]:
        """Return an object of `status --json`."""
        return {"at": self.at.isoformat(timespec="seconds"), "by": self.by, "note": self.note}


@dataclass(frozen=True, slots=True)
class Replacement:
    """An edition that is shown, and what shall be shown instead of it."""

    mailing_id: int
    number: int
    was: Edition
    becomes: Edition

    @property
    def differs(self) -> bool:
        """Whether readers would see anything else."""
        return self.was.digest != self.becomes.digest


def shown_editions(database: Database, issue: str) -> tuple[tuple[int, int, Edition], ...]:
    """Return the editions of an issue that has left as their pages show them, each with its mailing and number."""
    latest = select(func.max(corrections.c.id)).group_by(corrections.c.mailing_id, corrections.c.edition)
    with database.reading() as connection:
        rows = connection.execute(
            select(
                kept_editions.c.mailing_id,
                kept_editions.c.number,
                func.coalesce(corrections.c.content, kept_editions.c.content).label("content"),
                func.coalesce(corrections.c.digest, kept_editions.c.digest).label("digest"),
            )
            .join(mailings, mailings.c.id == kept_editions.c.mailing_id)
            .outerjoin(
                corrections,
                (corrections.c.mailing_id == kept_editions.c.mailing_id)
                & (corrections.c.edition == kept_editions.c.number)
                & corrections.c.id.in_(latest),
            )
            .where(mailings.c.issue == issue, mailings.c.state != MailingState.SCHEDULED.value)
            .order_by(kept_editions.c.mailing_id, kept_editions.c.number)
        ).all()
    return tuple((row.mailing_id, row.number, read_edition(row.content, row.digest)) for row in rows)


def replacements(shown: Sequence[tuple[int, int, Edition]], editions: Sequence[Edition]) -> tuple[Replacement, ...]:
    """Return what would be shown instead of each edition, out of `editions`.

    Readers whose topics show nothing any more get everything in their language. Raises Refused where a language is
    gone that readers were written to in.
    """
    known = {(edition.language, edition.topics): edition for edition in editions}
    found = []
    for mailing_id, number, was in shown:
        becomes = known.get((was.language, was.topics)) or known.get((was.language, ()))
        if becomes is None:
            raise Refused(
                f"issue {was.issue} has no edition in '{was.language}' any more, so it is not corrected",
                why="readers got one in that language, and its page would show what was wrong for ever",
                fix=f"add '{was.language}' to `languages:` in its issue.yaml again",
            )
        found.append(Replacement(mailing_id, number, was, becomes))
    return tuple(found)


def correct(
    database: Database, replaced: Sequence[Replacement], *, note: str, by: str, now: datetime
) -> tuple[Replacement, ...]:
    """Show from now on what differs, and return that; raise Refused where somebody else was faster."""
    differing = tuple(one for one in replaced if one.differs)
    if not differing:
        return ()
    with database.writing() as connection:
        _refuse_overtaken(connection, differing)
        connection.execute(
            insert(corrections),
            [
                {
                    "mailing_id": one.mailing_id,
                    "edition": one.number,
                    "note": note,
                    "corrected_by": by,
                    "corrected_at": stored(now),
                    "digest": one.becomes.digest,
                    "content": edition_bytes(one.becomes),
                }
                for one in differing
            ],
        )
    return differing


def _refuse_overtaken(connection: Connection, differing: Sequence[Replacement]) -> None:
    """Raise Refused where what is shown is no longer what somebody was told that it is."""
    places = [(one.mailing_id, one.number) for one in differing]
    rows = connection.execute(
        select(corrections.c.mailing_id, corrections.c.edition, corrections.c.digest)
        .where(tuple_(corrections.c.mailing_id, corrections.c.edition).in_(places))
        .order_by(corrections.c.id)
    )
    newest = {(row.mailing_id, row.edition): row.digest for row in rows}
    if any(newest.get((one.mailing_id, one.number), one.was.digest) != one.was.digest for one in differing):
        raise Refused(
            f"somebody else has just corrected issue {differing[0].was.issue}, so nothing was changed",
            why="what you were shown is no longer what readers see",
            fix=f"look again with: newsletter correct {differing[0].was.issue}",
        )


def corrected(database: Database, issue: str) -> tuple[Corrected, ...]:
    """Return what was put right in an issue after it had left, the oldest first."""
    with database.reading() as connection:
        rows = connection.execute(
            select(corrections.c.corrected_at, corrections.c.corrected_by, corrections.c.note)
            .join(mailings, mailings.c.id == corrections.c.mailing_id)
            .where(mailings.c.issue == issue)
            .order_by(corrections.c.id)
        ).all()
    told = [Corrected(aware(row.corrected_at), row.corrected_by, row.note) for row in rows]
    return tuple(dict.fromkeys(told))
