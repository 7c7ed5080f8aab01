"""A studio over a small newsletter, and the browser that was opened for it."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from newsletter import config
from newsletter.cli.app import run
from newsletter.web.composer import application
from tests.web.readers import InProcess

BASE = "http://127.0.0.1:8150"
KEY = "the-key-of-this-session"
PEOPLE = ("anna", "ben", "cleo", "dora")
SETTINGS = """\
title = "Our newsletter"
from = "Our organisation <news@example.org>"
zone = "Europe/Vienna"
public_url = "https://news.example.org"
postal_address = "Our organisation, Vienna"

[lists.monthly]
title = "Monthly newsletter"
"""
PLAN = """\
title: Our newsletter – July 2024   # as the masthead has it
period: 2024-07
subject: What July brought
preheader: Wells, a study and a call
intro: |
  Dear {first_name|reader},

  this is July.
lists: [monthly]
# from top to bottom
sections:
  - {heading: News, take: news}
  - {heading: Studies, take: study}
"""
WELLS = """\
---
title: Border communities get new wells   # agreed with the field office
date: 2024-07-26
summary: Twelve villages have drinking water again.
url: https://www.example.org/news/wells
topics: [borders]
---
The body.
"""
FORUM = """\
---
title: A forum in Tripoli
date: 2024-07-19
summary: Two days of talks.
url: https://www.example.org/news/forum
---
"""
JUNE = """\
---
title: What June brought
date: 2024-06-10
summary: Before the issue begins.
url: https://www.example.org/news/june
---
"""


@dataclass
class Studio:
    """A newsletter in a folder, and what its team sees."""

    root: Path
    browser: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        for name, text in {
            "newsletter.toml": SETTINGS,
            "issues/2024-07/issue.yaml": PLAN,
            "issues/entries/news/wells.md": WELLS,
            "issues/entries/news/forum.md": FORUM,
            "issues/entries/news/june.md": JUNE,
        }.items():
            self.write(name, text)
        self.app = application(config.load(self.root), KEY)
        self.browser = self.stranger()
        self.browser.get("/", params={"key": KEY})

    def stranger(self, host: str = BASE) -> httpx.Client:
        """Return a browser that has no key."""
        return httpx.Client(transport=InProcess(self.app, ("127.0.0.1", 50000)), base_url=host)

    def write(self, name: str, text: str) -> None:
        """Write a file as an editor would."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode())

    def read(self, name: str) -> str:
        """Return what a file says, line ends included."""
        return (self.root / name).read_bytes().decode()

    @property
    def plan(self) -> str:
        """What the issue's file says."""
        return self.read("issues/2024-07/issue.yaml")

    def files(self) -> dict[str, bytes]:
        """Return every file of the newsletter with its bytes."""
        return {str(path.relative_to(self.root)): path.read_bytes() for path in self.root.rglob("*") if path.is_file()}

    def show(self, path: str) -> str:
        """Return a page that is there."""
        answer = self.browser.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def press(self, path: str, **fields: Any) -> httpx.Response:
        """Send a form from a page of the studio."""
        return self.browser.post(path, data=fields, headers={"Origin": BASE, "Sec-Fetch-Site": "same-origin"})

    def told(self, path: str = "/") -> str:
        """Return what the next page says once."""
        page = self.show(path)
        found = re.search(r'<p class="banner said"[^>]*>(.*?)</p>', page, re.DOTALL)
        trouble = re.search(r'<div class="banner bad" role="alert">(.*?)</div>', page, re.DOTALL)
        shown = found or trouble
        return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown[1])).split()) if shown else ""

    def entries(self) -> list[str]:
        """Return the ids of what is in, as the page shows them."""
        return re.findall(r'<li class="row" id="in-([^"]+)"', self.show("/issues/2024-07"))


def subscribed(studio: Studio, *names: str) -> None:
    """Bring people onto the list."""
    studio.write("people.csv", "email\n" + "".join(f"{name}@example.org\n" for name in names))
    command(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly", "--yes")


def command(studio: Studio, *arguments: str) -> None:
    """Run a command in the same newsletter, in this process: it begins sooner."""
    assert run(["-C", str(studio.root), *arguments]) == 0
