"""What holds for every issue and every set of entries."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model.content import Content
from newsletter.model.entry import SHIPPED_TYPES, Entry
from newsletter.model.issue import Issue
from newsletter.selection import select, select_several
from tests import factories as make

MAKERS = {
    "news": make.news,
    "study": make.study,
    "call": make.call,
    "event": make.event,
    "project": make.project,
    "figure": make.figure,
}
DAYS = st.dates(dt.date(2024, 1, 1), dt.date(2024, 12, 31)).map(str)
TYPES = st.sampled_from(sorted(MAKERS))
IDS = [f"e{number}" for number in range(12)]


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    """Any dozen of entries, some without date, drafts, embargoed, sharing an address, in other languages."""
    made = []
    for name in draw(st.lists(st.sampled_from(IDS), unique=True)):
        kind = draw(TYPES)
        fields: dict[str, Any] = {
            "id": name,
            "date": draw(st.none() | DAYS),
            "url": draw(st.sampled_from([None, "https://www.example.org/a", "https://www.example.org/b"])),
            "status": draw(st.sampled_from(["ready", "ready", "draft"])),
            "embargo": draw(st.none() | DAYS),
            "language": draw(st.sampled_from(["en", "en", "fr"])),
            "topics": draw(st.lists(st.sampled_from(["law", "borders"]), unique=True)),
        }
        if kind == "study":
            fields["featured"] = draw(st.booleans())
        if kind == "call":
            fields["deadline"] = draw(DAYS)
        made.append(MAKERS[kind](**fields))
    return made


SECTIONS = st.lists(
    st.builds(
        make.section,
        heading=st.sampled_from(["One", "Two", "Three"]),
        take=st.lists(TYPES, min_size=1, unique=True),
        featured=st.booleans(),
        topics=st.sampled_from([[], ["law"]]),
        limit=st.none() | st.integers(1, 3),
        period=st.sampled_from([None, "any"]),
    ),
    min_size=1,
    max_size=4,
)


@st.composite
def issues(draw: st.DrawFn) -> list[Issue]:
    """Up to four consecutive issues of 2024, each a month or everything since the last."""
    planned: list[Issue] = []
    for month in range(5, 5 + draw(st.integers(1, 4))):
        name = f"2024-{month:02}"
        since = {"since": "last issue", "to": f"2024-{month:02}-28"}
        dropped = draw(st.sets(st.sampled_from(IDS), max_size=2))
        named = st.lists(st.sampled_from([name for name in IDS if name not in dropped]), unique=True, max_size=3)
        planned.append(
            make.issue(
                name=name,
                period=since if bool(planned) and draw(st.booleans()) else {"from": f"{name}-01", "to": f"{name}-28"},
                sections=draw(SECTIONS),
                pin=draw(named),
                feature=draw(named),
                order=draw(named),
                drop=dict.fromkeys(dropped, "no"),
                send_at=draw(st.none() | st.just(f"2024-{month:02}-28T09:00")),
            )
        )
    return planned


def content(made: list[Entry], planned: list[Issue]) -> Content:
    """Return what loading would return."""
    return Content(
        entries=tuple(sorted(made, key=lambda entry: entry.id)), issues={issue.name: issue for issue in planned}
    )


@given(entries(), issues())
@settings(max_examples=300)
def test_each_entry_is_in_exactly_one_section_or_out_with_a_reason(made: list[Entry], planned: list[Issue]) -> None:
    """Nothing is lost and nothing stands twice, in any issue."""
    for issue in planned:
        selection = select(content(made, planned), issue.name, zone="Europe/Vienna", language="en")
        seen = Counter([entry.id for entry in selection.entries] + [left.id for left in selection.out])
        assert seen == Counter(entry.id for entry in made)
        assert all(left.detail for left in selection.out)


@given(entries(), issues())
@settings(max_examples=300)
def test_what_an_issue_shows_is_the_same_whoever_asks_what_it_leaves_out(
    made: list[Entry], planned: list[Issue]
) -> None:
    """A list of all issues asks only what each shows, and an entry that it leaves out is never among that."""
    everything = content(made, planned)
    options = {"zone": "Europe/Vienna", "language": "en"}
    shown = select_several(everything, everything.issues, **options, left_out=False)
    for selection in shown:
        whole = select(everything, selection.issue.name, **options)
        assert selection.sections == whole.sections
        assert not {entry.id for entry in selection.entries} & {left.id for left in selection.out}


@given(entries(), issues())
def test_nothing_that_may_not_recur_is_shown_in_two_issues_unless_named(
    made: list[Entry], planned: list[Issue]
) -> None:
    """What one issue showed, a later one shows only if a person names it."""
    shown: set[str] = set()
    for issue in planned:
        selection = select(content(made, planned), issue.name, zone="Europe/Vienna", language="en")
        fresh = {entry.id for entry in selection.entries if not entry.recurs}
        assert fresh & shown <= {*issue.pin, *issue.feature}
        shown |= fresh


@given(entries(), issues())
def test_what_is_dated_after_an_issue_has_left_changes_nothing_in_it(made: list[Entry], planned: list[Issue]) -> None:
    """Else what a team writes later would count as shown by an issue that left without it, and never be shown."""
    named = {name for issue in planned for name in (*issue.pin, *issue.feature)}
    for issue in planned:
        whole = select(content(made, planned), issue.name, zone="Europe/Vienna", language="en")
        day = whole.send_at.astimezone(make.ZONE).date()
        written = [one for one in made if one.recurs or one.day is None or one.day <= day or one.id in named]
        then = select(content(written, planned), issue.name, zone="Europe/Vienna", language="en")
        assert whole.sections == then.sections


@given(entries(), issues(), st.randoms(use_true_random=False))
def test_the_order_in_which_entries_and_issues_are_read_never_matters(
    made: list[Entry], planned: list[Issue], random: Any
) -> None:
    """The order of files on disk changes nothing."""
    name = planned[-1].name
    expected = select(content(made, planned), name, zone="Europe/Vienna", language="en")
    random.shuffle(made)
    random.shuffle(planned)
    shuffled = Content(entries=tuple(made), issues={issue.name: issue for issue in planned})
    assert select(shuffled, name, zone="Europe/Vienna", language="en").as_json() == expected.as_json()


@given(st.datetimes(dt.datetime(2024, 1, 1), dt.datetime(2024, 12, 31, 23, 59), timezones=st.just(dt.UTC)))
def test_consecutive_months_neither_overlap_nor_leave_a_hole(moment: dt.datetime) -> None:
    """Any moment of a year belongs to exactly one of its twelve monthly issues, whatever the clocks do."""
    entry = make.news(date=moment.isoformat())
    planned = [make.issue(name=f"2024-{month:02}", period=f"2024-{month:02}") for month in range(1, 13)]
    chosen = [
        issue.name
        for issue in planned
        if select(content([entry], [issue]), issue.name, zone="Europe/Vienna", language="en").entries
    ]
    assert chosen == [f"2024-{moment.astimezone(make.ZONE).month:02}"] or moment.astimezone(make.ZONE).year == 2025


def test_every_shipped_type_has_a_maker() -> None:
    """The properties above cover every type that is shipped."""
    assert sorted(MAKERS) == sorted(kind.model_fields["type"].default for kind in SHIPPED_TYPES)
