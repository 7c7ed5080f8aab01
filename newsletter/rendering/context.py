"""What templates get: the issue, its sections with their entries, and the words and colours to show them in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import lru_cache
from typing import Any

from markupsafe import Markup

from newsletter.config import Settings, Workspace
from newsletter.model.entry import Computed, Event, Phase, Project
from newsletter.model.issue import Correction, Issue, Layout, Order, Section
from newsletter.model.selection import FilledSection, Selection
from newsletter.model.wording import begun
from newsletter.rendering.calendars import calendar_file
from newsletter.rendering.fragments import Asked
from newsletter.rendering.images import Pictures
from newsletter.rendering.localisation import Words, direction
from newsletter.rendering.slots import Slots
from newsletter.rendering.spaces import held
from newsletter.rendering.tokens import tokens
from newsletter.rendering.views import (
    CorrectionView,
    EntryView,
    IssueView,
    Logo,
    Picture,
    SectionView,
    Shown,
    Tongue,
    Viewer,
    place_in,
)
from newsletter.rendering.worldmap import MapColors, draw

_LAYOUTS = {
    "study": Layout.CARDS,
    "news": Layout.LIST,
    "call": Layout.LIST,
    "event": Layout.LIST,
    "project": Layout.MAP,
    "figure": Layout.FIGURES,
}
_GROUNDS = ("surface", "band", "ink")
"""On which a logo may stand, the first that shows it whole."""
_LONGEST_PREHEADER = 110
"""Characters, as many as a desktop shows."""


def compose(
    selection: Selection, workspace: Workspace, words: Words, slots: Slots, pictures: Pictures
) -> dict[str, Any]:
    """Return the names that templates know, and their values."""
    workspace = workspace.in_language(words.language)
    issue, settings = selection.issue, workspace.settings
    viewer = _viewer(words, selection.send_at, selection.send_at.date(), _counts(selection))
    first = issue.languages[0] if issue.languages else words.language
    intro_in = _untranslated(issue, "intro", words.language, first)
    intro = held(issue.intro, intro_in.lang if intro_in else words.language)
    sections = tuple(
        _section(section, viewer, words.language, first) for section in selection.sections if section.chosen
    )
    return {
        **in_language(words),
        "colon": words.say("colon"),
        "settings": workspace.shown_settings,
        "issue": _issue_view(
            name=issue.name,
            title=issue.title,
            brand=settings.title,
            head=held(_head(issue.title, settings.title, words), words.language),
            number=words.say("issue_number", number=words.number(issue.number)) if issue.number is not None else "",
            period=words.period(selection.period),
            preheader=slots.mark(_preheader(selection, sections), issue.origin.place("preheader"), "preheader"),
            intro=slots.mark(intro, issue.origin.place("intro"), "intro"),
            intro_in=intro_in,
            corrections=_corrections(issue, words, first),
        ),
        "sections": sections,
        # Alone, so that what shows only these is not made anew for every changed word of an entry.
        "headings": tuple(section.heading for section in sections),
        "credits": held(words.list(_credits(sections)), words.language),
        "lists": held(words.list(tuple(map(settings.list_title, issue.lists))), words.language),
        "slot": Asked("slot", lambda name, fallback="": Markup(slots.token(name, fallback))),  # noqa: S704  its own word
        "picture": Asked("picture", _shows(pictures)),
        "calendar": Asked("calendar", _schedules(pictures, selection, settings, words.language)),
        "world": Asked("world", _draws(pictures, words, settings)),
        "logo": _logo(workspace, pictures),
    }


def in_language(words: Words) -> dict[str, Any]:
    """Return the names by which templates know a language: how it reads, and its words."""
    reading = direction(words.language)
    return {
        "lang": words.language,
        "dir": reading,
        "start": "right" if reading == "rtl" else "left",
        "end": "left" if reading == "rtl" else "right",
        "words": words,
        "say": words.say,
    }


@lru_cache(maxsize=32)
def _viewer(words: Words, send_at: dt.datetime, _day: dt.date, counts: tuple[tuple[Computed, int], ...]) -> Viewer:
    # One instant is the same in Vienna and Tokyo, and yet another day.
    return Viewer(words, send_at, dict(counts))


# The same views for the same values, so that templates that read them need not be rendered again.
_issue_view = lru_cache(maxsize=64)(IssueView)
_logo_view = lru_cache(maxsize=16)(Logo)
_section_view = lru_cache(maxsize=256)(SectionView)


def _section(section: FilledSection, viewer: Viewer, language: str, first: str) -> SectionView:
    plan = section.plan
    layout = plan.layout or (_LAYOUTS.get(plan.take[0], Layout.LIST) if len(plan.take) == 1 else Layout.LIST)
    start = plan.order is Order.START or (plan.order is None and plan.take == ("event",))
    heading_in = _untranslated(plan, "heading", language, first)
    intro_in = _untranslated(plan, "intro", language, first)
    return _section_view(
        heading=held(plan.heading, heading_in.lang if heading_in else language),
        intro=held(plan.intro, intro_in.lang if intro_in else language),
        layout=str(layout),
        entries=tuple(viewer.view(entry, "start" if start else "date") for entry in section.entries),
        heading_in=heading_in,
        intro_in=intro_in,
    )


def _corrections(issue: Issue, words: Words, first: str) -> tuple[CorrectionView, ...]:
    """Return what has been put right, the newest first; of the same day what was written last."""
    newest_first = sorted(issue.corrections, key=lambda correction: correction.date)[::-1]
    return tuple(_corrected(correction, words, first) for correction in newest_first)


def _corrected(correction: Correction, words: Words, first: str) -> CorrectionView:
    note_in = _untranslated(correction, "note", words.language, first)
    note = correction.in_language(words.language).note
    return CorrectionView(words.date(correction.date), held(note, note_in.lang if note_in else words.language), note_in)


def _untranslated(words: Issue | Section | Correction, field: str, language: str, first: str) -> Tongue | None:
    """Return in which language a text stays: the issue's first one, where it has none in the edition's."""
    if language == first or getattr(words.translations.get(language), field, None) is not None:
        return None
    return Tongue(first, direction(first))


def _counts(selection: Selection) -> tuple[tuple[Computed, int], ...]:
    ongoing = [entry for entry in selection.recurring if isinstance(entry, Project) and entry.phase == Phase.ONGOING]
    return (
        (Computed.ONGOING_PROJECTS, len(ongoing)),
        (Computed.COUNTRIES_WITH_ONGOING_PROJECTS, len({code for project in ongoing for code in project.countries})),
    )


def _head(title: str, brand: str, words: Words) -> str:
    rest = title.removeprefix(brand)
    head = rest.strip(" \u00a0\u3000-–—―:：·・,、，|｜") if rest != title else ""
    return words.opening(head) if head else title


def _preheader(selection: Selection, sections: tuple[SectionView, ...]) -> str:
    """Return the issue's preheader, or else its first titles: better than what the first link happens to say.

    No inbox shows more of them than fits, and filters count what is hidden.
    """
    if selection.issue.preheader is not None:
        return selection.issue.preheader
    titles = [entry.title for section in sections for entry in section.entries]
    shown = " · ".join(title.replace("{", "(").replace("}", ")") for title in titles[:2])
    if len(shown) <= _LONGEST_PREHEADER:
        return shown
    return f"{begun(shown, _LONGEST_PREHEADER - 1).rstrip(' ·')}…"


def _credits(sections: tuple[SectionView, ...]) -> tuple[str, ...]:
    pictures = (entry.picture for section in sections for entry in section.entries)
    return tuple(dict.fromkeys(picture.credit for picture in pictures if picture and picture.credit))


def _shows(pictures: Pictures) -> Callable[..., Shown | None]:
    def shown(picture: Picture | None, width: int, upright: int = 0) -> Shown | None:
        """Return a picture at its place; one that is taller than wide is `upright` wide, where that is given."""
        if picture is None:
            return None
        src, width, height = pictures.at(picture.src, width, upright, picture.place)
        return Shown(src, picture.alt, picture.credit, width, height)

    return shown


def _schedules(
    pictures: Pictures, selection: Selection, settings: Settings, language: str
) -> Callable[[EntryView], str]:
    domain = settings.sender.rpartition("@")[2].rstrip("> ")

    def scheduled(entry: EntryView) -> str:
        """Return the address of a calendar file, for an event to come, where readers can fetch files."""
        event = entry.fields
        if (
            not settings.public_url
            or not isinstance(event, Event)
            or (event.end or event.start).last < selection.send_at
        ):
            return ""
        stamp, place = selection.send_at, place_in(event, language)
        file = calendar_file(event, entry.title, entry.url, place, stamp=stamp, domain=domain)
        return pictures.offered(file)

    return scheduled


def _draws(pictures: Pictures, words: Words, settings: Settings) -> Callable[[tuple[EntryView, ...]], Shown | None]:
    light = tokens(settings.brand.color, settings.brand.accent).light
    colors = MapColors(water=light.tint, land=light.land, border=light.tint, highlight=light.brand)

    def drawn(entries: tuple[EntryView, ...]) -> Shown | None:
        codes = sorted({code for entry in entries for code in entry.fields.countries})
        if not codes:
            return None
        named = words.list(tuple(sorted(words.country(code) for code in codes)))
        return Shown(pictures.drawn(_map(tuple(codes), colors)), words.say("map_of", countries=named), "")

    return drawn


@lru_cache(maxsize=32)
def _map(codes: tuple[str, ...], colors: MapColors) -> bytes:
    return draw(codes, colors)


def _logo(workspace: Workspace, pictures: Pictures) -> Logo | None:
    logo = workspace.settings.brand.logo
    if logo is None:
        return None
    origin, here = workspace.origin, ("brand", "logo")
    design = tokens(workspace.settings.brand.color, workspace.settings.brand.accent)
    # Outlook knows no largest width: a wider logo would widen the letter.
    width = min(pictures.logo_width(logo), design.width - 2 * design.gutter)
    light, dark = design.light, design.dark
    ground = pictures.ground(logo.src, {name: getattr(light, name) for name in _GROUNDS})
    return _logo_view(
        src=pictures.address(logo.src, width, origin.place(*here, "src")),
        dark=pictures.address(logo.dark, width, origin.place(*here, "dark")) if logo.dark else "",
        alt=logo.alt,
        width=width,
        ground=ground,
        is_lost_in_dark=not logo.dark and ground == "surface" and pictures.lost_on(logo.src, dark.surface) > 0,
    )
