"""A month in which every layout and every type has its place."""

from __future__ import annotations

from collections.abc import Sequence

from newsletter.model.entry import Entry
from newsletter.model.issue import Section
from newsletter.model.selection import Selection
from tests import factories as make


def month() -> Selection:
    """Return the selection of that month."""
    projects = [
        make.project(),
        make.project(id="emlink", title="EMLINK", countries=["BE", "GE"], url="https://www.example.org/emlink"),
        make.project(id="done", title="Done", countries=["AT"], phase="completed", url="https://www.example.org/done"),
    ]
    filled: list[tuple[Section, Sequence[Entry]]] = [
        (
            make.section("Featured study", "study", layout="hero"),
            [make.study(authors=["Reader One", "Reader Two"], doi="10.1234/abcd")],
        ),
        (
            make.section("Studies", "study"),
            [
                make.study(id=f"s{number}", title=f"Study {number}", url=f"https://www.example.org/s{number}")
                for number in range(5)
            ],
        ),
        (
            make.section("News", ["news", "event"]),
            [
                make.news(),
                make.event(),
                make.news(id="n2", title="Without a day", date=None, url="https://www.example.org/n2"),
            ],
        ),
        (make.section("Open calls", "call"), [make.call(eligibility="Organisations of *young* people")]),
        (make.section("Where we work", "project"), projects),
        (
            make.section("In figures", "figure"),
            [
                make.figure(id="f1", label="ongoing projects", compute="ongoing projects"),
                make.figure(id="f2", label="countries", compute="countries with ongoing projects"),
                make.figure(id="f3", label="of funding", value=635000, unit="EUR", source="Annual report"),
            ],
        ),
    ]
    issue = make.issue(
        sections=[plan for plan, _ in filled],
        intro="Dear {first_name|reader},\n\nthis is [July](https://www.example.org/july).",
        lists=["monthly"],
    )
    return make.selection(*filled, of=issue, recurring=tuple(projects))
