"""Files of readers that wait for a decision: how many, for how long, and beside another composer."""

from __future__ import annotations

import asyncio
import re
import stat
from pathlib import Path

import pytest

from newsletter.web.composer import uploads
from tests.web.composer.studio import Studio
from tests.web.composer.test_importing import ANNA, choose, fields, held, kept, planned


def test_the_oldest_of_many_files_makes_room(studio: Studio) -> None:
    """Whoever forgets their files does not fill the disk."""
    paths = [planned(studio, ANNA) for _ in range(6)]
    assert [studio.browser.get(path).status_code for path in paths] == [404, 404, 200, 200, 200, 200]
    assert len(kept(studio)) == 4


def test_left_overs_go_when_the_composer_starts_and_ends(studio: Studio) -> None:
    """A power cut leaves no addresses lying about; what is not ours stays."""
    planned(studio, ANNA)
    folder = studio.root / ".newsletter" / "imports"
    (folder / "notes.txt").write_text("mine")
    (folder / f"{'0' * 32}.csv").write_text(ANNA)

    async def live() -> list[Path]:
        """Start the composer, look, and end it."""
        asked: list[str] = ["lifespan.startup", "lifespan.shutdown"]
        between: list[Path] = []

        async def receive() -> dict[str, str]:
            if asked[0] == "lifespan.shutdown":
                between.extend(kept(studio))
            return {"type": asked.pop(0)}

        async def send(_: object) -> None: ...

        await studio.app({"type": "lifespan", "state": {}}, receive, send)
        return between

    assert asyncio.run(live()) == [folder / "notes.txt"]


def test_a_second_composer_leaves_alone_what_waits_in_the_first(studio: Studio) -> None:
    """Both may be open; each removes its own files, and those of composers that were killed."""
    planned(studio, ANNA)
    (waiting,) = kept(studio)
    second = uploads.Uploads(waiting.parent)
    _path, file = second.begin()
    file.close()
    second.clear()
    assert kept(studio) == [waiting]


def test_a_file_is_for_its_owners_eyes_and_goes_when_it_is_not_imported(studio: Studio) -> None:
    """It lies below the state folder, which is never in git, under a name that tells nothing."""
    path = planned(studio, ANNA, "../../Anna's \u202efriends.csv")
    (file,) = kept(studio)
    assert re.fullmatch(r"[0-9a-f]{32}\.csv", file.name)
    assert (stat.S_IMODE(file.stat().st_mode), stat.S_IMODE(file.parent.stat().st_mode)) == (0o600, 0o700)
    assert "Import · Anna&#39;s friends.csv" in studio.show(path)
    studio.press(f"{path}/drop")
    assert studio.told("/readers") == "Nothing is imported, and the file is removed from here."
    assert kept(studio) == []
    answer = studio.browser.get(path)
    assert (answer.status_code, "This file is no longer here." in answer.text) == (404, True)
    assert held(studio) == []


def test_a_file_that_is_too_large_is_not_kept(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said how large one may be."""
    monkeypatch.setattr(uploads, "MOST_BYTES", 3_000_000)
    rows = "".join(f"reader{number:020}@example.org\n" for number in range(100_000))
    choose(studio, f"email\n{rows}")
    assert studio.told("/readers").startswith("people.csv has 4 MB. A file may have 3 MB here")
    assert kept(studio) == []


def test_a_folder_that_leads_elsewhere_is_not_written_to(studio: Studio) -> None:
    """It may have come with the files of somebody else; what lies there is not removed either."""
    elsewhere = studio.root.parent / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / f"{'0' * 32}.csv").write_text("mine")
    (studio.root / ".newsletter").mkdir()
    (studio.root / ".newsletter" / "imports").symlink_to(elsewhere)
    choose(studio, ANNA)
    assert studio.told("/readers").startswith("Imports in the folder of the database is a link.")
    uploads.Uploads(studio.root / ".newsletter" / "imports").clear()
    assert [path.read_text() for path in elsewhere.iterdir()] == ["mine"]


def test_what_was_imported_meanwhile_is_not_taken_for_dropped(studio: Studio) -> None:
    """Another tab may have been faster."""
    path = planned(studio, ANNA)
    studio.press(path, do="import", **fields(studio.show(path)))
    assert studio.press(f"{path}/drop").headers["location"] == path
    assert "It is imported, and the file is removed from here." in studio.show(path)


def test_a_folder_that_may_not_be_looked_into_stops_no_studio(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be somebody else's; what is in it is not ours to remove."""

    def refuse(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_symlink", refuse)
    uploads.Uploads(tmp_path / "imports").clear()
