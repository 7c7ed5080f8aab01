"""The page of one issue: its panels and what readers will see; its words and what is found are changed on it."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from newsletter.checks import mending
from newsletter.errors import ContentError, NotFound
from newsletter.model import wording
from newsletter.model.edition import CLIP_BYTES, NEAR_CLIP_BYTES
from newsletter.model.finding import summary
from newsletter.preview.modes import DESKTOP, MODES, live_document
from newsletter.preview.page import FRAME_POLICY, NOTHING
from newsletter.preview.states import block_of
from newsletter.web.composer import choosing, pages, places, reporting, reviewing, sending, ways, words
from newsletter.web.composer.alike import Row, together
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.forms import Form, back, desk_of
from newsletter.web.composer.issues import colored, newest_mailings
from newsletter.web.composer.muting import forms
from newsletter.web.composer.plans import Rejected, plan_of

PANELS = ("entries", "words", "checks", "review", "send", "report")


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
        context |= choosing.context(look, look.selection, request.query_params.get("find", "").strip())
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
        "findings": together(
            Row(
                finding,
                block_of(finding, look.selection) if look.selection else "",
                ways.edit_link(look, finding),
                form,
            )
            for finding, form in zip(look.findings, forms(look), strict=True)
        ),
        "verdict": summary(look.findings),
        "mendable": len({finding.edit for finding in look.findings if finding.edit}),
        "mark": mark,
    }


def email(request: Request) -> Response:
    """Return the email as HTML for a frame, in one edition and mode."""
    look = _look(request)
    state = look.state
    if state is None:
        return HTMLResponse(NOTHING, headers={"Content-Security-Policy": FRAME_POLICY})
    asked = request.query_params
    shown = next((page for page in state.pages if page.name == asked.get("edition")), state.pages[0])
    mode = next((mode for mode in MODES if mode.key == asked.get("mode")), DESKTOP)
    html = live_document(shown, mode, sender=state.sender)
    return HTMLResponse(html, headers={"Content-Security-Policy": FRAME_POLICY})


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


def reword(request: Request, desk: Desk, form: Form) -> Response:
    """Give one of the issue's words another value, or show why it cannot be."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        path, plan, _ = plan_of(look)
        made = words.changed(look, form)
        if isinstance(made, Rejected):
            here = f"/issues/{places.part(look.name)}?panel=words"
            if made.theirs is not None:
                return page(request, look, "words", status=409, rejected=made, here=here)
            return page(request, look, "words", status=422, rejected=made, here=here, **words.days_typed(form))
        desk.notice = "Everything is saved already."
        if desk.history.write(path, made.encode(), f"{words.name_of(form)} is changed", seen=plan.encode()):
            desk.notice = "Saved."
        desk.look(look.name)
    return back(form)


def mend(request: Request, desk: Desk, form: Form) -> Response:
    """Make the changes that findings offer, as `lint --fix` does."""
    made = 0
    with desk.lock, desk.history.together("what is safe to mend is mended"):
        for _ in range(mending.ROUNDS):
            number = _mend(desk, desk.look(request.path_params["issue"]))
            made += number
            if not number:
                break
    desk.notice = f"{wording.counted(made, 'change')} made." if made else "There was nothing to mend any more."
    return back(form)


def _mend(desk: Desk, look: Look) -> int:
    """Make the changes that findings offer now; return how many."""
    made = 0
    for file, changes in mending.edits(look.findings).items():
        path = look.workspace.root / file
        written = path.read_bytes()
        mended, number = mending.mend(written.decode("utf-8"), changes)
        if number:
            desk.history.write(path, mended.encode(), f"{file} is mended", seen=written)
        made += number
    return made


def undo(_: Request, desk: Desk, form: Form) -> Response:
    """Take the last change back."""
    with desk.lock:
        change = desk.history.undo()
    desk.notice = f"Taken back: {change.sentence}."
    # A page may be gone with the file that it was about.
    return RedirectResponse("/", 303) if change.is_new else back(form)
