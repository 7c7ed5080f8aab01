"""The fields that a pydantic model has, as the people who fill them in spell them."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from enum import Enum
from functools import cache, reduce
from typing import Any

from pydantic import AliasChoices, BaseModel
from pydantic.fields import FieldInfo

Path = tuple[int | str, ...]
"""Names and positions that lead to a value: `("sections", 0, "heading")`."""


def fields(model: type[BaseModel]) -> Iterator[tuple[str, FieldInfo]]:
    """Yield each field under every spelling that a file may use."""
    for name, info in model.model_fields.items():
        choices = info.validation_alias
        if isinstance(choices, AliasChoices):
            yield from ((choice, info) for choice in choices.choices if isinstance(choice, str))
        else:
            yield (choices if isinstance(choices, str) else name), info


@cache
def names(model: type[BaseModel] | None) -> frozenset[str]:
    """Return the fields that a person may write; an entry's id and an issue's name are given by file and folder."""
    if model is None:
        return frozenset()
    given = {"id", "name"} if hasattr(model, "origin") else set()
    return frozenset(name for name, _ in fields(model)) - given


@cache
def _annotations(model: type[BaseModel]) -> Mapping[int | str, Any]:
    """Return what each field of a model holds, by every spelling; asked for at every value of thousands of files."""
    found: dict[int | str, Any] = {}
    for name, info in fields(model):
        found.setdefault(name, bare(info.annotation))
    return found


def choices(model: type[BaseModel], path: Path) -> list[str]:
    """Return the values that the field at `path` may have, where they are few and known."""
    field: Any = reduce(_inside, path, model)
    if isinstance(field, type) and issubclass(field, Enum):
        return [str(member.value) for member in field]
    if typing.get_origin(field) is typing.Literal:
        return [str(value) for value in typing.get_args(field)]
    return []


def model_at(model: type[BaseModel], path: Path) -> type[BaseModel] | None:
    """Return the model of the group of fields at `path`."""
    field: Any = reduce(_inside, path, model)
    return field if _is_model(field) else None


def written_path(model: type[BaseModel], location: Path) -> Path:
    """Return pydantic's location without the names of union members and validators, which it puts in between."""
    path: list[int | str] = []
    current: Any = model
    for part in location:
        inside = _inside(current, part)
        if part != "[key]" and (isinstance(part, int) or inside is not None or _is_model(current)):
            path.append(part)
            current = inside
    return tuple(path)


def _is_model(annotation: Any) -> bool:
    """Return whether an annotation is a group of named fields."""
    return isinstance(annotation, type) and issubclass(annotation, BaseModel)


def bare(annotation: Any) -> Any:
    """Return an annotation without `Annotated` and `| None`; of a union, its first member."""
    while typing.get_origin(annotation) in {typing.Annotated, typing.Union, types.UnionType}:
        annotation = next(arg for arg in typing.get_args(annotation) if arg is not type(None))
    return annotation


def _inside(annotation: Any, part: int | str) -> Any:
    """Return the annotation of what `part` names inside a value of the type `annotation`."""
    if _is_model(annotation):
        return _annotations(annotation).get(part)
    if typing.get_origin(annotation) in {typing.Literal, None}:
        return None
    arguments = typing.get_args(annotation)
    return bare(arguments[-1] if arguments[-1:] != (Ellipsis,) else arguments[0]) if arguments else None
