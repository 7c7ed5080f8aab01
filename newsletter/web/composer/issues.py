"""The first page: which issues there are, how far each is, and the next one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import approval, pipeline, sending, store
from newsletter.config import Workspace
from newsletter.content import planning
from newsletter.errors import ConfigurationError, NewsletterError, StorageError
from newsletter.model.approval import State
from newsletter.model.content import Content
from newsletter.model.issue import name_order
from newsletter.model.mailing import Mailing
from newsletter.model.selection import Selection
from newsletter.model.wording import span
from newsletter.web.composer import pages
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.forms import Form, desk_of
from newsletter.web.composer.places import part


@dataclass(frozen=True, slots=True)
class Row:
    """An issue in the list."""

    name: str
    title: str
    period: str
    entries: int
    lists: str
    state: str
    kind: str
    """`good`, `warn`, `bad` or nothing: how its state is coloured."""


def overview(request: Request) -> Response:
    """Show the issues, the newest first."""
    desk = desk_of(request)
    space, content = desk.read()
    today = dt.datetime.now(space.settings.zone).date()
    names = sorted(content.issues, key=name_order, reverse=True)
    mailings = newest_mailings(space)
    chosen = pipeline.choose_usable(space, content.issues, content)
    broken = sorted(
        {path.parent.name for path in space.issues.glob("*/issue.yaml")} - set(content.issues),
        key=name_order,
        reverse=True,
    )
    return pages.show(
        request,
        "issues",
        rows=[_row(desk, space, content, name, chosen[name], mailings.get(name)) for name in names],
        broken=broken,
        gone=sorted(name for name, one in mailings.items() if not one.finished and name not in {*names, *broken}),
        mailings=mailings,
        following=planning.next_name([*names, *broken], today, content.issues),
        waiting=sum(1 for entry in content.entries if entry.status == "draft"),
        entries=len(content.entries),
        problems=len(content.errors),
        folder=space.relative(space.entries),
    )


def start(_: Request, desk: Desk, form: Form) -> Response:
    """Make the next issue from the last one."""
    name = form.line("name")
    with desk.lock:
        space, content = desk.read()
        path, text = planning.next_issue(space, name, content.issues)
        is_first = not any(name_order(other) < name_order(name) for other in content.issues)
        desk.history.write(path, text.encode(), f"issue {name} is new", seen=None)
    desk.notice = f"Issue {name} is there, with the {'usual sections' if is_first else 'sections of the last one'}."
    return RedirectResponse(f"/issues/{part(name)}", 303)


def newest_mailings(space: Workspace) -> Mapping[str, Mailing]:
    """Return the newest mailing of each issue, or nothing where there is no database yet or it cannot be read."""
    if not store.has_database(space):
        return {}
    found: dict[str, Mailing] = {}
    with suppress(ConfigurationError, StorageError), store.open_database(space) as database:
        for mailing in sending.all_mailings(database):
            known = found.get(mailing.issue)
            if known is None or (mailing.finished, -mailing.id) < (known.finished, -known.id):
                found[mailing.issue] = mailing
    return found


def colored(mailing: Mailing) -> str:
    """Return how a mailing's state is coloured: `good`, `warn`, or nothing while it is on its way."""
    return {"sent": "good", "scheduled": "", "sending": ""}.get(str(mailing.state), "warn")


def _row(
    desk: Desk,
    space: Workspace,
    content: Content,
    name: str,
    selection: Selection | NewsletterError,
    mailing: Mailing | None,
) -> Row:
    issue = content.issues[name]
    lists = ", ".join(map(space.settings.list_title, issue.lists))
    if isinstance(selection, NewsletterError):
        return Row(name, issue.title, "", 0, lists, selection.message, "bad")
    period = span(selection.period.start, selection.period.last)
    state, kind = _state(desk, space, name, mailing)
    return Row(name, issue.title, period, len(selection.entries), lists or "no list yet", state, kind)


def _state(desk: Desk, space: Workspace, name: str, mailing: Mailing | None) -> tuple[str, str]:
    if mailing:
        return str(mailing.state).capitalize(), colored(mailing)
    try:
        given = approval.read(space, name)
    except NewsletterError:
        return "The approval cannot be read", "bad"
    if given is None:
        return "Draft", ""
    built, by = desk.look(name).build, given.by.name or str(given.by)
    if built is None:
        return "Cannot be built", "bad"
    match pipeline.standing(space, built).state:
        case State.APPROVED:
            return f"Approved by {by}", "good"
        case State.BY_AUTHOR:
            return f"Approved by {by}, who may have written it", "warn"
        case _:
            return f"Changed since {by} approved it", "warn"
