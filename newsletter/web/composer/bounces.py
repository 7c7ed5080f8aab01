"""Mails that came back: read at a press, as `bounces read` does, with what was found the last time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from newsletter import store
from newsletter.config import Workspace
from newsletter.model.inbox_address import read_inbox_address
from newsletter.model.wording import clock, count
from newsletter.tracking.bounces.collecting import Last, last_reading, named_inbox, read_bounces
from newsletter.tracking.bounces.inbox import Reading
from newsletter.web.composer import pages
from newsletter.web.composer.desk import Desk
from newsletter.web.composer.errands import Errand, Progress, told_once
from newsletter.web.composer.forms import Form, desk_of, trouble_of

PAGE = "/readers/bounces"


def show(request: Request) -> Response:
    """Show what was found when the mailbox was read last, or how far that is."""
    desk = desk_of(request)
    space, errand = desk.workspace(), desk.bounces
    named = space.settings.tracking.inbox
    busy = errand is not None and not errand.is_over
    with told_once(lambda: setattr(desk, "bounces", None)):
        trouble = None if busy else trouble_of(errand)
    return pages.show(
        request,
        "readers-bounces",
        named=named,
        place=_place(space),
        section="[tracking.inbox]" if space.file.name == "newsletter.toml" else "[tool.newsletter.tracking.inbox]",
        file=space.file.name,
        errand=errand if busy else None,
        trouble_here=trouble,
        **_found(space, last_reading(space)),
    )


def read(request: Request, desk: Desk, form: Form) -> Response:
    """Read the mailbox that the settings name; whoever presses while it is read follows that."""
    space = desk.workspace()
    with desk.lock:
        if desk.bounces is None or desk.bounces.is_over:
            desk.bounces = Errand(lambda progress: _read(space, progress))
        errand = desk.bounces
    errand.wait()
    return RedirectResponse(PAGE, 303)


def last_read(space: Workspace) -> str:
    """Return when the mailbox was read last; empty where it never was, on this computer."""
    last = last_reading(space)
    return clock(last.at.astimezone(space.settings.zone)) if last else ""


def _read(space: Workspace, progress: Progress) -> Reading:
    with named_inbox(space) as inbox, store.open_database(space) as database:
        now = dt.datetime.now(dt.UTC)
        return read_bounces(space, database, inbox, now=now, progress=lambda mails: progress(mails, 0))


def _place(space: Workspace) -> str:
    """Return in words which mailbox is read."""
    named = space.settings.tracking.inbox
    if named is None:
        return ""
    if named.imap is None:
        return f"the folder {named.maildir}"
    address = read_inbox_address(named.imap)
    folder = "" if address.folder == "INBOX" else f", folder {address.folder}"
    return f"{address.user} at {address.host}{folder}"


def _found(space: Workspace, last: Last | None) -> dict[str, Any]:
    if last is None:
        return {"at": "", "mails": 0, "parts": ()}
    found = last.found
    others = found.understood - found.for_good - found.for_now - found.complaints
    row = count(space.settings.tracking.soft_bounces, "issue", "issues")
    parts = (
        ("Came back for good", found.for_good, "there is no such address; nobody writes to it any more", "rejected"),
        ("Came back for now", found.for_now, f"a full mailbox, say; after {row} in a row it is given up", "suppressed"),
        ("Complaints", found.complaints, "who called a message spam is not written to any more", "rejected"),
        ("Other news of messages", others, "that one arrived after all, or that somebody has left", ""),
        ("Not understood", found.left, "they stay unread in the mailbox: answers of people, say", "unknown"),
    )
    return {"at": last_read(space), "mails": found.mails, "parts": parts}
