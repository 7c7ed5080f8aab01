"""Which entries an issue shows, which it leaves out, and the reason for each."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from newsletter.model.entry import Entry
from newsletter.model.issue import Issue, Period, Section, Untranslated
from newsletter.model.topics import canonical, canonical_topics
from newsletter.model.wording import listed

SAME_LINK = "the same link"
"""How a detail ends where an entry is out because of the address of another one."""


class In(StrEnum):
    """Why an entry is in."""

    IN_PERIOD = "in_period"
    PINNED = "pinned"
    FEATURED = "featured"


class Out(StrEnum):
    """Why an entry is out."""

    OUT_OF_PERIOD = "out_of_period"
    DROPPED = "dropped"
    DRAFT = "draft"
    EMBARGOED = "embargoed"
    ALREADY_FEATURED = "already_featured"
    PAST_DEADLINE = "past_deadline"
    OVER_LIMIT = "over_limit"
    NO_SECTION = "no_section"
    DUPLICATE_OF = "duplicate_of"
    OTHER_LANGUAGE = "other_language"
    INVALID = "invalid"


@dataclass(frozen=True, slots=True)
class Chosen:
    """An entry that is in, and why."""

    entry: Entry
    reason: In


@dataclass(frozen=True, slots=True)
class Left:
    """An entry that is out, why, and a detail such as the issue that showed it already."""

    id: str
    type: str
    day: date | None
    reason: Out
    detail: str = ""
    shown_in: str = ""
    """The issue that shows the entry itself, and not another one with the same link."""
    unseen_by: tuple[str, ...] = ()
    """Lists whose readers no issue has shown it, although it is out because of what other readers of the issue got."""

    @property
    def unseen(self) -> str:
        """Whose readers have not been shown it, in words."""
        return f"readers of {listed(self.unseen_by)} have not been shown it" if self.unseen_by else ""

    @property
    def explanation(self) -> str:
        """The detail, and whose readers have not been shown it."""
        return "; ".join(filter(None, (self.detail, self.unseen)))


def asks_for(issue: Issue, section: Section, entry: Entry) -> bool:
    """Return whether a section wants such an entry, its date and its languages aside."""
    return (
        entry.type in section.take
        and (not section.featured or entry.id in issue.feature or entry.is_featured)
        and _meets(section.topics, entry.topics)
        and _meets(section.regions, entry.regions)
        and _meets(section.countries, entry.countries)
    )


def _meets(wanted: tuple[str, ...], has: tuple[str, ...]) -> bool:
    return not wanted or not set(map(canonical, wanted)).isdisjoint(map(canonical, has))


@dataclass(frozen=True, slots=True)
class FilledSection:
    """A section of the issue with its entries in reading order."""

    plan: Section
    chosen: tuple[Chosen, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The section's entries in reading order."""
        return tuple(chosen.entry for chosen in self.chosen)


@dataclass(frozen=True, slots=True)
class Selection:
    """An issue with its period resolved, its sections filled, and everything that stayed out."""

    issue: Issue
    period: Period
    send_at: datetime
    """The planned send time, by which deadlines and embargoes are judged."""
    sections: tuple[FilledSection, ...]
    out: tuple[Left, ...]
    recurring: tuple[Entry, ...] = ()
    """Every valid entry of a recurring type, from which figures are computed."""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that is in, in reading order."""
        return tuple(entry for section in self.sections for entry in section.entries)

    def edition(self, language: str, topics: Collection[str] = ()) -> Selection:
        """Return what the readers of one language and some topics see: words translated, other topics left out.

        With no topics chosen every entry stays, and an entry without topics concerns everybody.
        """
        wanted = set(canonical_topics(topics))

        def shown(entry: Entry) -> bool:
            here = self.issue.untranslated is Untranslated.SHOW or entry.speaks(language)
            concerns = not wanted or not entry.topics or not wanted.isdisjoint(map(canonical, entry.topics))
            return here and concerns

        return replace(
            self,
            issue=self.issue.in_language(language),
            sections=tuple(
                FilledSection(
                    section.plan.in_language(language),
                    tuple(chosen for chosen in section.chosen if shown(chosen.entry)),
                )
                for section in self.sections
            ),
        )

    def as_json(self) -> dict[str, Any]:
        """Return the object that `select --json` prints."""
        return {
            "schema": 1,
            "issue": self.issue.name,
            "period": {
                "from": self.period.start.isoformat(),
                "to": self.period.end.isoformat(),
                "zone": self.period.zone.key,
            },
            "in": [
                {
                    "id": chosen.entry.id,
                    "type": chosen.entry.type,
                    "date": chosen.entry.day.isoformat() if chosen.entry.day else None,
                    "section": section.plan.heading,
                    "reason": str(chosen.reason),
                }
                for section in self.sections
                for chosen in section.chosen
            ],
            "out": [
                {
                    "id": left.id,
                    "type": left.type,
                    "date": left.day.isoformat() if left.day else None,
                    "reason": str(left.reason),
                    "detail": left.explanation,
                }
                for left in self.out
            ],
        }
