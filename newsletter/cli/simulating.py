"""`simulate`: trying out how providers tell what became of an issue."""

from __future__ import annotations

import datetime as dt
import os
import sys
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import click

from newsletter.cli import here, output
from newsletter.cli.groups import Verbs
from newsletter.model.event import Bounce, EventKind

if TYPE_CHECKING:
    from newsletter.config import Workspace
    from newsletter.tracking.webhooks import Call

_KINDS = [kind.value for kind in EventKind if kind is not EventKind.OTHER]
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@click.group(cls=Verbs)
def simulate() -> None:
    """Try out what you have set up, with webhooks as a provider would post them."""


@simulate.command("event")
@click.argument("kind", type=click.Choice(_KINDS), metavar="KIND")
@click.option("--provider", "name", required=True, metavar="NAME", help="A provider in the settings.")
@click.option("--issue", metavar="ISSUE", help="Of which issue; needed with --to.")
@click.option("--to", "recipient", metavar="ADDRESS", help="Whose delivery of the issue.")
@click.option("--delivery", metavar="ID", help="A delivery id instead of an issue and an address.")
@click.option(
    "--bounce",
    type=click.Choice([bounce.value for bounce in Bounce]),
    default="hard",
    show_default=True,
    help="What kind of bounce, where it is one.",
)
@click.option("--link", metavar="URL", default="", help="With clicked: which link.")
@click.option("--url", metavar="URL", help="Where the service runs; otherwise at public_url.")
@click.option("--yes", is_flag=True, help="Do not ask, also where the service is not on this machine.")
def event(
    kind: str,
    name: str,
    issue: str | None,
    recipient: str | None,
    delivery: str | None,
    bounce: str,
    link: str,
    url: str | None,
    yes: bool,
) -> None:
    """Post a correctly signed webhook to a running service.

    KIND is accepted, deferred, delivered, bounced, complained, unsubscribed, opened or clicked. The service records
    it as if the provider had told it: a hard bounce or a complaint stops all mail to the address.
    """
    from newsletter.tracking import rehearsing
    from newsletter.tracking.webhooks.configuration import endpoint

    if link and kind != EventKind.CLICKED:
        raise click.UsageError("--link goes with clicked: it is the link that a reader followed")
    space = here.workspace()
    found = endpoint(space, name)
    base = (url or space.settings.public_url or "").rstrip("/")
    if not base:
        raise click.UsageError("say where the service runs: --url http://127.0.0.1:8000")
    token = delivery or _delivery(space, issue, recipient)
    private, _ = rehearsing.pair_files(space, name)
    call = rehearsing.rehearse(
        found,
        EventKind(kind),
        bounce=Bounce(bounce) if kind == EventKind.BOUNCED else None,
        delivery=token,
        recipient=recipient or "",
        # What is signed is the address that the provider would be given, whatever way the call takes here.
        url=(space.settings.public_url or base).rstrip("/") + rehearsing.hook_path(name),
        now=dt.datetime.now(dt.UTC),
        private=private.read_text(encoding="ascii") if private.is_file() else "",
        link=link,
    )
    _agree(base, kind, yes=yes)
    _post(base + rehearsing.hook_path(name), call, name)


def _delivery(space: Workspace, issue: str | None, recipient: str | None) -> str:
    from newsletter import store
    from newsletter.tracking import rehearsing

    if not issue or not recipient:
        raise click.UsageError("name a delivery: --issue ISSUE --to ADDRESS, or --delivery ID")
    with store.open_database(space) as database:
        return rehearsing.find_delivery(database, issue, recipient)


def _agree(base: str, kind: str, *, yes: bool) -> None:
    from newsletter.errors import Refused

    if yes or urlsplit(base).hostname in _LOOPBACK:
        return
    question = f"{base} will take this for the truth: the delivery {kind}. Go on?"
    if not sys.stdin.isatty() or not click.confirm(question, err=True):
        raise Refused(
            "nothing was posted",
            why=f"{base} is not on this machine, and would take a rehearsal for the truth",
            fix="rehearse with a service on this machine (--url http://127.0.0.1:8000), or add --yes",
        )


def _post(url: str, call: Call, name: str) -> None:
    import httpx

    from newsletter.errors import AuthenticationError, ConfigurationError, ProviderError

    try:
        answer = httpx.post(url, headers=dict(call.headers), content=call.body, timeout=30, follow_redirects=False)
    except httpx.HTTPError as error:
        # `[Errno 111] Connection refused`: the number says nothing to people, and is another on each system.
        why = str(error).rpartition("] ")[2].lower() or type(error).__name__
        raise ProviderError(f"no service answers at {url}", why=why, fix="start it: newsletter serve") from None
    if answer.is_success:
        output.say(f"posted to {url}: {_said(answer, 'status')}")
        return
    said = f"the service answered {answer.status_code}: {_said(answer, 'error')}"
    if answer.status_code == 401:
        raise AuthenticationError(
            said,
            why="its secret for this webhook is another one than here",
            fix="start it with the same variables and files as this command; its log says what was wrong",
        )
    if answer.status_code == 404:
        raise ConfigurationError(said, fix=f"name the webhook's secret in [providers.{name}], then restart the service")
    raise ProviderError(said, fix="see the log of the service")


def _said(answer: object, name: str) -> str:
    import httpx

    assert isinstance(answer, httpx.Response)  # noqa: S101
    try:
        content = answer.json()
    except ValueError:
        return answer.reason_phrase
    return str(content.get(name, answer.reason_phrase)) if isinstance(content, dict) else answer.reason_phrase


@simulate.command("key")
@click.option("--provider", "name", required=True, metavar="NAME", help="A provider in the settings.")
def key(name: str) -> None:
    """Make a pair of keys for rehearsals of a provider that signs with a private key: Amazon SES, SendGrid."""
    from newsletter.errors import ConfigurationError, NotFound, Refused
    from newsletter.files import replace_file
    from newsletter.tracking import rehearsing

    space = here.workspace()
    settings = space.settings.providers.get(name)
    if settings is None:
        raise NotFound(f"there is no provider '{name}' in the settings", fix=f"add [providers.{name}] to the settings")
    if settings.kind not in rehearsing.PAIRED:
        raise ConfigurationError(
            f"{settings.kind} needs no pair of keys",
            why="only Amazon SES and SendGrid sign what they tell with a private key",
            fix=f"what it tells is rehearsed without: newsletter simulate event delivered --provider {name}",
        )
    private, public = rehearsing.pair_files(space, name)
    if private.exists():
        raise Refused(f"{space.relative(private)} is there already", fix="delete it for a new pair")
    pair = rehearsing.make_pair(settings.kind)
    private.parent.mkdir(parents=True, exist_ok=True)
    # Whoever has it can tell the service anything.
    os.close(os.open(private, os.O_CREAT | os.O_EXCL, 0o600))
    private.write_text(pair.private, encoding="ascii")
    replace_file(public, pair.public.encode())
    click.echo(f'webhook_secret_file = "{space.relative(public)}"')
    output.say(f"add this line to [providers.{name}] while you rehearse, restart the service, and take it out again")
