"""What templates see of an entry: its texts in the edition's language, its dates and names as readers write them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from newsletter.model.entry import (
    Call,
    Computed,
    Entry,
    Event,
    Figure,
    Image,
    Phase,
    Project,
    Study,
    Translation,
    base_of,
)
from newsletter.model.finding import Place
from newsletter.rendering.localisation import Words, direction
from newsletter.rendering.spaces import held

_MOST_VIEWS = 4096
_PERCENT = "%"
_SOON = 14
"""Days."""


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture before its place in the layout is known."""

    src: str
    alt: str
    credit: str
    place: Place


@dataclass(frozen=True, slots=True)
class Dated:
    """A day as the date column shows it."""

    day: str
    month: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """Until when readers may apply, as judged at the planned send time."""

    date: str
    left: str
    """Such as 3 days left; empty once it has passed."""
    soon: bool
    """Whether only a fortnight is left, or less: if every call pressed readers, none would."""
    passed: bool


@dataclass(frozen=True, slots=True)
class Tongue:
    """The language of words that nobody has translated into the edition's."""

    lang: str
    dir: Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True, eq=False)
class EntryView:
    """An entry for templates; `fields` is the entry itself, for a team's own fields."""

    id: str
    type: str
    base: str
    """The shipped type that a team's own is made from, such as event, or else `entry`; of a shipped one itself."""
    title: str
    text: str
    """Markdown: the summary, and the body where there is no page to read on."""
    body: str
    """Markdown."""
    url: str
    lang: str
    """Set only where the entry stays in another language than the edition's, and then with `dir`."""
    dir: Literal["ltr", "rtl", ""]
    kicker: str
    """What it is, in a word or two."""
    overline: str
    """What stands above its title on a card: that, and its day."""
    link: str
    """What its link says, such as Read the report."""
    link_label: str
    """What its link says out of context, such as Read the report: TITLE."""
    dated: Dated | None
    date: str
    facts: tuple[str, ...]
    """One line each: authors, dates and place, countries, source."""
    line: str
    """All of them on one line."""
    picture: Picture | None
    deadline: Deadline | None
    eligibility: str
    """Markdown."""
    eligibility_in: Tongue | None
    """Set only where that stays in another language than the edition's."""
    doi: str
    countries: tuple[str, ...]
    number: str
    """A figure's number, with its percent sign where it has one, and its `unit`."""
    unit: str
    fields: Entry


@dataclass(frozen=True, slots=True, eq=False)
class SectionView:
    """A section for templates."""

    heading: str
    intro: str
    """Markdown."""
    layout: str
    entries: tuple[EntryView, ...]
    heading_in: Tongue | None = None
    """Set only where the heading stays in another language than the edition's; so the next one."""
    intro_in: Tongue | None = None


@dataclass(frozen=True, slots=True)
class CorrectionView:
    """What was wrong when the issue left."""

    date: str
    note: str
    note_in: Tongue | None = None
    """Set only where the note stays in another language than the edition's."""


@dataclass(frozen=True, slots=True)
class IssueView:
    """The issue for templates; `preheader` and `intro` hold tokens where a slot stands."""

    name: str
    title: str
    brand: str
    """The newsletter's name, as the masthead shows it above `head`."""
    head: str
    """The issue's title without the newsletter's name before it."""
    number: str
    period: str
    preheader: str
    intro: str
    """Markdown."""
    intro_in: Tongue | None = None
    """Set only where the intro stays in another language than the edition's."""
    corrections: tuple[CorrectionView, ...] = ()
    """The newest first."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture at its place."""

    src: str
    alt: str
    credit: str
    width: int = 0
    """CSS pixels; none for a drawing."""
    height: int = 0
    """CSS pixels; none for a drawing, and for a picture elsewhere on the web."""


@dataclass(frozen=True, slots=True)
class Logo:
    """The sender's sign; `dark` is the one for dark mode, or empty, and then it may be lost on a dark ground.

    `ground` is the colour among the tokens on which it shows: one that is lost on white stands on that of the masthead,
    or on that of dark words where a bright masthead would not show it either.
    """

    src: str
    dark: str
    alt: str
    width: int
    ground: str = "surface"
    is_lost_in_dark: bool = False


class Viewer:
    """Turns entries into what templates see in one language at one time; the same entry always into the same view."""

    def __init__(self, words: Words, send_at: dt.datetime, counts: Mapping[Computed, int]) -> None:
        self._words = words
        self._send_at = send_at
        self._counts = counts
        self._views: dict[tuple[int, str], tuple[Entry, EntryView]] = {}

    def view(self, entry: Entry, by: Literal["date", "start"]) -> EntryView:
        """Return the entry as templates see it; `by` says which of its dates stands in the date column."""
        # By identity, because comparing entries takes longer; while one is kept, no other has its identity.
        known = self._views.get((id(entry), by))
        if known is None:
            if len(self._views) >= _MOST_VIEWS:
                self._views.clear()
            known = self._views[id(entry), by] = entry, self._made(entry, by)
        return known[1]

    def _made(self, entry: Entry, by: Literal["date", "start"]) -> EntryView:
        words = self._words
        told, language = entry.told(words.language)
        url = told.url or entry.url or ""
        link = words.say(f"read.{self._reading(entry)}")
        day = entry.starts.day if by == "start" and entry.starts else entry.day
        date = words.date(day) if day else ""
        kicker = self._kicker(entry)
        facts = (*self._facts(entry, told), *filter(None, entry.more_facts(words)))
        stays = language != words.language
        return EntryView(
            id=entry.id,
            type=entry.type,
            base=base_of(type(entry)),
            title=held(told.title, language),
            text=held(told.summary if url and told.summary else f"{told.summary}\n\n{told.body}".strip(), language),
            body=held(told.body, language),
            url=url,
            lang=language if stays else "",
            dir=direction(language) if stays else "",
            kicker=kicker,
            overline=words.line((kicker, date))
            if date and not entry.starts and not isinstance(entry, (Call, Project))
            else kicker,
            link=link,
            link_label=words.say("and_link", link=link, title=told.title),
            dated=Dated(words.day(day), words.month(day)) if day else None,
            date=date,
            facts=facts,
            line=words.line(facts),
            picture=_picture(entry, told),
            deadline=self._deadline(entry) if isinstance(entry, Call) else None,
            eligibility=held(_eligibility(entry, told), language) if isinstance(entry, Call) else "",
            eligibility_in=self._eligibility_in(entry, told, stays) if isinstance(entry, Call) else None,
            doi=(entry.doi or "") if isinstance(entry, Study) else "",
            countries=tuple(words.country(code) for code in entry.countries),
            number=self._number(entry) if isinstance(entry, Figure) else "",
            unit=(entry.unit or "") if isinstance(entry, Figure) and entry.unit != _PERCENT else "",
            fields=entry,
        )

    def _reading(self, entry: Entry) -> str:
        if isinstance(entry, Study):
            return str(entry.kind)
        if isinstance(entry, Call) and entry.deadline.at < self._send_at:
            # How to apply is what nobody needs to see any more.
            return "entry"
        names = (entry.type, base_of(type(entry)))
        return next((name for name in names if self._words.has(f"read.{name}")), "entry")

    def _kicker(self, entry: Entry) -> str:
        if isinstance(entry, Study):
            return self._words.say(f"kinds.{entry.kind}")
        if self._words.has(f"types.{entry.type}"):
            return self._words.say(f"types.{entry.type}")
        return entry.type.replace("-", " ").replace("_", " ").capitalize()

    def _facts(self, entry: Entry, told: Entry | Translation) -> tuple[str, ...]:
        words = self._words
        if isinstance(entry, Study):
            names = words.list(entry.authors)
            authors = words.say("by", len(entry.authors), authors=names) if entry.authors else ""
            return tuple(fact for fact in (authors, entry.publisher) if fact)
        if isinstance(entry, Event):
            place = place_in(entry, words.language)
            return tuple(fact for fact in (words.span(entry.start, entry.end), place) if fact)
        if isinstance(entry, Project):
            named = words.list(tuple(words.country(code) for code in entry.countries))
            return (named,) if entry.phase == Phase.ONGOING else (named, words.say(f"phases.{entry.phase}"))
        if isinstance(entry, Figure) and entry.source:
            return (words.say("source", source=_translated(told, "source") or entry.source),)
        return (words.moment(entry.starts),) if entry.starts else ()

    def _deadline(self, call: Call) -> Deadline:
        words = self._words
        date = words.moment(call.deadline)
        if call.deadline.at < self._send_at:
            return Deadline(words.say("closed_on", date=date), "", soon=False, passed=True)
        days = (call.deadline.day - self._send_at.date()).days
        left = words.say("days_left", count=days) if days else words.say("closes_today")
        return Deadline(words.say("apply_by", date=date), left, soon=days <= _SOON, passed=False)

    def _eligibility_in(self, call: Call, told: Entry | Translation, stays: bool) -> Tongue | None:
        if stays or (isinstance(told, Translation) and not told.eligibility):
            return Tongue(call.language, direction(call.language))
        return None

    def _number(self, figure: Figure) -> str:
        value = self._counts[figure.compute] if figure.compute else figure.value
        return self._words.percent(value or 0) if figure.unit == _PERCENT else self._words.number(value or 0)


def place_in(event: Event, language: str) -> str:
    """Return where an event takes place, in a language or as its own says it; nothing where it does not."""
    told, _ = event.told(language)
    return _translated(told, "place") or event.place or ""


def _translated(told: Entry | Translation, field: Literal["place", "eligibility", "source", "alt"]) -> str:
    return (getattr(told, field) or "") if isinstance(told, Translation) else ""


def _eligibility(call: Call, told: Entry | Translation) -> str:
    return _translated(told, "eligibility") or call.eligibility


def _picture(entry: Entry, told: Entry | Translation) -> Picture | None:
    alt = _translated(told, "alt")
    if entry.image:
        return _shown(entry.image, alt, entry.origin.place("image", "src"))
    if isinstance(entry, Study) and entry.cover:
        return _shown(entry.cover, alt, entry.origin.place("cover", "src"))
    return None


def _shown(image: Image, alt: str, place: Place) -> Picture:
    return Picture(image.src, alt or image.alt or "", image.credit or "", place)
