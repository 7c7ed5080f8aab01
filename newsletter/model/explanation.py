"""Pydantic's validation errors told as findings: every problem, its place, why, and what to write instead."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from newsletter.model import meant, shape
from newsletter.model.finding import Edit, Finding, Origin, Place, Severity
from newsletter.model.shape import Path
from newsletter.model.wording import Wording, cut, listed

_KINDS = {
    "string": "text",
    "int": "a whole number",
    "float": "a number",
    "finite": "a number",
    "decimal": "a number",
    "bool": "true or false",
    "tuple": "a list, such as [one, two],",
    "list": "a list, such as [one, two],",
    "set": "a list, such as [one, two],",
    "frozen": "a list, such as [one, two],",
    "dict": "a group of `name: value` lines",
    "mapping": "a group of `name: value` lines",
    "model": "a group of `name: value` lines",
    "dataclass": "a group of `name: value` lines",
    "date": "a date, such as 2024-07-26,",
    "datetime": "a date with a time, such as 2024-07-26T18:00,",
    "time": "a time, such as 18:00,",
    "url": "a web address that begins with https://",
}
"""What belongs in a field, by the first word of the error's type."""

_LIMITS = {
    "greater_than": ("gt", "is {given}; it must be more than {limit}", "write a larger number"),
    "greater_than_equal": ("ge", "is {given}; it must be {limit} or more", "write {limit} or more"),
    "less_than": ("lt", "is {given}; it must be less than {limit}", "write a smaller number"),
    "less_than_equal": ("le", "is {given}; it must be {limit} or less", "write {limit} or less"),
    "multiple_of": ("multiple_of", "is {given}; it must be a multiple of {limit}", "write a multiple of {limit}"),
    "too_short": ("min_length", "needs at least {limit} values", "add what is missing"),
    "too_long": ("max_length", "has more than {limit} values", "keep at most {limit}"),
    "string_too_short": ("min_length", "is shorter than {limit} characters", "write at least {limit} characters"),
    "string_too_long": ("max_length", "is longer than {limit} characters", "write at most {limit} characters"),
    "string_pattern_mismatch": ("pattern", "is '{given}', which does not fit {limit}", "correct the spelling"),
}

_WHY = {
    "unknown": (
        "a misspelt field would be left out of the newsletter without anybody noticing",
        "a misspelt setting would have no effect, and nobody would notice",
    ),
    "refused": (
        "readers would see something wrong, or nothing",
        "newsletter would do something else than you mean, or nothing",
    ),
    "kind": (
        "a value of another kind cannot be shown to readers as it is meant",
        "a value of another kind cannot be used as it is meant",
    ),
}
"""Why a mistake matters in an entry or an issue, and in the settings."""

_LONGEST = 500
"""Characters of a sentence that repeats what was written."""
_MOST_NAMED = 3
"""Values that a fix names; the reason before it names all."""
_COMMA = re.compile(r"(-?[0-9]+),([0-9]+)")
_GROUPED = re.compile(r"[0-9]{1,3}(?:[ ,.'\u2019\u00a0\u202f][0-9]{3})+")


def explain(error: ValidationError, model: type[BaseModel], origin: Origin, prefix: str) -> list[Finding]:
    """Return one finding for each problem that `error` holds.

    `prefix` is the first letters of the codes: `ENT` for entries, `ISS` for issues, `CFG` for settings.
    """
    distinct = _distinct(error.errors(include_url=False), model)
    problems = [_Problem(details, path, model, origin, prefix) for path, details in distinct.items()]
    meanings: dict[Path, Path] = {}
    for problem in problems:
        if problem.is_unknown and (better := problem.better):
            meanings.setdefault((*problem.path[:-1], better), problem.path)
    return [
        _explain(problem, meanings)
        for problem in problems
        # What stands there under another name is told once.
        if not (problem.kind == "missing" and problem.path in meanings)
    ]


@dataclass(frozen=True, slots=True)
class _Problem:
    """What Pydantic says of the value at `path` of a model that was read from a file."""

    details: ErrorDetails
    path: Path
    model: type[BaseModel]
    origin: Origin
    prefix: str

    @property
    def kind(self) -> str:
        return self.details["type"]

    @property
    def given(self) -> Any:
        return self.details["input"]

    @property
    def name(self) -> str:
        return _name(self.path)

    @property
    def is_unknown(self) -> bool:
        return self.kind in {"extra_forbidden", "invalid_key"}

    @property
    def is_setting(self) -> bool:
        return self.prefix == "CFG"

    @property
    def owner(self) -> type[BaseModel] | None:
        return shape.model_at(self.model, self.path[:-1])

    @property
    def better(self) -> str:
        """The field that an unknown one means, or nothing."""
        word, known = str(self.path[-1]), sorted(shape.names(self.owner))
        return "status" if "status" in known and meant.status(word, self.given) else meant.field(word, known)

    def why(self, mistake: str) -> str:
        return _WHY[mistake][self.is_setting]

    def finding(self, number: str, message: str, place: Place, why: str, fix: str, path: Path | None = None) -> Finding:
        field = ".".join(map(str, self.path if path is None else path))
        message, fix = _ends(message), _ends(fix)
        return Finding(self.prefix + number, Severity.ERROR, message, place, why=why, fix=fix, field=field)


def _distinct(errors: Sequence[ErrorDetails], model: type[BaseModel]) -> dict[Path, ErrorDetails]:
    """Keep one error a place: a union reports each member, and a list is "too short" without its invalid values."""
    seen: dict[Path, ErrorDetails] = {}
    for details in errors:
        path = shape.written_path(model, details["loc"])
        # A number that may be whole or not is first told to be whole.
        if path not in seen or (seen[path]["type"].startswith("int_") and details["type"].startswith("f")):
            seen[path] = details
    return {
        path: details
        for path, details in seen.items()
        if details["type"] != "too_short" or not any(path == other[: len(path)] != other for other in seen)
    }


def _explain(problem: _Problem, meanings: Mapping[Path, Path]) -> Finding:
    kind = problem.kind
    if problem.is_unknown:
        return _unknown_field(problem, meanings)
    if kind == "missing" or (kind.endswith("_type") and problem.given is None):
        return _missing(problem)
    if kind in {"enum", "literal_error"}:
        return _unknown_value(problem)
    if kind in {"value_error", "assertion_error"}:
        return _refused(problem)
    message, why, fix = _wrong_value(problem)
    place = problem.origin.value(*problem.path)
    return replace(problem.finding("006", message, place, why, fix), edit=_as_group(problem, place))


def _missing(problem: _Problem) -> Finding:
    path, owner = problem.path, problem.owner
    done = "used" if problem.is_setting else "shown"
    why = f"{_noun(owner)} cannot be {done} without its {path[-1]}" if owner else f"nothing can be {done} for it"
    if path not in problem.origin.marks:
        message, fix = f"`{problem.name}` is missing", Wording(f"add a line `{path[-1]}: …`")
    elif isinstance(path[-1], int):
        message, fix = f"`{problem.name}` is empty", Wording("write something after the dash, or delete the line")
    else:
        message, fix = f"`{problem.name}` is empty", Wording(f"write something after `{path[-1]}:`")
    return problem.finding("005", message, problem.origin.place(*path), why, fix)


def _unknown_field(problem: _Problem, meanings: Mapping[Path, Path]) -> Finding:
    path, better, marks = problem.path, problem.better, problem.origin.marks
    word, target, place = str(path[-1]), (*path[:-1], better), problem.origin.place(*path)
    message = f"`{word}` is not a {'setting' if problem.is_setting else 'field'} here"
    why = problem.why("unknown")
    edit = None
    if word == "<<":
        why, fix = "what is taken over from another place cannot be seen where it counts", "write the fields out"
    elif not better and problem.prefix == "ENT" and meant.is_of_a_web_site(word):
        why, fix = "website generators read it, and an email has no use for it", "delete the line"
    elif not better:
        fix = f"delete the line, or use one of {', '.join(sorted(shape.names(problem.owner)))}"
    elif target in marks or meanings.get(target) != path:
        # Renamed, it would be written twice.
        there = "which is written already" if target in marks else f"which `{meanings[target][-1]}` becomes"
        fix = f"delete the line, or put what it says into `{better}`, {there}"
    else:
        message += meant.suggestion(better, "``")
        status = meant.status(word, problem.given) if better == "status" else ""
        fix = f"write `{better}: {status}`" if status else f"write `{better}:`"
        if problem.prefix == "ENT" and status:
            edit = Edit(place, f"{word}: {_plain(problem.given)}", f"{better}: {status}")
        elif problem.prefix == "ENT" and meant.is_same(word, better):
            edit = Edit(place, word, better)
    return replace(problem.finding("004", message, place, why, fix), edit=edit)


def _unknown_value(problem: _Problem) -> Finding:
    path = problem.path
    known = shape.choices(problem.model, path)
    given = str(problem.given)
    better = meant.value(given, known)
    message = f"`{problem.name}` is {_shown(problem.given)}, which is not one of its values{meant.suggestion(better)}"
    why = f"`{problem.name}` is {listed(known, 'or')}"
    wanted = [_assignment(path, value) for value in ([better] if better else known)]
    fix = f"write {listed(wanted, 'or') if len(wanted) <= _MOST_NAMED else 'one of these'}" if wanted else "correct it"
    if not better:
        # `status: ongoing` on a project is a value of its `phase`.
        for name in sorted(shape.names(problem.owner) - {path[-1]}):
            others = shape.choices(problem.model, (*path[:-1], name))
            if given.casefold() in others:
                why = f"`{path[-1]}` is {listed(known, 'or')}; whether it is {listed(others, 'or')} is said by `{name}`"
                fix = f"write `{name}: {given.casefold()}`"
    return problem.finding("006", message, problem.origin.value(*path), why, fix)


def _refused(problem: _Problem) -> Finding:
    """Tell what one of our own validators said."""
    path, error = problem.path, problem.details["ctx"]["error"]
    sentence = str(error)
    at = (*path, *error.field.split(".")) if getattr(error, "field", "") else path
    message = f"`{problem.name}`: {sentence}" if path else sentence
    if path and sentence.startswith(("is ", "contains ", "has ")):
        message = f"`{problem.name}` {sentence}"
    fix = getattr(error, "fix", "") or Wording(f"correct `{_name(at)}`" if at else "correct the fields that are named")
    why = getattr(error, "why", "") or problem.why("refused")
    return problem.finding("006", message, problem.origin.value(*at), why, fix, at)


def _wrong_value(problem: _Problem) -> tuple[str, str, str]:
    kind, given, name = problem.kind, problem.given, problem.name
    why = problem.why("kind")
    if kind == "too_short" and not given:
        return f"`{name}` is empty", "an empty list chooses nothing", f"give `{name}` at least one value"
    if kind in _LIMITS:
        key, message, fix = _LIMITS[kind]
        values = {"limit": problem.details.get("ctx", {}).get(key, ""), "given": given}
        return f"`{name}` {message.format(**values)}", "the field has this limit", fix.format(**values)
    belongs = _KINDS.get(kind.split("_")[0], "")
    if not belongs:
        return f"`{name}`: {problem.details['msg']}", why, Wording(f"correct `{name}`")
    fix = _fix_of_kind(belongs, given, problem.path, problem.model)
    return f"`{name}` is {_shown(given)} where {belongs} belongs", why, fix


def _fix_of_kind(belongs: str, given: Any, path: Path, model: type[BaseModel]) -> str:
    if belongs == "text":
        if isinstance(given, bool | int | float):
            return "put it in quotes: " + _assignment(path, f'"{_plain(given)}"')
        return "write one text; in quotes, if it begins with { or ["
    if belongs.endswith("number") and isinstance(given, str) and _GROUPED.fullmatch(given):
        return f"write {re.sub(r'[^0-9]', '', given)}: each reader sees it grouped as in their language"
    if belongs == "a number" and isinstance(given, str) and (comma := _COMMA.fullmatch(given)):
        return f"write {comma[1]}.{comma[2]}, with a point: each reader sees it as their language writes it"
    if belongs.startswith("a list") and isinstance(given, dict):
        return "begin each one with a dash and a space, and keep its fields below one another"
    if not belongs.startswith("a group"):
        return f"write {belongs.rstrip(',')}"
    first = given[0] if isinstance(given, list) and given else given
    first = first if isinstance(first, str) and first else "…"
    owner = shape.model_at(model, path)
    if owner is None:
        return f"write {_assignment(path, f'{{{first}: …}}')}"
    every = [name for name, _ in shape.fields(owner)]
    needed = [name for name, info in shape.fields(owner) if info.is_required()]
    shown = needed if needed and len(every) > 3 else every[:2]
    lines = ", ".join(f"{name}: {'…' if place else first}" for place, name in enumerate(shown))
    return f"write {_assignment(path, f'{{{lines}}}')}"


def _as_group(problem: _Problem, place: Place) -> Edit | None:
    """Return the change of a picture's path into a picture; what a text in place of another group is, nobody knows."""
    owner, given = shape.model_at(problem.model, problem.path), problem.given
    needed = [name for name, info in shape.fields(owner) if info.is_required()] if owner else []
    if problem.prefix != "ENT" or needed != ["src"] or not isinstance(given, str) or re.search(r'["\\\n]', given):
        return None
    return Edit(place, given, f'{{src: "{given}"}}') if given else None


def _assignment(path: Path, value: str) -> str:
    return f"`{path[-1]}: {value}`" if path and isinstance(path[-1], str) else f"`{value}`"


def _shown(given: Any) -> str:
    if isinstance(given, bool | int | float | None):
        return _plain(given)
    if isinstance(given, str):
        return f"'{cut(given, 60)}'"
    if isinstance(given, dict):
        return "a group of lines"
    return "a list" if isinstance(given, list | tuple) else "something else"


def _plain(given: object) -> str:
    """Return a value as YAML writes it."""
    if given is None:
        return "empty"
    return str(given).lower() if isinstance(given, bool) else str(given)


def _ends(sentence: str) -> str:
    """Return a sentence without its middle, where it repeats a whole text: the mistake is told at its end."""
    half = _LONGEST // 2
    return sentence if len(sentence) <= _LONGEST else f"{sentence[:half]}…{sentence[-half:]}"


def _noun(model: type[BaseModel]) -> str:
    name = model.__name__.removesuffix("Settings") or "Newsletter"
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip(" _")
    if words == "news":
        return words
    return f"an {words}" if words[:1] in "aeiou" else f"a {words}"


def _name(path: Path) -> str:
    """Return `sections 2 heading` for `("sections", 1, "heading")`: people count from one."""
    return " ".join(str(part + 1) if isinstance(part, int) else part for part in path)
