"""New entry files, ready to be filled in."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from newsletter.config import Workspace
from newsletter.content import registry
from newsletter.content.files import ENTRY_SUFFIXES
from newsletter.content.scalars import scalar
from newsletter.errors import ConfigurationError
from newsletter.model.entry import Call, Entry, Event, Figure, News, Project, Study, type_of
from newsletter.model.fields import Line
from newsletter.model.shape import fields

_LONGEST_SLUG = 60
_GERMAN = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)")
"""Names that Windows keeps for devices, whatever a file's ending is."""


_COMMON = (
    "summary:            # one or two sentences; Markdown",
    "url:                # where readers can read on, such as https://www.example.org/page",
    "# image: {src: images/name.jpg, alt: what the picture shows}",
    "# topics: [one, two]",
)
_COUNTRIES = "# countries: [AT, KE]   # two-letter codes"
_HINTS: dict[type[Entry], tuple[str, ...]] = {
    News: (*_COMMON, _COUNTRIES),
    Study: (
        "kind: report        # report, commentary, policy brief, working paper or data",
        *_COMMON,
        "# authors: [One Name, Another Name]",
        "# publisher:",
        "# doi: 10.1234/abcd",
        "# featured: true    # leads the section for featured studies",
        _COUNTRIES,
    ),
    Call: (
        "deadline:           # such as 2024-07-31 for the end of that day, or 2024-07-31T18:00",
        *_COMMON,
        "# eligibility:      # who may apply",
        _COUNTRIES,
    ),
    Event: (
        "start:              # such as 2024-07-07, or 2024-07-07T10:00",
        "# end:",
        "# place: City, Country",
        *_COMMON,
        _COUNTRIES,
    ),
    Project: (
        "countries: []       # two-letter codes, such as [AT, KE]",
        "phase: ongoing      # planned, ongoing or completed",
        *_COMMON,
    ),
    Figure: ("value:              # a number; or compute: ongoing projects", "# unit:", "# source:"),
}


def new_entry(workspace: Workspace, type_: str, title: str, day: date | None) -> tuple[Path, str]:
    """Return the path and text of a new entry; nothing is written.

    Raises NotFound for an unknown type, and ConfigurationError for a title that cannot be one.
    """
    model = registry.load(workspace).named_by(type_)
    name, text = entry_text(model, title, day, taken=taken(workspace), language=workspace.settings.language)
    return workspace.entries / name, text


def taken(workspace: Workspace) -> set[str]:
    """Return the ids that entry files have, whether they can be used or not."""
    present = workspace.entries.rglob("*") if workspace.entries.is_dir() else ()
    return {path.stem for path in present if path.suffix.lower() in ENTRY_SUFFIXES}


def entry_text(
    model: type[Entry], title: str, day: date | None, *, taken: Collection[str] = (), language: str = ""
) -> tuple[str, str]:
    """Return a new entry's path below the entries folder, and its text with a hint at every field.

    `taken` are the ids that exist, `language` is that of the title where it is known. Raises ConfigurationError for a
    title that cannot be one.
    """
    try:
        line = TypeAdapter[str](Line).validate_python(title)
    except ValidationError as error:
        reason = str(error.errors()[0]["ctx"]["error"])
        raise ConfigurationError(f"the title {reason}", fix='write a title such as "Our new study"') from None
    type_ = type_of(model)
    bare = slug(line, language)
    dated = f"{day}-{bare}" if day else bare
    stem = f"{type_}-{dated}" if RESERVED.fullmatch(dated) else dated
    folded = {name.casefold() for name in taken}
    number = 1
    name = stem
    while name.casefold() in folded:
        number += 1
        name = f"{stem}-{number}"
    label = "label" if issubclass(model, Figure) else "title"
    lines = [
        "---",
        f"{label}: {scalar(line)}",
        f"date: {day}    # decides which issue takes it"
        if day
        else "# date: 2024-07-26   # decides which issue takes it",
        *_hints(model),
        "status: draft       # ready, as soon as it may go out",
        "---",
        "",
    ]
    return f"{model.folder or type_}/{name}.md", "\n".join(lines)


def slug(title: str, language: str = "") -> str:
    """Return a title as part of a file name: letters and digits of any script, joined by dashes.

    Where its language is known to be German, ü becomes ue: without its dots it would be another letter.
    """
    bare = unicodedata.normalize("NFC", re.sub(r"['\u2019]", "", title).casefold())
    # Two letters in one, which no accent tells apart.
    bare = bare.replace("œ", "oe")
    if language.partition("-")[0] == "de":
        bare = bare.translate(_GERMAN)
    letters = "".join(map(_plain_letter, bare))
    words = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in letters).split()
    joined = ""
    for word in words:
        longer = f"{joined}-{word}" if joined else word[:_LONGEST_SLUG]
        if len(longer) > _LONGEST_SLUG:
            break
        joined = longer
    return unicodedata.normalize("NFC", joined) or "untitled"


def _plain_letter(letter: str) -> str:
    """Return a Latin letter without its accent; other scripts need their marks."""
    base = unicodedata.normalize("NFKD", letter)[:1]
    return base if base.isascii() else letter


def _hints(model: type[Entry]) -> tuple[str, ...]:
    """Return the fields to fill in; a team's own type has those of the one that it is made from, and its own."""
    base = next((parent for parent in model.__mro__ if parent in _HINTS), Entry)
    hints = _HINTS.get(base, (*_COMMON, _COUNTRIES))
    known: dict[str, Any] = dict(fields(base))
    own: list[tuple[str, Any]] = [
        (name, info)
        for name, info in fields(model)
        if name not in known or (info.is_required() and not known[name].is_required())
    ]
    needed = [f"{name}:" for name, info in own if info.is_required()]
    optional = [f"# {name}:" for name, info in own if not info.is_required()]
    *most, last = (line for line in hints if line.removeprefix("# ").partition(":")[0] + ":" not in needed)
    return (*needed, *most, *optional, last)
