"""The composer and the live preview, as the terminal sees them."""

from __future__ import annotations

import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from newsletter.cli import live, main
from newsletter.web.composer import issues
from tests import forking


@pytest.mark.parametrize("verb", ["compose", "preview"])
def test_who_presses_twice_sees_no_traceback(space: Path, issue: str, verb: str) -> None:
    """The first Ctrl-C waits for pages up to three seconds, and people are impatient."""
    with forking.command("-C", str(space), verb, issue, "--no-open") as running:
        assert httpx.get(running.output.readline().strip()).status_code == 303
        running.interrupt()
        running.interrupt()
        assert running.ended() == 130
        assert running.errors.read().splitlines()[1:] == ["", "interrupted"]


def slowly(folder: str) -> None:
    """Run a composer whose list of issues takes its time."""

    def overview(_: object) -> None:
        time.sleep(live.PATIENCE + 3)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(issues, "overview", overview)
        patched.setattr(sys, "argv", ["newsletter", "-C", folder, "compose", "--no-open"])
        main()


def ask(client: httpx.Client, address: str) -> None:
    """Ask for a page that may never come."""
    with suppress(httpx.HTTPError):
        client.get(address)


def test_a_page_that_takes_too_long_is_no_failure(space: Path) -> None:
    """Whoever ends the composer waits for no page any more, and is told nothing of it."""
    with forking.forked(slowly, str(space)) as running:
        address = running.output.readline().strip()
        with httpx.Client(timeout=20) as client:
            client.get(address)
            asking = threading.Thread(target=ask, args=(client, address.partition("?")[0]))
            asking.start()
            time.sleep(0.5)
            running.interrupt()
            assert running.ended(20) == 130
            asking.join()
        assert running.errors.read().splitlines()[1:] == ["", "interrupted"]
