"""The composer's page of an issue after a save, in a workspace of six months beside one of six years."""

from __future__ import annotations

import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter import config
from newsletter.web.composer import application
from tests.benchmarks.side_by_side import compare
from tests.web.composer.studio import BASE, KEY
from tests.web.readers import InProcess

LAST = dt.date(2025, 12, 31)
DAYS = {"six months": 180, "six years": 2190}
A_DAY = 2
PAGE = "/issues/2025-12"
SETTINGS = """\
title = "Benchmark"
from = "a@example.org"
zone = "Europe/Vienna"
postal_address = "Vienna"
[lists.monthly]
title = "Monthly"
"""
PLAN = """\
title: Benchmark
period: 2025-12
subject: What December brought
lists: [monthly]
sections:
  - {heading: News, take: news, limit: 24}
"""


def write_workspace(folder: Path, days: int) -> None:
    """Write a workspace with `A_DAY` entries for each of so many days."""
    (folder / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    (folder / "issues/entries/news").mkdir(parents=True)
    (folder / "issues/2025-12").mkdir()
    (folder / "issues/2025-12/issue.yaml").write_text(PLAN, encoding="utf-8")
    for number in range(days * A_DAY):
        day = LAST - dt.timedelta(days=number // A_DAY)
        (folder / f"issues/entries/news/{day}-story-{number}.md").write_text(
            f"---\ntitle: Story {number} of the border regions\ndate: {day}\nsummary: Work goes on, as story {number} "
            f"tells.\nurl: https://www.example.org/news/{number}\n---\nThe body of story {number}.\n",
            encoding="utf-8",
        )


def shown(folder: Path) -> Callable[[], None]:
    """Return what asks for the page of the issue anew, after one save of its plan."""
    app = application(config.load(folder, {}), KEY)
    studio = httpx.Client(transport=InProcess(app, ("127.0.0.1", 50000)), base_url=BASE)
    studio.get("/", params={"key": KEY})
    plan = folder / "issues/2025-12/issue.yaml"

    def show() -> None:
        with plan.open("a", encoding="utf-8") as file:
            file.write("# saved\n")
        if studio.get(PAGE).status_code != 200:
            raise SystemExit("the page is not shown")

    show()
    return show


def main() -> None:
    """Print the medians of 9 rounds."""
    with tempfile.TemporaryDirectory() as temporary:
        pages = {}
        for name, days in DAYS.items():
            folder = Path(temporary).resolve() / name
            folder.mkdir()
            write_workspace(folder, days)
            pages[f"{days * A_DAY:,} entries of {name}"] = shown(folder)
        compare(pages, rounds=9)


if __name__ == "__main__":
    main()
