"""Something wrong in what has left: what readers would see otherwise, a note for them, and showing it so."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from newsletter import approval, pipeline, sending, store
from newsletter.errors import ConfigurationError, NewsletterError, Refused
from newsletter.model import wording
from newsletter.model.approval import State
from newsletter.model.tongues import name_of
from newsletter.pipeline import Build
from newsletter.store import Database
from newsletter.web.composer import instead
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back
from newsletter.web.composer.plans import plan_of
from newsletter.web.composer.tongues import direction_of


def context(look: Look, database: Database, *, has_left: bool) -> dict[str, Any]:
    """Return what was corrected, and what would be now, once the issue has left for anybody."""
    zone = look.workspace.settings.zone
    corrected = sending.corrected(database, look.name)
    shown: dict[str, Any] = {
        "corrected": [(wording.clock(one.at.astimezone(zone)), one.by, one.told) for one in corrected],
        "correctable": has_left,
        "uncorrectable": "",
        "correction": None,
    }
    if not shown["correctable"]:
        return shown
    try:
        prepared = pipeline.prepare(look.workspace, database, look.name)
    except NewsletterError as error:
        return shown | {"uncorrectable": f"{instead.sentence(error.message)} {instead.sentence(error.fix)}"}
    others = [(tag, name_of(tag), direction_of(tag)) for tag in prepared.built.selection.issue.languages[1:]]
    return shown | {"correction": prepared if prepared.differing else None, "other_languages": others}


def correct(request: Request, desk: Desk, form: Form) -> Response:
    """Show the issue as it is on the page on which somebody has read what changes."""
    note, is_slip = form.line("note"), form.text("slip") == "yes"
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        if look.build is None or form.text("digest") != look.build.digest:
            raise Refused(
                "nothing is corrected",
                why="the issue has changed since the page was shown, so you have not seen what readers would see",
                fix="look at it again, then correct it",
            )
        with store.open_database(look.workspace) as database:
            prepared = pipeline.prepare(look.workspace, database, look.name)
            if not prepared.differing:
                raise Refused("nothing is corrected", why="readers see it already as it is on this page")
            if note:
                tags = prepared.built.selection.issue.languages[1:]
                others = {tag: said for tag in tags if (said := form.line(f"note.{tag}"))}
                _write(desk, look, note, others)
                prepared = pipeline.prepare(look.workspace, database, look.name)
            if not prepared.notes and not is_slip:
                raise ConfigurationError(
                    "nobody says what was wrong, so nothing is corrected",
                    why="readers who have read it before should learn what they can no longer see",
                    fix="say it in a sentence, or tick that it is a slip",
                )
            pipeline.refuse_hidden(prepared)
            _refuse_unready(look, prepared.built)
            pipeline.keep_hosted(prepared.built, look.workspace.state)
            pipeline.correct(database, prepared, by=approval.user(), now=dt.datetime.now(dt.UTC))
    desk.notice = "It is corrected: whoever opens it in the browser sees it so from now on."
    return back(form)


def _write(desk: Desk, look: Look, note: str, others: Mapping[str, str]) -> None:
    """Put the note into the issue's file, with its words in other languages."""
    path, plan, file = plan_of(look)
    today = dt.datetime.now(look.workspace.settings.zone).date()
    changed = pipeline.with_note(plan, note, today, others, file=file)
    desk.history.write(path, changed.encode(), "the note of a correction is written", seen=plan.encode())


def _refuse_unready(look: Look, built: Build) -> None:
    if built.errors:
        raise Refused(
            f"the checks find {wording.counted(len(built.errors), 'error')}, so nothing is corrected",
            fix="mend them, under Checks",
        )
    if look.workspace.settings.approval.required:
        standing = pipeline.standing(look.workspace, built)
        if standing.state is not State.APPROVED:
            raise Refused(
                "nothing is corrected without an approval",
                why="the note and what you have mended came after the one that was given"
                if standing.approval
                else "the settings want one for everything that readers see",
                fix="approve it under Review, then correct it here; the note is kept",
            )
