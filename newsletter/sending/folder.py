"""Messages written as files, each whole or not at all, and on the disk before anybody says so."""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

from newsletter.sending.providers.contract import WireRequest, WireResponse


class Folder:
    """Writes the files that a request's body holds: `NAME LENGTH`, a line break, and the content, again and again."""

    async def send(self, request: WireRequest) -> WireResponse:
        """Return 200 when every file is on the disk, and 507 with the system's words when one is not."""
        folder = path_of(request.url)
        try:
            await asyncio.to_thread(_write, folder, request.body)
        except OSError as error:
            return WireResponse(507, {}, f"{folder} cannot be written: {error.strerror}".encode())
        return WireResponse(200, {}, b"")

    async def close(self) -> None:
        """Nothing is open."""


def path_of(url: str) -> Path:
    """Return the path of a `file:` address; one on another machine, as Windows shares folders, begins with its name."""
    parts = urlsplit(url)
    return Path(f"//{parts.netloc}{unquote(parts.path)}" if parts.netloc else url2pathname(parts.path))


def files(body: bytes) -> Iterator[tuple[str, memoryview]]:
    """Return names and contents."""
    view = memoryview(body)
    start = 0
    while start < len(body):
        end = body.index(b"\r\n", start)
        name, length = body[start:end].decode("ascii").split(" ")
        start = end + 2 + int(length)
        yield name, view[end + 2 : start]


def _write(folder: Path, body: bytes) -> None:
    # Messages hold addresses: only their owner may read them.
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    written: list[tuple[Path, Path]] = []
    try:
        for name, content in files(body):
            # The same name each time: what a killed process left behind is written over.
            temporary = folder / f".{name}.part"
            written.append((temporary, folder / name))
            with temporary.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        for temporary, final in written:
            temporary.replace(final)
    except OSError:
        for temporary, _ in written:
            with contextlib.suppress(OSError):
                temporary.unlink(missing_ok=True)
        raise
    _keep(folder)


def _keep(folder: Path) -> None:
    """Make the folder's new names outlive a power cut; Windows has no such call and needs none."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
