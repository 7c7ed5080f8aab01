"""One issue of 24 entries, from entries to HTML and text, beside the official MJML that only compiles its MJML.

Three ways to render: the same issue again, as the official MJML compiles the same document again; with one entry
edited, which is what the composer does at each keystroke; and with every entry new, another issue each time. Two issues
are measured: `cards`, in which every entry has a picture, words and a link beside another one, as in most newsletters,
and `rows`, which is lighter for either side. `python tests/benchmarks/bench_rendering.py`
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import count, repeat
from pathlib import Path

from mjml import mjml2html

from newsletter.model.issue import Section

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
WARM = 12
"""Rounds before it counts: Node.js goes on making its code faster for about 240 documents."""
BATCH = 20
"""Renderings in a row, so that neither finds the processor's caches full of the other's work."""

Filled = list[tuple[Section, list[Entry]]]


def numbered(kind: Callable[..., Entry], section: str, round_: int, many: int, pictures: int = 0) -> list[Entry]:
    """Return entries of one kind, the first of them with pictures."""
    return [
        kind(
            id=f"{section}-{number}",
            url=f"https://www.example.org/{section}/{number}",
            title=f"Number {number} of {section} in round {round_}, with a title of the usual length",
            summary=f"What number {number} of round {round_} is about, in the two lines that people read before they "
            "decide to open it – or not. It names the place, the partners and what changes for whom.",
            **({"image": {"src": f"picture-{number}.png", "alt": "People at work"}} if number < pictures else {}),
        )
        for number in range(many)
    ]


def cards(round_: int = 0) -> Filled:
    """Return six sections of four cards."""
    return [
        (make.section(name, "study", layout="cards"), numbered(make.study, name, round_, 4, 4))
        for name in ("Migration", "Asylum", "Return", "Borders", "Labour", "Diaspora")
    ]


def rows(round_: int = 0) -> Filled:
    """Return a hero, four cards, sixteen rows, two calls and an event, eight of them with pictures."""
    return [
        (make.section("Featured study", "study", layout="hero"), numbered(make.study, "featured", round_, 1, 1)),
        (make.section("Studies", "study", layout="cards"), numbered(make.study, "studies", round_, 4, 4)),
        (make.section("News", "news"), numbered(make.news, "news", round_, 16, 3)),
        (make.section("Open calls", "call"), numbered(make.call, "calls", round_, 2)),
        (make.section("Events", "event"), numbered(make.event, "events", round_, 1)),
    ]


def issue(filled: Filled) -> Selection:
    """Return the selection of an issue with these entries."""
    plan = make.issue(sections=[section for section, _ in filled], intro="Dear {first_name|reader},\n\nthis is *July*.")
    return make.selection(*filled, of=plan)


def unchanged(entries: Callable[[int], Filled]) -> Iterator[Selection]:
    """Yield the same issue again and again."""
    return repeat(issue(entries(0)))


def edited(entries: Callable[[int], Filled]) -> Iterator[Selection]:
    """Yield the same issue, each time with another title and summary in one entry."""
    filled = entries(0)
    places = [(section, at) for _, section in filled for at in range(len(section))]
    for number in count():
        section, at = places[number % len(places)]
        changed = {"title": f"Edited for the {number}th time", "summary": f"{section[at].summary} Edit {number}."}
        section[at] = section[at].model_copy(update=changed)
        yield issue(filled)


def new(entries: Callable[[int], Filled]) -> Iterator[Selection]:
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
        place, selection = workspace(Path(folder)), issue(rows())
        begin = time.perf_counter()
        render(selection, place, "en")
        seconds = time.perf_counter() - begin
        print(f"{'the first rendering of a process, with eight pictures to resize':<78} {_ms(seconds)}")


def main() -> None:
    """Print the times, and whether the contract holds."""
    parser = argparse.ArgumentParser(description="one issue beside the official MJML")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--first", action="store_true", help="only the first rendering of this process")
    chosen = parser.parse_args()
    if chosen.first:
        first()
        return
    subprocess.run([sys.executable, __file__, "--first"], check=True)
    with tempfile.TemporaryDirectory() as folder:
        place = workspace(Path(folder))
        for entries in (cards, rows):
            try:
                with official_mjml() as official:
                    side_by_side(place, entries, chosen.rounds, official)
            except Absent as error:
                print(f"NOT COMPARED with the official MJML: {error}", file=sys.stderr)
                side_by_side(place, entries, chosen.rounds, None)


def side_by_side(
    place: Workspace, entries: Callable[[int], Filled], rounds: int, official: Callable[[str], float] | None
) -> None:
    """Render and compile in turn, so that a busy machine slows both alike."""
    engine = "the engine mjml-python alone"
    same, one, every = (
        f"entries to HTML and text, {what}" for what in ("again", "one entry edited", "every entry new")
    )
    theirs = f"npm mjml {VERSION}, warmed, on the same MJML alone"
    seconds: dict[str, list[float]] = {name: [] for name in (engine, same, one, every, theirs)}
    again, edits, others = unchanged(entries), edited(entries), new(entries)
    for number in range(WARM + rounds):
        editions: list[Edition] = []
        taken = {
            same: _seconds(place, again, []),
            one: _seconds(place, edits, editions),
            every: _seconds(place, others, []),
        }
        sources = [edition.mjml for edition in editions]
        prepared = [mjml.prepare(source, "") for source in sources]
        begin = time.perf_counter()
        for source in prepared:
            mjml2html(source, fonts={})
        taken[engine] = (time.perf_counter() - begin) / BATCH
        if official:
            taken[theirs] = sum(official(source) for source in sources) / BATCH
        if number >= WARM:
            for name, value in taken.items():
                seconds[name].append(value)
    html = sum(map(len, editions[0].html.chunks))
    print(f"== 24 entries as {entries.__name__}: {html:,} bytes of HTML from {len(sources[0]):,} characters of MJML")
    found = {name: values for name, values in seconds.items() if values}
    print(f"{'':<52} {'best':>12} {'median':>12}")
    for name, values in found.items():
        print(f"{name:<52} {_ms(min(values))} {_ms(statistics.median(values))}")
    if official:
        # The best of each: what other work of the machine adds is not theirs.
        best = {name: min(values) for name, values in found.items()}
        # What no way to render can be, as long as the engine sees anything new: pictures, links, another layout.
        print(f"{engine}: {best[theirs] / best[engine]:.1f} × faster than npm mjml")
        for name in (same, one, every):
            ratio = best[theirs] / best[name]
            held = "holds" if ratio >= CONTRACT else "DOES NOT HOLD"
            print(f"{name}: {ratio:.1f} × faster than npm mjml; the contract of {CONTRACT} × {held}")


def _seconds(place: Workspace, selections: Iterator[Selection], editions: list[Edition]) -> float:
    """Return the seconds for one of some renderings, and add what they gave to `editions`."""
    batch = [next(selections) for _ in range(BATCH)]
    # What came before was the same issue, or the one without the last edit: not sixty others.
    render(next(selections), place, "en")
    begin = time.perf_counter()
    found = [render(selection, place, "en") for selection in batch]
    taken = time.perf_counter() - begin
    editions += found
    return taken / BATCH


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:9.3f} ms"


if __name__ == "__main__":
    main()
