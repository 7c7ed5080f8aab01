"""Marks of every tool that readers would see, and the bytes at which Gmail cuts off: in editions made by hand."""

from __future__ import annotations

from typing import Any

import pytest

from newsletter.checks import check
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.finding import Origin
from newsletter.model.selection import Selection
from newsletter.model.slot import Context, Slotted
from tests import factories as make

FILE = "issues/entries/news/a.md"


def entry(**fields: Any) -> Entry:
    """Return a news entry read from a file, with the position of its summary."""
    return make.news(id="a", **fields).at(Origin(FILE, {("summary",): (4, 10)}))


def edition(html: str) -> Edition:
    """Return an edition without slots."""
    return Edition(
        issue="2024-07",
        language="en",
        direction="ltr",
        subject=Slotted((b"News",), (), Context.HEADER),
        preheader=Slotted((b"",), (), Context.PLAIN),
        html=Slotted((html.encode(),), (), Context.HTML),
        text=Slotted((b"Hello",), (), Context.PLAIN),
        mjml="",
    )


def found(code: str, chosen: Selection, html: str) -> list[tuple[str, str]]:
    """Return place and message of what one rule finds."""
    findings = check(chosen, (edition(html),))
    return [(str(finding.place), finding.message) for finding in findings if finding.code == code]


@pytest.mark.parametrize(
    ("size", "code", "expected"),
    [
        (85_000, "SIZ001", []),
        (85_001, "SIZ001", ["the HTML (en) has 85.0 KB, near the 100 KB at which Gmail cuts it off"]),
        (100_000, "SIZ001", ["the HTML (en) has 100 KB, near the 100 KB at which Gmail cuts it off"]),
        (100_000, "SIZ002", []),
        (100_001, "SIZ001", []),
        (100_001, "SIZ002", ["the HTML (en) has 100 KB; Gmail cuts it off at about 100 KB"]),
    ],
)
def test_the_weight_at_which_gmail_cuts_off(size: int, code: str, expected: list[str]) -> None:
    """A warning from 85,001 bytes on, an error from 100,001 on."""
    chosen = make.selection((make.section(), [entry()]))
    assert [message for _, message in found(code, chosen, "x" * size)] == expected


@pytest.mark.parametrize(
    "mark",
    [
        "{{ first_name }}",
        "*|FNAME|*",
        "%recipient.name%",
        "%%first%%",
        "[[name]]",
        "{first_name}",
        "{view_url|x}",
        "{% if %}",
    ],
)
def test_a_slot_that_readers_would_see(mark: str) -> None:
    """Merge marks of any tool are found where they were written."""
    chosen = make.selection((make.section(), [entry(summary=f"Dear {mark}")]))
    assert found("SLT001", chosen, f"<p>Dear {mark}</p>") == [(f"{FILE}:4:10", f"readers would see {mark}")]


def test_a_slot_that_markdown_changes_is_found_where_it_was_written() -> None:
    """Readers would see |FNAME| in italics; the mark is found in what people wrote."""
    chosen = make.selection((make.section(), [entry(summary="Dear *|FNAME|*")]))
    expected = [(f"{FILE}:4:10", "readers would see *|FNAME|*")]
    assert found("SLT001", chosen, "<p>Dear <em>|FNAME|</em></p>") == expected


@pytest.mark.parametrize(
    ("mark", "html"),
    [
        ('{{ name | default: "friend & co" }}', "{{ name | default: &#34;friend &amp; co&#34; }}"),
        (
            '{{ name | default: "friend" }}',
            "{{ name | default: &quot;friend&quot; }}</p><p>{{ name | default: “friend” }}",
        ),
        ("{{ *name* }}", "{{ <em>name</em> }}"),
        ("{{ name }}", '<a href="https://example.org/?{{name}}">{{ name }}</a>'),
    ],
)
def test_a_slot_is_told_once_however_the_parts_spell_it(mark: str, html: str) -> None:
    """What HTML escapes and Markdown changes is still the one mark that somebody wrote."""
    chosen = make.selection((make.section(), [entry(summary=f"Dear {mark}")]))
    assert found("SLT001", chosen, f"<p>Dear {html}</p>") == [(f"{FILE}:4:10", f"readers would see {mark}")]


def test_style_rules_and_comments_are_not_taken_for_slots() -> None:
    """Braces in CSS and in Outlook's comments are invisible."""
    html = "<style>a{{color:red}}</style><!-- {{ x }} --><p>Hello</p>"
    assert found("SLT001", make.selection((make.section(), [entry()])), html) == []
