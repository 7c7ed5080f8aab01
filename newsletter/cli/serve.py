"""`serve` and `keys`: the public service for readers, and what its links are signed with."""

from __future__ import annotations

import datetime as dt
import signal
from typing import TYPE_CHECKING

import click

from newsletter.cli import here, output
from newsletter.cli.groups import Verbs
from newsletter.cli.parameters import Number

if TYPE_CHECKING:
    from newsletter.config import Workspace

_LOOPBACK = {"127.0.0.1", "::1", "localhost"}


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 for all.")
@click.option("--port", type=Number(0, 65535), default=8000, show_default=True, help="0 for any free one.")
@click.option("--snippet", is_flag=True, help="Only print the HTML by which your web site shows the form.")
@click.option("--list", "lists", multiple=True, metavar="LIST", help="With --snippet: only this list; may be repeated.")
def serve(host: str, port: int, snippet: bool, lists: tuple[str, ...]) -> None:
    """Serve readers and providers: forms, preferences, unsubscribing, issues, their archive and feed, and webhooks.

    Letters to readers go through the provider that the settings choose. Ctrl-C stops it; what has begun is finished.
    """
    if lists and not snippet:
        raise click.UsageError("--list goes with --snippet; which lists readers may join, the settings say")
    space = here.workspace()
    _check(space)
    if snippet:
        from newsletter.web.public.snippet import snippet as written

        click.echo(written(space.settings, tuple(map(space.settings.known_list, lists))), nl=False)
        return
    from newsletter import audience, lazy, rendering, sending, store, tracking
    from newsletter.sending import ledger
    from newsletter.web.public import application, hooks
    from newsletter.web.public.serving import listen
    from newsletter.web.public.serving import serve as run

    lazy.whole(audience, ledger, rendering, sending, store, tracking)
    provider = sending.provider(space)
    was_there = store.has_database(space)
    with store.open_database(space) as database, listen(host, port) as socket:
        app = application(space, database, provider, hooks=hooks.routes(space, database), local=host in _LOOPBACK)
        shown = f"[{host}]" if ":" in host else host
        output.say(
            f"readers are served at http://{shown}:{socket.getsockname()[1]}; their links begin with "
            f"{space.settings.public_url}"
        )
        if not was_there:
            output.say(here.NEW_DATABASE)
        if not any(item.public for item in space.settings.lists.values()):
            output.say("note: nobody can subscribe, because no list has `public = true` in the settings")
        for name in space.settings.readers.withdrawn:
            if not sending.mailings_of(database, name):
                output.say(f"note: `withdrawn` names the issue {name}, which was never sent; look how it is spelt")
        if not provider.capabilities.reaches_readers:
            output.say(f"note: letters to readers stay here, because the provider is {provider.name}")
        # Asked to stop, the server stops in peace and then asks whoever was asked before it.
        signal.signal(signal.SIGTERM, _stopped)
        run(app, socket, proxies=space.settings.readers.trusted_proxies)


@click.group(cls=Verbs)
def keys() -> None:
    """The keys that sign readers' links."""


@keys.command()
def rotate() -> None:
    """Sign readers' links with a new key from now on; links signed before stay good."""
    from newsletter import store

    with store.open_database(here.workspace()) as database:
        known = store.rotate_keys(database, now=dt.datetime.now(dt.UTC))
    output.say(f"new links are signed with key {known.newest.id}; all {len(known.all)} keys verify")


def _stopped(*_: object) -> None:
    raise SystemExit(0)


def _check(space: Workspace) -> None:
    from newsletter.errors import ConfigurationError

    if not space.settings.public_url:
        raise ConfigurationError(
            "nobody could find the service",
            why="readers' links need the address under which they reach it",
            fix='set public_url = "https://…" in the settings; to try it out, "http://127.0.0.1:8000"',
        )
