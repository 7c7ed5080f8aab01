"""Loading 10,000 entry files, beside a loop that only reads their bytes."""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter import config, content
from tests.benchmarks.side_by_side import compare

FILES = 10_000
WORDS = (
    "border call diaspora data event forum grant hub issue law mobility policy report school study visa youth".split()
)
COUNTRIES = "AT BE FI GE IQ KE KG KZ MA NO PK TJ TM TN UZ".split()
SPECIFIC = {
    "news": "",
    "studies": "kind: policy brief\nauthors: [Reader One, Reader Two]\ndoi: 10.1234/abcd.{number}\n",
    "calls": "deadline: {day}T18:00\neligibility: |\n  Organisations of **young people**,\n  and those around them.\n",
    "events": "start: {day}\nend: {day}\nplace: Vienna, Austria\n",
    "projects": "phase: ongoing\n",
}


def write_workspace(folder: Path) -> None:
    """Write a workspace with `FILES` entries of five types, no two alike."""
    chance = random.Random(7)
    (folder / "newsletter.toml").write_text(
        'title = "Benchmark"\nfrom = "a@example.org"\nzone = "Europe/Vienna"\npostal_address = "Vienna"\n'
    )
    (folder / "issues" / "images").mkdir(parents=True)
    (folder / "issues" / "images" / "hub.png").write_bytes(b"")
    for number in range(FILES):
        kind = list(SPECIFIC)[number % len(SPECIFIC)]
        day = dt.date(2014, 1, 1) + dt.timedelta(days=number * 4000 // FILES)
        words = [chance.choice(WORDS) for _ in range(40)]
        path = folder / "issues" / "entries" / kind / f"{day}-{words[0]}-{words[1]}-{number}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(
            f'---\n# Written for the benchmark\ntitle: "Story {number}: {" ".join(words[:6])}"\ndate: {day}\n'
            f"summary: {' '.join(words[6:])}.\nurl: https://www.example.org/{kind}/{number}?utm_source=newsletter\n"
            f"image: {{src: images/hub.png, alt: '{words[3]} and {words[4]}'}}\n"
            f"topics: [{words[0]}, {words[1]}]\ncountries: [{', '.join(chance.sample(COUNTRIES, 3))}]\n"
            f"{SPECIFIC[kind].format(day=day, number=number)}---\n\n{' '.join(words).capitalize()}.\n",
            encoding="utf-8",
        )


def read_bytes(folder: Path) -> int:
    """Read every file and do nothing with it."""
    return sum(len(path.read_bytes()) for path in (folder / "issues" / "entries").rglob("*.md"))


def main() -> None:
    """Print the medians of 5 rounds."""
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary).resolve()
        write_workspace(folder)
        workspace = config.load(folder, {})
        loaded = content.load(workspace)
        if len(loaded.entries) != FILES or loaded.findings:
            raise SystemExit(f"{len(loaded.entries)} entries, {loaded.findings[:3]}")
        compare(
            {
                "only read the bytes": lambda: read_bytes(folder),
                f"content.load, {FILES:,} files": lambda: content.load(workspace),
            },
            rounds=5,
        )


if __name__ == "__main__":
    main()
