"""Rendering one issue of 24 entries, its parts, and filling a finished edition for one reader beside a memory copy."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter.model.entry import Entry
from newsletter.model.slot import Context, Slot, Slotted
from newsletter.rendering import mjml, render
from newsletter.rendering.context import compose
from newsletter.rendering.environment import templates
from newsletter.rendering.images import Pictures
from newsletter.rendering.localisation import Words
from newsletter.rendering.slots import Slots
from newsletter.rendering.tokens import tokens
from tests import factories as make
from tests.benchmarks.side_by_side import compare

READER = {
    "first_name": "Ana",
    "unsubscribe_url": "https://news.example.org/u/0123456789abcdef",
    "view_url": "https://news.example.org/v/0123456789abcdef",
}


def sections() -> list[tuple[object, list[Entry]]]:
    """Return a month's 24 entries: a hero, four cards, sixteen rows, two calls and an event."""

    def numbered(kind: object, count: int, **fields: object) -> list[Entry]:
        name = kind.__name__
        return [
            kind(id=f"{name}-{number}", url=f"https://www.example.org/{name}/{number}", **fields)
            for number in range(count)
        ]

    return [
        (make.section("Featured study", "study", layout="hero"), numbered(make.study, 1, authors=["Reader One"])),
        (make.section("Studies", "study", layout="cards"), [make.study(id=f"card-{number}") for number in range(4)]),
        (make.section("News", "news"), numbered(make.news, 16)),
        (make.section("Open calls", "call"), numbered(make.call, 2)),
        (make.section("Events", "event"), numbered(make.event, 1)),
    ]


def main() -> None:
    """Print the medians."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make.workspace(Path(folder))
        filled = sections()
        issue = make.issue(sections=[plan for plan, _ in filled], intro="Dear {first_name|reader},\n\nthis is *July*.")
        selection = make.selection(*filled, of=issue)
        known = templates(workspace.templates, tokens(workspace.settings.brand.color))

        def composed() -> dict[str, object]:
            words = Words("en", known.labels)
            return compose(selection, workspace, words, Slots(), Pictures(workspace)) | {"first_of": known.first_of}

        context = composed()
        source = known.render(known.html, "themes/monthly.mjml.j2", context)
        edition = render(selection, workspace, "en")
        prepared = mjml.prepare(source, "")
        print(f"{len(edition.html.fill(READER)):,} bytes of HTML from {len(source):,} of MJML")
        compare(
            {
                "MJML engine alone": lambda: mjml.mjml.mjml2html(prepared, fonts={}),
                "MJML with our guard and repair": lambda: mjml.compile_mjml(source, name=""),
                "entries as templates see them": composed,
                "Jinja2: MJML": lambda: known.render(known.html, "themes/monthly.mjml.j2", context),
                "Jinja2: plain text": lambda: known.render(known.text, "themes/monthly.txt.j2", context),
                "entries to HTML and text": lambda: render(selection, workspace, "en"),
            }
        )
    chunk = (b"<p>content</p>" * 6500)[:30_000]
    large = Slotted(
        (chunk, chunk, chunk, b"</html>"),
        (Slot("first_name", "reader"), Slot("view_url"), Slot("unsubscribe_url")),
        Context.HTML,
    )
    whole = bytearray(large.fill(READER))
    compare(
        {
            "1,000 memory copies of 90 KB": lambda: [bytes(whole) for _ in range(1000)] and None,
            "1,000 readers' editions of 90 KB": lambda: [large.fill(READER) for _ in range(1000)] and None,
        }
    )


if __name__ == "__main__":
    main()
