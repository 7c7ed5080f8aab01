"""The columns of a file of readers as a form: which is what, and which says nothing of who has left."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from newsletter import audience
from newsletter.config import Settings
from newsletter.errors import AudienceError
from newsletter.web.composer.forms import Form
from newsletter.web.composer.uploads import Upload

UNUSED, SILENT, KEPT = "unused", "silent", "kept"
"""What a column is that is left aside; one of which a person says besides that it does not tell who has left; and one
of which they say so although it is used, as that of the names."""
_LABELS = {
    "address": "Address",
    "name": "Name",
    "first_name": "First name",
    "last_name": "Last name",
    "language": "Language",
    "topics": "Topics",
    "frequency": "How often",
    "paused_until": "Pauses until",
    "consent_at": "When they agreed",
    "proof": "How that is known",
    "wording": "What they agreed to",
    "consent": "Whether they agreed",
    "confirmed": "Whether or when they confirmed",
    "left": "Whether they have left",
    "suppressed": "Must not be written to",
    "json": "Attributes as JSON",
}
_MOST = 200
"""Columns that are shown; no list of readers has more."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A column, and what it is taken for; nothing where a person must say so."""

    header: str
    meaning: str
    guessed: bool = False
    doubtful: int = 0
    """In how many rows it may say that somebody has left, although it is not used for that."""
    kept: str = ""
    """What it stays where it is used, and a person says that it does not tell who has left."""


def labels(settings: Settings) -> Mapping[str, str]:
    """Return what a column can be, in words."""
    own = {f"attributes.{name}": attribute.title or name for name, attribute in settings.attributes.items()}
    return {**{meaning: _LABELS.get(meaning, meaning) for meaning in audience.MEANINGS}, **own}


def choices(upload: Upload, settings: Settings) -> list[Choice]:
    """Return the columns of a file with what each is taken for."""
    columns = upload.columns
    meanings = {header: meaning for meaning, header in columns.named} if columns else {}
    said = set(audience.said_columns(upload.mapping))
    # Between these a person chooses; one that was chosen, or set aside, needs no other.
    rivals = [pair for _, *pair in columns.rivals if pair[0] not in said] if columns else []
    open_ = {name for pair in rivals for name in pair}
    report = upload.report
    doubts = {doubt.column: doubt.rows for doubt in report.doubts} if report else {}
    guessed = columns.guessed if columns else ()
    found = []
    for header in upload.headers[:_MOST]:
        used, silent = meanings.get(header, ""), header in upload.ignore
        meaning = (KEPT if used else SILENT) if silent else "" if header in open_ else used or UNUSED
        kept = used if silent or header in doubts else ""
        found.append(Choice(header, meaning, used in guessed, doubts.get(header, 0), kept))
    return found


def said(upload: Upload, form: Form, settings: Settings) -> tuple[dict[str, str | tuple[str, ...]], tuple[str, ...]]:
    """Return what a form says: the column of each meaning, and those that do not tell who has left."""
    used = {header: meaning for meaning, header in upload.columns.named} if upload.columns else {}
    known = labels(settings)
    mapping: dict[str, str | tuple[str, ...]] = {}
    left: tuple[str, ...] = ()
    ignore = []
    for number, header in enumerate(upload.headers[:_MOST]):
        meaning = form.text(f"column.{number}")
        if meaning == SILENT or (meaning == UNUSED and header in used):
            # What is no longer used must not be guessed once more.
            ignore.append(header)
        if meaning == KEPT:
            ignore.append(header)
            meaning = used.get(header, "")
        if meaning == "left":
            left = (*left, header)
        elif meaning in mapping:
            raise AudienceError(
                f"two columns are taken for “{known[meaning]}”: {mapping[meaning]} and {header}",
                fix="choose one of them",
            )
        elif meaning in known:
            mapping[meaning] = header
    return mapping | ({"left": left} if left else {}), tuple(ignore)


def changed(upload: Upload, form: Form, settings: Settings) -> bool:
    """Whether a form says something else of the columns than the plan that it was shown with."""
    return any(
        form.text(f"column.{number}") != choice.meaning for number, choice in enumerate(choices(upload, settings))
    )
