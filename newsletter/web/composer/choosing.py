"""The panel of what is in an issue and what is out, and why: an entry is put in, moved, or left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from newsletter.content import editing, registry
from newsletter.errors import NotFound, Refused
from newsletter.model import wording
from newsletter.model.issue import Issue, Untranslated
from newsletter.model.selection import Chosen, FilledSection, In, Left, Out, Selection
from newsletter.preview import reasons
from newsletter.web.composer import sectioning
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back
from newsletter.web.composer.plans import plan_of

_MOST_OUT = 100
"""Rows of what is out: after some years nearly everything is, and who looks for one of those asks for it."""
_PINNED_HELPS = frozenset(
    {Out.OUT_OF_PERIOD, Out.ALREADY_FEATURED, Out.PAST_DEADLINE, Out.NO_SECTION, Out.OVER_LIMIT, Out.DUPLICATE_OF}
)


@dataclass(frozen=True, slots=True)
class Inside:
    """An entry that is in."""

    chosen: Chosen
    position: int
    of: int
    decided: bool
    errors: int
    warnings: int


@dataclass(frozen=True, slots=True)
class Outside:
    """An entry that is out."""

    left: Left
    title: str
    why: str
    pin: bool
    release: bool


def context(look: Look, selection: Selection, find: str) -> dict[str, Any]:
    """Return what the panel shows; of what is out, what has the words to `find`."""
    return {
        "sections": [(section, list(_inside(look, selection.issue, section))) for section in selection.sections],
        "plans": look.content.issues[look.name].sections,
        "layouts": sectioning.LAYOUTS,
        "orders": sectioning.ORDERS,
        "types": tuple(registry.load(look.workspace).by_name),
        **_out(look, selection, find),
        "reasons": reasons.IN,
    }


def decide(request: Request, desk: Desk, form: Form) -> Response:
    """Put an entry in, let it lead, leave it out, or take such a decision back."""
    entry, verb = form.text("entry"), form.text("do")
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        title = _title(look, entry)
        path, plan, file = plan_of(look)
        match verb:
            case "pin":
                after, sentence = editing.pin(plan, entry, file=file), f"“{title}” is put in"
            case "feature":
                after, sentence = editing.feature(plan, entry, file=file), f"“{title}” leads its section"
            case "drop":
                after = editing.drop(plan, entry, form.line("reason"), file=file)
                sentence = f"“{title}” is left out"
            case "release":
                after = editing.release(plan, entry, file=file)
                sentence = f"what was decided about “{title}” is taken back"
            case _:
                raise NotFound(f"'{verb}' is nothing that can be done with an entry")
        desk.history.write(path, after.encode(), sentence, seen=plan.encode())
        selection = desk.look(look.name).selection
    desk.notice = f"{wording.sentence(sentence)} {_standing(selection, entry)}".strip()
    return back(form)


def move(request: Request, desk: Desk, form: Form) -> Response:
    """Give an entry another place in its section."""
    entry = form.text("entry")
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        sections = look.selection.sections if look.selection else ()
        section = next((one for one in sections if entry in {chosen.id for chosen in one.entries}), None)
        if section is None or not form.text("to").isascii() or not form.text("to").isdigit():
            raise Refused(
                f"“{_title(look, entry)}” is not moved",
                why="it is not in the issue any more, or stands elsewhere now",
                fix="look at the list again",
            )
        ids, to = [one.id for one in section.entries], int(form.text("to"))
        path, plan, file = plan_of(look)
        title = _title(look, entry)
        after = editing.move(plan, entry, to, ids, file=file)
        desk.history.write(path, after.encode(), f"“{title}” is moved", seen=plan.encode())
        desk.look(look.name)
    desk.notice = f"“{title}” is number {max(1, min(to, len(ids)))} of {len(ids)}."
    return back(form)


def _inside(look: Look, issue: Issue, section: FilledSection) -> Iterator[Inside]:
    for position, chosen in enumerate(section.chosen, 1):
        entry = chosen.entry
        own = [finding for finding in look.findings if finding.entry == entry.id]
        errors = sum(1 for finding in own if finding.severity == "error")
        decided = entry.id in {*issue.pin, *issue.feature, *issue.order}
        yield Inside(chosen, position, len(section.chosen), decided, errors, len(own) - errors)


def _out(look: Look, selection: Selection, wanted: str) -> dict[str, Any]:
    """Return what is out, as far as it is shown: the first ones, of those that have the wanted words."""
    everything = _outside(look, selection)
    found = [one for one in everything if wanted.casefold() in f"{one.title} {one.left.type} {one.why}".casefold()]
    return {"out": found[:_MOST_OUT], "out_found": len(found), "out_number": len(everything), "find": wanted}


def _outside(look: Look, selection: Selection) -> list[Outside]:
    titles = {entry.id: entry.title for entry in look.content.entries}
    issue = selection.issue
    decided = {*issue.pin, *issue.feature, *issue.drop}
    helps = _PINNED_HELPS | ({Out.OTHER_LANGUAGE} if issue.untranslated is Untranslated.SHOW else set())
    found = [
        Outside(
            left,
            titles.get(left.id, left.id),
            reasons.out(left),
            left.reason in helps and left.id not in decided,
            left.id in decided,
        )
        for left in selection.out
    ]
    # What the team may have to do with comes first, and what lies far outside last, the newest before the old.
    far = {Out.OUT_OF_PERIOD, Out.ALREADY_FEATURED}
    found.sort(key=lambda one: str(one.left.day or ""), reverse=True)
    return sorted(found, key=lambda one: one.left.reason in far and not one.left.unseen_by)


def _title(look: Look, entry: str) -> str:
    known = look.entry(entry)
    if known:
        return known.title
    names = {item.id: item.name for item in look.content.unreadable}
    issue = look.content.issues.get(look.name)
    decided = {*issue.pin, *issue.feature, *issue.drop, *issue.order} if issue else set()
    if entry not in {*names, *decided}:
        raise NotFound(f"there is no entry '{entry}'", why="it may have been renamed or deleted meanwhile")
    return names.get(entry, entry)


def _standing(selection: Selection | None, entry: str) -> str:
    """Return where an entry is now, if that is not what one would expect."""
    if selection is None:
        return ""
    for section in selection.sections:
        for chosen in section.chosen:
            if chosen.entry.id == entry:
                return "" if chosen.reason is not In.IN_PERIOD else f"It is in {section.plan.heading}."
    left = next((left for left in selection.out if left.id == entry), None)
    return f"It stays out: {reasons.out(left)}." if left and left.reason is not Out.DROPPED else ""
