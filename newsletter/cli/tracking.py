"""`report` and `bounces`: what became of an issue after it left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output, standing
from newsletter.cli.groups import Verbs
from newsletter.cli.parameters import ISSUE, Number
from newsletter.model import wording

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.tracking import Popular, Report
    from newsletter.tracking.bounces.inbox import Inbox, Reading

_PASSWORD = "NEWSLETTER_IMAP_PASSWORD"  # noqa: S105


@click.command()
@click.argument("issue", type=ISSUE, required=False)
@click.option("--last", type=Number(1), default=12, show_default=True, help="Without ISSUE: how many of the newest.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def report(issue: str | None, last: int, as_json: bool) -> None:
    """Show what became of ISSUE, as far as providers and mail servers have told.

    Without ISSUE the newest ones are shown side by side, and what readers read by type of entry.
    """
    from newsletter import sending, store, tracking

    space = here.workspace()
    if issue is None:
        from newsletter.cli import overview

        overview.show(space, last, as_json=as_json)
        return
    with store.open_database(space) as database:
        found = here.begun(space, database, issue)
        others = standing.others(database, found.mailing)
        mailings = [one.mailing.id for one in (found, *others)]
        known, calendars = tracking.report(database, *mailings), sending.calendars(database, *mailings)
    read = tracking.by_entry(known.links, here.shown(space, [issue])[issue], calendars)
    more = {
        "others": [standing.named(one.mailing, one.totals) for one in others],
        "tracking": known.as_json(),
        "read": [one.as_json() for one in read],
    }
    standing.show(found.mailing, found.totals, as_json=as_json, **more)
    if not as_json:
        for one in others:
            standing.show(one.mailing, one.totals, as_json=False)
        _show(space, sum(one.totals.accepted for one in (found, *others)), known, read)


def _show(space: Workspace, accepted: int, known: Report, read: Sequence[Popular]) -> None:
    click.echo()
    if not known.tells:
        output.say("nothing was told about it yet; set up a webhook (newsletter docs tracking), or read bounces")
        return
    rows = [
        (words, f"{number:,}", f"{number / accepted:.1%}" if accepted else "")
        for words, number in known.arrivals(accepted)
    ]
    output.table(["of the accepted", "deliveries", ""], rows)
    if known.reasons:
        click.echo()
        output.table(
            ["came back", "code", "deliveries", "what a server said"],
            [(reason.bounce, reason.code or "–", f"{reason.count:,}", reason.example) for reason in known.reasons],
        )
    click.echo()
    output.table(["readers", ""], known.reactions(space.settings.tracking))
    if read:
        click.echo()
        rows = [(one.title, one.type or "–", f"{one.clicks:,}") for one in read]
        if known.unlinked:
            rows.append(("readers' own links, and what was not told", "–", f"{known.unlinked:,}"))
        output.table(["read on", "type", "clicks"], rows)


@click.group(cls=Verbs)
def bounces() -> None:
    """Read mails that came back."""


@bounces.command("read")
@click.option("--maildir", type=click.Path(path_type=Path), help="A maildir into which bounces are delivered.")
@click.option("--imap", "address", metavar="ADDRESS", help="An IMAP folder: imaps://user@mail.example.org/INBOX.")
@click.option(
    "--password-env", default=_PASSWORD, show_default=True, metavar="VARIABLE", help="Holds the password for IMAP."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def read(maildir: Path | None, address: str | None, password_env: str, as_json: bool) -> None:
    """Record what unread mails tell of deliveries.

    Without a place, the mailbox is read that the settings name under [tracking.inbox].
    Mails that were understood are marked as read; the others stay as they are, for people.
    """
    from newsletter import store
    from newsletter.tracking.bounces.collecting import named_inbox, password_of, read_bounces
    from newsletter.tracking.bounces.inbox import Maildir, imap

    if maildir is not None and address is not None:
        raise click.UsageError("name one place to read from: --maildir DIR or --imap ADDRESS")
    space = here.workspace()
    if maildir is None and address is None and space.settings.tracking.inbox is None:
        raise click.UsageError(
            "name the place to read from: --maildir DIR or --imap ADDRESS, or [tracking.inbox] in the settings"
        )
    with store.open_database(space) as database:
        inbox: AbstractContextManager[Inbox]
        if maildir is not None:
            inbox = nullcontext(Maildir(maildir))
        elif address is not None:
            inbox = imap(address, password_of(password_env))
        else:
            inbox = named_inbox(space)
        with inbox as folder:
            done = read_bounces(space, database, folder, now=dt.datetime.now(dt.UTC))
    _tell(done, as_json=as_json)


def _tell(done: Reading, *, as_json: bool) -> None:
    kinds = {"for_good": done.for_good, "for_now": done.for_now, "complaints": done.complaints}
    if as_json:
        known = {"mails": done.mails, "understood": done.understood, "left": done.left, "new": done.events}
        output.data({"schema": 1, **known, **kinds})
        return
    mails = wording.count(done.mails, "unread mail", "unread mails")
    output.say(f"{mails}: {done.understood:,} told of deliveries, {done.events:,} of them news")
    if done.understood:
        complaints = wording.count(done.complaints, "complaint", "complaints")
        output.say(f"{done.for_good:,} came back for good, {done.for_now:,} for now, {complaints}")
    if done.left:
        left = wording.count(done.left, "was not understood and stays", "were not understood and stay")
        output.say(f"{left} unread; have a look")
