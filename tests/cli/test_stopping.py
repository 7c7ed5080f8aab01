"""Being told to stop is what Ctrl-C is, whoever tells it."""

from __future__ import annotations

import os
import signal
import sys
import time
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from newsletter.cli import stopping
from tests.forking import command, forked

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
_SIGNALS = ("SIGTERM", "SIGHUP")


def _begin_anew(*ignored: str) -> None:
    for name in _SIGNALS:
        signal.signal(getattr(signal, name), signal.SIG_IGN if name in ignored else signal.SIG_DFL)
    stopping.listen()


def _at_work(folder: str, *ignored: str) -> None:
    _begin_anew(*ignored)
    with TemporaryDirectory(dir=folder):
        print("begun", flush=True)
        time.sleep(0.5 if ignored else 30)
        print("done", flush=True)


@pytest.mark.parametrize("name", _SIGNALS)
def test_who_is_told_to_stop_takes_away_what_was_begun(tmp_path: Path, name: str) -> None:
    """A service manager, or a terminal that closes, would else leave half a file with addresses, or a browser."""
    with forked(_at_work, str(tmp_path)) as process:
        assert process.output.readline() == "begun\n"
        process.send(getattr(signal, name))
        process.ended()
        assert process.output.read() == ""
    assert list(tmp_path.iterdir()) == []


def _in_a_terminal(folder: str) -> None:
    import fcntl
    import termios

    os.setsid()
    screen, terminal = os.openpty()
    fcntl.ioctl(terminal, termios.TIOCSCTTY, 0)
    for stream in (1, 2):
        os.dup2(terminal, stream)
    _begin_anew()
    with suppress(KeyboardInterrupt):
        os.close(screen)
        time.sleep(10)
    print("the calls under way come to their end", flush=True)
    print("so they do", file=sys.stderr, flush=True)
    (Path(folder) / "ended").touch()


def test_who_has_lost_its_terminal_ends_in_peace_all_the_same(tmp_path: Path) -> None:
    """What it says meanwhile, such as how far a mailing is, can be written to no terminal, and breaks nothing off."""
    with forked(_in_a_terminal, str(tmp_path)) as process:
        assert process.ended() == 0
    assert [path.name for path in tmp_path.iterdir()] == ["ended"]


def test_what_shall_outlive_its_terminal_does(tmp_path: Path) -> None:
    """By nohup."""
    with forked(_at_work, str(tmp_path), "SIGHUP") as process:
        assert process.output.readline() == "begun\n"
        process.send(signal.SIGHUP)
        assert process.output.read() == "done\n"


@pytest.mark.parametrize("name", _SIGNALS)
@pytest.mark.usefixtures("issue")
def test_a_studio_that_loses_its_terminal_removes_the_addresses_in_its_care(space: Path, name: str) -> None:
    """A file that somebody was about to import."""
    folder = space / ".newsletter" / "imports"
    with command("-C", str(space), "compose", "--no-open") as process:
        httpx.get(process.output.readline().strip(), timeout=20)
        folder.mkdir(parents=True)
        (folder / f"{'0' * 32}.csv").write_text("anna@example.org", encoding="utf-8")
        process.send(getattr(signal, name))
        assert (process.ended(), process.errors.read().splitlines()[-1]) == (130, "interrupted")
    assert not folder.exists()
