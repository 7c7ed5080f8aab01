"""The composer and the live preview, as the terminal sees them."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest

from tests import forking


@pytest.mark.parametrize("verb", ["compose", "preview"])
def test_who_presses_twice_sees_no_traceback(space: Path, issue: str, verb: str) -> None:
    """The first Ctrl-C waits for pages up to a second, and people are impatient."""
    with forking.command("-C", str(space), verb, issue, "--no-open") as running:
        assert httpx.get(running.output.readline().strip()).status_code == 303
        running.interrupt()
        running.interrupt()
        assert running.ended() == 130
        assert running.errors.read().splitlines()[1:] == ["", "interrupted"]
