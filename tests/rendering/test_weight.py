"""What an issue weighs: Gmail cuts off what comes after about 100,000 bytes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.selection import Selection
from tests import factories as make
from tests.rendering.conftest import READER

LIMIT = 85_000
TITLE = "How municipalities along the border plan for arrivals, number {} of a series"
SUMMARY = (
    "Twelve towns in five countries compared what they know about people who arrive, stay or move on. The report says "
    "what worked, what it cost, and which data they would need – “before, not after”, as one mayor put it. ({})"
)
COUNTRIES = ("AT", "GE", "IQ", "JO", "KZ", "LB", "LY", "MA", "NG", "PK", "RS", "TN")


def realistic() -> Selection:
    """Return 25 entries with titles and summaries of the usual length, pictures, long addresses, authors and a map."""

    def many(kind: Callable[..., Entry], name: str, count: int, **fields: Any) -> list[Entry]:
        return [
            kind(
                id=f"{name}-{number}",
                title=TITLE.format(number),
                summary=SUMMARY.format(number),
                url=f"https://www.example.org/en/{name}/2024/07/how-municipalities-along-the-border-plan-{number}",
                **fields,
            )
            for number in range(count)
        ]

    picture = {
        "src": "https://www.example.org/media/2024-07/a-picture-of-the-meeting.jpg",
        "alt": "Four people at work",
    }
    people = ["Reader One", "Reader Two", "Reader Three"]
    filled: list[tuple[Any, list[Entry]]] = [
        (
            make.section("Featured study of the month", "study", layout="hero"),
            many(make.study, "featured", 1, image=picture, authors=people, doi="10.1234/abcd"),
        ),
        (make.section("Studies", "study", layout="cards"), many(make.study, "studies", 4, image=picture)),
        (make.section("News", "news"), many(make.news, "news", 11, image=picture)),
        (make.section("Open calls", "call"), many(make.call, "calls", 2, eligibility=SUMMARY.format("who may apply"))),
        (make.section("Events", "event"), many(make.event, "events", 2)),
        (
            make.section("Where we work", "project"),
            [
                make.project(id=f"p{number}", title=TITLE.format(number), countries=list(COUNTRIES[number::3]))
                for number in range(3)
            ],
        ),
        (
            make.section("In figures", "figure"),
            [make.figure(id="f1", label="of funding", value=635000, unit="EUR", source="Annual report"),
             make.figure(id="f2", label="ongoing projects", compute="ongoing projects")],
        ),
    ]  # fmt: skip
    issue = make.issue(
        sections=[plan for plan, _ in filled], intro="Dear {first_name|reader},\n\n" + SUMMARY, lists=["monthly"]
    )
    return make.selection(*filled, of=issue, recurring=tuple(filled[5][1]))


@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_25_entries_stay_below_what_gmail_shows(theme: str, edition: Callable[..., Edition]) -> None:
    """With room for what a mail API adds to links."""
    selection = realistic()
    assert len(selection.entries) == 25
    filled = [(section.plan, list(section.entries)) for section in selection.sections]
    themed = make.selection(
        *filled, of=selection.issue.model_copy(update={"theme": theme}), recurring=selection.recurring
    )
    rendered = edition(themed)
    assert rendered.findings == ()
    assert len(rendered.html.fill(READER)) < LIMIT


@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_every_entry_and_every_link_is_in_both_parts(theme: str, edition: Callable[..., Edition]) -> None:
    """Who reads plain text misses nothing."""
    selection = realistic()
    filled = [(section.plan, list(section.entries)) for section in selection.sections]
    rendered = edition(make.selection(*filled, of=selection.issue.model_copy(update={"theme": theme})))
    html, text = rendered.html.fill(READER).decode(), rendered.text.fill(READER).decode()
    lines = text.split("\n")
    for entry in selection.entries:
        assert entry.title in " ".join(text.split())
        assert entry.title in html
        if entry.url:
            assert entry.url in lines
            assert f'href="{entry.url}"' in html
    assert [line for line in lines if len(line) > 72 and not line.startswith("https://")] == []
