"""Each rule finds its fault at its place, and nothing in an issue without fault."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from newsletter.checks import RULES, check
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.finding import Origin, Place, Severity
from newsletter.model.selection import Selection
from newsletter.model.slot import Context, Slot, Slotted
from tests import factories as make

FILE = "issues/entries/news/a.md"


def entry(marks: dict[tuple[str | int, ...], tuple[int, int]], **fields: Any) -> Entry:
    """Return a news entry read from a file, with the positions of some fields."""
    return make.news(id="a", **fields).at(Origin(FILE, marks))


def edition(html: str = "<p>Hello</p>", text: str = "Hello", subject: str = "News") -> Edition:
    """Return an edition without slots."""
    return Edition(
        issue="2024-07",
        language="en",
        direction="ltr",
        subject=Slotted((subject.encode(),), (), Context.HEADER),
        preheader=Slotted((b"",), (), Context.PLAIN),
        html=Slotted((html.encode(),), (), Context.HTML),
        text=Slotted((text.encode(),), (), Context.PLAIN),
        mjml="",
    )


def selection(*entries: Entry, **plan: Any) -> Selection:
    """Return an issue, read from its file, with one section of these entries."""
    sections = [make.section()]
    issue = make.issue(sections=sections, **plan)
    issue.at(Origin("issues/2024-07/issue.yaml", {("sections", 0): (9, 5), ("subject",): (3, 10)}))
    return make.selection((sections[0], list(entries)), of=issue)


def found(chosen: Selection, *editions: Edition) -> list[tuple[str, str, str]]:
    """Return code, place and message of every finding."""
    return [(finding.code, str(finding.place), finding.message) for finding in check(chosen, editions or (edition(),))]


def test_an_issue_without_fault_has_no_findings() -> None:
    """A complete entry in a filled section is left alone."""
    picture = {"src": "images/a.png", "alt": "Two people at a desk"}
    assert found(selection(entry({}, image=picture))) == []


def test_an_entry_without_summary_and_body() -> None:
    """A title alone gives no reason to click; a body is as good as a summary."""
    assert found(selection(entry({(): (2, 1)}, title="Open", summary=""))) == [
        ("EDT001", f"{FILE}:2:1", "“Open” has no summary")
    ]
    assert found(selection(entry({}, summary="", body="All of it."))) == []


def test_a_picture_without_alternative_text() -> None:
    """Leaving `alt` out is a fault; an empty one marks decoration."""
    marks = {("image",): (7, 1)}
    assert found(selection(entry(marks, title="Open", image={"src": "a.png"}))) == [
        ("IMG001", f"{FILE}:7:1", "the image of “Open” has no alternative text")
    ]
    assert found(selection(entry(marks, image={"src": "a.png", "alt": ""}))) == []


def test_a_cover_without_alternative_text() -> None:
    """A study's cover is a picture too."""
    study = make.study(title="Data", cover={"src": "a.png"}).at(Origin(FILE, {("cover",): (4, 1)}))
    chosen = make.selection((make.section("Studies", "study"), [study]))
    assert found(chosen) == [("IMG001", f"{FILE}:4:1", "the cover of “Data” has no alternative text")]


def test_links_that_are_not_encrypted() -> None:
    """Addresses in fields and in Markdown are looked at alike, each once a text."""
    one = entry(
        {("url",): (3, 6), ("summary",): (4, 10)},
        url="http://www.example.org/a",
        summary="See [here](http://www.example.org/b) and [there](http://www.example.org/b), not https://example.org.",
    )
    assert found(selection(one)) == [
        ("LNK001", f"{FILE}:3:6", "the link http://www.example.org/a is not encrypted"),
        ("LNK001", f"{FILE}:4:10", "the link http://www.example.org/b is not encrypted"),
    ]


def test_an_empty_section() -> None:
    """A section without entries is named at its place in the issue."""
    assert found(selection()) == [
        (
            "SEC001",
            "issues/2024-07/issue.yaml:9:5",
            "the section “News” has no entries and is left out of the email",
        )
    ]


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (85_000, []),
        (85_001, [("SIZ001", "the HTML (en) has 85,001 bytes, near the 100,000 at which Gmail cuts it off")]),
        (100_000, [("SIZ001", "the HTML (en) has 100,000 bytes, near the 100,000 at which Gmail cuts it off")]),
        (100_001, [("SIZ002", "the HTML (en) has 100,001 bytes; Gmail cuts it off at about 100,000")]),
    ],
)
def test_the_weight_at_which_gmail_cuts_off(size: int, expected: list[tuple[str, str]]) -> None:
    """A warning from 85,001 bytes on, an error from 100,001 on."""
    findings = found(selection(entry({})), edition(html="x" * size))
    assert [(code, message) for code, _, message in findings] == expected


@pytest.mark.parametrize(
    "mark",
    ["{{ first_name }}", "*|FNAME|*", "%recipient.name%", "[[name]]", "{first_name}", "{view_url|x}", "{% if %}"],
)
def test_a_slot_that_readers_would_see(mark: str) -> None:
    """Merge marks of any tool are found where they were written."""
    one = entry({("summary",): (4, 10)}, summary=f"Dear {mark}")
    findings = found(selection(one), edition(html=f"<p>Dear {mark}</p>"))
    assert findings == [("SLT001", f"{FILE}:4:10", f"readers would see {mark}")]


def test_a_slot_that_markdown_changes_is_found_where_it_was_written() -> None:
    """Readers would see |FNAME| in italics; the mark is found in what people wrote."""
    one = entry({("summary",): (4, 10)}, summary="Dear *|FNAME|*")
    findings = found(selection(one), edition(html="<p>Dear <em>|FNAME|</em></p>"))
    assert findings == [("SLT001", f"{FILE}:4:10", "readers would see *|FNAME|*")]


def test_our_own_slots_in_an_issue_are_no_fault() -> None:
    """What is filled for each reader is not found."""
    assert found(selection(entry({}), intro="Dear {first_name|reader},")) == []


def test_a_slot_without_a_fallback() -> None:
    """Who has given no name would read “Dear ,”; a fallback mends it."""
    bare, mended = (
        Slotted((b"Dear ", b","), (Slot("first_name", fallback),), Context.HTML) for fallback in ("", "all")
    )
    chosen = selection(entry({}), intro="Dear {first_name},")
    expected = "{first_name} has nothing to say to readers of whom it is not known"
    assert found(chosen, replace(edition(), html=bare)) == [("SLT002", "issues/2024-07/issue.yaml", expected)]
    assert found(chosen, replace(edition(), html=mended)) == []


def test_style_rules_and_comments_are_not_taken_for_slots() -> None:
    """Braces in CSS and in Outlook's comments are invisible."""
    html = "<style>a{{color:red}}</style><!-- {{ x }} --><p>Hello</p>"
    assert found(selection(entry({})), edition(html=html)) == []


def test_every_rule_is_complete() -> None:
    """Each rule has a code of its own and says why and what to do; errors forbid sending."""
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.title and rule.why and rule.fix for rule in RULES)
    assert {rule.code for rule in RULES if rule.severity is Severity.ERROR} == {"IMG001", "SIZ002", "SLT001"}


def test_a_finding_carries_its_rules_words() -> None:
    """Severity, why and fix come from the rule."""
    (finding,) = check(selection(), (edition(),))
    rule = next(rule for rule in RULES if rule.code == finding.code)
    assert (finding.severity, finding.why, finding.fix) == (rule.severity, rule.why, rule.fix)
    assert finding.place == Place("issues/2024-07/issue.yaml", 9, 5)
