"""Entries, issues, selections and workspaces for tests, made through the same validation as files are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from newsletter.config import Settings, Workspace
from newsletter.model.entry import Call, Entry, Event, Figure, News, Project, Study
from newsletter.model.issue import Issue, Period, Section
from newsletter.model.selection import Chosen, FilledSection, In, Left, Selection

ZONE = ZoneInfo("Europe/Vienna")
EntryT = TypeVar("EntryT", bound=Entry)
JULY = Period(dt.date(2024, 7, 1), dt.date(2024, 8, 1), ZONE)


def news(**fields: Any) -> News:
    """Return a news entry."""
    return _entry(
        News,
        {
            "id": "2024-07-26-border-communities",
            "title": "Twelve projects for border communities in Central Asia",
            "date": "2024-07-26",
            "summary": "Non-governmental organisations from five countries begin their work in border areas.",
            "url": "https://www.example.org/news/border-communities",
        }
        | fields,
    )


def study(**fields: Any) -> Study:
    """Return a study."""
    return _entry(
        Study,
        {
            "id": "2024-07-02-breaking-taboos",
            "title": "Breaking taboos: EU asylum and migration policy since 2020",
            "date": "2024-07-02",
            "summary": "How four years of policy led to the new Pact on Migration and Asylum.",
            "url": "https://www.example.org/studies/breaking-taboos",
            "kind": "commentary",
        }
        | fields,
    )


def call(**fields: Any) -> Call:
    """Return an open call."""
    return _entry(
        Call,
        {
            "id": "2024-07-25-diaspora-innovation-hub",
            "title": "Diaspora Innovation Hub: take part in Helsinki",
            "date": "2024-07-25",
            "deadline": "2024-07-31",
            "summary": "Youth and women diaspora organisations may express their interest.",
            "url": "https://www.example.org/calls/diaspora-innovation-hub",
        }
        | fields,
    )


def event(**fields: Any) -> Event:
    """Return an event."""
    return _entry(
        Event,
        {
            "id": "2024-07-22-summer-school",
            "title": "International Summer School on Migration 2024",
            "date": "2024-07-22",
            "start": "2024-07-07",
            "end": "2024-07-12",
            "place": "Kachreti, Georgia",
            "summary": "Students discussed migration, law, media and integration.",
            "url": "https://www.example.org/events/summer-school",
        }
        | fields,
    )


def project(**fields: Any) -> Project:
    """Return a project."""
    return _entry(
        Project,
        {
            "id": "bomca",
            "title": "Border Management in Central Asia",
            "countries": ["KZ", "KG", "TJ", "TM", "UZ"],
            "summary": "Better living conditions in border areas.",
            "url": "https://www.example.org/projects/bomca",
        }
        | fields,
    )


def figure(**fields: Any) -> Figure:
    """Return a figure with a number, unless `compute` is given."""
    number = {} if "compute" in fields else {"value": 12}
    return _entry(Figure, {"id": "selected-projects", "label": "projects selected"} | number | fields)


def section(heading: str = "News", take: str | list[str] = "news", **fields: Any) -> Section:
    """Return a section's plan."""
    return Section.model_validate({"heading": heading, "take": take} | fields)


def issue(**fields: Any) -> Issue:
    """Return the July 2024 issue with one section of news."""
    values = {
        "name": "2024-07",
        "title": "ICMPD Newsletter – July 2024",
        "number": 7,
        "period": "2024-07",
        "subject": "Border communities, a new commentary and an open call",
        "preheader": "Our month in one mail",
        "sections": [section()],
    }
    return Issue.model_validate(values | fields, context={"zone": ZONE})


def selection(
    *sections: tuple[Section, Sequence[Entry]],
    of: Issue | None = None,
    period: Period = JULY,
    send_at: dt.datetime = dt.datetime(2024, 7, 28, 9, 0, tzinfo=ZONE),
    out: tuple[Left, ...] = (),
    recurring: tuple[Entry, ...] = (),
) -> Selection:
    """Return a selection with these sections filled by these entries; one news where none is given."""
    filled: Sequence[tuple[Section, Sequence[Entry]]] = sections or ((section(), [news()]),)
    return Selection(
        issue=of or issue(sections=[plan for plan, _ in filled]),
        period=period,
        send_at=send_at,
        sections=tuple(
            FilledSection(plan, tuple(Chosen(entry, In.IN_PERIOD) for entry in entries)) for plan, entries in filled
        ),
        out=out,
        recurring=recurring,
    )


def settings(**fields: Any) -> Settings:
    """Return settings of a workspace that sends from example.org."""
    values = {
        "title": "ICMPD Newsletter",
        "from": "ICMPD Newsletter <news@example.org>",
        "reply_to": "press@example.org",
        "zone": "Europe/Vienna",
        "site": "https://www.example.org",
        "public_url": "https://news.example.org",
        "postal_address": "International Centre for Migration Policy Development, Vienna, Austria",
        "brand": {"color": "#004b87"},
        "lists": {"monthly": {"title": "Monthly newsletter"}},
    }
    return Settings.model_validate(values | fields)


def workspace(root: Path, **fields: Any) -> Workspace:
    """Return a workspace at `root` with `settings(**fields)`; no file is written."""
    return Workspace(root, root / "newsletter.toml", settings(**fields))


def _entry(kind: type[EntryT], fields: dict[str, Any]) -> EntryT:
    return kind.model_validate(fields, context={"zone": ZONE})
