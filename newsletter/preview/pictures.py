"""Pictures of pages, taken by a Chromium of this machine: the same page gives the same pixels each time.

One browser takes them all, two pages at a time. Pages may be hostile: they run no script, reach no network and see no
file.
"""

from __future__ import annotations

import asyncio
import base64
import os
import shutil
import tempfile
import threading
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from PIL import Image

from newsletter import extras
from newsletter.errors import NewsletterError
from newsletter.preview import fonts
from newsletter.preview.blocks import ATTRIBUTE
from newsletter.preview.modes import Mode

if TYPE_CHECKING:
    from playwright.async_api import Browser, CDPSession

NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
VARIABLE = "NEWSLETTER_CHROMIUM"
_ON_WINDOWS = ("Google/Chrome/Application/chrome.exe", "Microsoft/Edge/Application/msedge.exe")
_PROGRAMS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")
"""The variables in which Windows says where programs are installed, for everybody or for one person."""
_ON_MACOS = ("Google Chrome", "Chromium", "Microsoft Edge")
_APPLICATIONS = ("/Applications", "~/Applications")
_AT_A_TIME = 2
_MOST_SECONDS = 60
_STARTING = 5
"""Seconds to wait for a browser that nobody wants any more to have started, and for its end."""
_MOST_PIXELS = 8_000
"""Rows that are taken in one piece: above 16,384 Chromium repeats itself."""
_FLAGS = (
    "--disable-gpu",
    "--disable-lcd-text",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--disable-background-networking",
    "--no-first-run",
)
_WORDED = "h1,h2,h3,p,a,b,em,strong,span,li,div.text,pre"
_MOST_WORDED = 400
_BOXES = f"""() => Object.fromEntries([...document.querySelectorAll('[{ATTRIBUTE}]')].map(element => {{
    const box = element.getBoundingClientRect();
    return [element.getAttribute('{ATTRIBUTE}'), [box.x, box.y + scrollY, box.width, box.height]];
}}))"""
_HEIGHT = "() => Math.ceil(Math.max(document.documentElement.scrollHeight, document.body.scrollHeight, 1))"

_Result = TypeVar("_Result")


class NoBrowser(NewsletterError):
    """There is nothing to take pictures with."""


@dataclass(frozen=True, slots=True)
class Exposure:
    """A page to take a picture of."""

    html: str
    mode: Mode


@dataclass(frozen=True, slots=True)
class Picture:
    """What a reader sees, and where on it the blocks are: x, y, width and height in CSS pixels."""

    image: Image.Image
    boxes: Mapping[str, tuple[float, float, float, float]]
    fonts: frozenset[tuple[str, str]]
    """Family and PostScript name of each font in it, told for some modes only."""


def find_browser() -> str:
    """Return the Chromium of this machine; raise NoBrowser where there is none, or nothing that speaks to it."""
    # Where a variable is set on Windows, quotes around a path with spaces become a part of it.
    named = os.environ.get(VARIABLE, "").strip('"')
    places = map(shutil.which, (named,) if named else (*NAMES, *_installed()))
    path = next(filter(None, places), None)
    if path is None:
        raise NoBrowser(
            f"{VARIABLE} names no program: {named}" if named else "no Chromium was found on this machine",
            why="pictures are taken by a browser; everything else is there without them",
            fix="install Chrome, or name another Chromium in the environment variable "
            f"{VARIABLE} (on Debian: apt install chromium-headless-shell; `newsletter docs preview` names the fonts)",
        )
    try:
        import playwright.async_api  # noqa: F401
    except ImportError:
        raise NoBrowser(
            "Playwright is not installed",
            why="it is how newsletter speaks to the browser",
            fix=f"install it with: {extras.command('preview')}",
        ) from None
    return path


def _installed() -> Iterator[str]:
    """Yield where Windows and macOS put browsers, whose programs they find by no name."""
    for variable in _PROGRAMS:
        if folder := os.environ.get(variable):
            yield from (f"{folder}/{program}" for program in _ON_WINDOWS)
    for folder in _APPLICATIONS:
        yield from (os.path.expanduser(f"{folder}/{name}.app/Contents/MacOS/{name}") for name in _ON_MACOS)  # noqa: PTH111


class Camera:
    """A browser in a thread of its own, which starts at once while others still work."""

    def __init__(self) -> None:
        path = find_browser()
        self.path = path
        self.version = ""
        self.pinned = False
        self._folder = tempfile.TemporaryDirectory(prefix="newsletter-preview-")
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="camera", daemon=True)
        self._thread.start()
        self._playwright: Any = None
        self._browser: Future[Browser] = self._submit(self._launch(path))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        with suppress(Exception):
            self._submit(self._close()).result(_MOST_SECONDS)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(_MOST_SECONDS)
        self._loop.close()
        self._folder.cleanup()

    def take(self, exposures: Sequence[Exposure]) -> tuple[Picture, ...]:
        """Return a picture of each page; raise NoBrowser where the browser fails."""
        from playwright.async_api import Error

        try:
            self._browser.result(_MOST_SECONDS)
            taking = self._submit(self._take(exposures))
            try:
                return tuple(taking.result(_MOST_SECONDS * 5))
            finally:
                # Who interrupts it closes the browser next, which pages under way would tell as failures.
                taking.cancel()
        except (Error, TimeoutError, OSError) as error:
            said = str(error).strip() or "it takes too long"
            raise NoBrowser(
                f"the browser {self.path} failed: {said.splitlines()[0][:200]}",
                why="pictures are taken by a browser; everything else is there without them",
                fix=f"see whether it starts by itself, or name another one in {VARIABLE}",
            ) from None

    def _submit(self, work: Coroutine[Any, Any, _Result]) -> Future[_Result]:
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _launch(self, path: str) -> Browser:
        from playwright.async_api import async_playwright

        configuration = fonts.pin(Path(self._folder.name))
        self.pinned = configuration is not None
        environment = {**os.environ, **({"FONTCONFIG_FILE": str(configuration)} if configuration else {})}
        # Root may not use Chromium's own sandbox; in containers that is who runs it. Scripts are off all the same.
        flags = [*_FLAGS, *(["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else [])]
        self._playwright = await async_playwright().start()
        browser: Browser = await self._playwright.chromium.launch(executable_path=path, args=flags, env=environment)
        self.version = browser.version
        return browser

    async def _close(self) -> None:
        with suppress(Exception):
            # One that is still starting would outlive this process.
            await (await asyncio.wait_for(asyncio.wrap_future(self._browser), _STARTING)).close()
        if self._playwright is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._playwright.stop(), _STARTING)
        if others := asyncio.all_tasks() - {asyncio.current_task()}:
            for task in others:
                task.cancel()
            await asyncio.wait(others, timeout=1)

    async def _take(self, exposures: Sequence[Exposure]) -> list[Picture]:
        browser, gate = self._browser.result(), asyncio.Semaphore(_AT_A_TIME)
        by_mode: dict[Mode, list[int]] = {}
        for number, exposure in enumerate(exposures):
            by_mode.setdefault(exposure.mode, []).append(number)

        async def all_of(mode: Mode, numbers: list[int]) -> dict[int, Picture]:
            async with gate:
                pages = {number: exposures[number].html for number in numbers}
                return {number: picture async for number, picture in _pictures(browser, mode, pages)}

        taken: dict[int, Picture] = {}
        for part in await asyncio.gather(*(all_of(mode, numbers) for mode, numbers in by_mode.items())):
            taken |= part
        return [taken[number] for number in range(len(exposures))]


async def _pictures(browser: Browser, mode: Mode, pages: Mapping[int, str]) -> AsyncIterator[tuple[int, Picture]]:
    """Yield the pictures of some pages in one mode, all from one tab."""
    context = await browser.new_context(
        viewport={"width": mode.width, "height": 400},
        # Never the mode's: above 1 Chromium sets words on fractions of a pixel, and on a busy machine now and then it
        # does not. The pixels of a phone come from how the picture is cut out (2026-11, Chromium 156).
        device_scale_factor=1,
        color_scheme="dark" if mode.dark else "light",
        java_script_enabled=False,
        reduced_motion="reduce",
        service_workers="block",
        offline=True,
    )
    try:
        # Whatever is asked for is not there, and a page that sends its reader elsewhere stays where it is.
        await context.route("**/*", lambda route: route.abort("aborted"))
        page = await context.new_page()
        session = await context.new_cdp_session(page)
        await session.send("DOM.enable")
        await session.send("CSS.enable")
        for number, html in pages.items():
            await page.set_content(html, wait_until="load")
            boxes = await page.evaluate(_BOXES)
            height = await page.evaluate(_HEIGHT)
            parts = [
                await _part(session, mode, top, min(_MOST_PIXELS // mode.scale, height - top))
                for top in range(0, height, _MOST_PIXELS // mode.scale)
            ]
            shown = await _fonts(session) if mode.scale == 1 and not mode.dark else frozenset()
            image = await asyncio.to_thread(_joined, parts)
            yield number, Picture(image, {key: tuple(box) for key, box in boxes.items()}, shown)
    finally:
        await context.close()


async def _part(session: CDPSession, mode: Mode, top: int, height: int) -> bytes:
    # By the browser's own protocol, because Playwright's full-page screenshot takes twice as long (2026-11).
    from playwright.async_api import Error

    clip = {"x": 0, "y": top, "width": mode.width, "height": height, "scale": mode.scale}
    wanted = {"format": "png", "optimizeForSpeed": True, "captureBeyondViewport": True, "clip": clip}
    for pause in (0.2, 1.0, 5.0):
        try:
            return base64.b64decode((await session.send("Page.captureScreenshot", wanted))["data"])
        except Error as error:
            # What Chromium says when a frame does not come in time, on a machine that is busy with something else.
            if "Unable to capture screenshot" not in str(error):
                raise
        await asyncio.sleep(pause)
    return base64.b64decode((await session.send("Page.captureScreenshot", wanted))["data"])


def _joined(parts: Sequence[bytes]) -> Image.Image:
    images = [Image.open(BytesIO(part)).convert("RGB") for part in parts]
    if len(images) == 1:
        return images[0]
    whole = Image.new("RGB", (images[0].width, sum(image.height for image in images)))
    top = 0
    for image in images:
        whole.paste(image, (0, top))
        top += image.height
    return whole


async def _fonts(session: CDPSession) -> frozenset[tuple[str, str]]:
    document = await session.send("DOM.getDocument", {"depth": 1})
    root = document["root"]["nodeId"]
    found = await session.send("DOM.querySelectorAll", {"nodeId": root, "selector": _WORDED})
    # The browser tells the fonts of an element's own words alone.
    shown = await asyncio.gather(
        *(session.send("CSS.getPlatformFontsForNode", {"nodeId": node}) for node in found["nodeIds"][:_MOST_WORDED])
    )
    return frozenset((font["familyName"], font["postScriptName"]) for one in shown for font in one["fonts"])
