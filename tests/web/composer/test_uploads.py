"""Files of readers that wait for a decision: how many, for how long, and beside another composer."""

from __future__ import annotations

import asyncio
from pathlib import Path

from newsletter.web.composer import uploads
from tests.web.composer.studio import Studio
from tests.web.composer.test_importing import ANNA, kept, planned


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
