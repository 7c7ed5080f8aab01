"""Messages as files."""

from __future__ import annotations

import asyncio
from pathlib import Path

from newsletter.sending.folder import Folder, files, path_of
from newsletter.sending.providers.contract import WireRequest, WireResponse

BODY = b"a.eml 5\r\nHello-b.eml 4\r\n\r\n\r\n".replace(b"-", b"")


def write(folder: Path, body: bytes = BODY) -> WireResponse:
    """Write the files of a body."""
    return asyncio.run(Folder().send(WireRequest("PUT", folder.as_uri(), (), body)))


def test_a_body_holds_files_one_after_the_other() -> None:
    """Whatever bytes they have."""
    assert [(name, bytes(content)) for name, content in files(BODY)] == [("a.eml", b"Hello"), ("b.eml", b"\r\n\r\n")]


def test_every_file_is_written(tmp_path: Path) -> None:
    """Into a folder that is made where there is none, even with a space in its name."""
    folder = tmp_path / "out box" / "2024-07"
    assert write(folder) == WireResponse(200, {}, b"")
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == {"a.eml": b"Hello", "b.eml": b"\r\n\r\n"}
    assert folder.stat().st_mode & 0o077 == 0


def test_writing_again_changes_nothing(tmp_path: Path) -> None:
    """And takes away what a killed process left half written."""
    write(tmp_path)
    (tmp_path / ".a.eml.part").write_bytes(b"Hel")
    write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == {"a.eml": b"Hello", "b.eml": b"\r\n\r\n"}


def test_a_disk_that_refuses_is_told_in_its_words(tmp_path: Path) -> None:
    """And no half file stays."""
    (tmp_path / "b.eml").mkdir()
    (tmp_path / "b.eml" / "inside").touch()
    assert write(tmp_path) == WireResponse(507, {}, f"{tmp_path} cannot be written: Is a directory".encode())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.eml", "b.eml"]


def test_a_folder_on_another_machine_keeps_the_machine_s_name() -> None:
    """What teams share on a Windows server has an address with a host; without it the letters would land elsewhere."""
    assert path_of("file://server/our%20share/2024-07") == Path("//server/our share/2024-07")
