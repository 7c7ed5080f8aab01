"""`newsletter serve` as a process of its own, in a workspace of files."""

from __future__ import annotations

import contextlib
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import httpx

from newsletter.cli import main
from tests import forking
from tests.waiting import until
from tests.web.readers import parsed

SETTINGS = """
title = "ICMPD Newsletter"
from = "ICMPD <news@example.org>"
zone = "Europe/Vienna"
site = "https://www.example.org"
public_url = "{url}"
postal_address = "Rothschildplatz 4, 1020 Vienna, Austria"

[brand]
color = "#004b87"

[readers]
languages = ["en", "de", "fr", "ar"]
topics = ["Diaspora", "Labour migration"]
embed = ["https://www.example.org"]

[lists.monthly]
title = "Monthly newsletter"
description = "News, studies, calls and events, once a month"
public = true

[lists.events]
title = "Events"
public = true
"""


@dataclass
class Served:
    """A running service."""

    root: Path
    url: str
    port: int
    process: forking.Forked
    log: Path

    def letters(self, kind: str, number: int = 1) -> list[EmailMessage]:
        """Wait for letters of a kind and return them, the oldest first."""
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            found = sorted(
                (self.root / ".newsletter" / "outbox" / f"letter-{kind}").glob("*.eml"),
                key=lambda path: path.stat().st_mtime_ns,
            )
            if len(found) >= number:
                return [parsed(path.read_bytes()) for path in found]
            time.sleep(0.05)
        raise AssertionError(f"no {number} letters of the kind {kind}: {self.log.read_text()}")

    def run(self, *arguments: str) -> str:
        """Run a command in the workspace, which succeeds, and return what it prints."""
        return forking.run("-C", str(self.root), *arguments)


def command(root: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a workspace."""
    with forking.command("-C", str(root), *arguments) as running:
        output, told = running.output.read(), running.errors.read()
        return subprocess.CompletedProcess(arguments, running.ended(60), output, told)


def connection(service: Served) -> socket.socket:
    """Return a connection on which bytes are sent by hand."""
    return socket.create_connection(("127.0.0.1", service.port), timeout=30)


def answer(wire: socket.socket) -> bytes:
    """Return everything until the other side closes."""
    content = b""
    while piece := wire.recv(65536):
        content += piece
    return content


@contextlib.contextmanager
def served(root: Path, settings: str = SETTINGS) -> Iterator[Served]:
    """Serve a new workspace until the block ends."""
    port = prepare(root, settings)
    url, log = f"http://127.0.0.1:{port}", root / "serve.log"
    with forking.forked(_serve, str(root), str(port), str(log)) as process:
        until(lambda: answers(port) or not process.process.is_alive())
        assert process.process.is_alive(), f"the service did not start: {log.read_text()}"
        yield Served(root, url, port, process, log)
        process.process.terminate()
        process.ended(20)


def prepare(root: Path, settings: str = SETTINGS) -> int:
    """Make a workspace that is to be served, and return the port for it."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    root.mkdir(parents=True, exist_ok=True)
    text = settings.replace("{url}", f"http://127.0.0.1:{port}")
    (root / "newsletter.toml").write_text(text, encoding="utf-8")
    return port


def answers(port: int) -> bool:
    """Whether a service is there."""
    with contextlib.suppress(httpx.HTTPError):
        return httpx.get(f"http://127.0.0.1:{port}/health").status_code == 200
    return False


def _serve(root: str, port: str, log: str) -> None:
    with Path(log).open("w") as stream:
        os.dup2(stream.fileno(), 2)
    sys.argv = ["newsletter", "-C", root, "serve", "--port", port]
    main()
