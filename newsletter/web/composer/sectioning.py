"""The sections of an issue: their words and limits, a new one, one less, another order."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response

from newsletter.content import registry, sections
from newsletter.content.line_ends import pasted
from newsletter.errors import ContentError, NotFound, Refused
from newsletter.model.issue import Layout, Order, Section
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back
from newsletter.web.composer.plans import new_errors, plan_of

_WORDS = {"intro": "words below the heading", "layout": "look"}
LAYOUTS, ORDERS = tuple(map(str, Layout)), tuple(map(str, Order))


def change(request: Request, desk: Desk, form: Form) -> Response:
    """Change one section, move it, or take it out."""
    verb = form.text("do")
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        number, section = _section(look, form)
        _, plan, file = plan_of(look)
        name = f"the section “{section.heading}”"
        match verb:
            case "save":
                changes = _changes(section, form)
                after = sections.change(plan, number, changes, file=file) if changes else plan
                sentence = f"{name} is changed"
            case "up" | "down":
                to = number + (1 if verb == "down" else -1)
                after, sentence = sections.move(plan, number, to, file=file), f"{name} is moved"
            case "remove":
                after, sentence = sections.remove(plan, number, file=file), f"{name} is taken out"
            case _:
                raise NotFound(f"'{verb}' is nothing that can be done with a section")
        _write(desk, look, plan, after, sentence)
    return back(form)


def add(request: Request, desk: Desk, form: Form) -> Response:
    """Put a new section at the end."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        heading, take = form.line("heading"), form.line("take")
        if take not in registry.load(look.workspace).by_name:
            raise NotFound(f"there is no type '{take}'", fix="choose one from the list")
        if not heading:
            raise ContentError("a section needs a heading", fix="write what readers see above its entries")
        _, plan, file = plan_of(look)
        _write(desk, look, plan, sections.add(plan, heading, take, file=file), f"the section “{heading}” is new")
    return back(form)


def _section(look: Look, form: Form) -> tuple[int, Section]:
    """Return the section that a form is about, if it is still the one that the page has shown."""
    plans = look.selection.issue.sections if look.selection else ()
    number = int(form.text("section")) if form.text("section") in set(map(str, range(len(plans)))) else -1
    if number < 0 or plans[number].heading != form.text("was"):
        raise Refused(
            "nothing is changed",
            why="the sections were changed elsewhere since the page was shown",
            fix="look at them again, then change what you meant",
        )
    return number, plans[number]


def _changes(section: Section, form: Form) -> dict[str, str]:
    """Return the fields that somebody has changed in the form; raise Refused where somebody else has, too."""
    found: dict[str, str] = {}
    for field in sections.FIELDS:
        now = _now(section, field).strip()
        typed = pasted(form.text(f"f.{field}")) if f"f.{field}" in form.fields else now
        was = form.text(f"was.{field}").strip() if f"was.{field}" in form.fields else now
        if typed.strip() in {was, now}:
            continue
        if now != was:
            raise Refused(
                f"the section “{section.heading}” is not changed",
                why=f"somebody else has changed its {_WORDS.get(field, field)} since the page was shown",
                fix="look at it again, then change what you meant",
            )
        found[field] = typed
    return found


def _now(section: Section, field: str) -> str:
    value = getattr(section, field)
    return "" if value is None else str(value)


def _write(desk: Desk, look: Look, plan: str, after: str, sentence: str) -> None:
    """Write the issue's file, which has said `plan`, unless it could not be used any more."""
    path, _, file = plan_of(look)
    problems = new_errors(look, plan, after)
    if problems:
        raise ContentError(f"{file} is not changed", why=problems[0].message, fix=problems[0].fix)
    if desk.history.write(path, after.encode(), sentence, seen=plan.encode()):
        desk.notice = f"{sentence[:1].upper()}{sentence[1:]}."
    desk.look(look.name)
