"""A file, or two of them, that say different things of one person."""

from __future__ import annotations

import datetime as dt

import pytest

from newsletter.audience import show
from newsletter.config import Workspace
from newsletter.store import Database
from tests.audience.people import NOW, messages, people, put, states, summary

LEFT = "which says that they have left, and so counts"
PENDING = "by which they have not confirmed, and which so counts"
FORBIDDEN = "which says that it must not be written to, and so counts"
ANNA = ("anna@example.org", "monthly")


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("stricter", "other", "held", "why"),
    [
        ("pending", "confirmed", {ANNA: "pending"}, PENDING),
        ("unsubscribed", "confirmed", {ANNA: "unsubscribed"}, LEFT),
        ("unsubscribed", "pending", {ANNA: "unsubscribed"}, LEFT),
        ("bounced", "confirmed", {}, FORBIDDEN),
        ("bounced", "unsubscribed", {}, FORBIDDEN),
    ],
)
def test_of_two_rows_the_stricter_one_counts_and_the_plan_says_so(
    database: Database,
    workspace: Workspace,
    stricter: str,
    other: str,
    held: dict[tuple[str, str], str],
    why: str,
    reverse: bool,
) -> None:
    """Whichever stands first: nobody is written to by a row that another one contradicts, whatever proof it has."""
    rows = [f"anna@example.org,{stricter},,\n", f"anna@example.org,{other},2024-07-20,sign-up sheet\n"]
    content = "email,status,confirmed_at,proof\n" + "".join(rows[::-1] if reverse else rows)
    loser, winner = (2, 3) if reverse else (3, 2)
    planned = put(database, workspace, content, plan=True)
    assert f"{loser}: duplicate: the same address as in row {winner}, {why}" in messages(planned)
    assert (planned.duplicates, planned.contradicted) == (1, 1)
    assert put(database, workspace, content).as_json() == planned.as_json() | {"planned": False}
    assert states(database) == held


@pytest.mark.parametrize("reverse", [False, True])
@pytest.mark.parametrize(
    ("row", "why"),
    [
        ("pending,Klingon-as-spoken", "'Klingon-as-spoken' is not a language; use a code such as en, fr or ar"),
        ("perhaps,en", "'perhaps' in the column status is neither confirmed, pending nor unsubscribed"),
        (",en", "the column status is empty"),
        ("de,unsubscribed,en", "has 4 cells where the first row has 3"),
    ],
)
def test_a_row_that_cannot_be_used_holds_back_another_unless_it_says_that_they_have_confirmed(
    database: Database, workspace: Workspace, row: str, why: str, reverse: bool
) -> None:
    """A slip beside somebody's word makes nobody a reader: whoever mends the row decides."""
    rows = [f"anna@example.org,{row}\n", "Anna@example.org,confirmed,en\n"]
    content = "email,status,language\n" + "".join(rows[::-1] if reverse else rows)
    other, unusable = (2, 3) if reverse else (3, 2)
    planned = put(database, workspace, content, plan=True)
    held = f"the same address as in row {unusable}, by which they have not confirmed, and which cannot be used"
    assert sorted(messages(planned)) == sorted([f"{other}: duplicate: {held}", f"{unusable}: invalid: {why}"])
    assert (summary(planned), planned.contradicted) == ({"duplicates": 1, "invalid": 1}, 1)
    assert put(database, workspace, content).as_json() == planned.as_json() | {"planned": False}
    assert (states(database), people(database)) == ({}, [])


def test_a_row_that_cannot_be_used_does_not_stand_in_the_way_of_a_stricter_one(
    database: Database, workspace: Workspace
) -> None:
    """Who has left in another row has left; who is pending in another row is; and confirmed rows with slips count."""
    report = put(
        database,
        workspace,
        "email,status,language\n"
        "a@example.org,perhaps,en\na@example.org,unsubscribed,en\n"
        "b@example.org,pending,???\nb@example.org,pending,en\n"
        "c@example.org,confirmed,???\nc@example.org,confirmed,en\n",
    )
    assert (summary(report), report.pending) == ({"added": 2, "unsubscribed": 1, "invalid": 3}, 1)
    assert [state for _, state in sorted(states(database).items())] == ["unsubscribed", "pending", "confirmed"]


def test_one_mailbox_in_two_spellings_is_one_person(database: Database, workspace: Workspace) -> None:
    """Capitals, and a domain in its own letters or as the net writes it, make no second reader who has not left."""
    report = put(
        database,
        workspace,
        "email,name,status\n"
        "Anna@B\u00dcCHER.example,First,confirmed\nanna@xn--bcher-kva.example,Second,unsubscribed\n"
        "Ben@Example.ORG,First,confirmed\nben@example.org,Second,pending\n"
        "JO\u0308RG@example.org,First,confirmed\nj\u00f6rg@EXAMPLE.org,Second,confirmed\n",
    )
    assert messages(report) == [
        f"2: duplicate: the same address as in row 3, {LEFT}",
        f"4: duplicate: the same address as in row 5, {PENDING}",
        "7: duplicate: the same address as in row 6",
    ]
    assert people(database) == [
        ("anna@xn--bcher-kva.example", "Second", ""),
        ("ben@example.org", "Second", ""),
        ("JÖRG@example.org", "First", ""),
    ]
    assert (report.contradicted, report.pending) == (2, 1)


def test_rows_that_another_one_contradicts_are_named_before_others(database: Database, workspace: Workspace) -> None:
    """A hundred rows are named; who repeats himself is no news, and who has left is."""
    alike = "a@example.org,confirmed\n" * 151
    report = put(database, workspace, f"email,status\n{alike}b@example.org,confirmed\nb@example.org,pending\n")
    assert messages(report)[-1] == f"153: duplicate: the same address as in row 154, {PENDING}"
    assert (len(report.problems), report.duplicates, report.contradicted) == (100, 151, 1)


def test_who_is_confirmed_here_and_pending_in_a_later_file_is_told(database: Database, workspace: Workspace) -> None:
    """They are still written to, so that nobody may say of them that nothing is sent."""
    put(database, workspace, "email,status\na@example.org,confirmed\nb@example.org,confirmed\nd@example.org,pending\n")
    later = "email,name,status\na@example.org,Anna,pending\n" + "".join(
        f"{who}@example.org,,pending\n" for who in "bcd"
    )
    report = put(database, workspace, later)
    assert summary(report) == {"added": 1, "updated": 1, "unchanged": 2}
    assert (report.pending, report.stay_confirmed) == (2, 2)
    assert [state for _, state in sorted(states(database).items())] == ["confirmed", "confirmed", "pending", "pending"]
    assert put(database, workspace, "email,status\na@example.org,unsubscribed\na@example.org,pending\n").pending == 0


def test_a_proof_is_kept_where_there_was_none_and_replaces_no_other(database: Database, workspace: Workspace) -> None:
    """Whoever brings the proofs afterwards finds them kept; since when, and by what, somebody is on the list stays."""
    put(database, workspace, "email\na@example.org\nb@example.org\n")
    head = "email,status,confirmed_at,proof,wording\n"
    assert summary(put(database, workspace, f"{head}a@example.org,active,2024-07-20,,\n")) == {"unchanged": 1}
    assert summary(put(database, workspace, f"{head}a@example.org,pending,2024-07-20,sheet,\n"))["unchanged"] == 1
    proven = f"{head}a@example.org,active,2024-07-20,sheet,Monthly news\n"
    planned = put(database, workspace, proven, plan=True)
    report = put(database, workspace, proven, now=NOW + dt.timedelta(days=1))
    assert planned.as_json() | {"planned": False} == report.as_json()
    assert summary(report) == {"updated": 1}
    held = show(database, "a@example.org")["lists"]
    assert [(word["confirmed_at"], word["proof"], word["wording"], word["source"]) for word in held] == [
        ("2024-07-19T22:00:00+00:00", "sheet", "Monthly news", "import of readers.csv")
    ]
    assert held[0]["changed_at"] == NOW.isoformat()
    again = f"{head}a@example.org,active,2024-07-25,another sheet,\nb@example.org,active,,,\n"
    assert summary(put(database, workspace, again)) == {"unchanged": 2}
    assert show(database, "a@example.org")["lists"] == held
