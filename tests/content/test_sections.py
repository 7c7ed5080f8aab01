from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content import document, sections
from newsletter.errors import ContentError, NotFound, Refused

JULY = (Path(__file__).parents[2] / "issues" / "2024-07" / "issue.yaml").read_text(encoding="utf-8")
BLOCK = """\
title: T
sections:   # from top to bottom
  - heading: News   # what happened
    take: news
    limit: 3
  # only what is new
  - take: study
    heading: Studies
  - {heading: Calls, take: call, limit: 2}
# below
lists: [monthly]
"""
FLOW = (
    "title: T\nsections: [{heading: News, take: news, limit: 3}, {take: study, heading: Studies}]\nlists: [monthly]\n"
)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@pytest.mark.parametrize(
    ("number", "changes", "before", "after"),
    [
        (0, {"heading": "What happened"}, "News   # what happened", "What happened"),
        (0, {"limit": "5"}, "limit: 3", "limit: 5"),
        (0, {"limit": ""}, "    limit: 3\n", ""),
        (0, {"layout": "cards"}, "limit: 3\n", "limit: 3\n    layout: cards\n"),
        (0, {"intro": "One\n\nTwo"}, "limit: 3\n", "limit: 3\n    intro: |\n      One\n\n      Two\n"),
        (1, {"order": "title"}, "heading: Studies\n", "heading: Studies\n    order: title\n"),
        (2, {"limit": ""}, ", limit: 2", ""),
        (2, {"heading": "Calls, open"}, "Calls,", '"Calls, open",'),
    ],
)
def test_a_field_is_changed_at_its_place(number: int, changes: dict[str, str], before: str, after: str) -> None:
    """Comments, order and style of everything else stay."""
    assert sections.change(BLOCK, number, changes, file="issue.yaml") == BLOCK.replace(before, after)


def test_sections_are_moved_with_the_comments_above_them() -> None:
    """What a colleague has said about a section stays with it."""
    moved = sections.move(BLOCK, 1, 0, file="issue.yaml")
    assert moved.splitlines()[2:5] == ["  # only what is new", "  - take: study", "    heading: Studies"]
    assert sections.move(moved, 0, 1, file="issue.yaml") == BLOCK
    changed = sections.move(FLOW, 0, 1, file="issue.yaml")
    assert changed.splitlines()[1] == (
        "sections: [{take: study, heading: Studies}, {heading: News, take: news, limit: 3}]"
    )


def test_the_first_section_stays_where_it_is_when_it_is_moved_up() -> None:
    """A second press on a page that has not followed yet does not send it to the end."""
    assert sections.move(BLOCK, 0, -1, file="issue.yaml") == BLOCK


def test_lines_that_stay_keep_their_ends() -> None:
    """Two people's editors may have written one file."""
    mixed = BLOCK.replace("title: T\n", "title: T\r\n").replace("# below\n", "# below\r")
    assert sections.change(mixed, 0, {"limit": "5"}, file="issue.yaml") == mixed.replace("limit: 3", "limit: 5")


@pytest.mark.parametrize("text", [BLOCK, FLOW, JULY])
def test_a_section_comes_and_goes(text: str) -> None:
    """One that is added at the end and taken out again leaves every byte as it was."""
    number = len(document.read(text).value["sections"])
    more = sections.add(text, "Events: soon", "event", file="issue.yaml")
    assert document.read(more).value["sections"][-1] == {"heading": "Events: soon", "take": "event"}
    assert sections.remove(more, number, file="issue.yaml") == text


def test_a_section_that_goes_leaves_the_remarks_of_the_others() -> None:
    """Those above it, and behind it, are about itself."""
    flow = (
        "title: T\nsections: [\n  {take: news},  # what happened\n  {take: study},  # only new ones\n  {take: call}]\n"
    )
    assert sections.remove(flow, 1, file="issue.yaml") == flow.replace("  {take: study},  # only new ones\n", "")
    assert sections.remove(flow, 2, file="issue.yaml") == flow.replace("{take: call}", "")
    assert sections.remove(BLOCK, 1, file="issue.yaml") == BLOCK.replace(
        "  # only what is new\n  - take: study\n    heading: Studies\n", ""
    )


def test_the_first_field_of_a_section_gives_its_place_to_what_follows() -> None:
    """It stands beside the dash, where a remark can stand as well."""
    text = "title: T\nsections:\n  - limit: 3  # at most\n    # the news\n    take: news\n"
    assert sections.change(text, 0, {"limit": ""}, file="issue.yaml") == (
        "title: T\nsections:\n  - # the news\n    take: news\n"
    )


def test_the_only_section_stays() -> None:
    """An issue without sections shows nothing."""
    with pytest.raises(Refused):
        sections.remove("title: T\nsections:\n  - {heading: A, take: news}\n", 0, file="issue.yaml")


@pytest.mark.parametrize(
    "text", ["title: T\n", "title: T\nsections: none\n", "title: T\nsections: [a, b]\n", "title: [\n", "sections: []\n"]
)
def test_what_cannot_be_changed_for_certain_is_refused(text: str) -> None:
    """It is changed as text then."""
    with pytest.raises(ContentError):
        sections.change(text, 0, {"heading": "B"}, file="issue.yaml")


def test_a_section_that_is_gone_is_not_found() -> None:
    """Somebody may have taken it out meanwhile."""
    with pytest.raises(NotFound):
        sections.change(BLOCK, 3, {"heading": "B"}, file="issue.yaml")


@given(
    st.sampled_from([BLOCK, FLOW, JULY, JULY.replace("\n", "\r\n")]),
    st.lists(
        st.one_of(
            st.tuples(st.just("change"), st.integers(0, 6), st.sampled_from(sections.FIELDS), WORDS),
            st.tuples(st.just("move"), st.integers(0, 6), st.integers(0, 6), WORDS),
            st.tuples(st.just("add"), st.just(0), st.just(0), WORDS.filter(lambda words: bool(words.strip()))),
            st.tuples(st.just("remove"), st.integers(0, 6), st.just(0), WORDS),
        ),
        max_size=5,
    ),
)
def test_whatever_is_done_the_rest_of_the_file_stays(text: str, steps: list[tuple[Any, ...]]) -> None:
    """Each change does what it says, or is refused; comments are never lost, unless their section goes."""
    remarks = text.count("#")
    for verb, number, other, words in steps:
        before = document.read(text.replace("\r\n", "\n")).value
        try:
            if verb == "change":
                text = sections.change(text, number, {other: words}, file="issue.yaml")
            elif verb == "move":
                text = sections.move(text, number, other, file="issue.yaml")
            elif verb == "add":
                text = sections.add(text, words, "event", file="issue.yaml")
            else:
                text = sections.remove(text, number, file="issue.yaml")
        except (NotFound, Refused, ContentError):
            continue
        after = document.read(text.replace("\r\n", "\n")).value
        assert {**before, "sections": 0} == {**after, "sections": 0}
        if verb == "move":
            assert text.count("#") == remarks
        remarks = text.count("#")
