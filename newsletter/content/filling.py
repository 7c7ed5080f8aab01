"""An entry's file, filled in as a form: which fields its type has, what they say, and how they are changed.

Whatever is not changed stays byte for byte as somebody wrote it, remarks and order included.
"""

from __future__ import annotations

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Any

from pydantic import TypeAdapter, ValidationError

from newsletter.content import document, editing, items, line_ends, patch, text, translating
from newsletter.content.editing import layered
from newsletter.content.mistake import Mistake
from newsletter.content.scalars import scalar
from newsletter.errors import ContentError
from newsletter.model.entry import Entry, Image
from newsletter.model.moment import Moment
from newsletter.model.shape import bare, choices, fields

BODY = "body"
PICTURE_PARTS = ("src", "alt", "credit")
DECORATION = "decoration"
"""The tick by which a form says of a picture what a file says by `alt: ""`."""
_LONG = frozenset({"summary", "eligibility"})
_LAST = ("topics", "regions", "countries", "language", "status", "embargo")
_BY_HAND = frozenset({"id", "type", "translations", "lint", BODY})
"""Given by file and folder, or too deep for a form."""
_CODES = "countries"
"""Its values have no comma inside, so those on one line are several."""
_FLAG = TypeAdapter(bool)


class FieldKind(StrEnum):
    """How a field is filled in."""

    LINE = "line"
    TEXT = "text"
    MOMENT = "moment"
    LINES = "lines"
    """One a line."""
    CHOICE = "choice"
    FLAG = "flag"
    NUMBER = "number"
    PICTURE = "picture"


_ON_ONE_LINE = frozenset(set(FieldKind) - {FieldKind.TEXT, FieldKind.LINES, FieldKind.FLAG})


@dataclass(frozen=True, slots=True)
class Blank:
    """One field of a form."""

    name: str
    kind: FieldKind
    required: bool = False
    choices: tuple[str, ...] = ()


def blanks(model: type[Entry]) -> tuple[Blank, ...]:
    """Return the fields of a type that a form can hold, in the order in which people fill them in."""
    found: dict[str, Blank] = {}
    for name, info in fields(model):
        kind = None if name in _BY_HAND else _kind(name, info.annotation)
        # `title` and `label` are two spellings of one field.
        if kind and not (name == "title" and "label" in found):
            found[name] = Blank(name, kind, info.is_required(), tuple(choices(model, (name,))))
    common = [name for name, _ in fields(Entry)]
    own = [name for name in found if name not in common and name != "label"]
    first = [name for name in ("title", "label", "date") if name in found]
    order = [*first, *own, *(name for name in common if name not in {*first, *_LAST}), *_LAST]
    return tuple(found[name] for name in dict.fromkeys(order) if name in found)


def values(written: str, model: type[Entry] | None = None) -> dict[str, str]:
    """Return what a file says in each field as a form shows it; a picture's parts as `image.src` and so on.

    A picture with an empty alternative text has `image.decoration`, too; one without any has not.

    Raises ContentError for a file whose fields cannot be read.
    """
    kinds = {blank.name: blank.kind for blank in blanks(model)} if model else {}
    parts = text.split(written)
    read = None if isinstance(parts, Mistake) else document.read(parts.fields).value
    if isinstance(parts, Mistake) or not isinstance(read, dict):
        raise ContentError("its fields cannot be read", fix="correct it as text")
    shown = {BODY: parts.body}
    for name, value in read.items():
        if isinstance(value, dict):
            shown |= {f"{name}.{part}": _shown(inner, kinds.get(name)) for part, inner in value.items()}
            alt = value.get("alt")
            if kinds.get(name) is FieldKind.PICTURE and isinstance(alt, str) and not alt.strip():
                shown[f"{name}.{DECORATION}"] = "true"
        else:
            # A picture may be written as nothing but its file.
            is_picture = kinds.get(name) is FieldKind.PICTURE
            shown[f"{name}.src" if is_picture else name] = _shown(value, kinds.get(name))
    return shown


def fill(written: str, model: type[Entry], changes: Mapping[str, str], *, file: str) -> str:
    """Return a file's text with some of its fields changed; `changes` are named and spelt as `values` shows them.

    Raises ContentError for a file that is not safe to change.
    """
    before, below = _divided(written, file)
    patch.check(before, file)
    front, present = before, values(line_ends.plain(written), model)
    known = {blank.name: blank for blank in blanks(model)}
    pictures = {name.partition(".")[0] for name in changes if "." in name}
    for name, value in changes.items():
        if name in known and known[name].kind is not FieldKind.PICTURE:
            front = _filled(front, known[name], value)
    for name in pictures & {name for name, blank in known.items() if blank.kind is FieldKind.PICTURE}:
        told = _told(name, changes, present)
        merged = {part: told.get(part, present.get(f"{name}.{part}")) for part in PICTURE_PARTS}
        src = merged["src"] or ""
        if isinstance(_present(front).get(name), dict) and src:
            front = _parts(front, name, told)
        elif src and src == present.get(f"{name}.src"):
            front = patch.extend(front, name, _picture(merged))
        else:
            front = _put(front, name, _picture(merged) if src else "", src)
    patch.check_others(before, front, {name.partition(".")[0] for name in changes}, file)
    if BODY in changes:
        body = changes[BODY].replace("\r\n", "\n").replace("\r", "\n").strip("\n")
        closing = below[: below.index("\n") + 1] if "\n" in below else f"{below}\n"
        below = f"{closing}{body}\n" if body else closing
    return line_ends.restored(written, front + below)


def tongues(written: str) -> dict[str, dict[str, str]]:
    """Return what a file says in each other language, field by field, as a form shows it."""
    return translating.told(_divided(written, "the file")[0])


def translate(written: str, language: str, changes: Mapping[str, str], *, file: str) -> str:
    """Return a file's text with some of an entry's words in another language changed; empty ones are taken out.

    Raises ContentError for a file that is not safe to change.
    """
    front, below = _divided(written, file)
    return line_ends.restored(written, translating.translate(front, language, changes, file=file) + below)


def mute(written: str, code: str, reason: str, *, file: str) -> str:
    """Return a file's text with a rule silenced for its entry; raise what `editing.mute` raises."""
    front, below = _divided(written, file)
    return line_ends.restored(written, editing.mute(front, code, reason, file=file) + below)


def _divided(written: str, file: str) -> tuple[str, str]:
    """Return the fields, and everything below them."""
    plain = line_ends.plain(written)
    parts = text.split(plain)
    if isinstance(parts, Mistake):
        raise ContentError(f"{file} is not changed as it is", findings=[parts.finding("ENT", file)])
    return parts.fields, plain[len(parts.fields) :]


def _filled(front: str, blank: Blank, value: str) -> str:
    if blank.kind is not FieldKind.LINES:
        return _put(front, blank.name, _written(blank, value), value)
    parts = re.split(r"[\n,;]" if blank.name == _CODES else r"\n", value)
    lines = [part.strip() for part in parts if part.strip()]
    return items.relist(front, blank.name, lines) if lines else _put(front, blank.name, "", "")


def _put(front: str, name: str, written: str, value: str) -> str:
    if not value.strip() and name not in _present(front):
        return front
    return patch.put(front, name, written)


def _told(name: str, changes: Mapping[str, str], present: Mapping[str, str]) -> dict[str, str | None]:
    """Return the parts of a picture that change; None for one that is taken out.

    What it shows makes it no decoration; nothing said of that makes it one only where somebody has ticked it.
    """
    told: dict[str, str | None] = {
        part: line_ends.on_one_line(changes[f"{name}.{part}"]) or None
        for part in PICTURE_PARTS
        if f"{name}.{part}" in changes
    }
    tick, alt = f"{name}.{DECORATION}", f"{name}.alt"
    if (tick in changes or alt in changes) and not told.get("alt"):
        told["alt"] = "" if changes.get(tick, present.get(tick)) else changes.get(alt, present.get(alt)) or None
    return told


def _parts(front: str, name: str, told: Mapping[str, str | None]) -> str:
    """Return the fields with some parts of a picture changed; what stands beside them stays."""
    for part, said in told.items():
        front = patch.remove(front, name, part) if said is None else patch.assign(front, name, part, said)
    return front


def _present(front: str) -> Mapping[str, Any]:
    read = document.read(front).value
    return read if isinstance(read, dict) else {}


def _picture(parts: Mapping[str, str | None]) -> str:
    written = (f"{name}: {scalar(said, inside=True)}" for name, said in parts.items() if said is not None)
    return f"{{{', '.join(written)}}}"


def _written(blank: Blank, value: str) -> str:
    """Return a form's value as YAML."""
    given = value.strip()
    if blank.kind is FieldKind.FLAG:
        return "true" if given else "false"
    if blank.kind is FieldKind.NUMBER:
        return given if isinstance(document.core(given), int | float) else scalar(given) if given else ""
    if blank.kind is FieldKind.TEXT:
        return layered(value)
    return scalar(line_ends.on_one_line(given)) if given else ""


def _shown(value: Any, kind: FieldKind | None = None) -> str:
    if isinstance(value, list):
        return "\n".join(_shown(item) for item in value)
    if isinstance(value, bool) or kind is FieldKind.FLAG:
        return "true" if _is_on(value) else ""
    written = "" if value is None else str(value)
    return line_ends.on_one_line(written) if kind in _ON_ONE_LINE else written


def _is_on(value: Any) -> bool:
    """Whether a model takes a value for yes: people write `no` and `off`, too, which YAML holds for text."""
    try:
        return _FLAG.validate_python(value)
    except ValidationError:
        return False


def _kind(name: str, annotation: Any) -> FieldKind | None:
    inner = bare(annotation)
    if typing.get_origin(inner) is tuple:
        return FieldKind.LINES if all(bare(part) is str for part in typing.get_args(inner)[:1]) else None
    if not isinstance(inner, type):
        return FieldKind.CHOICE if typing.get_origin(inner) is typing.Literal else None
    if issubclass(inner, Enum):
        return FieldKind.CHOICE
    if inner is bool:
        return FieldKind.FLAG
    if issubclass(inner, Image):
        return FieldKind.PICTURE
    if issubclass(inner, Moment):
        return FieldKind.MOMENT
    if inner in {int, float}:
        return FieldKind.NUMBER
    if inner is str:
        return FieldKind.TEXT if name in _LONG else FieldKind.LINE
    return None
