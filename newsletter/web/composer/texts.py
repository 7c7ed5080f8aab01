"""A file as text: the way to what no form has, and to a file that is broken."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
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


@dataclass(frozen=True, slots=True)
class _File:
    """The file of an issue or an entry."""

    path: Path
    name: str
    written: str
    judge: Callable[[str], tuple[Finding, ...]]
    """Tells what would be wrong with it if it said something."""
    back: str
    """The address that its page leads to."""


def issue(request: Request) -> Response:
    """Show the file of an issue."""
    return _show(request, _issue_file(request, desk_of(request)))


def save_issue(request: Request, desk: Desk, form: Form) -> Response:
    """Write the file of an issue, unless it could not be used any more."""
    with desk.lock:
        return _save(request, desk, form, _issue_file(request, desk))


def entry(request: Request) -> Response:
    """Show the file of an entry."""
    return _show(request, _entry_file(request, find(desk_of(request), request.path_params["entry"])))


def save_entry(request: Request, desk: Desk, form: Form) -> Response:
    """Write the file of an entry, unless it could not be used any more."""
    with desk.lock:
        found = find(desk, request.path_params["entry"], form.text("file"))
        return _save(request, desk, form, _entry_file(request, found))


def _issue_file(request: Request, desk: Desk) -> _File:
    look = desk.look(request.path_params["issue"])
    path, written, name = plan_of(look)
    judge = partial(judging.judge_issue, look.workspace, look.name)
    return _File(path, name, written, judge, f"/issues/{places.part(look.name)}")


def _entry_file(request: Request, found: Found) -> _File:
    back = places.of_entry(found.id, request.query_params.get("issue", ""))
    judge = partial(judging.judge_entry, found.workspace, found.path)
    return _File(found.path, found.file, found.read(), judge, back)


def _save(request: Request, desk: Desk, form: Form, file: _File) -> Response:
    typed, now = form.text("text"), plain(file.written)
    found = file.judge(plain(typed))
    if now not in {form.text("was"), typed}:
        return _page(request, file, typed, now, found, status=409, changed=True)
    if any(finding.severity is Severity.ERROR for finding in found):
        return _page(request, file, typed, form.text("was"), found, status=422)
    if desk.history.write(
        file.path, alike(file.written, typed).encode(), f"{file.name} is changed", seen=file.written.encode()
    ):
        desk.notice = "Saved."
    return RedirectResponse(file.back, 303)


def _show(request: Request, file: _File) -> Response:
    now = plain(file.written)
    return _page(request, file, now, now, file.judge(now), status=200)


def _page(
    request: Request,
    file: _File,
    typed: str,
    was: str,
    found: tuple[Finding, ...],
    *,
    status: int,
    changed: bool = False,
) -> Response:
    return pages.show(
        request,
        "text",
        status=status,
        file=file.name,
        typed=typed,
        was=was,
        findings=sorted(found, key=lambda finding: finding.sort_key),
        after=file.back,
        changed=changed,
    )
