"""One issue of 24 entries, from entries to HTML and text, beside the official MJML that only compiles its MJML.

No round shows what another one showed: "one entry edited" is what the composer does at each keystroke, "every entry
new" is another issue each time. `python tests/benchmarks/bench_rendering.py [--rounds 200]`
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from PIL import Image

from newsletter.config import Workspace
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.selection import Selection
from newsletter.rendering import mjml, render
from tests import factories as make
from tests.benchmarks.official_mjml import VERSION, Absent, official_mjml

CONTRACT = 15
WARM = 60
"""Rounds before it counts: Node.js goes on making its code faster for about that long."""


def entries(round_: int = 0) -> list[tuple[object, list[Entry]]]:
    """Return a month's 24 entries: a hero, four cards, sixteen rows, two calls and an event, eight with pictures."""

    def numbered(kind: Callable[..., Entry], number_of: int, pictures: int = 0, **fields: object) -> list[Entry]:
        name = kind.__name__
        return [
            kind(
                id=f"{name}-{number}",
                url=f"https://www.example.org/{name}/{number}",
                title=f"{name.capitalize()} number {number} of round {round_}, with a title of the usual length",
                summary=f"What {name} {number} of round {round_} is about, in the two lines that people read before they "
                "decide to open it – or not. It names the place, the partners and what changes for whom.",
                **({"image": {"src": f"picture-{number}.png", "alt": "People at work"}} if number < pictures else {}),
                **fields,
            )
            for number in range(number_of)
        ]

    return [
        (make.section("Featured study", "study", layout="hero"), numbered(make.study, 1, 1, authors=["Reader One"])),
        (make.section("Studies", "study", layout="cards"), numbered(make.study, 4, 4)),
        (make.section("News", "news"), numbered(make.news, 16, 3)),
        (make.section("Open calls", "call"), numbered(make.call, 2)),
        (make.section("Events", "event"), numbered(make.event, 1)),
    ]


def issue(filled: list[tuple[object, list[Entry]]]) -> Selection:
    """Return the selection of an issue with these entries."""
    plan = make.issue(sections=[section for section, _ in filled], intro="Dear {first_name|reader},\n\nthis is *July*.")
    return make.selection(*filled, of=plan)


def edited() -> Iterator[Selection]:
    """Yield the same issue, each time with another title and summary in one entry."""
    filled = entries()
    for number in count():
        news = filled[2][1]
        at = number % len(news)
        changed = {"title": f"Edited for the {number}th time", "summary": f"{news[at].summary} Edit {number}."}
        news[at] = news[at].model_copy(update=changed)
        yield issue(filled)


def new() -> Iterator[Selection]:
    """Yield an issue of which no entry was seen before."""
    for number in count(1):
        yield issue(entries(number))


def workspace(folder: Path) -> Workspace:
    """Return a workspace with the pictures."""
    made = make.workspace(folder, public_url="https://news.example.org")
    made.issues.mkdir(parents=True, exist_ok=True)
    for number in range(4):
        Image.new("RGB", (1200, 800), (40 * number, 90, 140)).save(made.issues / f"picture-{number}.png")
    return made


def first() -> None:
    """Print what the first rendering takes, of a process that has rendered nothing before."""
    with tempfile.TemporaryDirectory() as folder:
        place, selection = workspace(Path(folder)), issue(entries())
        begin = time.perf_counter()
        render(selection, place, "en")
        print(f"{'the first rendering of a process, templates and pictures':<60} {_ms(time.perf_counter() - begin)}")


def main() -> None:
    """Print the medians, and whether the contract holds."""
    parser = argparse.ArgumentParser(description="one issue beside the official MJML")
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--first", action="store_true", help="only the first rendering of this process")
    chosen = parser.parse_args()
    if chosen.first:
        first()
        return
    subprocess.run([sys.executable, __file__, "--first"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        place = workspace(Path(folder))
        try:
            with official_mjml() as official:
                side_by_side(place, chosen.rounds, official)
        except Absent as error:
            print(f"NOT COMPARED with the official MJML: {error}", file=sys.stderr)
            side_by_side(place, chosen.rounds, None)


def side_by_side(place: Workspace, rounds: int, official: Callable[[str], float] | None) -> None:
    """Render and compile in turn, so that a busy machine slows both alike."""
    engine, one, every = "mjml-python, the engine alone", "entries to HTML and text, one entry edited", ""
    every = "entries to HTML and text, every entry new"
    theirs = f"npm mjml {VERSION}, warmed, on the same MJML alone"
    seconds: dict[str, list[float]] = {name: [] for name in (engine, one, every, theirs)}
    edits, others = edited(), new()
    for number in range(WARM + rounds):
        taken = {}
        taken[one], edition = _timed(place, next(edits))
        taken[every], _ = _timed(place, next(others))
        prepared = mjml.prepare(edition.mjml, "")
        begin = time.perf_counter()
        mjml.mjml.mjml2html(prepared, fonts={})
        taken[engine] = time.perf_counter() - begin
        if official:
            taken[theirs] = official(edition.mjml)
        if number >= WARM:
            for name, value in taken.items():
                seconds[name].append(value)
    print(f"{sum(map(len, edition.html.chunks)):,} bytes of HTML from {len(edition.mjml):,} characters of MJML")
    medians = {name: statistics.median(values) for name, values in seconds.items() if values}
    for name, median in medians.items():
        print(f"{name:<60} {_ms(median)}")
    if official:
        for name in (one, every):
            ratio = medians[theirs] / medians[name]
            print(f"{ratio:5.1f} × faster than npm mjml: {name}")
        held = medians[theirs] / medians[one] >= CONTRACT
        print(f"CONTRACT of {CONTRACT} × with one entry edited: {'holds' if held else 'DOES NOT HOLD'}")


def _timed(place: Workspace, selection: Selection) -> tuple[float, Edition]:
    begin = time.perf_counter()
    edition = render(selection, place, "en")
    return time.perf_counter() - begin, edition


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:9.3f} ms"


if __name__ == "__main__":
    main()
