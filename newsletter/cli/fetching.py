"""`fetch`: what web sites have published, as drafts."""

from __future__ import annotations

import datetime as dt
import re
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import DAY, ISSUE, refuse_turned_round
from newsletter.errors import ConfigurationError, NewsletterError, SourceError
from newsletter.files import replace_file

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.model.content import Content
    from newsletter.model.offer import Offer

_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_BARE_ADDRESS = re.compile(r"(?:[\w-]+\.)+[a-z]{2,}(?::[0-9]+)?(?:/\S*)?", re.IGNORECASE)


@click.command()
@click.argument("sources", nargs=-1, metavar="[SOURCE|ADDRESS]...")
@click.option("--type", "kind", help="What the entries of these pages are, such as event.")
@click.option("--issue", type=ISSUE, help="Only what belongs into the period of this issue.")
@click.option("--from", "first", type=DAY, help="Only from this day on; otherwise from where the newest issue begins.")
@click.option("--to", "last", type=DAY, help="Only up to this day, the day included.")
@click.option("--all", "everything", is_flag=True, help="Take everything without asking.")
@click.option("--plan", is_flag=True, help="Only show what there is.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def fetch(
    sources: tuple[str, ...],
    kind: str | None,
    issue: str | None,
    first: dt.date | None,
    last: dt.date | None,
    everything: bool,
    plan: bool,
    as_json: bool,
) -> int:
    """Make drafts of what your web site has published.

    SOURCE is a feed that the settings name; without any, all are read, and you are asked which of what is new shall be
    entries. The ADDRESS of a page makes an entry of that page.
    """
    space = here.workspace()
    addresses = [name for name in sources if _ADDRESS.match(name)]
    names = [name for name in sources if name not in addresses]
    for name in names:
        if name not in space.settings.sources and _BARE_ADDRESS.fullmatch(name):
            raise ConfigurationError(
                f"'{name}' is neither a source nor the whole address of a page",
                fix=f"write it as a browser copies it: newsletter fetch https://{name}",
            )
    if issue and (first or last):
        raise ConfigurationError("--issue says the days already", fix="leave out --from and --to, or --issue")
    refuse_turned_round(first, last)
    read = here.content(space)
    troubles: list[NewsletterError] = []
    offers: list[tuple[str, Offer]] = []
    if names or not addresses:
        offers, troubles = _offered(space, read, names, kind, _days(space, read, issue, first, last))
    pages, missing = _pages(space, read, addresses, kind)
    troubles += missing
    every = [*offers, *(("", page) for page in pages)]
    shown = every if plan else offers
    if shown and not as_json:
        _show(shown)
    asks = not as_json and sys.stdin.isatty()
    wanted = [] if plan else [*pages, *_wanted(offers, everything=everything, asks=asks)]
    written = _take(space, read, wanted, troubles)
    if as_json:
        output.data(_as_json(every, written, troubles))
    else:
        _tell(written)
        if not (written or offers or addresses or troubles):
            output.say("nothing is new")
        elif offers and not written and not plan and not asks:
            output.say("nothing was written; take everything with --all, or one page by its address")
    for trouble in troubles:
        output.show_error(trouble)
    return max((trouble.exit_code for trouble in troubles if isinstance(trouble, SourceError)), default=0)


def _days(
    space: Workspace, read: Content, issue: str | None, first: dt.date | None, last: dt.date | None
) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and the last day of what is asked for."""
    from newsletter import pipeline

    if issue:
        period = pipeline.choose(space, issue, read).period
        return period.start, period.last
    newest = pipeline.newest(space, read) if first is None else None
    if newest:
        first = newest[1]
        output.say(f"looking from {first} on, where issue {newest[0]} begins; --from says another day")
    return first, last


def _offered(
    space: Workspace,
    read: Content,
    names: Sequence[str],
    kind: str | None,
    days: tuple[dt.date | None, dt.date | None],
) -> tuple[list[tuple[str, Offer]], list[NewsletterError]]:
    """Return what sources offer that is no entry yet, each with its source, and which cannot be read."""
    from newsletter.content import sources

    looked = sources.look(space, names)
    found = sources.offered(looked, *days)
    new = {offer.key for offer in sources.fresh([offer for _, offer in found], read, space)}
    named = [(name, replace(offer, type=kind) if kind else offer) for name, offer in found if offer.key in new]
    return named, [one.trouble for one in looked if one.trouble]


def _pages(
    space: Workspace, read: Content, addresses: Sequence[str], kind: str | None
) -> tuple[list[Offer], list[NewsletterError]]:
    from newsletter.content import sources

    found: list[Offer] = []
    troubles: list[NewsletterError] = []
    for address in addresses:
        try:
            offer = sources.page(space, address)
        except SourceError as error:
            troubles.append(error)
            continue
        found.append(replace(offer, type=kind) if kind else offer)
    new = sources.fresh(found, read, space)
    _say_taken(found, new)
    return new, troubles


def _say_taken(offers: Sequence[Offer], left: Sequence[Offer]) -> None:
    for offer in offers:
        if offer not in left:
            output.say(f"note: {offer.url} is an entry already")


def _show(offers: Sequence[tuple[str, Offer]]) -> None:
    output.table(
        ["", "date", "type", "title", "address"],
        [
            (number, offer.day or "–", offer.type, offer.title, offer.url)
            for number, (_, offer) in enumerate(offers, start=1)
        ],
    )


def _wanted(offers: Sequence[tuple[str, Offer]], *, everything: bool, asks: bool) -> list[Offer]:
    if everything:
        return [offer for _, offer in offers]
    return _asked(offers) if offers and asks else []


def _asked(offers: Sequence[tuple[str, Offer]]) -> list[Offer]:
    """Ask until the answer can be understood."""
    while True:
        typed = click.prompt(
            "Which shall be entries? Their numbers, such as 1 3-5; all; or nothing",
            default="",
            show_default=False,
            err=True,
        )
        numbers = chosen(typed, len(offers))
        if numbers is not None:
            return [offers[number - 1][1] for number in numbers]
        output.say(f"Write numbers from 1 to {len(offers)} with spaces between them, or all; nothing takes none.")


def chosen(typed: str, count: int) -> list[int] | None:
    """Return the numbers that an answer such as `1 3-5` names, in its order; nothing where it makes no sense."""
    words = typed.replace(",", " ").split()
    if words in (["all"], ["none"]):
        return list(range(1, count + 1)) if words == ["all"] else []
    numbers: list[int] = []
    for word in words:
        found = re.fullmatch(r"(\d{1,6})(?:[-–](\d{1,6}))?", word, re.ASCII)
        start, end = (int(found[1]), int(found[2] or found[1])) if found else (0, 0)
        if not 1 <= start <= end <= count:
            return None
        numbers += range(start, end + 1)
    return list(dict.fromkeys(numbers))


def _take(space: Workspace, read: Content, offers: Sequence[Offer], troubles: list[NewsletterError]) -> dict[str, str]:
    """Write the drafts; return their files by address."""
    from newsletter import pipeline
    from newsletter.content import sources

    # An unknown type is told before anything is written.
    sources.drafts(space, offers, {}, read)
    pictures, missing = sources.pictures(space, offers)
    troubles += (
        type(trouble)(f"no picture: {trouble.message}", why=trouble.why, fix=trouble.fix) for trouble in missing
    )
    written: dict[str, str] = {}
    # Somebody else may have taken a page while this one was asked.
    now = pipeline.read(space)
    left = sources.fresh(offers, now, space)
    _say_taken(offers, left)
    for draft in sources.drafts(space, left, pictures, now):
        replace_file(draft.path, draft.text.encode())
        written[draft.offer.url] = space.relative(draft.path)
    return written


def _tell(written: dict[str, str]) -> None:
    for file in written.values():
        click.echo(file)
    if written:
        what = "a draft" if len(written) == 1 else f"{len(written)} drafts"
        output.say(f"{what}: read what the web site says, fill in what is missing, then write `status: ready`")


def _as_json(
    offers: Sequence[tuple[str, Offer]], written: dict[str, str], troubles: Sequence[NewsletterError]
) -> dict[str, object]:
    return {
        "schema": 1,
        "offers": [
            {
                "source": source or None,
                "type": offer.type,
                "date": offer.day.isoformat() if offer.day else None,
                "title": offer.title,
                "url": offer.url,
                "file": written.get(offer.url),
            }
            for source, offer in offers
        ],
        "troubles": [{"message": one.message, "why": one.why, "fix": one.fix} for one in troubles],
    }
