"""The webhooks as a service of their own, in a process or in a thread."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount

from newsletter import config
from newsletter.config import Workspace
from newsletter.store import Database, open_database
from newsletter.web.public import hooks
from newsletter.web.public.serving import Protocol
from tests.waiting import until


def app(workspace: Workspace, database: Database, **options: Any) -> Starlette:
    """Return an application that has nothing but the webhooks."""
    return Starlette(routes=[Mount("/hooks", routes=hooks.routes(workspace, database, **options))])


def configured(application: Starlette, port: int = 0) -> uvicorn.Server:
    """Return a server for loopback."""
    options = uvicorn.Config(
        application,
        host="127.0.0.1",
        port=port,
        log_level="warning",
        access_log=False,
        lifespan="off",
        http=Protocol,
    )
    return uvicorn.Server(options)


@contextmanager
def serving(workspace: Workspace, database: Database, environment: Mapping[str, str], **options: Any) -> Iterator[str]:
    """Serve in a thread; give the address."""
    server = configured(app(workspace, database, environment=environment, **options))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        until(lambda: server.started)
        try:
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def main(folder: str, port: str) -> None:
    """Serve a workspace until somebody stops it."""
    space = config.load(Path(folder))
    with open_database(space) as database:
        configured(app(space, database), int(port)).run()
