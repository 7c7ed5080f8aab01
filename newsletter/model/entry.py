"""Entries: the typed pieces of content that issues draw from."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import ClassVar, Literal

from pydantic import (
    AliasChoices,
    BaseModel,
    ConfigDict,
    Field,
    FiniteFloat,
    PrivateAttr,
    ValidationInfo,
    field_validator,
    model_validator,
)

from newsletter.model.fields import (
    Countries,
    Doi,
    End,
    Language,
    Line,
    Lines,
    OptionalLine,
    OptionalUrl,
    Start,
    Text,
    Url,
    each_language_once,
)
from newsletter.model.finding import Origin
from newsletter.model.meant import Unfit
from newsletter.model.moment import Moment
from newsletter.model.tongues import nearest, same
from newsletter.model.url import canonical_url
from newsletter.model.words import Words


class Status(StrEnum):
    """Whether an entry may go out."""

    DRAFT = "draft"
    READY = "ready"


class StudyKind(StrEnum):
    """What sort of study it is."""

    REPORT = "report"
    COMMENTARY = "commentary"
    POLICY_BRIEF = "policy brief"
    WORKING_PAPER = "working paper"
    DATA = "data"


class Phase(StrEnum):
    """How far a project is."""

    PLANNED = "planned"
    ONGOING = "ongoing"
    COMPLETED = "completed"


class Computed(StrEnum):
    """Numbers that are counted from the entries themselves."""

    ONGOING_PROJECTS = "ongoing projects"
    COUNTRIES_WITH_ONGOING_PROJECTS = "countries with ongoing projects"


class Part(BaseModel):
    """A group of fields inside an entry."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Image(Part):
    """A picture: `src` is a path below the issues folder or a web address; `alt` says what it shows.

    `alt: ""` marks a picture as mere decoration; leaving `alt` out is a finding.
    """

    src: Line
    alt: Text | None = None
    credit: OptionalLine = None


class Translation(Part):
    """An entry's texts in another language."""

    title: Line
    summary: Text = ""
    body: Text = ""
    url: OptionalUrl = None
    place: OptionalLine = None
    eligibility: Text = ""
    source: OptionalLine = None
    alt: Text | None = None
    """What the entry's picture shows."""


class Entry(BaseModel):
    """What every type of entry has.

    A team's own type is a subclass that sets `type` to its name and adds fields.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    folder: ClassVar[str] = ""
    """The folder below `entries/` whose files are of this type."""
    recurs: ClassVar[bool] = False
    """Whether issue after issue may show the same entry; otherwise it appears once."""

    type: str
    id: Line
    title: Line
    date: Start | None = None
    summary: Text = ""
    body: Text = ""
    url: Url | None = None
    image: Image | None = None
    topics: Lines = ()
    regions: Lines = ()
    countries: Countries = ()
    language: Language = "en"
    translations: dict[Language, Translation] = Field(default_factory=dict)
    status: Status = Status.READY
    embargo: Start | None = None
    lint: dict[str, Line] = Field(default_factory=dict)
    """Rules that may find something here: code → the reason why that is no fault."""

    _origin: Origin = PrivateAttr(default_factory=Origin)
    _each_language_once = field_validator("translations", mode="before")(each_language_once)

    @property
    def origin(self) -> Origin:
        """Where the entry was read from."""
        return self._origin

    def at(self, origin: Origin) -> Entry:
        """Remember where the entry was read from; called once, by whoever read it."""
        self._origin = origin
        return self

    @property
    def day(self) -> dt.date | None:
        """The day of publication in the newsletter's zone."""
        return self.date.day if self.date else None

    @property
    def canonical_url(self) -> str | None:
        """The address without tracking parameters, by which repeats are recognised.

        None where it is that of a mailbox: to the same one people apply for this and register for that.
        """
        return canonical_url(self.url) if self.url and not self.url.lower().startswith("mailto:") else None

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages the entry can be read in, its own first."""
        return (self.language, *(tag for tag in self.translations if tag != self.language))

    def speaks(self, language: str) -> bool:
        """Return whether the entry can be read in a language, whichever country's it is."""
        return any(same(tag, language) for tag in self.languages)

    def told(self, language: str) -> tuple[Entry | Translation, str]:
        """Return the texts in a language and that language, or the entry's own where nobody has translated it.

        Of one language in two countries, that of the country counts: pt-BR before pt-PT.
        """
        tag = nearest(language, self.languages)
        if tag is None or tag == self.language:
            return self, language if tag else self.language
        return self.translations[tag], language

    @property
    def starts(self) -> Moment | None:
        """The moment at which it takes place, where that is not the day of its publication."""
        return None

    @property
    def closes(self) -> Moment | None:
        """The moment after which the entry is of no use to readers, where it has one."""
        return None

    @property
    def is_featured(self) -> bool:
        """Whether the entry itself asks to be featured."""
        return False

    def more_facts(self, words: Words) -> tuple[str, ...]:
        """Return what stands beside date and place wherever the entry does, such as `24 minutes`."""
        return ()


def addresses(entry: Entry) -> tuple[str, ...]:
    """Return where an entry's links lead, in any language, each in the spelling by which repeats are recognised."""
    doi = f"https://doi.org/{entry.doi}" if isinstance(entry, Study) and entry.doi else None
    own = (entry.url, *(translation.url for translation in entry.translations.values()), doi)
    return tuple(canonical_url(address) for address in own if address)


def is_repeat(entry: Entry, other: Entry) -> bool:
    """Return whether an entry is another one again: it leads to the same page, and takes place at no other time.

    The days of a series have one page. A day without a time may be any time of it.
    """
    if not entry.canonical_url or entry.canonical_url != other.canonical_url:
        return False
    first, second = entry.starts, other.starts
    if first is None or second is None:
        return True
    return first.day == second.day and (first.whole_day or second.whole_day or first.at == second.at)


class News(Entry):
    """Something that happened."""

    folder: ClassVar[str] = "news"
    type: Literal["news"] = "news"


class Study(Entry):
    """A publication: report, commentary, policy brief, working paper or data."""

    folder: ClassVar[str] = "studies"
    type: Literal["study"] = "study"
    kind: StudyKind = StudyKind.REPORT
    authors: Lines = ()
    publisher: Line | None = None
    doi: Doi | None = None
    cover: Image | None = None
    featured: bool = False

    @property
    def is_featured(self) -> bool:
        """Whether the study itself asks to be featured."""
        return self.featured


class Call(Entry):
    """Something readers may apply for until a deadline."""

    folder: ClassVar[str] = "calls"
    type: Literal["call"] = "call"
    deadline: End
    eligibility: Text = ""

    @property
    def closes(self) -> Moment:
        """The deadline."""
        return self.deadline


class Event(Entry):
    """Something that takes place; it may lie in the past when the team reports on it."""

    folder: ClassVar[str] = "events"
    type: Literal["event"] = "event"
    start: Start
    end: End | None = None
    place: Line | None = None

    @property
    def starts(self) -> Moment:
        """The start."""
        return self.start

    # Not of the model: that is asked only where every field is right, and all problems are to be told at once.
    @field_validator("end")
    @classmethod
    def _ends_after_it_starts(cls, end: Moment | None, known: ValidationInfo) -> Moment | None:
        start = known.data.get("start")
        # Two times of one zone would be compared by what its clocks show, which an hour shows twice.
        if end and start and end.at.timestamp() < start.at.timestamp():
            raise Unfit(f"is {end.told}, before the event starts ({start.told})")
        return end


class Project(Entry):
    """Work that goes on in one or more countries."""

    folder: ClassVar[str] = "projects"
    recurs: ClassVar[bool] = True
    type: Literal["project"] = "project"
    countries: Countries = Field(min_length=1)
    phase: Phase = Phase.ONGOING


class Figure(Entry):
    """A number with a label (its title) and a source; given as `value`, or counted as `compute` says."""

    folder: ClassVar[str] = "figures"
    recurs: ClassVar[bool] = True
    type: Literal["figure"] = "figure"
    title: Line = Field(validation_alias=AliasChoices("label", "title"))
    value: int | FiniteFloat | None = None
    compute: Computed | None = None
    unit: Line | None = None
    source: Line | None = None

    @model_validator(mode="after")
    def _has_one_number(self) -> Figure:
        if (self.value is None) == (self.compute is None):
            raise ValueError("a figure needs either `value` with a number or `compute` with what to count")
        return self


SHIPPED_TYPES: tuple[type[Entry], ...] = (News, Study, Call, Event, Project, Figure)


def type_of(model: type[Entry]) -> str:
    """Return the name by which `type:` in a file means a class of entries."""
    return str(model.model_fields["type"].default)


def base_of(model: type[Entry]) -> str:
    """Return the shipped type that a class of entries is, or is made from; `entry` for one of a team's own."""
    return next((type_of(shipped) for shipped in SHIPPED_TYPES if issubclass(model, shipped)), "entry")
