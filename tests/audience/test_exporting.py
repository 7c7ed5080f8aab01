"""A list as a CSV file."""

from __future__ import annotations

import csv
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience import suppress, unsubscribe, write_topics
from newsletter.audience.rows import read_topics
from newsletter.audience.spreadsheet import guarded, unguarded
from newsletter.config import Workspace
from newsletter.errors import NotFound
from newsletter.model.consent import Suppression
from newsletter.model.topics import canonical_topics
from newsletter.store import Database
from tests.audience.people import NOW, exported, put, summary

HEADER = (
    "address,name,language,consent,changed_at,source,suppressed,topics,frequency,paused_until,confirmed_at,proof,"
    "wording\r\n"
)


def test_everybody_on_the_list_is_written_with_their_word(database: Database, workspace: Workspace) -> None:
    """In the order of addresses, with time, source and suppression; other lists are left aside."""
    put(database, workspace, 'email,name,language\nb@example.org,"Example, B",de\nA@example.org,Jörg,\n')
    put(database, workspace, "email\nc@example.org\n", "events")
    unsubscribe(database, "b@example.org", ["monthly"], source="link", now=NOW)
    suppress(database, "a@example.org", reason=Suppression.BOUNCE, source="test", now=NOW)
    assert exported(database, workspace) == (
        HEADER + "A@example.org,Jörg,,confirmed,2024-07-28T09:00:00+00:00,import of readers.csv,bounce,,,,,,\r\n"
        'b@example.org,"Example, B",de,unsubscribed,2024-07-28T09:00:00+00:00,link,,,,,,,\r\n'
    )


def test_a_list_of_nobody_has_its_header(database: Database, workspace: Workspace) -> None:
    """An empty export is still a file that can be read back."""
    assert exported(database, workspace) == HEADER
    with pytest.raises(NotFound):
        exported(database, workspace, "weekly")


def test_a_spreadsheet_runs_nothing_of_what_a_stranger_wrote(database: Database, workspace: Workspace) -> None:
    """Names and addresses come from strangers; before all that a spreadsheet would run stands an apostrophe.

    Some part cells at semicolons as well, and take quotation marks away behind one.
    """
    names = ["=1+1", "+1", "-1", "@SUM(A1)", "'=1+1", "harmless", "'quoted'", "＝1+1", "Ann;=1+1;x", '"Ann;""=1+1;"']
    rows = "".join(f"=a{number}@example.org,{name}\n" for number, name in enumerate(names))
    put(database, workspace, "email,name\n" + rows)
    cells = [row[:2] for row in csv.reader(io.StringIO(exported(database, workspace), newline=""))][1:]
    assert cells == [
        ["'=a0@example.org", "'=1+1"],
        ["'=a1@example.org", "'+1"],
        ["'=a2@example.org", "'-1"],
        ["'=a3@example.org", "'@SUM(A1)"],
        ["'=a4@example.org", "'=1+1"],
        ["'=a5@example.org", "harmless"],
        ["'=a6@example.org", "'quoted'"],
        ["'=a7@example.org", "'＝1+1"],
        ["'=a8@example.org", "Ann;'=1+1;x"],
        ["'=a9@example.org", "Ann;'\"=1+1;"],
    ]
    assert summary(put(database, workspace, exported(database, workspace))) == {"unchanged": 10}


@given(st.text("'\"=+-@\t\r\n;＝a"))
def test_what_is_guarded_comes_back(cell: str) -> None:
    """No part of a cell begins with what spreadsheets run, and none changes on the way out and in again."""
    for part in re.split(r"[;\n]", guarded(cell)):
        assert part.lstrip('"')[:1] not in {"=", "+", "-", "@", "\t", "\r", "＝"}
    assert unguarded(guarded(cell)) == cell


@given(topics=st.lists(st.text(alphabet="ab ,;|\"'é", max_size=8)).map(canonical_topics))
def test_topics_come_back_whatever_is_in_them(topics: tuple[str, ...]) -> None:
    """A team may call a topic “Integration, jobs”, and whoever chose it still wants it after an export."""
    assert tuple(json.loads(read_topics(write_topics(topics)) or "[]")) == topics
