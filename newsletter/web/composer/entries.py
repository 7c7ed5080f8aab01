"""Entries: the list of all, a new one, and one as a form."""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.content import filling, judging, registry, writing
from newsletter.content.line_ends import pasted, plain
from newsletter.errors import NewsletterError, Refused
from newsletter.model.content import Content
from newsletter.model.entry import Entry, Status
from newsletter.model.finding import Finding
from newsletter.web.composer import composing, entry_translations, pages, places, ways
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.entry_files import Found, find, lost, model_of, same
from newsletter.web.composer.forms import Form, desk_of
from newsletter.web.composer.issues import newest_mailings

_GROUPED = re.compile(r"[1-9]\d{0,2}\.\d{3}", re.ASCII)
"""A number as some languages write thousands, and files write fractions."""
_LABELS = {
    "url": "Link",
    "doi": "DOI",
    "summary": "Summary",
    "body": "Text",
    "value": "Number",
    "compute": "Counted number",
    "featured": "Leads the section for featured studies",
    "image": "Picture",
    "cover": "Cover",
    "label": "What the number counts",
}
_HINTS = {
    "date": "When it was published, such as 2026-11-24. It decides which issue takes it.",
    "summary": "One or two sentences. Markdown: *slanted*, **bold**, [a link](https://…).",
    "body": "Shown where there is no page to read on. Markdown.",
    "url": "Where readers can read on.",
    "deadline": "Such as 2026-12-31 for the end of that day, or 2026-12-31T18:00.",
    "start": "Such as 2026-12-07, or 2026-12-07T10:00.",
    "end": "Left empty for a single day.",
    "place": "City, country.",
    "topics": "One a line; a comma does not part them. Readers choose by them.",
    "regions": "One a line; a comma does not part them.",
    "countries": "Two-letter codes, such as AT, KE.",
    "authors": "One a line.",
    "embargo": "Not before this day.",
    "status": "A draft goes into no issue.",
    "language": "A code such as en, fr or ar. Left empty: the newsletter's own.",
    "eligibility": "Who may apply. Markdown.",
    "compute": "Instead of a number of your own.",
}


def overview(request: Request) -> Response:
    """Show every entry, the newest first."""
    desk = desk_of(request)
    space, content = desk.read()
    entries = sorted(content.entries, key=lambda entry: (str(entry.day or ""), entry.id), reverse=True)
    types = registry.load(space)
    problems = {finding.place.file: finding for finding in reversed(content.findings)}
    issue = request.query_params.get("issue", "")
    selection = desk.look(issue).selection if issue else None
    period = selection.period if selection else None
    today = dt.datetime.now(space.settings.zone).date()
    return pages.show(
        request,
        "entries",
        entries=entries,
        unreadable=[(item, problems.get(item.file)) for item in content.unreadable],
        strays=_strays(content),
        types=tuple(types.by_name),
        type=request.query_params.get("type", ""),
        issue=issue,
        period=period,
        # Of another day it would not be in the issue that somebody makes it for.
        day=min(max(today, period.start), period.last) if period else today,
        folder=space.relative(space.entries),
    )


def _strays(content: Content) -> list[Finding]:
    """Return what is wrong with files that no other page shows: those that hold neither an entry nor an issue."""
    shown = {item.file for item in content.unreadable} | {entry.origin.file for entry in content.entries}
    return [one for one in content.errors if one.place.file not in shown and not one.place.file.endswith("/issue.yaml")]


def start(request: Request, desk: Desk, form: Form) -> Response:
    """Make the file of a new entry."""
    with desk.lock:
        space = desk.workspace()
        path, written = writing.new_entry(space, form.line("type"), form.text("title"), form.day("date"))
        desk.history.write(path, written.encode(), f"“{form.line('title')}” is new", seen=None)
    desk.notice = "It is a draft. Fill it in, then set its status to ready."
    issue = form.line("issue")
    return RedirectResponse(places.of_entry(path.stem, issue), 303)


def show(request: Request) -> Response:
    """Show an entry as a form."""
    desk = desk_of(request)
    found = find(desk, request.path_params["entry"])
    return _page(request, desk, found, {}, (), status=200)


def fill(request: Request, desk: Desk, form: Form) -> Response:
    """Write what has changed in the form, unless the entry could not be used any more."""
    with desk.lock:
        found = find(desk, request.path_params["entry"], form.text("file"))
        model = model_of(found)
        written = found.read()
        now, typed, was = filling.values(plain(written), model), form.below("f."), form.below("was.")
        changes = {name: pasted(value) for name, value in typed.items() if not same(value, was.get(name, ""))}
        # A box that is not ticked is not sent.
        changes |= {name: "" for name in _ticks(model) if was.get(name) and name not in typed}
        changes |= _described_anew(changes, typed)
        named = {name.partition(".")[0] for name in changes}
        elsewhere = lost(changes, now, was)
        if elsewhere:
            return _page(request, desk, found, changes, (), status=409, elsewhere=elsewhere)
        after = filling.fill(written, model, changes, file=found.file) if changes else written
        problems = judging.judge_entry(found.workspace, found.path, plain(after))
        before = judging.judge_entry(found.workspace, found.path, plain(written))
        if judging.new_errors((one for one in before if one.field.partition(".")[0] not in named), problems):
            return _page(request, desk, found, changes, problems, status=422)
        sentence = f"“{typed.get('title') or found.id}” is changed"
        desk.notice = "Everything is saved already."
        if desk.history.write(found.path, after.encode(), sentence, seen=written.encode()):
            more = (*_with_commas(changes), *_with_points(model, changes), *_with_words(changes, typed))
            desk.notice = " ".join(("Saved.", *more))
    issue = request.query_params.get("issue", "")
    return RedirectResponse(places.of_entry(found.id, issue), 303)


def _ticks(model: type[Entry]) -> Iterator[str]:
    """Yield the names of a form's boxes."""
    for blank in filling.blanks(model):
        if blank.kind is filling.FieldKind.FLAG:
            yield blank.name
        elif blank.kind is filling.FieldKind.PICTURE:
            yield f"{blank.name}.{filling.DECORATION}"


def _described_anew(changes: Mapping[str, str], typed: Mapping[str, str]) -> dict[str, str]:
    """Return what pictures show that were made decoration or are none any more, so that no colleague's words go."""
    ticks = [name for name in changes if name.endswith(f".{filling.DECORATION}")]
    alts = {tick: f"{tick.partition('.')[0]}.alt" for tick in ticks}
    return {alt: "" if changes[tick] else typed.get(alt, "") for tick, alt in alts.items() if alt not in changes}


def delete(request: Request, desk: Desk, form: Form) -> Response:
    """Delete the file of a draft; what issues may show is made a draft first, so that nobody misses it unawares."""
    with desk.lock:
        found = find(desk, request.path_params["entry"], form.text("file"))
        if form.text("seen") != found.digest():
            raise Refused(
                f"“{found.title}” is not deleted",
                why="somebody else has changed it meanwhile",
                fix="look at it again, then delete it if nobody needs it",
            )
        if not _can_go(found):
            raise Refused(
                f"“{found.title}” is not deleted",
                why="only a draft that has a file of its own can be, because no issue shows it",
                fix="set its status to draft first",
            )
        desk.history.delete(found.path, f"“{found.title}” is deleted")
    desk.notice = f"“{found.title}” is deleted; Undo brings it back."
    return RedirectResponse("/entries", 303)


def _can_go(found: Found) -> bool:
    return found.is_alone and (found.entry is None or found.entry.status == Status.DRAFT)


def _with_commas(changes: Mapping[str, str]) -> Iterator[str]:
    """Yield what to think of where a topic or a region may have been meant for two."""
    for name in ("topics", "regions"):
        said = next((line.strip() for line in changes.get(name, "").split("\n") if "," in line), "")
        if said:
            yield f"“{said}” is one {name[:-1]}; if you mean several, write each on a line of its own."


def _with_points(model: type[Entry], changes: Mapping[str, str]) -> Iterator[str]:
    """Yield what to think of where a point may have been meant to part thousands."""
    for name in (blank.name for blank in filling.blanks(model) if blank.kind is filling.FieldKind.NUMBER):
        said = changes.get(name, "").strip()
        if _GROUPED.fullmatch(said):
            yield f"{said} is read as {float(said):g}; if you mean {said.replace('.', '')}, write it without the point."


def _with_words(changes: Mapping[str, str], typed: Mapping[str, str]) -> Iterator[str]:
    """Yield what became of a picture that is ticked as decoration beside new words that say what it shows."""
    for name in typed:
        picture, _, part = name.partition(".")
        if part == filling.DECORATION and changes.get(f"{picture}.alt", "").strip():
            yield "The picture is no decoration, because words say what it shows; to make it one, take them out."


def translate(request: Request, desk: Desk, form: Form) -> Response:
    """Write what has changed of an entry's words in another language."""
    with desk.lock:
        done = entry_translations.save(request, desk, form)
        if isinstance(done, Response):
            return done
        found, attempt, status = done
        return _page(request, desk, found, {}, (), status=status, attempt=attempt)


def _page(
    request: Request,
    desk: Desk,
    found: Found,
    typed: dict[str, str],
    problems: tuple[Finding, ...],
    *,
    status: int,
    elsewhere: Sequence[str] = (),
    attempt: entry_translations.Attempt | None = None,
) -> Response:
    look, stage = None, {"state": None}
    issue = request.query_params.get("issue", "")
    values: dict[str, str] = {}
    blanks: tuple[filling.Blank, ...] = ()
    tongues: list[entry_translations.Tongue] = []
    own_tongue = ("", "auto")
    unfit = "" if found.is_alone else "Its file holds several entries, so it is changed as text."
    if issue:
        look = desk.look(issue)
        stage = composing.stage(look, mark=found.id)
    if found.is_alone:
        try:
            written = plain(found.read())
            values = filling.values(written)
            model = model_of(found)
            values, blanks = filling.values(written, model), filling.blanks(model)
            own_tongue = entry_translations.own_tongue(values, desk.workspace().settings.language)
            tongues = entry_translations.tongues(own_tongue[0], model, written, desk.read()[1], look, attempt)
        except NewsletterError as error:
            unfit = f"It cannot be shown as a form: {error}."
    # What the file says is not what stands in the fields then.
    own = problems or (() if elsewhere else _own(desk, found, look))
    at_fields, others = _by_field(own, found, {blank.name for blank in blanks} | {"body"})
    context: dict[str, Any] = {
        **stage,
        # A form that was not taken comes from an address of its own.
        "here": places.of_entry(found.id, issue),
        "found": found,
        "look": look,
        "mailing": newest_mailings(look.workspace).get(look.name) if look else None,
        "issue": issue,
        "blanks": blanks,
        "values": values,
        "typed": values | typed if typed else values,
        "labels": {blank.name: _label(blank.name) for blank in blanks},
        "hints": _HINTS,
        "body_label": _LABELS["body"],
        "tongues": tongues,
        "own_tongue": own_tongue,
        "prose": entry_translations.PROSE,
        "unfit": unfit,
        "problems": [(one, ways.to_translation(one, {tongue.tag for tongue in tongues})) for one in others],
        "by_field": at_fields,
        "refused": len(problems),
        "can_go": _can_go(found),
        "theirs": [(_label(name), values.get(name, "")) for name in elsewhere],
    }
    return pages.show(request, "entry", status=status, **context)


def _own(desk: Desk, found: Found, look: Look | None) -> tuple[Finding, ...]:
    """Return what is found in an entry, by its file alone or in the issue from which it is opened."""
    findings = [*desk.read()[1].findings, *(look.findings if look else ())]
    here = (one for one in findings if one.place.file == found.file and one.entry in {"", found.id})
    return tuple(dict.fromkeys(here))


def _by_field(
    findings: Sequence[Finding], found: Found, names: Collection[str]
) -> tuple[dict[str, list[Finding]], list[Finding]]:
    """Return the findings of each field that a form has, those of a part such as `image.alt` once more, and the others.

    What is about a whole picture, and no part of it, stands at `image.`, too.
    """
    at_fields, others = defaultdict[str, list[Finding]](list), list[Finding]()
    for finding in findings:
        path = ways.field_at(found.entry.origin, finding.place) if found.entry else ()
        name, part, *_ = *(finding.field.split(".") if finding.field else [str(step) for step in path]), "", ""
        if name in names:
            at_fields[name].append(finding)
            at_fields[f"{name}.{part}"].append(finding)
        else:
            others.append(finding)
    return dict(at_fields), others


def _label(name: str) -> str:
    bare = name.partition(".")[0]
    return _LABELS.get(bare, bare.replace("_", " ").capitalize())
