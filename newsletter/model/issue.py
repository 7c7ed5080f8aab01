"""An issue as the team plans it, and the period it draws from."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar
from zoneinfo import ZoneInfo

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from newsletter.errors import NotFound
from newsletter.model import meant, spans
from newsletter.model.disjoint import are_disjoint
from newsletter.model.fields import (
    Countries,
    Id,
    Ids,
    Language,
    Languages,
    Line,
    Lines,
    Start,
    Text,
    each_language_once,
)
from newsletter.model.finding import Finding, Origin, Severity
from newsletter.model.meant import Unfit
from newsletter.model.moment import read_day
from newsletter.model.segment import Segment

_MONTH = re.compile(r"(\d{4})-(\d{2})", re.ASCII)
_NUMBER = re.compile(r"\d+", re.ASCII)
_LONGEST_NUMBER = 20
LAST_ISSUE = "last issue"


def is_month(text: str) -> bool:
    """Return whether a text is a month of the calendar, such as 2024-07."""
    match = _MONTH.fullmatch(text)
    return match is not None and 1 <= int(match[2]) <= 12 and int(match[1]) > 0


@dataclass(frozen=True, slots=True)
class Period:
    """The half-open range of days `[start, end)` in the newsletter's zone from which an issue draws."""

    start: date
    end: date
    zone: ZoneInfo

    @property
    def last(self) -> date:
        """The last day that is inside."""
        return self.end - timedelta(days=1)

    @property
    def closes_at(self) -> datetime:
        """The first instant after the period."""
        return datetime.combine(self.end, time(), self.zone)

    def rank(self, name: str) -> tuple[date, int, str]:
        """Return where an issue of this period and name stands among the others: what ends first leaves first.

        Of two that end together, that is the shorter one. Whoever plans a month beside the weeks that have left, or a
        look back at half a year, changes nothing in them.
        """
        return self.end, -self.start.toordinal(), name

    def __contains__(self, day: date) -> bool:
        return self.start <= day < self.end


class PeriodPlan(BaseModel):
    """A period as written: a month, first and last day, or everything since another issue.

    `since` names an issue, or is `last issue`. Without `to` such a period lasts until the day before `send_at`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    first: Annotated[date, BeforeValidator(read_day)] | None = Field(default=None, alias="from")
    last: Annotated[date, BeforeValidator(read_day)] | None = Field(default=None, alias="to")
    since: Line | None = None

    @model_validator(mode="before")
    @classmethod
    def _month(cls, value: Any) -> Any:
        # YAML takes a year alone for a number.
        value = str(value) if type(value) is int else value
        if not isinstance(value, str):
            return value
        if value.strip() in {LAST_ISSUE, f"since {LAST_ISSUE}"}:
            return {"since": LAST_ISSUE}
        if not is_month(value.strip()):
            probably = spans.probable(value.strip())
            raise Unfit(
                f"'{value}' is not a period; write a month such as 2024-07, {{from: 2024-06-28, to: 2024-07-26}} "
                f"or {{since: {LAST_ISSUE}, to: 2024-07-26}}",
                fix=spans.remedy(probably) if probably else "",
            )
        year, month = map(int, value.split("-"))
        return {"from": date(year, month, 1), "to": date(year, month, calendar.monthrange(year, month)[1])}

    @model_validator(mode="after")
    def _is_a_range(self) -> PeriodPlan:
        if (self.first is None) == (self.since is None):
            raise Unfit(
                "a period begins either with `from` and a date or with `since` and an issue",
                fix=f"write {{since: {LAST_ISSUE}, to: {self.last or '2024-07-26'}}}",
            )
        if self.first and not self.last:
            raise Unfit(
                "a period that begins with `from` needs `to`, its last day",
                fix=spans.remedy(spans.written(self.first, "…")),
            )
        if self.first and self.last and self.last < self.first:
            raise Unfit(
                f"the period ends ({self.last}) before it begins ({self.first})",
                fix=spans.remedy(spans.written(self.last, self.first)),
            )
        return self


class Order(StrEnum):
    """How a section is sorted where nobody ordered it by hand."""

    NEWEST_FIRST = "newest first"
    OLDEST_FIRST = "oldest first"
    DEADLINE = "deadline"
    START = "start"
    TITLE = "title"


class Layout(StrEnum):
    """How a section shows its entries."""

    HERO = "hero"
    STORY = "story"
    CARDS = "cards"
    LIST = "list"
    MAP = "map"
    FIGURES = "figures"


class Untranslated(StrEnum):
    """What becomes of an entry in an edition whose language it does not have."""

    SHOW = "show"
    """It stands there in its own language, marked as such for screen readers and direction."""
    LEAVE_OUT = "leave out"


class SectionTranslation(BaseModel):
    """A section's words in another language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: Line
    intro: Text | None = None


class IssueTranslation(BaseModel):
    """An issue's words in another language; what is left out stays as in the first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line | None = None
    subject: Line
    preheader: Line | None = None
    intro: Text | None = None


class CorrectionTranslation(BaseModel):
    """A correction's words in another language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    note: Line


class Correction(BaseModel):
    """What was wrong when the issue left and has been put right since, as readers of its page are told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    date: Annotated[date, BeforeValidator(read_day)]
    note: Line
    translations: dict[Language, CorrectionTranslation] = Field(default_factory=dict)

    _each_language_once = field_validator("translations", mode="before")(each_language_once)

    def in_language(self, language: str) -> Correction:
        """Return the correction with its words in a language, where it has them."""
        return _translated(self, self.translations.get(language))


class Section(BaseModel):
    """A headed group of entries: what it takes, in which order, and how it is shown."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    heading: Line
    take: Lines = Field(min_length=1)
    intro: Text = ""
    featured: bool = False
    topics: Lines = ()
    regions: Lines = ()
    countries: Countries = ()
    languages: Languages = ()
    order: Order | None = None
    limit: int | None = Field(default=None, ge=1)
    layout: Layout | None = None
    period: Literal["any"] | None = None
    translations: dict[Language, SectionTranslation] = Field(default_factory=dict)

    _each_language_once = field_validator("translations", mode="before")(each_language_once)

    def in_language(self, language: str) -> Section:
        """Return the section with its words in a language, where it has them."""
        return _translated(self, self.translations.get(language))


class Issue(BaseModel):
    """What `issue.yaml` says. `name` is its folder's name, such as `2024-07`."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    title: Line
    number: int | None = None
    period: PeriodPlan
    subject: Line
    preheader: Line | None = None
    intro: Text = ""
    lists: Lines = ()
    segment: Segment | None = None
    """Who of the lists gets it; everybody where it is left out."""
    sections: tuple[Section, ...] = Field(min_length=1)
    pin: Ids = ()
    feature: Ids = ()
    drop: dict[Id, Line] = Field(default_factory=dict)
    order: Ids = ()
    send_at: Start | None = None
    languages: Languages = ()
    untranslated: Untranslated = Untranslated.SHOW
    translations: dict[Language, IssueTranslation] = Field(default_factory=dict)
    theme: Line = "monthly"
    corrections: tuple[Correction, ...] = ()
    lint: dict[str, Line] = Field(default_factory=dict)
    """Rules that may find something in this issue: code → the reason why that is no fault."""

    _origin: Origin = PrivateAttr(default_factory=Origin)
    _each_language_once = field_validator("translations", mode="before")(each_language_once)

    @property
    def origin(self) -> Origin:
        """Where the issue was read from."""
        return self._origin

    def at(self, origin: Origin) -> Issue:
        """Remember where the issue was read from; called once, by whoever read it."""
        self._origin = origin
        return self

    @property
    def audience(self) -> dict[str, str]:
        """What decides who gets the issue, in words that an approval covers."""
        meant = {} if self.segment is None else {"segment": str(self.segment)}
        return {"lists": ", ".join(self.lists), **meant}

    def shares_readers(self, other: Issue) -> bool:
        """Return whether both may reach the same people: by a list of both, or because one names none yet.

        Two segments of a list may have nobody in common.
        """
        if self.lists and other.lists and set(self.lists).isdisjoint(other.lists):
            return False
        return self.segment is None or other.segment is None or not are_disjoint(self.segment, other.segment)

    def reaches(self, name: str) -> bool:
        """Return whether the issue may reach the people of a list: it goes there, or names no list yet."""
        return not self.lists or name in self.lists

    def reaches_all(self, name: str, other: Issue) -> bool:
        """Return whether everybody of a list whom another issue may reach gets this one: no segment, or the same."""
        return self.reaches(name) and (self.segment is None or self.segment == other.segment)

    def in_language(self, language: str) -> Issue:
        """Return the issue with its words in a language, where it has them."""
        return _translated(self, self.translations.get(language))

    @field_validator("lists", "languages")
    @classmethod
    def _names_each_once(cls, named: tuple[str, ...], info: ValidationInfo) -> tuple[str, ...]:
        # Capitals make no difference to a language, and its files would lie in each other's place on Windows.
        once: dict[str, str] = {}
        for name in named:
            once.setdefault(name.lower() if info.field_name == "languages" else name, name)
        if len(once) < len(named):
            raise Unfit("has one of them twice", fix=f"write [{', '.join(once.values())}]")
        return named

    # Not of the model, so that it is told beside what else is wrong.
    @field_validator("drop")
    @classmethod
    def _is_not_taken_as_well(cls, drop: dict[str, str], known: ValidationInfo) -> dict[str, str]:
        taken = (*known.data.get("pin", ()), *known.data.get("feature", ()))
        both = [name for name in dict.fromkeys(taken) if name in drop]
        if both:
            raise Unfit(f"has {', '.join(both)}, which is also pinned or featured; keep one of the two")
        return drop


def name_order(name: str) -> tuple[str, str]:
    """Return by what the names of issues stand in order: letter by letter, and 9 before 10."""
    return _NUMBER.sub(lambda number: number[0].zfill(_LONGEST_NUMBER), name), name


def last_before(name: str, issues: Mapping[str, Issue], is_ours: Callable[[Issue], bool]) -> str:
    """Return the issue whose name stands just before, among those to the same readers if there is one; else nothing."""
    earlier = sorted((other for other in issues if name_order(other) < name_order(name)), key=name_order)
    # What goes to others is a letter of its own, with periods of its own.
    ours = (other for other in reversed(earlier) if is_ours(issues[other]))
    return next(ours, earlier[-1] if earlier else "")


def unknown_since(issue: Issue, names: Collection[str]) -> Finding | None:
    """Return what is wrong where a period begins after an issue that is none of these, or itself; else nothing."""
    since = issue.period.since
    if since is None or since == LAST_ISSUE or (since in names and since != issue.name):
        return None
    last = {LAST_ISSUE} if any(name_order(other) < name_order(issue.name) for other in names) else set[str]()
    guess = meant.did_you_mean(since, {*names, *last} - {issue.name}) or next(iter(last), "")
    fix = f"write `since: {guess}`" if guess else "write `from:` with the first day, as no issue stands before this one"
    message = f"the period begins after the issue '{since}', which does not exist"
    if since == issue.name:
        message = f"the period begins after the issue '{since}', which is this one"
    elif day := meant.day(since):
        message, fix = (
            f"`since` names an issue, and '{since}' is a day",
            f"write `from: {day}`, if that is the first day",
        )
    return Finding(
        "ISS013",
        Severity.ERROR,
        message,
        issue.origin.value("period", "since"),
        why="the period begins on the day after that issue's ended",
        fix=fix,
        field="period.since",
    )


def unknown(name: str, known: Iterable[str]) -> NotFound:
    """Return the error for a name that no issue has, with the name or the command that helps."""
    names = sorted(known)
    # Shells complete the folder, and files are what people see.
    parts = [part for part in re.split(r"[/\\]", name) if part in names]
    guess = parts[0] if parts else meant.did_you_mean(name, names)
    if is_month(name):
        fix = f"see the folders in issues/, or make one with: newsletter new issue {name}"
    elif guess:
        fix = f"write {guess}, or see the folders in issues/"
    else:
        fix = "see the folders in issues/; `newsletter new issue` says how the next one is called"
    why = f"an issue is a folder with an issue.yaml{meant.suggestion(guess, '')}"
    return NotFound(f"there is no issue '{name}'", why=why, fix=fix)


_Worded = TypeVar("_Worded", Issue, Section, Correction)


def _translated(original: _Worded, words: BaseModel | None) -> _Worded:
    if words is None:
        return original
    return original.model_copy(update=words.model_dump(exclude_none=True))
