"""Plans, what they promise, and coming back with proof."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given

from newsletter.audience import Evidence, decline, show, suppress, unsubscribe
from newsletter.config import Workspace
from newsletter.errors import Refused
from newsletter.model.consent import Suppression
from newsletter.store import Database
from tests import factories as make
from tests.audience.people import (
    NOW,
    empty,
    exported,
    messages,
    people,
    put,
    sign_up,
    states,
    subscribe,
    summary,
)
from tests.audience.test_import_properties import rows, shared, table

FILE = "email,name\na@example.org,A\nb@example.org,B\n"


def test_an_import_does_exactly_the_plan_or_nothing(database: Database, workspace: Workspace) -> None:
    """Another file, another list, or somebody who left in between is another plan."""
    planned = put(database, workspace, FILE, plan=True)
    for change in (FILE.replace("A\n", "C\n"), FILE + "c@example.org,C\n"):
        with pytest.raises(Refused, match=r"^the file or the lists have changed since the plan was made"):
            put(database, workspace, change, expect=planned.digest)
    with pytest.raises(Refused):
        put(database, workspace, FILE, "events", expect=planned.digest)
    with pytest.raises(Refused):
        put(database, workspace, FILE, expect=planned.digest[:7])
    suppress(database, "b@example.org", reason=Suppression.BOUNCE, source="webhook", now=NOW)
    with pytest.raises(Refused):
        put(database, workspace, FILE, expect=planned.digest)
    assert people(database) == []
    again = put(database, workspace, FILE, plan=True)
    assert put(database, workspace, FILE, expect=again.digest[:12]).added == 1


@shared
@given(rows, rows)
def test_a_plan_is_what_is_applied(
    database: Database, workspace: Workspace, before: list[tuple[str, ...]], content: list[tuple[str, ...]]
) -> None:
    """Whatever is in the database and the file: a plan writes nothing, and its digest fits what is done at once."""
    empty(database)
    put(database, workspace, table(before))
    held = exported(database, workspace)
    planned = put(database, workspace, table(content), plan=True)
    assert exported(database, workspace) == held
    done = put(database, workspace, table(content), expect=planned.digest)
    assert planned.as_json() | {"planned": False} == done.as_json()


def test_who_left_comes_back_only_with_newer_proof(database: Database, workspace: Workspace) -> None:
    """A date and a source, both, and after the leaving; the proof is kept."""
    put(database, workspace, FILE)
    unsubscribe(database, "a@example.org", source="link", now=NOW)
    refused = ["2: would resubscribe: has unsubscribed from this list"]
    head = "email,confirmed_at,proof\na@example.org,"
    later = NOW + dt.timedelta(days=10)
    for cells in ("2024-07-27,paper", "2024-07-30,", ",paper"):
        report = put(database, workspace, f"{head}{cells}\n", now=later)
        assert (messages(report), report.would_resubscribe, report.blocked) == (refused, 1, 1)
    assert summary(put(database, workspace, f"{head}2024-07-30,paper\n", now=later)) == {"resubscribed": 1}
    (word,) = show(database, "a@example.org")["lists"]
    assert word == {
        "list": "monthly",
        "consent": "confirmed",
        "source": "import of readers.csv",
        "changed_at": "2024-08-07T09:00:00+00:00",
        "wording": "",
        "confirmed_at": "2024-07-29T22:00:00+00:00",
        "proof": "paper",
    }
    assert summary(put(database, workspace, f"{head}2024-07-30,paper\n", now=later)) == {"unchanged": 1}


def test_evidence_for_a_whole_file(database: Database, workspace: Workspace) -> None:
    """It counts as if it stood in every row, and opens neither suppressions nor questions that wait for an answer."""
    put(database, workspace, FILE + "c@example.org,C\n")
    for letter in "abc":
        unsubscribe(database, f"{letter}@example.org", source="link", now=NOW)
    suppress(database, "b@example.org", reason=Suppression.COMPLAINT, source="webhook", now=NOW)
    old = Evidence(NOW - dt.timedelta(days=1), "sign-up sheet")
    assert summary(put(database, workspace, FILE, evidence=old)) == {"blocked": 2}
    new = Evidence(NOW + dt.timedelta(days=1), "sign-up sheet")
    later = NOW + dt.timedelta(days=2)
    assert messages(put(database, workspace, FILE, evidence=new, now=later)) == [
        "3: blocked: this address must not be written to (complaint)"
    ]
    # Who left every list is judged by the last of their leavings, and not by another's.
    unsubscribe(database, "a@example.org", source="link", now=later)
    assert summary(put(database, workspace, "email\nc@example.org\n", "events", evidence=old)) == {"blocked": 1}
    assert put(database, workspace, "email\nc@example.org\n", "events", evidence=new, now=later).resubscribed == 1
    assert states(database)["c@example.org", "monthly"] == "unsubscribed"


def test_who_is_pending_by_a_file_is_confirmed_by_proof_alone(database: Database, workspace: Workspace) -> None:
    """Of whatever day, because they never left; not by another file's word, nor where our own letter waits."""
    put(database, workspace, "email,consent\na@example.org,pending\nb@example.org,pending\n")
    sign_up(database, "b@example.org", "monthly")
    unproven = "has not confirmed, by an earlier file; one that says when and how they agreed confirms them"
    head = "email,confirmed_at,proof\na@example.org,"
    for cells in (",", "2024-07-20,", ",sheet"):
        report = put(database, workspace, f"{head}{cells}\n")
        assert (messages(report), report.confirmed) == ([f"2: blocked: {unproven}"], 0)
    assert set(states(database).values()) == {"pending"}
    planned = put(database, workspace, f"{head}2022-05-01,sheet\n", plan=True)
    assert (summary(planned), planned.confirmed, planned.as_json()["confirmed"]) == ({"updated": 1}, 1, 1)
    old = Evidence(NOW - dt.timedelta(days=900), "sheet")
    content = "email\na@example.org\nb@example.org\n"
    report = put(database, workspace, content, evidence=old)
    assert messages(report) == ["3: blocked: was asked and has not confirmed yet"]
    assert report.confirmed == 1
    assert states(database) == {("a@example.org", "monthly"): "confirmed", ("b@example.org", "monthly"): "pending"}
    (word,) = show(database, "a@example.org")["lists"]
    assert (word["proof"], word["source"]) == ("sheet", "import of readers.csv")
    assert put(database, workspace, content, evidence=old).confirmed == 0


def test_a_no_to_one_list_takes_nobody_off_another(database: Database, workspace: Workspace) -> None:
    """They said it to a letter about other things."""
    put(database, workspace, "email\na@example.org\n")
    declined = sign_up(database, "a@example.org", "events")
    assert declined
    decline(database, declined.id, now=NOW)
    assert summary(put(database, workspace, "email\na@example.org\n")) == {"unchanged": 1}


def test_a_proof_counts_for_who_has_answered_another_letter_and_not_for_who_said_no(
    database: Database, workspace: Workspace
) -> None:
    """Only a letter that waits, or a no of the last days, keeps whoever is pending by a file from being confirmed."""
    subscribe(database, "a@example.org", "events")
    declined = sign_up(database, "b@example.org", "events")
    assert declined
    decline(database, declined.id, now=NOW)
    put(database, workspace, "email,consent\na@example.org,pending\nb@example.org,pending\n")
    sheet = Evidence(NOW - dt.timedelta(days=9), "sheet")
    report = put(database, workspace, "email\na@example.org\nb@example.org\n", evidence=sheet)
    assert messages(report) == ["3: blocked: was asked lately and has said no"]
    assert report.confirmed == 1


def test_who_is_pending_and_has_left_every_other_list_comes_back_by_a_newer_proof_alone(
    database: Database, workspace: Workspace
) -> None:
    """To be pending is no consent, so it does not weaken that they have left: on that list, and on one that is new."""
    put(database, workspace, "email,consent\na@example.org,pending\nb@example.org,pending\n")
    for address in ("a@example.org", "b@example.org"):
        subscribe(database, address, "events")
    unsubscribe(database, "a@example.org", ["events"], source="link", now=NOW)
    content = "email\na@example.org\nb@example.org\n"
    old, new = (Evidence(NOW + dt.timedelta(days=days), "sheet") for days in (-9, 1))
    report = put(database, workspace, content, evidence=old)
    assert messages(report) == ["2: would resubscribe: has unsubscribed from every list"]
    assert (report.confirmed, report.would_resubscribe) == (1, 1)
    weekly = make.workspace(workspace.root, lists={"weekly": {"title": "Weekly"}}).settings
    assert messages(put(database, workspace, content, "weekly", settings=weekly)) == messages(report)
    assert put(database, workspace, content, evidence=new, now=NOW + dt.timedelta(days=2)).confirmed == 1
    assert states(database)["a@example.org", "monthly"] == "confirmed"


def test_leaving_again_keeps_the_proof_of_what_was(database: Database) -> None:
    """Years later it may have to be shown that there was consent once."""
    subscribe(database, "a@example.org", "monthly", wording="Yes!", proof="opened the link")
    unsubscribe(database, "a@example.org", source="link", now=NOW + dt.timedelta(days=1))
    (word,) = show(database, "a@example.org")["lists"]
    assert (word["consent"], word["wording"], word["confirmed_at"], word["proof"]) == (
        "unsubscribed",
        "Yes!",
        "2024-07-28T09:00:00+00:00",
        "opened the link",
    )
