"""Selecting one issue from 10,000 entries, alone and after a hundred earlier issues."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.model.content import Content
from newsletter.model.entry import Entry
from newsletter.model.selection import Selection
from newsletter.selection import select, select_several
from tests import factories as make
from tests.benchmarks.side_by_side import compare

MONTHS = [f"{year}-{month:02}" for year in range(2016, 2025) for month in range(1, 13)][:101]


def entries() -> tuple[Entry, ...]:
    """Return 10,000 news, calls, studies and projects over a hundred months."""
    makers = (make.news, make.news, make.study, make.event)
    first = dt.date(2016, 1, 1)
    made: list[Entry] = []
    for number in range(9_900):
        fields = {"id": f"e{number:05}", "url": f"https://www.example.org/{number}"}
        made.append(makers[number % 4](date=str(first + dt.timedelta(days=number * 3040 // 9_900)), **fields))
    made += [make.project(id=f"p{number:03}", url=f"https://www.example.org/p{number}") for number in range(100)]
    return tuple(made)


def main() -> None:
    """Print the medians beside one plain look at the date of every entry."""
    made = entries()
    sections = [
        make.section("News", ["news", "event"]),
        make.section("Studies", "study"),
        make.section("Where we work", "project", period="any"),
    ]
    dated_only = sections[:2]
    every = {name: make.issue(name=name, period=name, sections=sections) for name in MONTHS}
    lean = {name: make.issue(name=name, period=name, sections=dated_only) for name in MONTHS}
    last = MONTHS[-1]
    start, end = dt.date(2024, 5, 1), dt.date(2024, 6, 1)

    def chosen(issues: dict[str, object]) -> Selection:
        return select(Content(entries=made, issues=issues), last, zone="Europe/Vienna", language="en")  # type: ignore[arg-type]

    def shown(*, left_out: bool) -> list[Selection]:
        everything = Content(entries=made, issues=dict(every))
        return [*select_several(everything, MONTHS, zone="Europe/Vienna", language="en", left_out=left_out)]

    compare(
        {
            "bare loop: is the date inside?": lambda: [e for e in made if e.day and start <= e.day < end],
            "select one issue of 10,000 entries": lambda: chosen({last: every[last]}),
            "… after 100 earlier issues, dated sections only": lambda: chosen(dict(lean)),
            "… after 100 earlier issues, one section of any period": lambda: chosen(dict(every)),
            "what each of 101 issues shows": lambda: shown(left_out=False),
            "… and what it leaves out": lambda: shown(left_out=True),
        },
        rounds=5,
    )


if __name__ == "__main__":
    main()
