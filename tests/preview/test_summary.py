"""What a pull request is told: the whole text, and never markup out of an entry."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Place, Severity
from newsletter.preview import Base, Preview
from newsletter.preview.revision import Revision
from newsletter.preview.summary import MOST_BYTES, comment, plain, summary
from tests.preview import shown

ALT = Finding(
    "IMG001",
    Severity.ERROR,
    "the image of “New wells” has no alternative text",
    Place("issues/entries/news/wells.md", 5, 3),
    why="with pictures off it shows nothing",
    fix="add `alt: …`",
)
LONG = Finding("ISS003", Severity.WARNING, "the subject is long", Place("issues/2024-07/issue.yaml", 4, 1))


def test_a_summary_as_a_whole(tmp_path: Path) -> None:
    """Issue, subject, changes, findings with the errors first."""
    before = shown.selection()
    after = shown.selection(title="Thirteen projects | for `border` communities")
    text = summary(shown.preview(tmp_path, before, after, findings=(LONG, ALT)))
    sizes = re.search(r"\| ([\d.]+ KB) of 100 KB", text)
    assert sizes is not None
    told = text.replace(sizes[1], "SIZE")
    told = re.sub(r"The HTML has .* than before\.", "SIZES", told)
    assert (
        told.splitlines()
        == (
            "## Our newsletter: ICMPD Newsletter – July 2024\n\n"
            "| Issue | Entries | Size | Findings | What changed |\n"
            "|---|---:|---:|---|---|\n"
            "| `2024-07` | 3 | SIZE of 100 KB | 🔴 1 error, 1 warning | 1 change |\n\n"
            "**Subject** Border communities, a new commentary and an open call  \n"
            "**Preheader** Our month in one mail\n\n"
            "### What changed\n\n"
            "Compared with `main`:\n\n"
            "- “Twelve projects for border communities in Central Asia” is now called “Thirteen projects "
            "\\| for \\`border\\` communities”.\n"
            "- SIZES\n\n"
            "### Findings\n\n"
            "| | Rule | What | Where | What to do |\n"
            "|---|---|---|---|---|\n"
            "| 🔴 error | `IMG001` | the image of “New wells” has no alternative text | "
            "`issues/entries/news/wells.md:5:3` | add \\`alt: …\\` |\n"
            "| 🟡 warning | `ISS003` | the subject is long | `issues/2024-07/issue.yaml:4:1` |  |\n\n"
            "The whole report is `report.html` in the artefact of this run: every mode, before and after, why each "
            "entry is in or out. `issue.eml` opens in a mail program.\n"
        ).splitlines()
    )


def test_a_comment_begins_with_its_mark(tmp_path: Path) -> None:
    """By which it is found and written anew instead of repeated."""
    assert comment(shown.preview(tmp_path)).startswith("<!-- newsletter-preview:2024-07 -->\n## ")


def test_a_comment_is_never_too_long(tmp_path: Path) -> None:
    """However many findings there are and however long they get, GitHub takes it; the rest is counted."""
    many = tuple(
        replace(ALT, message="x" * 5000, fix="y" * 5000, place=Place("z" * 200, number, 1)) for number in range(1, 900)
    )
    text = comment(shown.preview(tmp_path, findings=many))
    assert len(text.encode()) < MOST_BYTES
    assert "more in the report" in text


def test_what_is_missing_is_said(tmp_path: Path) -> None:
    """No browser, nothing to compare with, and no issue: each with what to do."""
    trouble = NewsletterError("no Chromium was found on this machine", fix="install one")
    unknown = Base("nowhere", problem=NewsletterError("git has no commit called 'nowhere'", fix="fetch it"))
    text = summary(shown.preview(tmp_path, no_pictures=trouble, base=unknown))
    assert "> **No pictures were taken:** no Chromium was found on this machine. Install one." in text
    assert "> **Nothing to compare with:** git has no commit called 'nowhere'. Fetch it." in text
    assert "| not compared |" in text
    unbuilt = Preview("Our newsletter", "2024-07", "#1f4b6e", None, (ALT,), NewsletterError("broken", fix="mend it"))
    text = summary(unbuilt)
    assert "| `2024-07` | – | – | 🔴 **cannot be built**, 1 error | – |" in text
    assert "**The issue cannot be built.** Broken. Mend it." in text


def test_a_new_issue_is_called_new(tmp_path: Path) -> None:
    """There is nothing to compare it with, and that is no trouble."""
    text = summary(shown.preview(tmp_path, base=Base("main", Revision("main", "0" * 40, False, ()), is_new=True)))
    assert "| new issue |" in text
    assert "Nothing to compare" not in text


TRICKY = [
    "<",
    ">",
    "&",
    "`",
    "|",
    "@",
    "#",
    "*",
    "_",
    "[",
    "]",
    "(",
    ")",
    "!",
    "~",
    "\\",
    "$",
    "://",
    "https://",
    "www.",
    "a",
    " ",
]


@given(st.lists(st.sampled_from(TRICKY), max_size=30).map("".join))
def test_text_stays_text(written: str) -> None:
    """Whatever an entry says, Markdown shows it letter by letter: no element, no link, no mention."""
    rendered = MarkdownIt("gfm-like", {"linkify": False}).enable("table").renderInline(plain(written))
    assert "<" not in rendered
    assert not re.search(r"@\w", plain(written))
    shown_text = rendered.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"').replace("&amp;", "&")
    assert shown_text.replace("\u2060", "") == " ".join(written.split())


@pytest.mark.parametrize("hostile", [shown.HOSTILE, "a\n\n# b", "x|y\n|---|"])
def test_no_title_breaks_out_of_a_table(tmp_path: Path, hostile: str) -> None:
    """Each row has its five cells."""
    text = summary(shown.preview(tmp_path, findings=(replace(ALT, message=hostile, code="A|B"),)))
    rows = [line for line in text.splitlines() if line.startswith("| 🔴 error")]
    assert [len(re.findall(r"(?<!\\)\|", row)) for row in rows] == [6]


def test_no_name_of_a_file_breaks_out_of_a_table(tmp_path: Path) -> None:
    """To GitHub two backslashes before a bar are one that is escaped, and the bar ends the cell."""
    place = Place("issues/entries/news/a\\|[here](https://evil.example).md", 1, 1)
    text = summary(shown.preview(tmp_path, findings=(replace(ALT, place=place),)))
    (row,) = [line for line in text.splitlines() if line.startswith("| 🔴 error")]
    assert len(re.findall(r"\|", re.sub(r"\\[!-/:-@\[-`{-~]", "", row))) == 6
