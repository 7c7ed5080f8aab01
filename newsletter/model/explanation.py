"""Pydantic's validation errors told as findings: every problem, its place, why, and what to write instead."""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Sequence
from enum import Enum
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from newsletter.model.finding import Finding, Origin, Severity

_KINDS = {
    "string_type": "text",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "float_parsing": "a number",
    "bool_type": "true or false",
    "bool_parsing": "true or false",
    "tuple_type": "a list, such as [one, two]",
    "list_type": "a list, such as [one, two]",
    "dict_type": "a group of `name: value` lines",
    "model_type": "a group of `name: value` lines",
    "model_attributes_type": "a group of `name: value` lines",
}


def explain(error: ValidationError, model: type[BaseModel], origin: Origin, prefix: str) -> list[Finding]:
    """Return one finding for each problem that `error` holds.

    `prefix` is the first letters of the codes: `ENT` for entries, `ISS` for issues, `CFG` for settings.
    """
    return [_explain(details, model, origin, prefix) for details in _distinct(error.errors(include_url=False))]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return the known word that `word` was probably meant to be, or nothing."""
    folded = {name.casefold(): name for name in known}
    close = difflib.get_close_matches(word.casefold(), list(folded), n=1, cutoff=0.6)
    return folded[close[0]] if close else ""


def _distinct(errors: Sequence[ErrorDetails]) -> list[ErrorDetails]:
    """Keep one error a place: a union reports each of its members."""
    seen: dict[tuple[Any, ...], ErrorDetails] = {}
    for details in errors:
        seen.setdefault(_path(details["loc"]), details)
    return list(seen.values())


def _path(loc: tuple[int | str, ...]) -> tuple[int | str, ...]:
    # A union adds its member's name to the location; none of our fields is called like a Python type.
    return tuple(part for part in loc if part not in {"int", "float", "str", "[key]"})


def _explain(details: ErrorDetails, model: type[BaseModel], origin: Origin, prefix: str) -> Finding:
    path = _path(details["loc"])
    field = ".".join(str(part) for part in path)
    kind = details["type"]
    place = origin.place(*path)
    if kind == "extra_forbidden":
        return _unknown_field(path, field, model, origin, prefix)
    if kind == "missing":
        return Finding(
            f"{prefix}005",
            Severity.ERROR,
            f"`{field}` is missing",
            origin.place(*path[:-1]),
            why=_why_needed(model, path),
            fix=f"add a line `{field}: …`",
            field=field,
        )
    if kind in {"enum", "literal_error"}:
        return _unknown_value(details, path, field, model, place, prefix)
    message, fix = _wrong_value(details, field)
    return Finding(
        f"{prefix}006",
        Severity.ERROR,
        message,
        place,
        why="a value of another kind cannot be shown to readers as it is meant",
        fix=fix,
        field=field,
    )


def _unknown_field(
    path: tuple[int | str, ...], field: str, model: type[BaseModel], origin: Origin, prefix: str
) -> Finding:
    owner = _model_at(model, path[:-1])
    known = sorted(_names(owner)) if owner else []
    meant = did_you_mean(str(path[-1]), known)
    return Finding(
        f"{prefix}004",
        Severity.ERROR,
        f"`{path[-1]}` is not a field" + (f" here; did you mean `{meant}`?" if meant else " here"),
        origin.place(*path),
        why="a misspelt field would be left out of the newsletter without anybody noticing",
        fix=f"write `{meant}:`" if meant else f"delete the line, or use one of {', '.join(known)}",
        field=field,
    )


def _unknown_value(
    details: ErrorDetails,
    path: tuple[int | str, ...],
    field: str,
    model: type[BaseModel],
    place: Any,
    prefix: str,
) -> Finding:
    known = _choices(model, path)
    given = str(details["input"])
    meant = did_you_mean(given, known)
    choices = ", ".join(known[:-1]) + f" or {known[-1]}" if len(known) > 1 else "".join(known)
    return Finding(
        f"{prefix}006",
        Severity.ERROR,
        f"`{field}` is '{given}', which is not one of its values" + (f"; did you mean '{meant}'?" if meant else ""),
        place,
        why=f"`{field}` is one of {choices}",
        fix=f"write `{path[-1]}: {meant or known[0]}`" if known else "correct the value",
        field=field,
    )


def _wrong_value(details: ErrorDetails, field: str) -> tuple[str, str]:
    kind, given = details["type"], details["input"]
    if kind == "value_error":
        sentence = str(details["ctx"]["error"])
        if not field:
            return sentence, "correct the fields that the message names"
        return f"`{field}`: {sentence}", f"correct `{field}` as the message says"
    if kind in _KINDS:
        shown = f"'{given}'" if isinstance(given, str | int | float) else "something else"
        return f"`{field}` is {shown} where {_KINDS[kind]} belongs", f"write {_KINDS[kind]}"
    if kind == "too_short":
        return f"`{field}` is empty", f"give `{field}` at least one value"
    return f"`{field}`: {details['msg']}", f"correct `{field}`"


def _why_needed(model: type[BaseModel], path: tuple[int | str, ...]) -> str:
    owner = _model_at(model, path[:-1])
    name = (owner or model).__name__.lower()
    return f"a {name} cannot be shown without its {path[-1]}"


def _model_at(model: type[BaseModel], path: Sequence[int | str]) -> type[BaseModel] | None:
    current: Any = model
    for part in path:
        current = _inside(current, part)
        if current is None:
            return None
    return current if isinstance(current, type) and issubclass(current, BaseModel) else None


def _inside(annotation: Any, part: int | str) -> Any:
    """Return the annotation of what `part` names inside a value of the type `annotation`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        for name, info in annotation.model_fields.items():
            if part in {name, info.alias}:
                return _bare(info.annotation)
        return None
    arguments = typing.get_args(annotation)
    return _bare(arguments[-1] if arguments[-1:] != (Ellipsis,) else arguments[0]) if arguments else None


def _bare(annotation: Any) -> Any:
    """Strip `Annotated` and `| None`."""
    while typing.get_origin(annotation) in {typing.Annotated, typing.Union, types.UnionType}:
        annotation = next(arg for arg in typing.get_args(annotation) if arg is not type(None))
    return annotation


def _names(model: type[BaseModel]) -> set[str]:
    hidden = {"id", "name"} if "id" in model.model_fields else set()
    return {info.alias or name for name, info in model.model_fields.items()} - hidden


def _choices(model: type[BaseModel], path: Sequence[int | str]) -> list[str]:
    current: Any = model
    for part in path:
        current = _inside(current, part)
    if isinstance(current, type) and issubclass(current, Enum):
        return [str(member.value) for member in current]
    if typing.get_origin(current) is typing.Literal:
        return [str(value) for value in typing.get_args(current)]
    return []
