"""`preview` without --ci: a page in the browser that follows what is saved."""

from __future__ import annotations

import asyncio
import logging
import secrets
import socket
import sys
import webbrowser
from collections.abc import AsyncIterator, Callable, Collection, Coroutine
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter import config, extras, pipeline
from newsletter.cli import output
from newsletter.cli.comparing import look
from newsletter.config import Workspace
from newsletter.errors import ConfigurationError
from newsletter.files import Stamp, stamp, stamps
from newsletter.preview import Preview

if TYPE_CHECKING:
    from types import FrameType

    from starlette.types import ASGIApp

HOST = "127.0.0.1"
_LOOK = 0.3
PATIENCE = 3
"""Seconds that a save or a page may take that is under way when somebody presses Ctrl-C."""


def serve(space: Workspace, issue: str, *, port: int, open_browser: bool) -> int:
    """Show an issue until Ctrl-C; raise NotFound for one that is in no file."""
    try:
        from newsletter.preview.live import Studio, application
    except ImportError:
        raise ConfigurationError(
            "the live preview needs packages that are not installed",
            why="it is a small web server for your browser",
            fix=f"install them with: {extras.command('preview')}; "
            f"or make a report with: newsletter preview {issue} --ci",
        ) from None
    begin = Preview(space.settings.title, issue, space.settings.brand.color, None, ())
    find(space, issue)
    studio = Studio(_glance(space, issue), _look(space, issue), begin)
    with listening(port) as listener:
        key = secrets.token_urlsafe(24)
        address = f"http://{HOST}:{listener.getsockname()[1]}/?key={key}"
        click.echo(address)
        output.say(f"showing {issue}; it follows every save below {space.root}; Ctrl-C ends it")
        if open_browser:
            webbrowser.open(address)
        run(application(studio, _watch(space), key), listener, studio.end)
    return 0


def find(space: Workspace, issue: str) -> None:
    """Raise NotFound for an issue that is in no file; one whose file is broken is shown, and can be mended."""
    read = pipeline.read(space)
    if issue not in read.issues and not (space.issues / issue / "issue.yaml").exists():
        # Says which issues there are.
        pipeline.choose(space, issue, read)


def run(application: ASGIApp, listener: socket.socket, end: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Serve this machine until Ctrl-C; `end` then lets those pages go that wait for news."""
    import uvicorn

    class Server(uvicorn.Server):
        def handle_exit(self, sig: int, frame: FrameType | None) -> None:
            # What takes longer than it waits, or what a second Ctrl-C ends at once, uvicorn tells as a failure, with a
            # traceback.
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)
            # Signals come while the loop runs, in its own thread.
            loop = asyncio.get_running_loop()
            loop.call_soon_threadsafe(lambda: waiting.append(loop.create_task(end())))
            super().handle_exit(sig, frame)

    waiting: list[asyncio.Task[None]] = []
    settings = uvicorn.Config(
        application, log_level="warning", timeout_graceful_shutdown=PATIENCE, lifespan="on", access_log=False
    )

    Server(settings).run(sockets=[listener])


def listening(port: int) -> socket.socket:
    """Return a socket that listens on this machine alone; raise ConfigurationError where that port cannot be had."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    if sys.platform == "win32":
        # There another program could take a share of what comes in.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_EXCLUSIVEADDRUSE, 1)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
        # Who comes before the first page is ready waits for it.
        listener.listen()
    except OSError as error:
        listener.close()
        raise ConfigurationError(
            f"port {port} cannot be used: {(error.strerror or str(error)).lower()}",
            why="another program may have it, or it needs more rights",
            fix="leave out --port for a free one",
        ) from None
    return listener


def _glance(space: Workspace, issue: str) -> Callable[[], Preview]:
    def glance() -> Preview:
        fresh = config.load(space.root)
        state = pipeline.glance(fresh, issue)
        return Preview(fresh.settings.title, issue, fresh.settings.brand.color, state, ())

    return glance


def _look(space: Workspace, issue: str) -> Callable[[], Preview]:
    def whole() -> Preview:
        fresh = config.load(space.root)
        shown, _ = look(fresh, pipeline.read(fresh), issue, None)
        if shown.failure:
            raise shown.failure
        return shown

    return whole


def _watch(space: Workspace) -> Callable[[], AsyncIterator[object]]:
    """Return what yields after each change to settings, entries, issues, pictures or templates."""
    from newsletter.rendering.shipping import shipped

    places = {space.issues, space.entries, space.templates, shipped(), space.file}

    async def changes() -> AsyncIterator[object]:
        try:
            from watchfiles import awatch
        except ImportError:
            # It comes with newsletter[preview]; without it saves are looked for.
            async for change in _looked_for(places):
                yield change
            return
        stop, known, saved = asyncio.Event(), None, stamp(space.file)
        while True:
            present = sorted(str(path) for path in places if path.exists())
            if known is not None and present == known:
                await asyncio.sleep(0.2)
            known = present
            # A save is one change after 5 ms of quiet; folders that come or go are looked for each second.
            async for change in awatch(
                *present, debounce=50, step=5, rust_timeout=1000, yield_on_timeout=True, stop_event=stop
            ):
                now = stamp(space.file)
                if change or now != saved:
                    yield change
                if now != saved:
                    # An editor that saves by putting a new file in its place leaves the watch with the old one.
                    known, saved = None, now
                    break
                if sorted(str(path) for path in places if path.exists()) != present:
                    break

    return changes


async def _looked_for(places: Collection[Path]) -> AsyncIterator[object]:
    """Yield after each change below files and folders, by looking at them again and again."""

    def look() -> frozenset[Stamp]:
        below = (one for place in places if place.is_dir() for one in stamps(str(place)))
        return frozenset((*below, *(stamp(place) for place in places if place.is_file())))

    known = await asyncio.to_thread(look)
    while True:
        await asyncio.sleep(_LOOK)
        with suppress(OSError):
            now = await asyncio.to_thread(look)
            if now != known:
                known = now
                yield now
