"""Erasing a person: what is held goes, counts and a keyed hash stay."""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from sqlalchemy import Select, select

from newsletter import pipeline
from newsletter.audience import Columns, confirm, erase, export_list, show, suppress, unsuppress
from newsletter.audience.erasing import about
from newsletter.config import Workspace
from newsletter.errors import NotFound, Refused
from newsletter.model.consent import Suppression
from newsletter.store import Database, delivery_id, rotate_keys, schema, signing_keys
from tests import factories as make
from tests.audience.people import NOW, empty, mailed, messages, people, put, sign_up, states, subscribe
from tests.audience.test_import_properties import rows, shared, table
from tests.audience.test_segments import ATTRIBUTES
from tests.databases import open_ready

WHOLE = "email,name,language,topics\nanna@example.org,Anna Secret,de,borders\nbo@example.org,Bo,en,\n"


def mail(database: Database, **states_of: str) -> int:
    """Record a mailing to people by the first part of their addresses."""
    deliveries = [
        {
            "subscriber_id": number,
            "address": f"{name}@example.org",
            "name": f"{name} Secret",
            "state": state,
            "provider_id": "p",
            "detail": f"550 {name}@example.org is gone",
        }
        for number, (name, state) in enumerate(states_of.items(), 1)
    ]
    return mailed(database, deliveries, state="sending")


def content(database: Database) -> str:
    """Return every value of every table."""
    with database.reading() as connection:
        return "\n".join(
            repr(tuple(row)) for each in schema.metadata.sorted_tables for row in connection.execute(select(each))
        )


def raw(workspace: Workspace) -> bytes:
    """Return the bytes of every file of the workspace's state: database, write-ahead log, outbox, logs."""
    return b"\n".join(file.read_bytes() for file in sorted(workspace.state.rglob("*")) if file.is_file())


def test_a_person_is_gone_from_every_table(database: Database, workspace: Workspace) -> None:
    """The ledger's rows stay as counts; what has not been sent is not sent; others are left alone."""
    put(database, workspace, WHOLE)
    mail(database, anna="pending", bo="accepted")
    suppress(database, "anna@example.org", reason=Suppression.BOUNCE, source="webhook", now=NOW)
    erased = erase(database, "Anna@Example.org", now=NOW)
    assert (erased.consents, len(erased.deliveries), erased.before, erased.remnants) == (1, 1, False, "")
    assert not re.search("anna|Secret'.*pending", content(database), re.IGNORECASE)
    with database.reading() as connection:
        found = connection.execute(select(schema.deliveries).order_by(schema.deliveries.c.subscriber_id)).all()
    assert [tuple(row) for row in found] == [
        (1, 1, "", "erased 1", "", 0, "suppressed", None, "erasure"),
        (1, 2, "bo@example.org", "bo@example.org", "bo Secret", 0, "accepted", "p", "550 bo@example.org is gone"),
    ]
    assert people(database) == [("bo@example.org", "Bo", "en")]
    assert show(database, "anna@example.org")["erased"] == "bounce"


def test_two_people_of_one_mailing_may_be_erased(database: Database, workspace: Workspace) -> None:
    """Their rows stay apart although neither has an address any more."""
    put(database, workspace, WHOLE)
    mail(database, anna="accepted", bo="accepted")
    for name in ("anna", "bo"):
        erase(database, f"{name}@example.org", now=NOW)
    with database.reading() as connection:
        keys = connection.scalars(select(schema.deliveries.c.address_key).order_by(schema.deliveries.c.subscriber_id))
        assert list(keys) == ["erased 1", "erased 2"]


def test_no_file_brings_them_back(database: Database, workspace: Workspace) -> None:
    """Not even one with evidence, nor after the keys were changed; the hash is not the address."""
    put(database, workspace, WHOLE)
    erase(database, "anna@example.org", now=NOW)
    rotate_keys(database, now=NOW)
    proven = "email,confirmed_at,proof\nANNA@example.org,2024-07-28,paper\n"
    for file in (WHOLE, proven, "email,status\nanna@example.org,unsubscribed\n"):
        assert messages(put(database, workspace, file))[:1] == [
            "2: blocked: is no longer held, and comes back by their own word alone (erasure)"
        ]
    assert "anna" not in content(database).lower()


def test_their_own_word_brings_them_back(database: Database, workspace: Workspace) -> None:
    """Asking writes them down, confirming lifts the hash; a complaint stays a complaint."""
    put(database, workspace, WHOLE)
    erase(database, "anna@example.org", now=NOW)
    signup = sign_up(database, "anna@example.org", "monthly")
    assert signup is not None
    assert show(database, "anna@example.org")["erased"] == "erasure"
    confirm(database, signup.id, proof="opened the link", now=NOW)
    assert show(database, "anna@example.org")["erased"] is None
    suppress(database, "bo@example.org", reason=Suppression.COMPLAINT, source="webhook", now=NOW)
    erase(database, "bo@example.org", now=NOW)
    assert sign_up(database, "bo@example.org", "monthly") is None
    assert unsuppress(database, "bo@example.org", now=NOW) == "complaint"
    subscribe(database, "bo@example.org", "monthly")
    assert states(database) == {
        ("anna@example.org", "monthly"): "confirmed",
        ("bo@example.org", "monthly"): "confirmed",
    }


def test_the_team_cannot_undo_an_erasure(database: Database, workspace: Workspace) -> None:
    """It was the person's wish; erasing again changes nothing, and a stranger is told as such."""
    put(database, workspace, WHOLE)
    erase(database, "anna@example.org", now=NOW)
    with pytest.raises(Refused, match=r"^'anna@example\.org' is not brought back$"):
        unsuppress(database, "anna@example.org", now=NOW)
    assert erase(database, "anna@example.org", now=NOW).before
    with pytest.raises(NotFound, match=r"^nobody here has the address"):
        erase(database, "nobody@example.org", now=NOW)
    with pytest.raises(NotFound, match="is not suppressed"):
        unsuppress(database, "bo@example.org", now=NOW)


def test_taking_back_a_suppression_lets_no_file_bring_the_erased_back(database: Database, workspace: Workspace) -> None:
    """The hash stays, whatever else spoke against the address."""
    put(database, workspace, WHOLE)
    suppress(database, "bo@example.org", reason=Suppression.BOUNCE, source="webhook", now=NOW)
    erase(database, "bo@example.org", now=NOW)
    assert unsuppress(database, "bo@example.org", now=NOW) == "bounce"
    assert put(database, workspace, WHOLE).blocked == 1
    assert "bo@example.org" not in {address for address, _ in states(database)}


def test_their_messages_leave_the_outbox(database: Database, workspace: Workspace) -> None:
    """Each is a file named after its delivery; those of others stay."""
    put(database, workspace, WHOLE)
    mailing = mail(database, anna="accepted", bo="accepted")
    folder = workspace.state / "outbox" / "2024-07"
    folder.mkdir(parents=True)
    key = signing_keys(database, now=NOW).newest
    theirs, other = (folder / f"{delivery_id(mailing, number, key)}.eml" for number in (1, 2))
    theirs.write_text("To: anna@example.org")
    other.write_text("To: bo@example.org")
    erased, files = pipeline.erase(workspace, database, "anna@example.org", now=NOW)
    assert (len(erased.deliveries), files, theirs.exists(), other.exists()) == (1, 1, False, True)


def test_their_samples_and_proofs_are_removed_too(database: Database, workspace: Workspace) -> None:
    """No ledger knows them; they are found by the address, with a name before it or without."""
    put(database, workspace, WHOLE)
    folders = [workspace.state / name for name in ("samples/2024-07", "outbox/2024-07-proof", "outbox/2024-07")]
    for folder in folders:
        folder.mkdir(parents=True)
        (folder / "theirs.eml").write_text("From: us@example.org\nTo: Anna Muster <Anna@example.org>\n\nDear Anna")
        (folder / "other.eml").write_text("To: bo@example.org\n\nDear Bo, anna@example.org")
        (folder / "no-message.eml").write_bytes(b"\xff\x00")
    _, files = pipeline.erase(workspace, database, "anna@example.org", now=NOW)
    left = [folder.name for folder in folders if (folder / "theirs.eml").exists()]
    # In the outbox of the issue itself files are found by their delivery.
    assert (files, left) == (2, ["2024-07"])
    assert all((folder / "other.eml").exists() for folder in folders)


def test_nothing_is_left_in_the_files_of_the_database(tmp_path: Path) -> None:
    """Not in the file nor in its log, although the rows were rewritten and moved between pages many times."""
    workspace = make.workspace(tmp_path)
    with open_ready(workspace) as database:
        rest = "".join(f"reader{number}@example.org,Reader {number}\n" for number in range(3_000))
        put(database, workspace, f"email,name\nmary.secret@example.org,Mary Secret\n{rest}")
        for name in ("Mary A. Secret", "Mary Secret-Secret with a longer name", "Mary Secret"):
            put(database, workspace, f"email,name\nmary.secret@example.org,{name}\n")
        mail(database, **{"mary.secret": "accepted"})
        (tmp_path / "readers.csv").unlink()
        assert b"mary.secret" in raw(workspace)
        erase(database, "mary.secret@example.org", now=NOW)
        assert not [word for word in (b"mary.secret", b"mary secret", b"mary a.") if word in raw(workspace).lower()]


def test_a_reader_of_old_content_is_told(tmp_path: Path) -> None:
    """While another command still reads, the log cannot be emptied: that is said, and mended by erasing again."""
    workspace = make.workspace(tmp_path)
    with open_ready(workspace) as database:
        put(database, workspace, WHOLE)
        with open_ready(workspace) as other, other.reading() as connection:
            connection.execute(select(schema.subscribers)).first()
            database.engine.dispose()
            assert "another newsletter command" in erase(database, "anna@example.org", now=NOW).remnants
        assert erase(database, "anna@example.org", now=NOW).remnants == ""
        (tmp_path / "readers.csv").unlink()
        assert b"anna" not in raw(workspace)


@settings(shared, max_examples=20)
@given(rows)
def test_any_import_followed_by_erasing_leaves_no_address(
    database: Database, workspace: Workspace, content_of: list[tuple[str, ...]]
) -> None:
    """Whatever a file holds: once everybody in it is erased, no table and no file has any of them, and none returns."""
    empty(database)
    with database.writing() as connection:
        connection.execute(schema.erasures.delete())
    put(database, workspace, table(content_of))
    with database.reading() as connection:
        keys = set(connection.scalars(select(schema.subscribers.c.address_key)))
        keys |= set(connection.scalars(select(schema.suppressions.c.address_key)))
    for key in keys:
        assert not erase(database, key, now=NOW).before
    left = content(database)
    assert not [key for key in keys if key in left]
    assert put(database, workspace, table(content_of)).added == 0
    (workspace.root / "readers.csv").unlink()
    if database.engine.dialect.name == "sqlite":
        assert not [key for key in keys if key.encode() in raw(workspace)]


def test_a_list_comes_back_as_it_was(database: Database, workspace: Workspace) -> None:
    """Attributes, topics, frequency, pauses and proof go out as CSV and in again, cells that look like formulas too."""
    full = make.workspace(
        workspace.root,
        lists={"monthly": {"title": "Monthly"}},
        attributes=ATTRIBUTES,
        database=workspace.settings.database,
    )
    file = (
        "email,name,topics,frequency,paused_until,country,seats,level,member,joined,note,confirmed_at,proof,wording\n"
        'a@example.org,=1+1,"Borders; asylum",monthly,2030-01-01,at,-4.5,GOLD,yes,2024-01-31,=2+2,2024-07-01,form,Yes\n'
        "b@example.org,B,,,,,,,no,,'-x,,,\n"
    )
    assert put(database, full, file).added == 2

    def everything() -> list[tuple[object, ...]]:
        with database.reading() as connection:
            columns = [column for column in schema.subscribers.c if column.name not in {"id", "created_at"}]
            words = [schema.consents.c[name] for name in ("state", "confirmed_at", "proof", "wording")]
            found = connection.execute(
                select(*columns, *words)
                .join_from(schema.subscribers, schema.consents)
                .order_by(schema.subscribers.c.address_key)
            )
            return [tuple(row) for row in found]

    before = everything()
    assert before[0][4:6] == (
        ("asylum", "borders"),
        {"country": "AT", "seats": -4.5, "level": "gold", "member": True, "joined": "2024-01-31", "note": "=2+2"},
    )
    out = io.StringIO(newline="")
    export_list(database, "monthly", out, settings=full.settings)
    assert [row[1] for row in csv.reader(io.StringIO(out.getvalue(), newline=""))] == ["name", "'=1+1", "B"]
    assert put(database, full, out.getvalue()).unchanged == 2
    empty(database)
    put(database, full, out.getvalue())
    assert everything() == before


def test_guesses_are_confirmed_by_whoever_imports(database: Database, workspace: Workspace) -> None:
    """What the columns are taken for is shown before a row is read, and a no imports nobody."""

    def no(columns: Columns) -> None:
        assert (columns.guessed, columns.used) == (("address",), {"address": "Mail", "name": "name"})
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(database, workspace, "Mail,name\na@example.org,A\n", confirm=no)
    assert people(database) == []


def test_a_person_is_found_without_looking_at_everybody(database: Database) -> None:
    """Among the deliveries and events of many years an index leads to theirs, by number and by address."""
    deliveries = plan(database, select(schema.deliveries.c.edition).where(about(schema.deliveries, [1], ["a"])))
    events = plan(database, select(schema.events).where(about(schema.events, [1], [])))
    for found, column in ((deliveries, "subscriber_id"), (deliveries, "address_key"), (events, "subscriber_id")):
        assert re.search(rf"\(\(?mailing_id ?= ?[^:]*?AND \(?{column} ?=", found)


def plan(database: Database, statement: Select[Any]) -> str:
    """Return how the database would look for the rows of a statement, if tables were large."""
    words = statement.compile(database.engine, compile_kwargs={"literal_binds": True})
    with database.reading() as connection:
        if connection.dialect.name == "sqlite":
            rows = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {words}")
            return "\n".join(row[3] for row in rows)
        connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        return "\n".join(row[0] for row in connection.exec_driver_sql(f"EXPLAIN {words}"))
