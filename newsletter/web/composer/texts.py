"""A file as text: the way to what no form has, and to a file that is broken."""

from __future__ import annotations

from pathlib import Path

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter.content import judging
from newsletter.content.line_ends import plain
from newsletter.model.finding import Finding, Severity
from newsletter.web.composer import pages, places
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.entry_files import Found, find
from newsletter.web.composer.forms import Form, desk_of
from newsletter.web.composer.plans import alike, plan_of


def issue(request: Request) -> Response:
    """Show the file of an issue."""
    look = desk_of(request).look(request.path_params["issue"])
    path, written, file = plan_of(look)
    found = judging.judge_issue(look.workspace, look.name, plain(written))
    return _page(request, file, plain(written), plain(written), found, f"/issues/{places.part(look.name)}", path)


def save_issue(request: Request, desk: Desk, form: Form) -> Response:
    """Write the file of an issue, unless it could not be used any more."""
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        path, written, file = plan_of(look)
        found = judging.judge_issue(look.workspace, look.name, plain(form.text("text")))
        return _saved(request, desk, form, path, written, file, found, f"/issues/{places.part(look.name)}")


def entry(request: Request) -> Response:
    """Show the file of an entry."""
    desk = desk_of(request)
    found = find(desk, request.path_params["entry"])
    written = found.read()
    problems = judging.judge_entry(found.workspace, found.path, plain(written))
    return _page(request, found.file, plain(written), plain(written), problems, _entry_page(request, found), found.path)


def save_entry(request: Request, desk: Desk, form: Form) -> Response:
    """Write the file of an entry, unless it could not be used any more."""
    with desk.lock:
        found = find(desk, request.path_params["entry"])
        written = found.read()
        problems = judging.judge_entry(found.workspace, found.path, plain(form.text("text")))
        return _saved(request, desk, form, found.path, written, found.file, problems, _entry_page(request, found))


def _entry_page(request: Request, found: Found) -> str:
    return places.of_entry(found.id, request.query_params.get("issue", ""))


def _saved(
    request: Request,
    desk: Desk,
    form: Form,
    path: Path,
    written: str,
    file: str,
    found: tuple[Finding, ...],
    after: str,
) -> Response:
    typed = form.text("text")
    if plain(written) != form.text("was") and plain(written) != typed:
        return _page(request, file, typed, plain(written), found, after, path, status=409, changed=True)
    if any(finding.severity is Severity.ERROR for finding in found):
        return _page(request, file, typed, form.text("was"), found, after, path, status=422)
    if desk.history.write(path, alike(written, typed).encode(), f"{file} is changed", seen=written.encode()):
        desk.notice = "Saved."
    return RedirectResponse(after, 303)


def _page(
    request: Request,
    file: str,
    typed: str,
    was: str,
    found: tuple[Finding, ...],
    after: str,
    path: Path,
    *,
    status: int = 200,
    changed: bool = False,
) -> Response:
    return pages.show(
        request,
        "text",
        status=status,
        file=file,
        typed=typed,
        was=was,
        findings=sorted(found, key=lambda finding: finding.sort_key),
        after=after,
        markdown=path.suffix.lower() == ".md",
        changed=changed,
    )
