"""The composer over a copy of this repository's newsletter, and what tests do in it again and again."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests import forking
from tests.waiting import until

ROOT = Path(__file__).parents[2]
PLAN = Path("issues/2024-07/issue.yaml")
START_UPS = "2024-07-23-emlink-start-ups"
FORUM = "2024-07-19-mediterranean-forum"
YOUTH = "2024-07-15-diaspora-youth"


@contextmanager
def composed(folder: Path) -> Iterator[str]:
    """Run the composer on a copy of this repository's newsletter, at the address that is given."""
    shutil.copytree(ROOT / "issues", folder / "issues")
    shutil.copy(ROOT / "pyproject.toml", folder)
    with forking.command("-C", str(folder), "compose", "--no-open") as server:
        yield server.output.readline().strip()
        server.interrupt()
        assert server.ended() == 130
        assert "Traceback" not in server.errors.read()


def opened(browser: Any, address: str, path: str = "/", **options: Any) -> Any:
    """Return a page of the composer; whatever goes wrong in its scripts fails the test."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB"} | options)
    page = context.new_page()
    page.on("pageerror", lambda error: pytest.fail(f"the page's script failed: {error}"))
    page.goto(address)
    page.goto(address.partition("/?")[0] + path)
    return page


def hurry(page: Any, holds: Callable[[], object]) -> None:
    """Put a page's clock forward until something is so; what it waits for need not last as long here."""
    until(lambda: page.clock.fast_forward(3000) or holds())


def run(folder: Path, *arguments: str) -> None:
    """Run the command line beside the composer."""
    forking.run("-C", str(folder), *arguments)


def send(folder: Path, *options: str) -> None:
    """Import readers, and send them the issue as files."""
    run(folder, "subscribers", "import", str(folder / "issues/subscribers.csv"), "--list", "monthly")
    run(folder, "send", "2024-07", "--provider", "outbox", "--yes", "--expect", "12", *options)


def shows(page: Any, words: str) -> None:
    """Wait until the email shows some words."""
    page.frame_locator("#live").get_by_text(words).first.wait_for()


def in_news(page: Any) -> list[str]:
    """Return the ids of the news, as the page shows them."""
    return list(page.locator("#part-3 .row").evaluate_all("rows => rows.map(row => row.id.slice(3))"))
