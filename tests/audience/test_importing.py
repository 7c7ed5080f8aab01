"""From a file of addresses to subscribers of a list."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from newsletter.audience import (
    ImportReport,
    Problem,
    RowProblem,
    erase,
    import_file,
    next_letter,
    show,
    suppress,
    unsubscribe,
)
from newsletter.config import Workspace
from newsletter.errors import AudienceError, NotFound, Refused, StorageError
from newsletter.model.consent import Suppression
from newsletter.store import Database
from tests import factories as make
from tests.audience.people import NOW, exported, messages, people, put, sign_up, states, subscribe, summary
from tests.databases import open_ready

LATER = NOW + dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("header", "other", "cell", "held"),
    [
        ("name", "Ann", "Anna", "Anna"),
        ("language", "en", "de", "de"),
        ("topics", "law", "borders", ["borders"]),
        ("frequency", "quarterly", "monthly", "monthly"),
        ("paused_until", "2031-01-01", "2030-01-01", "2029-12-31T23:00:00+00:00"),
        ("seats", "5", "6", {"seats": 6}),
    ],
)
def test_each_word_about_who_is_known_already_is_news(
    database: Database, workspace: Workspace, header: str, other: str, cell: str, held: Any
) -> None:
    """A file may have nothing else; the second time it says nothing new, and what it leaves empty stays."""
    space = make.workspace(workspace.root, attributes={"seats": {"type": "number"}})
    put(database, space, "email\na@example.org\n")
    rows = [f"email,{header}\na@example.org,{each}\n" for each in (other, cell, cell, "")]
    assert [summary(put(database, space, row)) for row in rows] == [
        {"updated": 1},
        {"updated": 1},
        {"unchanged": 1},
        {"unchanged": 1},
    ]
    assert show(database, "a@example.org")["attributes" if header == "seats" else header] == held


def test_a_report_counts_every_row_once(database: Database, workspace: Workspace) -> None:
    """New, known, blocked, repeated and invalid rows are all there, with their lines in the file."""
    put(database, workspace, "email,name\nold@example.org,Old\nsame@example.org,Same\nleft@example.org,Left\n")
    unsubscribe(database, "left@example.org", ["monthly"], source="test", now=NOW)
    suppress(database, "bounced@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)
    report = put(
        database,
        workspace,
        "E-Mail;Name;Sprache;Firma\n"
        "new@example.org;New;en;Example\n"
        "OLD@example.org;Older;;\n"
        "same@example.org;;;\n"
        "left@example.org;Left;;\n"
        "bounced@example.org;;;\n"
        "new@EXAMPLE.org;Again;;\n"
        "nobody;;;\n"
        "jörg@example.org;Jörg;de;\n",
        now=LATER,
    )
    assert replace(report, digest="") == ImportReport(
        list="monthly",
        file="readers.csv",
        planned=False,
        rows=8,
        added=2,
        updated=1,
        unchanged=1,
        unsubscribed=0,
        blocked=2,
        duplicates=1,
        invalid=1,
        would_resubscribe=1,
        guessed=("language",),
        international=1,
        columns=(("address", "E-Mail"), ("name", "Name"), ("language", "Sprache")),
        ignored=("Firma",),
        problems=(
            RowProblem(5, Problem.WOULD_RESUBSCRIBE, "has unsubscribed from this list"),
            RowProblem(6, Problem.BLOCKED, "this address must not be written to (bounce)"),
            RowProblem(7, Problem.DUPLICATE, "the same address as in row 2"),
            RowProblem(8, Problem.INVALID, "'nobody' is not an address: An email address must have an @-sign."),
        ),
    )
    assert states(database) == {
        ("jörg@example.org", "monthly"): "confirmed",
        ("left@example.org", "monthly"): "unsubscribed",
        ("new@example.org", "monthly"): "confirmed",
        ("old@example.org", "monthly"): "confirmed",
        ("same@example.org", "monthly"): "confirmed",
    }
    assert people(database) == [
        ("jörg@example.org", "Jörg", "de"),
        ("left@example.org", "Left", ""),
        ("new@example.org", "New", "en"),
        ("old@example.org", "Older", ""),
        ("same@example.org", "Same", ""),
    ]


def test_a_report_for_scripts(database: Database, workspace: Workspace) -> None:
    """Its keys are stable, and its problems say row, kind and message."""
    report = put(database, workspace, "email,phone\na@example.org,1\na@example.org,1\n")
    assert re.fullmatch("[0-9a-f]{64}", report.digest)
    assert report.as_json() == {
        "list": "monthly",
        "file": "readers.csv",
        "planned": False,
        "rows": 2,
        "added": 1,
        "updated": 0,
        "unchanged": 0,
        "resubscribed": 0,
        "unsubscribed": 0,
        "blocked": 0,
        "duplicates": 1,
        "invalid": 0,
        "would_resubscribe": 0,
        "contradicted": 0,
        "pending": 0,
        "stay_confirmed": 0,
        "confirmed": 0,
        "international": 0,
        "columns": {"address": "email"},
        "ignored": ["phone"],
        "problems": [{"row": 3, "kind": "duplicate", "message": "the same address as in row 2"}],
        "program": None,
        "guessed": [],
        "unknown": [],
        "note": None,
        "doubts": [],
        "digest": report.digest,
    }


def test_a_plan_says_what_an_import_does_and_writes_nothing(database: Database, workspace: Workspace) -> None:
    """The same file gives the same report, apart from the word `planned`; not even the list is made."""
    content = "email,name\na@example.org,A\nb@example.org,B\na@example.org,A\nc\n"
    planned = put(database, workspace, content, plan=True)
    with database.reading() as connection:
        rows = {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar()
            for table in ("lists", "subscribers", "consents")
        }
    assert rows == {"lists": 0, "subscribers": 0, "consents": 0}
    done = put(database, workspace, content)
    assert planned.as_json() | {"planned": False} == done.as_json()
    assert planned.planned
    assert summary(put(database, workspace, content, plan=True)) == {"unchanged": 2, "duplicates": 1, "invalid": 1}


def test_the_source_and_the_time_of_consent_are_kept(database: Database, workspace: Workspace) -> None:
    """An import again later leaves them as they were."""
    put(database, workspace, "email\na@example.org\n")
    put(database, workspace, "email,name\na@example.org,A\n", now=LATER)
    assert exported(database, workspace) == (
        "address,name,language,consent,changed_at,source,suppressed,topics,frequency,paused_until,confirmed_at,proof,"
        "wording\r\n"
        "a@example.org,A,,confirmed,2024-07-28T09:00:00+00:00,import of readers.csv,,,,,,,\r\n"
    )


def test_names_and_languages_change_only_where_the_file_has_them(database: Database, workspace: Workspace) -> None:
    """An empty cell takes nothing away."""
    put(database, workspace, "email,name,language\na@example.org,A,de\n")
    assert summary(put(database, workspace, "email,name,language\na@example.org,,en\n")) == {"updated": 1}
    assert people(database) == [("a@example.org", "A", "en")]
    assert summary(put(database, workspace, "email,name\nA@example.org,\n")) == {"unchanged": 1}
    assert people(database) == [("a@example.org", "A", "en")]


def test_a_second_list_finds_the_same_person(database: Database, workspace: Workspace) -> None:
    """People are held once, with a word on each list."""
    put(database, workspace, "email,name\na@example.org,A\n")
    assert summary(put(database, workspace, "email\na@example.org\n", "events")) == {"added": 1}
    assert people(database) == [("a@example.org", "A", "")]
    assert states(database) == {("a@example.org", "events"): "confirmed", ("a@example.org", "monthly"): "confirmed"}


def test_leaving_one_list_does_not_close_the_others(database: Database, workspace: Workspace) -> None:
    """Somebody who reads another list may be put on a third one."""
    subscribe(database, "a@example.org", "monthly")
    put(database, workspace, "email\na@example.org\n", "events")
    unsubscribe(database, "a@example.org", ["monthly"], source="link", now=NOW)
    assert messages(put(database, workspace, "email\na@example.org\n")) == [
        "2: would resubscribe: has unsubscribed from this list"
    ]
    assert states(database)["a@example.org", "events"] == "confirmed"


def test_leaving_every_list_closes_lists_that_come_later(database: Database, workspace: Workspace) -> None:
    """Who left all they were on is not put on another one by a file."""
    put(database, workspace, "email\na@example.org\n")
    unsubscribe(database, "a@example.org", source="link", now=NOW)
    report = put(database, workspace, "email\na@example.org\n", "events")
    assert messages(report) == ["2: would resubscribe: has unsubscribed from every list"]
    assert states(database) == {("a@example.org", "monthly"): "unsubscribed"}


def test_who_has_not_confirmed_is_not_confirmed_by_a_file(database: Database, workspace: Workspace) -> None:
    """Consent that was asked for is given by the reader alone."""
    assert sign_up(database, "a@example.org", "monthly")
    assert messages(put(database, workspace, "email\na@example.org\n")) == [
        "2: blocked: was asked and has not confirmed yet"
    ]
    assert summary(put(database, workspace, "email,consent\na@example.org,pending\n")) == {"unchanged": 1}
    assert states(database) == {("a@example.org", "monthly"): "pending"}


def test_a_file_may_take_consent_away(database: Database, workspace: Workspace) -> None:
    """Who left elsewhere is remembered here, known before or not, and no later file brings them back."""
    put(database, workspace, "email\nknown@example.org\n")
    gone = "email,status\nknown@example.org,unsubscribed\nnew@example.org,unsubscribed\n"
    assert summary(put(database, workspace, gone)) == {"unsubscribed": 2}
    assert summary(put(database, workspace, gone)) == {"unchanged": 2}
    assert summary(put(database, workspace, "email\nknown@example.org\nnew@example.org\n")) == {"blocked": 2}
    assert set(states(database).values()) == {"unsubscribed"}


def test_a_file_may_forbid_an_address(database: Database, workspace: Workspace) -> None:
    """What another program found undeliverable is suppressed here, also for later files and other lists."""
    content = "email,status\ncleaned@example.org,cleaned\nactive@example.org,active\n"
    for _ in range(2):
        assert "2: blocked: the file says that this address must not be written to" in messages(
            put(database, workspace, content)
        )
    assert messages(put(database, workspace, "email\ncleaned@example.org\n", "events")) == [
        "2: blocked: this address must not be written to (bounce)"
    ]
    assert people(database) == [("active@example.org", "", "")]


def test_of_rows_about_one_address_the_one_that_forbids_counts(database: Database, workspace: Workspace) -> None:
    """Whatever their order; otherwise the first one counts."""
    report = put(
        database,
        workspace,
        "email,name,status\n"
        "a@example.org,First,active\na@example.org,Second,active\n"
        "b@example.org,First,active\nb@example.org,Second,unsubscribed\n",
    )
    assert messages(report) == [
        "3: duplicate: the same address as in row 2",
        "4: duplicate: the same address as in row 5, which says that they have left, and so counts",
    ]
    assert people(database) == [("a@example.org", "First", ""), ("b@example.org", "Second", "")]
    assert states(database) == {("a@example.org", "monthly"): "confirmed", ("b@example.org", "monthly"): "unsubscribed"}


def test_problems_are_counted_exactly_and_named_up_to_a_hundred(database: Database, workspace: Workspace) -> None:
    """A file with a million mistakes does not make a report of a million lines."""
    rows = ["a@example.org"] * 251 + ["nobody"] * 150
    report = put(database, workspace, "email\n" + "\n".join(rows) + "\n")
    assert summary(report) == {"added": 1, "duplicates": 250, "invalid": 150}
    assert [problem.row for problem in report.problems] == [*range(3, 103), *range(253, 353)]


def test_a_file_that_breaks_in_the_middle_imports_nobody(database: Database, workspace: Workspace) -> None:
    """All of it or nothing: not even the rows before the mistake."""
    content = b"email,name\n" + b"".join(b"a%d@example.org,A\n" % number for number in range(20_000)) + b'b,"'
    with pytest.raises(AudienceError, match=r"^a quotation mark in row 20002 of readers\.csv is never closed$"):
        put(database, workspace, content)
    assert people(database) == []


def test_an_import_that_is_interrupted_leaves_nothing_behind(database: Database, workspace: Workspace) -> None:
    """The next one begins afresh, on the same connections."""
    content = "email\n" + "".join(f"a{number}@example.org\n" for number in range(10_001))

    def stop(done: int, size: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        put(database, workspace, content, progress=stop)
    assert people(database) == []
    assert summary(put(database, workspace, content)) == {"added": 10_001}


def test_others_write_while_a_file_is_read(database: Database, workspace: Workspace) -> None:
    """Somebody who leaves in the meantime is respected at the end."""
    put(database, workspace, "email\nleaving@example.org\n")
    content = "email\nleaving@example.org\n" + "".join(f"a{number}@example.org\n" for number in range(10_001))

    def leave(done: int, size: int) -> None:
        unsubscribe(database, "leaving@example.org", source="link", now=NOW)

    report = put(database, workspace, content, progress=leave)
    assert summary(report) == {"added": 10_001, "blocked": 1}
    assert states(database)["leaving@example.org", "monthly"] == "unsubscribed"


def test_an_erasure_while_a_file_is_read_is_not_passed_over(database: Database, workspace: Workspace) -> None:
    """The first one ever: until then nothing of the file was compared with the erased."""
    put(database, workspace, "email\nanna@example.org\n")

    def gone(_columns: object) -> None:
        erase(database, "anna@example.org", now=NOW)

    content = "email\nanna@example.org\nben@example.org\n"
    with pytest.raises(Refused, match="somebody was erased while the file was read"):
        put(database, workspace, content, confirm=gone)
    assert people(database) == []
    assert summary(put(database, workspace, content)) == {"added": 1, "blocked": 1}


def test_nobody_is_written_to_because_of_a_file(database: Database, workspace: Workspace) -> None:
    """Neither to those who are new nor to those who have not confirmed yet; the form alone asks for a letter."""
    put(database, workspace, "email,consent\nnew@example.org,confirmed\nopen@example.org,pending\n")
    assert list(states(database).values()) == ["confirmed", "pending"]
    assert next_letter(database, now=LATER) is None
    assert sign_up(database, "form@example.org", now=LATER) is not None


def test_a_list_that_is_not_in_the_settings_is_refused(database: Database, workspace: Workspace) -> None:
    """A slip of the keys does not make a new list."""
    with pytest.raises(NotFound) as caught:
        put(database, workspace, "email\na@example.org\n", "montly")
    assert (caught.value.message, caught.value.why) == (
        "there is no list called 'montly'; did you mean 'monthly'?",
        "the lists in the settings are monthly, events",
    )
    assert people(database) == []


def test_a_moment_without_a_zone_is_a_mistake_of_the_program(database: Database, workspace: Workspace) -> None:
    """The time of consent is never a guess."""
    with pytest.raises(ValueError, match="has no time zone"):
        put(database, workspace, "email\na@example.org\n", now=dt.datetime(2024, 7, 28))


def test_a_missing_file_leaves_the_database_alone(database: Database, workspace: Workspace, tmp_path: Path) -> None:
    """The path is told."""
    with pytest.raises(AudienceError, match=r"none\.csv cannot be read$"):
        import_file(database, tmp_path / "none.csv", "monthly", settings=workspace.settings, now=NOW)


def test_a_full_disk_imports_nobody(tmp_path: Path) -> None:
    """SQLite's own limit stands in for the disk's, on the connection that the import will take."""
    workspace = make.workspace(tmp_path)
    with open_ready(workspace) as database:
        with database.reading() as connection:
            connection.exec_driver_sql("PRAGMA max_page_count=1")
        with pytest.raises(StorageError, match=r"^the database \.newsletter/newsletter\.db could not grow$"):
            put(database, workspace, "email\n" + "".join(f"a{number}@example.org\n" for number in range(5_000)))
        assert people(database) == []


def test_a_stray_sign_in_topics_stops_no_import(database: Database, workspace: Workspace) -> None:
    """PostgreSQL takes no NUL, and a topic is a line of text."""
    report = put(database, workspace, 'email,topics\nanna@example.org,"bor\0ders, study\x07"\nbo@example.org,\n')
    assert (report.added, report.invalid) == (2, 0)
    assert show(database, "anna@example.org")["topics"] == ["bor ders", "study"]
    assert report.topics == ("bor ders", "study")
