"""Letters that a reader has asked for by a form, and the words of all that readers see of us besides issues."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from babel import Locale
from markupsafe import Markup

from newsletter.config import Workspace, toml
from newsletter.errors import RenderingError
from newsletter.files import is_below
from newsletter.model.edition import Edition
from newsletter.model.finding import Severity
from newsletter.model.moment import Moment
from newsletter.model.slot import Context, Slotted
from newsletter.model.tongues import nearest
from newsletter.rendering.context import in_language
from newsletter.rendering.environment import templates
from newsletter.rendering.inspection import inspect
from newsletter.rendering.localisation import Words, direction, locale, merged
from newsletter.rendering.mjml import compile_mjml
from newsletter.rendering.shipping import shipped
from newsletter.rendering.slots import Slots
from newsletter.rendering.views import IssueView

FOLDER = "readers"
"""Where templates and words of letters and pages lie below `templates/`."""


class LetterKind(StrEnum):
    """What a letter is about; the values name its words."""

    CONFIRM = "confirm"
    """Is this your address, and do you want this?"""
    KNOWN = "known"
    """You asked for what you have."""
    PREFERENCES = "preferences"
    """Here is the link that you asked for."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What one letter says, and where its button leads."""

    kind: LetterKind
    language: str
    link: str
    until: Moment
    """How long the link works."""
    lists: tuple[str, ...] = ()
    """Titles."""


def render_letter(letter: Letter, workspace: Workspace) -> Edition:
    """Return a letter as an edition without pictures, whose only slot is `unsubscribe_url`.

    Raises RenderingError for a template that cannot be used.
    """
    workspace = workspace.in_language(letter.language)
    settings = workspace.settings
    known = templates(workspace)
    words = reader_words(workspace, letter.language)
    slots = Slots()

    def say(name: str) -> str:
        return words.say(f"letter.{letter.kind}.{name}", newsletter=settings.title, lists=words.list(letter.lists))

    subject = say("subject")
    context = {
        **in_language(words),
        "settings": workspace.shown_settings,
        "issue": IssueView(letter.kind, subject, settings.title, say("heading"), "", "", say("preheader"), ""),
        "text": say("text"),
        "button": say("button"),
        "stop": say("stop"),
        "link": letter.link,
        "until": words.moment(letter.until),
        "host": urlsplit(settings.public_url or "").netloc,
        "slot": lambda name, fallback="": Markup(slots.token(name, fallback)),  # noqa: S704  ASCII letters and digits
    }
    name = f"{FOLDER}/letter.mjml.j2"
    mjml = known.render(known.html, name, context)
    found = inspect(mjml, known.html, name, context, "templates/{}".format)
    if any(finding.severity is Severity.ERROR for finding in found):
        raise RenderingError(f"{name} does not become an email", findings=found)
    html = compile_mjml(mjml, name=name)
    text = known.render(known.text, f"{FOLDER}/letter.txt.j2", context)
    return Edition(
        issue=f"letter-{letter.kind}",
        language=words.language,
        direction=direction(words.language),
        subject=Slotted((subject.encode(),), (), Context.HEADER),
        preheader=Slotted((say("preheader").encode(),), (), Context.PLAIN),
        html=slots.cut(html, Context.HTML),
        text=slots.cut(text.strip() + "\n", Context.PLAIN),
        mjml=slots.show(mjml),
    )


def reader_words(workspace: Workspace, language: str) -> Words:
    """Return the words of pages and letters in a language, or in the nearest one that there are words in.

    A workspace's own file changes single words of the shipped one.
    """
    known = nearest(language, reader_languages(workspace)) or "en"

    def labels(tag: str) -> Mapping[str, Any] | None:
        found = [words for folder in _folders(workspace) if (words := _read(folder, tag)) is not None]
        return merged(*found) if found else None

    return Words(known, labels, strict=False)


def reader_languages(workspace: Workspace) -> tuple[str, ...]:
    """Return the languages that there are words in, English first."""
    found = {path.stem for folder in _folders(workspace) for path in folder.glob("*.toml")}
    return ("en", *sorted(found - {"en"}))


def language_name(language: str) -> str:
    """Return a language's name in itself, such as Deutsch; as it stands in a list of others: Français, not français."""
    name = Locale.get_display_name(locale(language), locale(language)) if "-" in language else None
    name = name or str(locale(language).languages.get(language.partition("-")[0], language))
    return name[0].title() + name[1:]


def _folders(workspace: Workspace) -> tuple[Path, ...]:
    own, theirs = workspace.templates / FOLDER, shipped() / FOLDER
    return (theirs,) if own == theirs else (theirs, own)


def _read(folder: Path, tag: str) -> Mapping[str, Any] | None:
    path = folder / f"{tag}.toml"
    if folder != shipped() / FOLDER and path.exists() and not is_below(path, folder.parents[1]):
        raise RenderingError(
            f"templates/{FOLDER}/{path.name} cannot be read",
            why="it is a link out of the workspace",
            fix="put the real file here instead of the link",
        )
    try:
        return _parsed(path, path.stat().st_mtime_ns)
    except FileNotFoundError:
        return None


@lru_cache(maxsize=64)
def _parsed(path: Path, _changed: int) -> Mapping[str, Any]:
    try:
        return toml.parse(path.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RenderingError(
            f"templates/{FOLDER}/{path.name} cannot be read",
            why=f"it is not valid TOML: {error}",
            fix='correct the line; texts stand in quotes: website = "Visit us"',
        ) from None
