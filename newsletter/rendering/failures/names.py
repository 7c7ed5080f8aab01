"""Names and templates that are asked for and are not there, with what was probably meant."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
from typing import Any

from jinja2 import TemplateNotFound, TemplatesNotFound, Undefined
from jinja2.defaults import DEFAULT_NAMESPACE
from pydantic import BaseModel

from newsletter.model import meant
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Place
from newsletter.model.slot import SLOTS
from newsletter.rendering.failures import values
from newsletter.rendering.failures.rules import ENDLESS, FORBIDDEN, FORBIDDEN_FIX, MISSING, UNDEFINED, finding
from newsletter.rendering.failures.scene import Scene, Step

_NOT_EXPORTED = re.compile(r"the template '(.+)' \(imported on line .* does not export the requested name '(.+)'")
_NOT_PROVIDED = re.compile(r"parameter '(.+)' was not provided")
_OF_ENTRIES = {"summary": "text", "image": "picture", "authors": "facts", "place": "facts"}
"""Fields of an entry's file by what templates know of them."""
_OF_PYTHON = {"len": "…|length", "str": "…|string", "sorted": "…|sort", "enumerate": "loop.index"}
"""Functions of Python by what Jinja2 has in their place."""
_MOST = 12
"""Names listed where nothing similar is known."""


def undefined(scene: Scene, value: Undefined, given: Mapping[str, Any]) -> Finding:
    """Return what is wrong with the use of an undefined value; `given` is what the templates were given."""
    written = str(value._undefined_name or "")
    hint = value._undefined_hint or ""
    if match := _NOT_EXPORTED.search(hint):
        return _not_exported(scene, match[1], match[2])
    if match := _NOT_PROVIDED.search(hint):
        caller = scene.steps[-2] if len(scene.steps) > 1 else scene.last
        place, shown = scene.statement(caller)
        message = f"{shown} does not give the macro its `{match[1]}`{scene.entry}"
        return finding(UNDEFINED, place, message, f"write {match[1]}=… between the brackets")
    # Jinja2 has a sentinel of its own for "no owner".
    owner = value._undefined_obj
    attribute = repr(owner) != "missing"
    place, before, step = scene.statement(scene.last)[0], "", scene.last
    # A macro, or an included template, may have been handed what somebody else asked for.
    for asking in reversed(scene.steps):
        if found := scene.name(asking, written, attribute=attribute):
            (place, before), step = found, asking
            break
    if owner is None:
        return values.nothing(scene, place, scene.chain(step, written) if step else "", written)
    known = _attributes(owner) if attribute else _variables(scene, step)
    if not attribute and written in given:
        message = f"`{written}` is not known inside an imported macro{scene.entry}"
        return finding(UNDEFINED, place, message, "hand it to the macro, or write {% import … with context %}")
    if not attribute and written == "super":
        message = f"super() stands outside of a block{scene.entry}"
        fix = "write it inside of {% block … %}, in a template that extends another one"
        return finding(UNDEFINED, place, message, fix)
    if attribute and written in given and not hasattr(owner, "fields"):
        message = f"`{before or type(owner).__name__}` has no `{written}`{scene.entry}; `{written}` stands on its own"
        return finding(UNDEFINED, place, message, f"write `{written}` alone")
    better = _elsewhere(owner if attribute else None, written, given) or meant.did_you_mean(written, known)
    if hint:
        message = hint
    elif attribute:
        message = f"`{before or type(owner).__name__}` has no `{written}`"
    else:
        message = f"there is nothing called `{written}`"
    message += scene.entry + meant.suggestion(better, "``")
    return finding(UNDEFINED, place, message, f"write `{better}`" if better else _one_of(known))


def forbidden(scene: Scene, value: Undefined) -> Finding:
    """Return which attribute the sandbox keeps from templates."""
    written = str(value._undefined_name or "")
    place, shown = scene.statement(scene.last)
    found = scene.name(scene.last, written, attribute=True) if scene.last else None
    message = f"templates may not use `{written}`{scene.entry}" if written else f"templates may not do {shown}"
    return finding(FORBIDDEN, found[0] if found else place, message, FORBIDDEN_FIX)


def _not_exported(scene: Scene, template: str, written: str) -> Finding:
    tokens = scene.sources[template].tokens if template in scene.sources else ()
    known = [token.text for before, token in pairwise(tokens) if before.text in {"macro", "set"}]
    better = meant.did_you_mean(written, known)
    place = (scene.first(scene.last, written) if scene.last else None) or scene.statement(scene.last)[0]
    message = f"the template {template} has no `{written}`{meant.suggestion(better, '``')}"
    return finding(UNDEFINED, place, message, f"write `{better}`" if better else _one_of(known))


def missing(scene: Scene, error: TemplateNotFound) -> Finding:
    """Return which template is not there, and where it is asked for."""
    tried = [str(name) for name in error.templates] if isinstance(error, TemplatesNotFound) else [str(error.name)]
    place = Place()
    if scene.last:
        place = scene.statement(scene.last)[0]
        for name in tried:
            place = scene.near(scene.last.template, scene.last.number, name) or place
    return not_there(tried, scene.environment.list_templates(), place)


def not_there(tried: Sequence[str], known: Collection[str], place: Place) -> Finding:
    """Return that none of the templates is there which are asked for at a place."""
    better = meant.did_you_mean(tried[0], known)
    message = f"there is no template {' and no template '.join(tried)}{meant.suggestion(better, '')}"
    return finding(MISSING, place, message, "correct the name, or write the file in the workspace's folder templates/")


def endless(scene: Scene) -> Finding:
    """Return which template contains itself."""
    seen: dict[tuple[str, int], int] = {}
    for step in scene.steps:
        key = step.template, step.number
        seen[key] = seen.get(key, 0) + 1
    template, number = next((key for key, count in seen.items() if count > 1), (scene.main, 1))
    source = scene.sources.get(template)
    place = scene.place(template, number)
    if source is not None and source.tokens:
        place = scene.at(template, source.tokens[source.statement(number)[0] - 1].offset)
    return finding(ENDLESS, place, f"{template} comes back to this line without end", "take the include or call away")


def _elsewhere(owner: Any, written: str, given: Mapping[str, Any]) -> str:
    """Return under which other name there is what templates of other tools, or the entry's file, call so."""
    if owner is not None:
        fields = getattr(owner, "fields", None)
        own = f"fields.{written}" if isinstance(fields, Entry) and written in type(fields).model_fields else ""
        return (_OF_ENTRIES.get(written) or own) if fields is not None else ""
    if written in SLOTS:
        return f'slot("{written}")'
    if written in _OF_PYTHON:
        return _OF_PYTHON[written]
    return f"issue.{written}" if "issue" in given and hasattr(given["issue"], written) else ""


def _variables(scene: Scene, step: Step | None) -> list[str]:
    """Return the names that the template could have used."""
    found = {name for name, _ in step.variables} if step else set()
    return sorted((found | _context(scene.steps)) - DEFAULT_NAMESPACE.keys())


def _context(steps: Sequence[Step]) -> set[str]:
    for step in reversed(steps):
        context = step.frame.f_locals.get("context")
        if context is not None:
            return {
                name
                for name, value in context.get_all().items()
                if name.isidentifier() and not isinstance(value, Undefined)
            }
    return set()


def _attributes(owner: Any) -> list[str]:
    if isinstance(owner, Mapping):
        return sorted(map(str, owner))
    # What pydantic adds to an entry is nothing to show.
    return [name for name in dir(owner) if not name.startswith("_") and name not in dir(BaseModel)]


def _one_of(known: list[str]) -> str:
    if not known:
        return "delete it"
    return f"use one of {', '.join(sorted(known)[:_MOST])}" + (" …" if len(known) > _MOST else "")
