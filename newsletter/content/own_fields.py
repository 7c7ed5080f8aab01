"""What a team's class adds to every entry: names must be free, and fields of the same name of the same kind."""

from __future__ import annotations

import ast
import sys
import types
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from inspect import get_annotations, isclass
from pathlib import Path
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel

from newsletter.model.entry import SHIPPED_TYPES, Entry
from newsletter.model.finding import Finding, Place, Severity

_Line = ast.AnnAssign | ast.FunctionDef
_FOR_ALL = {
    "folder": "where its entries lie is one for the whole type",
    "recurs": "whether its entries may come back is one for the whole type",
}
_SHOWN_BY = {
    "starts": "; a property `starts` in the class may return it",
    "closes": "; a property `closes` in the class may return it",
    "is_featured": "; a property `is_featured` in the class may return it",
    "more_facts": "; a method `more_facts` in the class may show it",
}


_OURS = {name for name in vars(Entry) if not name.startswith(("_", "model_"))} - {*_FOR_ALL, *_SHOWN_BY}
"""Properties and methods that newsletter alone defines."""


def faults(model: type[Entry], root: Path) -> list[Finding]:
    """Return every field and method of a team's classes that stands in the way of what all entries have."""
    found: list[Finding] = []
    for number, owner in enumerate(model.__mro__[: model.__mro__.index(Entry)]):
        if _is_ours(owner):
            continue
        bases = [base for base in model.__mro__[number + 1 :] if issubclass(base, BaseModel)]
        file = Path(getattr(sys.modules.get(owner.__module__), "__file__", None) or "")
        for name in get_annotations(owner):
            if name in model.model_fields:
                field = _Field(owner.__name__, name, file, root)
                found += (*_taken(field, bases), *_unlike(field, owner, bases))
        found += [_redefined(_Field(owner.__name__, name, file, root)) for name in vars(owner) if name in _OURS]
    return found


def names(file: Path, root: Path) -> list[Finding]:
    """Return the fields in a file that have taken names: pydantic refuses some before anybody sees their class."""
    found: list[Finding] = []
    entries = {"Entry", *(model.__name__ for model in SHIPPED_TYPES)}
    for name, code in _classes(file).items():
        if {ast.unparse(base).rpartition(".")[2] for base in code.bases} & entries:
            entries.add(name)
            for field, line in _members(code).items():
                if isinstance(line, ast.AnnAssign):
                    found += _taken(_Field(name, field, file, root), Entry.__mro__)
    return found


def _is_ours(owner: type) -> bool:
    return owner.__module__.partition(".")[0] == "newsletter"


@dataclass(frozen=True)
class _Field:
    """A field, a property or a method where a team's class has it."""

    owner: str
    name: str
    file: Path
    root: Path

    @cached_property
    def line(self) -> _Line | None:
        """Its line in the file: read only where something is wrong with it."""
        code = _classes(self.file).get(self.owner)
        return _members(code).get(self.name) if code else None

    def fault(self, message: str, why: str, fix: str) -> Finding:
        inside, line = self.file.is_relative_to(self.root), self.line
        shown = self.file.relative_to(self.root).as_posix() if inside else str(self.file)
        place = Place(shown, line.lineno, line.col_offset + 1) if line else Place(shown)
        return Finding("ENT018", Severity.ERROR, message, place, why=why, fix=fix)


def _taken(field: _Field, bases: Collection[type]) -> Iterator[Finding]:
    owner, name = field.owner, field.name
    holder = next((base for base in bases if _holds(base, name)), None)
    if holder is None:
        return
    if name in _FOR_ALL:
        line = field.line if isinstance(field.line, ast.AnnAssign) else None
        value = f" = {ast.unparse(line.value)}" if line and line.value else ""
        kind = ast.unparse(line.annotation) if line else "…"
        yield field.fault(
            f"`{name}` of {owner} is a field, which each file could set otherwise",
            _FOR_ALL[name],
            f"write `{name}: ClassVar[{kind}]{value}`, and above the class `from typing import ClassVar`",
        )
        return
    what = "a property" if isinstance(vars(holder)[name], property) else "something else"
    every = "entry" if issubclass(Entry, holder) else holder.__name__
    yield field.fault(
        f"{owner} has a field `{name}`, and every {every} has {what} of that name",
        "what files say there would be read by nobody, or stand where newsletter looks for its own",
        f"give the field another name, such as `its_{name}`{_SHOWN_BY.get(name, '')}",
    )


def _holds(base: type, name: str) -> bool:
    """Return whether a base has something of a name; what a team's own has is theirs, unless a field cannot hide it."""
    found = vars(base).get(name)
    return name in vars(base) and (issubclass(Entry, base) or _is_ours(base) or isinstance(found, property))


def _redefined(field: _Field) -> Finding:
    return field.fault(
        f"{field.owner} has `{field.name}`, and every entry has something else of that name",
        "newsletter asks every entry for its own, and would get what the class says",
        f"give it another name, such as `its_{field.name}`",
    )


def _unlike(field: _Field, owner: type, bases: Collection[type]) -> Iterator[Finding]:
    name = field.name
    ours = (base for base in bases if _is_ours(base) and issubclass(base, Entry))
    base = next((base for base in ours if name in base.model_fields), None)
    if not base or not issubclass(owner, Entry):
        return
    if _fits(owner.model_fields[name].annotation, base.model_fields[name].annotation):
        return
    meant = next(found for at in base.__mro__ if (found := get_annotations(at).get(name)))
    yield field.fault(
        f"`{name}` of {owner.__name__} is another kind of value than `{name}` of every {base.__name__}",
        f"whatever chooses, checks and shows entries counts on it being {meant}",
        f"delete the line, write `{name}: {meant}`, or give the field another name, such as `its_{name}`",
    )


def _fits(own: Any, base: Any) -> bool:
    """Return whether every value of one kind is one of another; what cannot be told does."""
    return all(any(_is_one(kind, other) for other in _kinds(base)) for kind in _kinds(own))


def _is_one(own: Any, base: Any) -> bool:
    kind, other = get_origin(own) or own, get_origin(base) or base
    if not isclass(kind) or not isclass(other):
        return True
    if issubclass(other, tuple):
        return issubclass(kind, Collection) and not issubclass(kind, str)
    if issubclass(other, StrEnum):
        # A team's own kinds of study have labels of their own.
        return issubclass(kind, str)
    return issubclass(kind, other) and (kind is not dict or all(map(_fits, get_args(own), get_args(base))))


def _kinds(annotation: Any) -> Iterator[Any]:
    """Yield the single kinds of value that an annotation allows."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _kinds(get_args(annotation)[0])
    elif origin in {Union, types.UnionType}:
        for part in get_args(annotation):
            yield from _kinds(part)
    elif origin is Literal:
        yield from map(type, get_args(annotation))
    else:
        yield annotation


def _classes(file: Path) -> dict[str, ast.ClassDef]:
    try:
        code = ast.parse(file.read_bytes())
    except (OSError, SyntaxError, ValueError):
        return {}
    return {node.name: node for node in ast.walk(code) if isinstance(node, ast.ClassDef)}


def _members(code: ast.ClassDef) -> dict[str, _Line]:
    """Return the lines of a class that make fields, properties and methods, by their names."""
    found: dict[str, _Line] = {}
    for line in code.body:
        if isinstance(line, ast.FunctionDef):
            found[line.name] = line
        elif isinstance(line, ast.AnnAssign) and "ClassVar" not in ast.unparse(line.annotation):
            found[ast.unparse(line.target)] = line
    return found
