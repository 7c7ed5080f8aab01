"""How much a text may be."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from newsletter.model.extent import LONGEST, check_extent
from newsletter.model.meant import Unfit
from newsletter.rendering import markdown
from tests.content import tree

NEWS = "---\ntitle: A\nsummary: {}\n---\n\n{}\n"
QUOTING = "> quoted\n# said\n"


def test_what_is_too_long_is_told_where_it_begins(tmp_path: Path) -> None:
    """With the reason and what to do, for each text of its own; at the limit there is nothing to say."""
    files = {
        "entries/news/body.md": NEWS.format("Short.", "word " * (LONGEST // 5) + "more"),
        "entries/news/fits.md": NEWS.format("Short.", "word " * (LONGEST // 5)),
        "entries/news/summary.md": NEWS.format("a" * (LONGEST + 1), "Short."),
    }
    read = tree.load(tmp_path, files)
    rest = "at most 100,000 are possible → keep what readers need to know, and link to a page with the rest"
    assert tree.told(read) == [
        f"issues/entries/news/body.md:6:1 ENT006 `body` has 100,004 characters; {rest}",
        f"issues/entries/news/summary.md:3:10 ENT006 `summary` has 100,001 characters; {rest}",
    ]
    assert {finding.why for finding in read.findings} == {"an email that long is cut off before its end"}
    assert [entry.id for entry in read.entries] == ["fits"]


def test_quotations_without_an_end_are_refused(tmp_path: Path) -> None:
    """Markdown looks for the end of each down to the next empty line; with empty lines there may be any number."""
    files = {
        "entries/news/close.md": NEWS.format("Short.", QUOTING * 2_000),
        "entries/news/apart.md": NEWS.format("Short.", f"{QUOTING}\n" * 2_000),
        "entries/news/long.md": NEWS.format("Short.", "> one long quotation\n" * 2_000),
    }
    read = tree.load(tmp_path, files)
    (told,) = tree.told(read)
    assert told == (
        "issues/entries/news/close.md:6:1 ENT006 `body` has 2,000 quotations in 4,000 lines without an empty line "
        "between them → leave an empty line after each quotation, or delete the signs > that begin them"
    )
    assert sorted(entry.id for entry in read.entries) == ["apart", "long"]


@pytest.mark.parametrize(
    "repeated",
    [
        "*a **b ",
        "[_\n__",
        "![",
        "> > # a\nb\n",
        ">***\n*!\n",
        "&***\n>***\n*!",
        "  \n](**\n>- ",
        "1. > - > # a\n   - b\n",
        "> quoted\nanswered\n\n",
    ],
)
def test_whatever_is_taken_is_shown_soon(repeated: str) -> None:
    """The longest text that is not refused, whatever it repeats."""
    number = LONGEST // len(repeated)
    while _refuses(repeated * number):
        number = number * 9 // 10
    begun = time.process_time()
    markdown.to_html(repeated * number)
    assert time.process_time() - begun < 5


def _refuses(text: str) -> bool:
    begun = time.process_time()
    try:
        check_extent(text)
    except Unfit:
        return True
    finally:
        assert time.process_time() - begun < 1
    return False
