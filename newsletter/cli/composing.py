"""`compose`: the team's studio in the browser."""

from __future__ import annotations

import secrets
import webbrowser
from urllib.parse import quote

import click

from newsletter.cli import here, output
from newsletter.cli.parameters import ISSUE, Number


@click.command()
@click.argument("issue", type=ISSUE, required=False)
@click.option("--port", type=Number(0, 65535), default=0, help="Otherwise any free one.")
@click.option("--no-open", is_flag=True, help="Do not open the browser.")
def compose(issue: str | None, port: int, no_open: bool) -> None:
    """Open the studio: choose entries, write the words, see what readers get, approve, send. Ctrl-C ends it.

    It answers this machine alone. What it has begun to send goes on without it.
    """
    from newsletter import approval, audience, checks, content, lazy, pipeline, rendering, sending, store, tracking
    from newsletter.cli.live import HOST, find, listening, run
    from newsletter.content import sources
    from newsletter.sending import ledger
    from newsletter.web.composer import Follower, application

    space = here.workspace()
    if issue:
        find(space, issue)
    lazy.whole(approval, audience, checks, content, ledger, pipeline, rendering, sending, sources, store, tracking)
    key = secrets.token_urlsafe(24)
    with listening(port) as listener:
        path = f"issues/{quote(issue)}" if issue else ""
        address = f"http://{HOST}:{listener.getsockname()[1]}/{path}?key={key}"
        click.echo(address)
        output.say(f"composing in {space.root}; every change is in the files at once; Ctrl-C ends it")
        if not no_open:
            webbrowser.open(address)
        follower = Follower()
        run(application(space, key, follower), listener, follower.end)
