"""Pictures on a machine that is busy with something else."""

from __future__ import annotations

import asyncio
import base64
import gc
import os
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from newsletter.preview import pictures
from newsletter.preview.modes import MODES

BUSY = "CDPSession.send: Protocol error (Page.captureScreenshot): Unable to capture screenshot"


class Session:
    """The browser's protocol, which answers with an error a few times."""

    def __init__(self, error: str, times: int) -> None:
        self.error, self.times, self.asked = error, times, 0

    async def send(self, method: str, parameters: dict[str, Any]) -> dict[str, str]:
        """Answer a call."""
        from playwright.async_api import Error

        self.asked += 1
        if self.asked <= self.times:
            raise Error(self.error)
        return {"data": base64.b64encode(b"pixels").decode()}


async def _late(*_: object) -> None:
    await asyncio.sleep(1)


def test_a_browser_that_does_not_answer_in_time_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything else of a preview is made without pictures."""
    monkeypatch.setenv(pictures.VARIABLE, sys.executable)
    monkeypatch.setattr(pictures.Camera, "_launch", _late)
    monkeypatch.setattr(pictures, "_MOST_SECONDS", 0.1)
    with pictures.Camera() as camera:
        with pytest.raises(pictures.NoBrowser, match="failed: it takes too long"):
            camera.take([])
        camera._browser.result(10)


async def _nothing(_camera: pictures.Camera, _path: str) -> None:
    """Start no browser."""


async def _interrupted(*_: object) -> AsyncIterator[tuple[int, pictures.Picture]]:
    os.kill(os.getpid(), signal.SIGINT)
    await asyncio.sleep(30)
    yield 0, pictures.Picture(Image.new("RGB", (1, 1)), {}, frozenset())


@pytest.mark.skipif(sys.platform == "win32", reason="Windows interrupts no process by its number")
def test_an_interruption_leaves_nothing_under_way(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A page whose picture was being taken is not told as a failure, nor waited for."""
    # A shell lets what it runs in the background ignore Ctrl-C, tests included.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    monkeypatch.setenv(pictures.VARIABLE, sys.executable)
    monkeypatch.setattr(pictures.Camera, "_launch", _nothing)
    monkeypatch.setattr(pictures, "_pictures", _interrupted)
    try:
        with pytest.raises(KeyboardInterrupt), pictures.Camera() as camera:
            camera.take([pictures.Exposure("", MODES[0])])
    finally:
        signal.signal(signal.SIGINT, before)
    gc.collect()
    assert [record.getMessage() for record in caplog.records] == []


def test_a_frame_that_does_not_come_in_time_is_asked_for_again() -> None:
    """A build server that has much to do still shows what readers get."""
    session: Any = Session(BUSY, 1)
    assert asyncio.run(pictures._part(session, MODES[0], 0, 10)) == b"pixels"
    assert session.asked == 2


def test_a_browser_that_cannot_take_pictures_is_asked_once() -> None:
    """Any other word of its is told."""
    from playwright.async_api import Error

    session: Any = Session("Protocol error (Page.captureScreenshot): Target closed", 9)
    with pytest.raises(Error, match="Target closed"):
        asyncio.run(pictures._part(session, MODES[0], 0, 10))
    assert session.asked == 1


@pytest.mark.parametrize(
    ("variable", "place"),
    [
        ("PROGRAMFILES", "Google/Chrome/Application/chrome.exe"),
        ("PROGRAMFILES(X86)", "Microsoft/Edge/Application/msedge.exe"),
        ("LOCALAPPDATA", "Google/Chrome/Application/chrome.exe"),
        ("HOME", "Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
        ("HOME", "Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge"),
    ],
)
def test_a_browser_is_found_where_windows_and_macos_put_it(
    variable: str, place: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """There its program is found by no name; each Windows has Edge."""
    for name in (pictures.VARIABLE, "PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    program = tmp_path / "a b" / place
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    monkeypatch.setenv(variable, str(tmp_path / "a b"))
    assert Path(pictures.find_browser()) == program


def test_quotes_around_the_name_of_a_browser_are_no_part_of_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`set NEWSLETTER_CHROMIUM="C:\\Program Files\\…"` on Windows keeps them."""
    program = tmp_path / "a browser"
    program.touch(0o755)
    monkeypatch.setenv(pictures.VARIABLE, f'"{program}"')
    assert pictures.find_browser() == str(program)
