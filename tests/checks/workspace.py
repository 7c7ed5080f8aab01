"""A workspace without fault, and the same with one: in a changed file ¦ stands where a finding is expected."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from random import Random
from typing import Any

from PIL import Image, ImageDraw

from newsletter import config, pipeline
from newsletter.checks.facts import Facts
from newsletter.model.finding import Finding, Place

MARK = "¦"
NUMBER = "№"
"""In a message: any number, where it depends on how many bytes a template happens to have."""
NO_FACTS = Facts()
_NUMBERS = re.compile(r"\d[\d,.]*")
ISSUE = "2024-07"
PLAN = "issues/2024-07/issue.yaml"
NEWS = "issues/entries/news/border.md"
MORE = "issues/entries/news/forum.md"
STUDY = "issues/entries/studies/report.md"
CALL = "issues/entries/calls/hub.md"
EVENT = "issues/entries/events/school.md"
SETTINGS = "newsletter.toml"
MONTHLY = "templates/themes/monthly.mjml.j2"
TEXT = "templates/themes/monthly.txt.j2"
INTRO = "templates/parts/intro.mjml.j2"

FILES: Mapping[str, str] = {
    SETTINGS: """\
title = "Our newsletter"
from = "Our newsletter <news@example.org>"
reply_to = "press@example.org"
zone = "Europe/Vienna"
site = "https://www.example.org"
public_url = "https://news.example.org"
postal_address = "Our organisation, Street 1, 1000 City"
images = "inline"

[lists.monthly]
title = "Monthly newsletter"
""",
    PLAN: """\
title: Our newsletter – July 2024
number: 7
period: 2024-07
send_at: 2024-08-01T09:00
subject: Twelve projects begin, and a call is open
preheader: Plus a forum in Tripoli, and a school that still has room
lists: [monthly]
sections:
  - heading: Studies
    take: study
  - heading: News
    take: news
  - heading: Calls
    take: call
  - heading: Events
    take: event
""",
    NEWS: """\
---
title: Twelve projects begin in border areas
date: 2024-07-26
summary: Organisations from five countries start work on better living conditions, with money from Brussels.
url: https://www.example.org/news/border
---
""",
    MORE: """\
---
title: A forum seeks closer ties
date: 2024-07-19
summary: Ministers of both continents met in Tripoli, and asked for more cooperation on the routes.
url: https://www.example.org/news/forum
---
""",
    STUDY: """\
---
title: What changed in asylum law
date: 2024-07-10
kind: report
authors: [Ana Example, Ben Example]
doi: 10.1234/abcd
summary: Four years of policy led to the new Pact; the report says how, and what comes next.
url: https://www.example.org/studies/asylum
---
""",
    CALL: """\
---
title: Take part in the innovation hub
date: 2024-07-25
deadline: 2024-08-15
summary: Organisations of young people can express their interest in the hub that meets in Helsinki.
url: https://www.example.org/calls/hub
---
""",
    EVENT: """\
---
title: Summer school on migration
date: 2024-07-12
start: 2024-08-20
end: 2024-08-25
place: Kachreti, Georgia
summary: Students spend six days with the questions that migration raises in law and in the media.
url: https://www.example.org/events/school
---
""",
}

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Case:
    """What is changed in the sound workspace, and what the rule says of it: messages in the order of the places.

    Without messages the rule is to find nothing. A value of None deletes a file; bytes are a picture.
    """

    code: str
    files: Mapping[str, str | bytes | None]
    messages: tuple[str, ...] = ()
    facts: Facts = NO_FACTS

    def __str__(self) -> str:
        """Return a name for the test."""
        return f"{self.code}-{'fault' if self.messages else 'sound'}"


def fault(code: str, files: Mapping[str, str | bytes | None], *messages: str, facts: Facts = NO_FACTS) -> Case:
    """Return a case in which the rule finds something."""
    assert messages
    return Case(code, files, messages, facts)


def sound(code: str, files: Mapping[str, str | bytes | None] = FILES, facts: Facts = NO_FACTS) -> Case:
    """Return a case, near to a fault, in which the rule finds nothing."""
    return Case(code, files, (), facts)


def body(written: str) -> dict[str, str]:
    """Return the news with a body that readers get, because no address leads to more."""
    return {NEWS: FILES[NEWS].replace("url: https://www.example.org/news/border\n", "") + written + "\n"}


def swap(file: str, old: str, new: str) -> dict[str, str]:
    """Return a file of the sound workspace with some words changed."""
    assert FILES[file].count(old) == 1, old
    return {file: FILES[file].replace(old, new)}


def add(file: str, lines: str) -> dict[str, str]:
    """Return a file of the sound workspace with lines added to its fields."""
    written = FILES[file]
    if file.endswith(".md"):
        return {file: written.removesuffix("---\n") + lines + "\n---\n"}
    return {file: f"{written}{lines}\n"}


def template(name: str, old: str, new: str) -> dict[str, str]:
    """Return a shipped template with some words changed."""
    written = (ROOT / name).read_text(encoding="utf-8")
    assert written.count(old) == 1, (name, old)
    return {name: written.replace(old, new)}


def block(markup: str) -> dict[str, str]:
    """Return an intro template that shows some markup in a text."""
    return {INTRO: f"<mj-section><mj-column><mj-text>\n{markup}\n</mj-text></mj-column></mj-section>\n"}


def unmarked(files: Mapping[str, str | bytes | None]) -> tuple[dict[str, str | bytes | None], list[Place]]:
    """Return the files without marks, and the places of the marks in their order."""
    places, clean = [], dict(files)
    for name, text in files.items():
        if isinstance(text, str):
            for number, line in enumerate(text.split("\n"), 1):
                parts = line.split(MARK)
                column = 1
                for part in parts[:-1]:
                    column += len(part)
                    places.append(Place(name, number, column))
            clean[name] = text.replace(MARK, "")
    return clean, sorted(places)


def write(root: Path, files: Mapping[str, str | bytes | None]) -> None:
    """Write the sound workspace with some files changed."""
    for name, text in {**FILES, **files}.items():
        if text is None:
            continue
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())


def lint(root: Path, facts: Facts = NO_FACTS, name: str = ISSUE) -> tuple[Finding, ...]:
    """Return the findings of an issue and of its files."""
    space = config.load(root, environment={})
    read = pipeline.read(space)
    built = pipeline.render(space, pipeline.choose(space, name, read), read_content=read, facts=facts)
    return tuple(sorted({*read.findings, *built.findings}, key=lambda finding: finding.sort_key))


def found(case: Case, root: Path) -> list[Finding]:
    """Return what the rule of a case finds."""
    write(root, unmarked(case.files)[0])
    return [finding for finding in lint(root, case.facts) if finding.code == case.code]


def outcome(case: Case, findings: Sequence[Finding]) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
    """Return places and messages of what a rule finds, and those of what it is to find."""
    _, places = unmarked(case.files)
    expected = [(str(place), told) for place, told in zip(places, case.messages, strict=True)]
    loose = any(NUMBER in told for _, told in expected)
    said = [(str(each.place), _NUMBERS.sub(NUMBER, each.message) if loose else each.message) for each in findings]
    return said, expected


def png(width: int = 1200, height: int = 800, color: str = "#336699") -> bytes:
    """Return a picture of one colour."""
    buffer = BytesIO()
    Image.new("RGB", (width, height), color).save(buffer, "PNG")
    return buffer.getvalue()


def gif(*, blank_first: bool, width: int = 600, height: int = 400, noise: bool = False, form: str = "GIF") -> bytes:
    """Return an animation of two frames; `noise` makes it heavy."""
    frames = []
    for number in range(2):
        plain = Image.new("L", (width, height), 255)
        rough = Image.frombytes("L", (width, height), Random(number).randbytes(width * height))
        frame: Any = rough if noise else plain
        if number or not blank_first:
            ImageDraw.Draw(frame).rectangle((50, 50, 200, 200 + number), fill=0)
        frames.append(frame.convert("P"))
    buffer = BytesIO()
    frames[0].save(buffer, form, save_all=True, append_images=frames[1:], duration=400)
    return buffer.getvalue()
