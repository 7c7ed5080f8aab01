"""The page of one issue: what is in and out and why, its words, what is found, and beside it what readers will see."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from newsletter.checks import mending
from newsletter.content import editing, registry
from newsletter.errors import ContentError, NotFound, Refused
from newsletter.model import wording
from newsletter.model.edition import CLIP_BYTES, NEAR_CLIP_BYTES
from newsletter.model.finding import Finding, Place
from newsletter.model.selection import Chosen, In, Left, Out, Selection
from newsletter.preview import reasons
from newsletter.preview.modes import DESKTOP, MODES, live_document
from newsletter.preview.page import NOTHING, NOTHING_POLICY, POLICY
from newsletter.preview.states import block_of
from newsletter.web.composer import pages, places, reporting, reviewing, sectioning, sending, words
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back, desk_of
from newsletter.web.composer.issues import colored, newest_mailings
from newsletter.web.composer.muting import forms
from newsletter.web.composer.plans import Rejected, plan_of

_MOST_OUT = 100
"""Rows of what is out: after some years nearly everything is, and who looks for one of those asks for it."""
PANELS = ("entries", "words", "checks", "review", "send", "report")
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


def compose(request: Request) -> Response:
    """Show an issue."""
    look, panel = _look(request), request.query_params.get("panel", PANELS[0])
    return page(request, look, "report" if look.is_gone else panel if panel in PANELS else PANELS[0])


def _look(request: Request) -> Look:
    """Return an issue, even one that is in no file any more: what it has begun is still looked after."""
    desk, name = desk_of(request), request.path_params["issue"]
    try:
        return desk.look(name)
    except NotFound as error:
        if name not in newest_mailings(desk.workspace()):
            raise
        return desk.without_files(name, error)


def page(request: Request, look: Look, panel: str, *, status: int = 200, **values: Any) -> HTMLResponse:
    """Return the page of an issue with one of its panels open."""
    context: dict[str, Any] = {
        "look": look,
        "panel": panel,
        "mailing": newest_mailings(look.workspace).get(look.name),
        **stage(look),
    }
    if panel == "entries" and look.selection:
        context |= {
            "sections": [
                (section, list(_inside(look, number))) for number, section in enumerate(look.selection.sections)
            ],
            "plans": look.content.issues[look.name].sections,
            "layouts": sectioning.LAYOUTS,
            "orders": sectioning.ORDERS,
            "types": tuple(registry.load(look.workspace).by_name),
            **_out(look, request.query_params.get("find", "").strip()),
            "reasons": reasons.IN,
        }
    elif panel == "words":
        context |= words.context(look)
    elif panel == "review":
        context |= reviewing.context(look, context["mailing"])
    elif panel == "send":
        wish = sending.Wish(request.query_params.get("at"), request.query_params.get("first", "").strip())
        context |= {"colored": colored, **sending.context(look, wish)}
    elif panel == "report":
        context |= reporting.context(look, desk_of(request).senders)
    return pages.show(request, "compose", status=status, **context | values)


def stage(look: Look, mark: str = "") -> dict[str, Any]:
    """Return what the picture of the email beside a panel needs; `mark` is the block that is shown first."""
    state = look.state
    return {
        "state": state,
        "editions": state.pages if state else (),
        "modes": MODES,
        "heaviest": max((page.size for page in state.pages), default=0) if state else 0,
        "clip": CLIP_BYTES,
        "near_clip": NEAR_CLIP_BYTES,
        "kilobytes": wording.kilobytes,
        "findings": [
            (
                finding,
                block_of(finding, look.selection) if look.selection else "",
                edit_link(look, finding),
                form,
            )
            for finding, form in zip(look.findings, forms(look), strict=True)
        ],
        "verdict": reasons.verdict(Counter(finding.severity for finding in look.findings)),
        "mendable": len({finding.edit for finding in look.findings if finding.edit}),
        "mark": mark,
    }


def email(request: Request) -> Response:
    """Return the email as HTML for a frame, in one edition and mode."""
    look = _look(request)
    state = look.state
    if state is None:
        return HTMLResponse(NOTHING, headers={"Content-Security-Policy": NOTHING_POLICY})
    asked = request.query_params
    shown = next((page for page in state.pages if page.name == asked.get("edition")), state.pages[0])
    mode = next((mode for mode in MODES if mode.key == asked.get("mode")), DESKTOP)
    policy = f"{POLICY.format(images='data:')}; frame-ancestors 'self'"
    html = live_document(shown, mode, sender=state.sender)
    return HTMLResponse(html, headers={"Content-Security-Policy": policy})


def message(request: Request) -> Response:
    """Return the message that a sample reader would get, to be opened in a mail program."""
    look = desk_of(request).look(request.path_params["issue"])
    if look.build is None:
        failure = look.failure or ContentError(f"issue {look.name} cannot be built")
        way = (f"/issues/{places.part(look.name)}?panel=checks", "To its checks")
        return pages.no_message(request, failure, way)
    asked = request.query_params.get("edition")
    edition = next((one for one in look.build.editions if one.language == asked), look.build.editions[0])
    name = f"{look.name}-{edition.language}.eml".encode("ascii", "replace").decode()
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(look.build.message(edition), media_type="message/rfc822", headers=headers)


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


def reword(request: Request, desk: Desk, form: Form) -> Response:
    """Give one of the issue's words another value, or show why it cannot be."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        path, plan, _ = plan_of(look)
        made = words.changed(look, form)
        if isinstance(made, Rejected):
            here = f"/issues/{places.part(look.name)}?panel=words"
            return page(request, look, "words", status=422 if made.theirs is None else 409, rejected=made, here=here)
        if desk.history.write(path, made.encode(), f"{words.name_of(form)} is changed", seen=plan.encode()):
            desk.notice = "Saved."
        desk.look(look.name)
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


def mend(request: Request, desk: Desk, form: Form) -> Response:
    """Make the changes that findings offer, as `lint --fix` does."""
    made = 0
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        for file, changes in mending.edits(look.findings).items():
            path = look.workspace.root / file
            written = path.read_bytes()
            mended, number = mending.mend(written.decode("utf-8"), changes)
            if number:
                desk.history.write(path, mended.encode(), f"{file} is mended", seen=written)
            made += number
        desk.look(look.name)
    desk.notice = f"{wording.counted(made, 'change')} made." if made else "There was nothing to mend any more."
    return back(form)


def undo(_: Request, desk: Desk, form: Form) -> Response:
    """Take the last change back."""
    with desk.lock:
        change = desk.history.undo()
    desk.notice = f"Taken back: {change.sentence}."
    # A page may be gone with the file that it was about.
    return RedirectResponse("/", 303) if change.before is None else back(form)


def edit_link(look: Look, finding: Finding) -> str:
    """Return the page on which the file of a finding is changed, or nothing."""
    file = finding.place.file
    if not file:
        return ""
    for entry in look.content.entries:
        if entry.origin.file == file and (not finding.entry or entry.id == finding.entry):
            return places.of_entry(entry.id, look.name)
    for item in look.content.unreadable:
        if item.file == file:
            return places.of_entry(item.id, look.name)
    plan = look.workspace.relative(look.workspace.issues / look.name / "issue.yaml")
    if file != plan:
        return ""
    page, path = f"/issues/{places.part(look.name)}", _path_at(look, finding.place)
    if path[:1] == ("sections",):
        return f"{page}#part-{int(path[1]) + 1}" if len(path) > 1 else page
    if path and path[0] in words.NAMES:
        return f"{page}?panel=words#word-{path[0]}"
    return f"{page}/file"


def _path_at(look: Look, place: Place) -> tuple[str | int, ...]:
    """Return the field of the issue's file that holds a place, with the number of the section; empty for none."""
    issue = look.content.issues.get(look.name) if look.selection else None
    marks = issue.origin.marks.items() if issue else ()
    held = [(mark, path) for path, mark in marks if not path[2:] and mark <= (place.line, place.column)]
    return max(held, key=lambda one: one[0])[1] if held else ()


def _inside(look: Look, number: int) -> Iterator[Inside]:
    assert look.selection is not None  # noqa: S101
    issue, section = look.selection.issue, look.selection.sections[number]
    for position, chosen in enumerate(section.chosen, 1):
        entry = chosen.entry
        own = [finding for finding in look.findings if finding.entry == entry.id]
        errors = sum(1 for finding in own if finding.severity == "error")
        decided = entry.id in {*issue.pin, *issue.feature, *issue.order}
        yield Inside(chosen, position, len(section.chosen), decided, errors, len(own) - errors)


def _out(look: Look, wanted: str) -> dict[str, Any]:
    """Return what is out, as far as it is shown: the first ones, of those that have the wanted words."""
    everything = _outside(look)
    found = [one for one in everything if wanted.casefold() in f"{one.title} {one.left.type} {one.why}".casefold()]
    return {"out": found[:_MOST_OUT], "out_found": len(found), "out_number": len(everything), "find": wanted}


def _outside(look: Look) -> list[Outside]:
    assert look.selection is not None  # noqa: S101
    titles = {entry.id: entry.title for entry in look.content.entries}
    issue = look.selection.issue
    decided = {*issue.pin, *issue.feature, *issue.drop}
    found = [
        Outside(
            left,
            titles.get(left.id, left.id),
            reasons.out(left),
            left.reason in _PINNED_HELPS and left.id not in decided,
            left.id in decided,
        )
        for left in look.selection.out
    ]
    # What the team may have to do with comes first, and what lies far outside last, the newest before the old.
    far = {Out.OUT_OF_PERIOD, Out.ALREADY_FEATURED}
    found.sort(key=lambda one: str(one.left.day or ""), reverse=True)
    return sorted(found, key=lambda one: one.left.reason in far)


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
