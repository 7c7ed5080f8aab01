"""What tests of the audience do again and again."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import insert, text

from newsletter.audience import (
    Choice,
    ImportReport,
    Signup,
    SignupKind,
    ask,
    confirm,
    export_list,
    import_file,
    letter_sent,
    next_letter,
    read_address,
)
from newsletter.audience.columns import read_columns
from newsletter.audience.doubts import Doubt, Doubts
from newsletter.config import Workspace
from newsletter.store import Database, schema, signing_keys, stored

NOW = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)


def put(
    database: Database, workspace: Workspace, content: str | bytes, list_name: str = "monthly", **options: Any
) -> ImportReport:
    """Import a file with this content."""
    file = workspace.root / "readers.csv"
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    given: dict[str, Any] = {"settings": workspace.settings, "now": NOW} | options
    return import_file(database, file, list_name, **given)


def sign_up(
    database: Database,
    address: str,
    *lists: str,
    now: dt.datetime = NOW,
    name: str = "",
    language: str = "",
    wording: str = "",
) -> Signup | None:
    """Ask to be put on lists; return the signup where a letter was sent about it."""
    choice = Choice(lists, name)
    with database.writing() as connection:
        ask(
            connection,
            SignupKind.SUBSCRIBE,
            read_address(address),
            choice,
            language=language,
            wording=wording,
            now=now,
        )
    signup = next_letter(database, now=now)
    if signup is not None:
        letter_sent(database, signup)
    return signup


def subscribe(
    database: Database,
    address: str,
    *lists: str,
    now: dt.datetime = NOW,
    proof: str = "opened the link in the confirmation mail",
    **options: str,
) -> None:
    """Sign up and answer the letter."""
    signup = sign_up(database, address, *lists, now=now, **options)
    assert signup is not None
    confirm(database, signup.id, proof=proof, now=now)


def mailed(database: Database, people: Sequence[dict[str, Any]], **fields: Any) -> int:
    """Put a mailing into the ledger, with the deliveries of these people as far as they are told; return its number."""
    key = signing_keys(database, now=NOW).newest
    values: dict[str, Any] = {
        "issue": "2024-07",
        "lists": ["monthly"],
        "audience": "monthly",
        "provider": "outbox",
        "envelope": {},
        "key_id": key.id,
        "candidates": len(people),
        "state": "sent",
        "digest": "0" * 64,
        "started_at": stored(NOW),
    }
    with database.writing() as connection:
        mailing: int = connection.execute(
            insert(schema.mailings).values(**(values | fields)).returning(schema.mailings.c.id)
        ).scalar_one()
        for person in people:
            own = {"mailing_id": mailing, "address_key": person["address"].lower(), "edition": 0}
            connection.execute(insert(schema.deliveries).values(**(own | person)))
    return mailing


def exported(database: Database, workspace: Workspace, list_name: str = "monthly") -> str:
    """Return what the export of a list writes."""
    out = io.StringIO(newline="")
    export_list(database, list_name, out, settings=workspace.settings)
    return out.getvalue()


def states(database: Database) -> dict[tuple[str, str], str]:
    """Return every consent, as (address key, list) → state."""
    with database.reading() as connection:
        rows = connection.execute(
            text(
                "SELECT s.address_key, l.name, c.state FROM consents c JOIN subscribers s ON s.id = c.subscriber_id"
                " JOIN lists l ON l.id = c.list_id"
            )
        )
        return {(key, name): state for key, name, state in rows}


def people(database: Database) -> list[tuple[str, str, str]]:
    """Return address, name and language of every subscriber."""
    with database.reading() as connection:
        rows = connection.execute(text("SELECT address, name, language FROM subscribers ORDER BY address_key"))
        return [(address, name, language) for address, name, language in rows]


def empty(database: Database) -> None:
    """Forget everybody."""
    with database.writing() as connection:
        for table in ("signups", "consents", "subscribers", "suppressions", "lists"):
            connection.execute(text(f"DELETE FROM {table}"))


def summary(report: ImportReport) -> dict[str, int]:
    """Return the counts of a report that are not zero."""
    counts = (
        "added",
        "updated",
        "unchanged",
        "resubscribed",
        "unsubscribed",
        "blocked",
        "duplicates",
        "invalid",
        "international",
    )
    return {name: getattr(report, name) for name in counts if getattr(report, name)}


def messages(report: ImportReport) -> list[str]:
    """Return the problems of a report, each on a line."""
    return [f"{problem.row}: {problem.kind}: {problem.message}" for problem in report.problems]


def write(folder: Path, content: bytes) -> Path:
    """Write a file with this content."""
    file = folder / "readers.csv"
    file.write_bytes(content)
    return file


def doubts(header: str, cell: str) -> tuple[Doubt, ...]:
    """Return what is in doubt in a file with one further column and one row."""
    columns = read_columns(["Email", header])
    assert columns is not None
    assert columns.ignored == (header,)
    found = Doubts(columns)
    found.look(["a@example.org", cell], 2)
    return found.found
