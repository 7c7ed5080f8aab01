"""What holds for every file and every order of imports."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from newsletter.audience import suppress, unsubscribe
from newsletter.audience.columns import read_columns
from newsletter.config import Workspace
from newsletter.errors import AudienceError, NotFound
from newsletter.model.consent import Suppression
from newsletter.store import Database
from tests.audience.people import NOW, empty, exported, people, put, states, summary

# One database serves all examples, emptied before each.
shared = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)

ADDRESSES = [f"{letter}@example.org" for letter in "abc"]
LISTS = ["monthly", "events"]

# A row of names of columns begins another table, which is refused as a whole.
cell = st.text(st.characters(codec="utf-8"), max_size=12).filter(lambda text: read_columns([text]) is None)
address = st.one_of(
    st.sampled_from([*ADDRESSES, "A@Example.ORG", "+a@example.org", "'=a@example.org", "jörg@bücher.example"]),
    cell,
)
row = st.tuples(
    address,
    cell,
    st.sampled_from(["", "en", "de_AT", "x"]),
    st.sampled_from(["confirmed", "pending", "unsubscribed", "", "cleaned"]),
)
rows = st.lists(row, max_size=12)


def table(content: Sequence[tuple[str, ...]]) -> str:
    """Return rows as a CSV file with a header."""
    out = io.StringIO(newline="")
    csv.writer(out).writerows([("email", "name", "language", "consent"), *content])
    return out.getvalue()


@shared
@given(rows)
def test_every_row_is_counted_once(database: Database, workspace: Workspace, content: list[tuple[str, ...]]) -> None:
    """The seven counts add up to the rows that are not blank, and a plan foresees each of them."""
    empty(database)
    planned = put(database, workspace, table(content), plan=True)
    done = put(database, workspace, table(content))
    counts = done.added, done.updated, done.unchanged, done.unsubscribed, done.blocked, done.duplicates, done.invalid
    assert sum(counts) == done.rows == sum(any(cell.strip() for cell in row) for row in content)
    assert planned.as_json() | {"planned": False} == done.as_json()


@shared
@given(rows)
def test_importing_twice_changes_nothing(
    database: Database, workspace: Workspace, content: list[tuple[str, ...]]
) -> None:
    """The second time everybody is unchanged whom the first time added, updated or unsubscribed."""
    empty(database)
    first = put(database, workspace, table(content))
    before = exported(database, workspace), states(database), people(database)
    second = put(database, workspace, table(content))
    assert second.unchanged == first.added + first.updated + first.unchanged + first.unsubscribed
    assert (second.added, second.updated, second.unsubscribed) == (0, 0, 0)
    assert (second.blocked, second.duplicates, second.invalid) == (first.blocked, first.duplicates, first.invalid)
    assert (exported(database, workspace), states(database), people(database)) == before


@shared
@given(rows)
def test_an_export_imported_elsewhere_gives_the_same_list(
    database: Database, workspace: Workspace, content: list[tuple[str, ...]]
) -> None:
    """Whatever people put into names, addresses, languages and words of consent comes back."""
    empty(database)
    put(database, workspace, table(content))
    file, before = exported(database, workspace), (states(database), people(database))
    empty(database)
    report = put(database, workspace, file)
    assert summary(report).keys() <= {"added", "unsubscribed", "international"}
    assert (states(database), people(database)) == before


@shared
@given(st.one_of(st.binary(max_size=200), st.builds(lambda rest: b"email,name\n" + rest, st.binary(max_size=200))))
def test_any_bytes_give_a_report_or_our_error(database: Database, workspace: Workspace, content: bytes) -> None:
    """A file can hold anything."""
    empty(database)
    try:
        report = put(database, workspace, content)
    except AudienceError as error:
        assert error.message
        assert people(database) == []
    else:
        assert report.rows >= report.added == len(people(database))


files = st.lists(
    st.tuples(st.sampled_from(ADDRESSES), st.just("A"), st.just(""), st.sampled_from(["confirmed", "pending"])),
    max_size=4,
)
steps = st.lists(
    st.one_of(
        st.tuples(st.just("import"), files, st.sampled_from(LISTS)),
        st.tuples(st.just("leave"), st.sampled_from(ADDRESSES), st.sampled_from([*LISTS, None])),
        st.tuples(st.just("suppress"), st.sampled_from(ADDRESSES), st.none()),
    ),
    max_size=12,
)


@shared
@given(steps)
def test_no_order_of_imports_brings_anybody_back(
    database: Database, workspace: Workspace, story: list[tuple[str, object, str | None]]
) -> None:
    """Who has left a list stays away from it, and who must not be written to joins none, whatever is imported."""
    empty(database)
    gone: set[tuple[str, str]] = set()
    silent: set[object] = set()
    for kind, what, where in story:
        before = states(database)
        if kind == "import":
            assert isinstance(what, list)
            put(database, workspace, table(what), where or "")
        elif kind == "leave":
            gone |= _leave(database, str(what), where)
        else:
            suppress(database, str(what), reason=Suppression.BOUNCE, source="test", now=NOW)
            silent.add(what)
        found = states(database)
        assert {pair: found[pair] for pair in gone} == dict.fromkeys(gone, "unsubscribed")
        joined = {key for (key, _), state in found.items() - before.items() if state != "unsubscribed"}
        assert not joined & silent


def _leave(database: Database, address: str, where: str | None) -> set[tuple[str, str]]:
    """Unsubscribe and return the words that must stay; what cannot be left yet is no matter."""
    try:
        unsubscribe(database, address, [where] if where else None, source="test", now=NOW)
    except NotFound:
        return set()
    return {pair for pair, state in states(database).items() if pair[0] == address and state == "unsubscribed"}
