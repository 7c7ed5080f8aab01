"""What a command says reaches every terminal, file and program, whatever letters that has."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli import streams
from newsletter.cli.app import run

_OLD = ("cp437", "cp850", "cp1252", "ascii")


def _run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    given = {name: value for name, value in os.environ.items() if name not in {"PYTHONIOENCODING", "PYTHONUTF8"}}
    return subprocess.run(
        [sys.executable, "-m", "newsletter", *arguments],
        check=False,
        capture_output=True,
        env={**given, "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
    )


class _Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("encoding", _OLD)
def test_no_command_stops_at_a_sign_that_the_output_lacks(issue: str, encoding: str) -> None:
    """Dashes, quotes and ticks become plainer ones; the exit code is that of the work."""
    for arguments in (("select", issue), ("doctor",)):
        done = _run(*arguments, PYTHONIOENCODING=f"{encoding}:strict")
        assert (done.returncode, b"Traceback" in done.stderr) == (0, False), done.stderr.decode(errors="replace")


@pytest.mark.usefixtures("issue")
def test_other_programs_are_given_utf_8(space: Path) -> None:
    """Where the system's own letters are fewer, as in a pipe on Windows, JSON is UTF-8 all the same."""
    (entry,) = space.glob("issues/entries/news/*-welcome.md")
    text = re.sub("(?m)^title: .*$", "title: Żółć – “1 → 2”", entry.read_text(encoding="utf-8"))
    entry.write_text(text, encoding="utf-8")
    done = _run("entries", "--json", LC_ALL="C", PYTHONUTF8="0", PYTHONCOERCECLOCALE="0")
    assert "Żółć – “1 → 2”" in {entry["title"] for entry in json.loads(done.stdout.decode("utf-8"))["entries"]}


def test_a_terminal_keeps_its_letters(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old terminal would show UTF-8 as other signs: it gets its own, and plainer ones for what it lacks."""
    monkeypatch.delenv("PYTHONIOENCODING", raising=False)
    written = io.BytesIO()
    terminal = _Terminal(written, encoding="cp850")
    streams.prepare(terminal)
    print("“Grüße” – 1 → 2 … ✓ 猫", file=terminal, flush=True)
    assert written.getvalue().decode("cp850") == '"Grüße" - 1 -> 2 ... + ?\n'.replace("\n", os.linesep)


@pytest.mark.skipif(sys.platform == "win32", reason="the shell is another one")
@pytest.mark.parametrize(
    ("closed", "arguments", "code"),
    [
        ("<&-", ("send", "ISSUE"), 5),
        (">&-", ("subscribers", "export", "--list", "monthly"), 0),
        ("<&- >&- 2>&-", ("build", "ISSUE"), 0),
    ],
)
def test_what_is_closed_stops_no_command(issue: str, closed: str, arguments: tuple[str, ...], code: int) -> None:
    """As some service managers start programs: there is nobody to ask, or to tell."""
    consent = ("--consent-evidence", "2024-07-20", "sign-up sheet")
    assert run(["subscribers", "add", "anna@example.org", "--list", "monthly", *consent]) == 0
    words = [issue if word == "ISSUE" else word for word in arguments]
    command = ["sh", "-c", f'exec "$@" {closed}', "sh", sys.executable, "-m", "newsletter", *words]
    done = subprocess.run(
        command, check=False, capture_output=True, env={**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}
    )
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr.decode()
