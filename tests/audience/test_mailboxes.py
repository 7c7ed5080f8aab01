"""Addresses with names, as mail programs copy them."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.audience.mailboxes import apart, are_mailboxes, read_mailbox
from newsletter.errors import AudienceError


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("anna@example.org", ("anna@example.org", "")),
        ("Anna <anna@example.org>", ("anna@example.org", "Anna")),
        ('"Berg, Anna" <anna@example.org>', ("anna@example.org", "Berg, Anna")),
        ("Berg, Anna <anna@example.org>", ("anna@example.org", "Berg, Anna")),
        ("'Anna Berg' <anna@example.org>", ("anna@example.org", "Anna Berg")),
        (r'"Anna \"Ann\" Berg" <anna@example.org>', ("anna@example.org", 'Anna "Ann" Berg')),
        ("Anna Berg (press) < anna@example.org >", ("anna@example.org", "Anna Berg (press)")),
        ("<anna@example.org>", ("anna@example.org", "")),
        ("Anna@example.org <anna@example.org>", ("anna@example.org", "")),
        ("'anna@example.org' <anna@example.org>", ("anna@example.org", "")),
        ("mailto:anna@example.org", ("anna@example.org", "")),
        ("To: Anna <anna@example.org>;", ("anna@example.org", "Anna")),
        ("Anna <mailto:anna@example.org>", ("anna@example.org", "Anna")),
        ("Anna\r\nBcc: <anna@example.org>", ("anna@example.org", "Anna Bcc:")),
        ("An\u202ena\x00 <anna@example.org>", ("anna@example.org", "Anna")),
        ("Anna", ("Anna", "")),
        ("", ("", "")),
    ],
)
def test_the_name_is_taken_from_the_address(text: str, found: tuple[str, str]) -> None:
    """On one line and without invisible marks, because it stands in headers of messages."""
    assert read_mailbox(text) == found


def test_several_addresses_are_not_one_person() -> None:
    """The last of them would get the names of all."""
    with pytest.raises(AudienceError) as caught:
        read_mailbox("Anna <anna@example.org>, Ben <ben@example.org>")
    assert (caught.value.message, caught.value.fix) == (
        "'Anna <anna@example.org>, Ben <ben@example.org>' is 2 addresses",
        "give one after the other, or import them from a file",
    )


@pytest.mark.parametrize(
    ("line", "are"),
    [
        ("anna@example.org", True),
        ("anna@example.org;", True),
        ("Anna <anna@example.org>, ben@example.org", True),
        ("anna@example.org, ben@example.org", False),
        ("Anna,anna@example.org", False),
        ("Anna;Berg;Anna <anna@example.org>;de", False),
        ("Dr;Anna;Berg;Anna <anna@example.org>", False),
        ("email;name", False),
        ("", False),
    ],
)
def test_a_list_of_mailboxes_is_told_from_a_table(line: str, are: bool) -> None:
    """Which cell of a table is the name would be a guess."""
    assert are_mailboxes(line) is are


@given(st.text())
def test_nothing_of_a_line_is_lost_and_no_name_has_a_line_break(line: str) -> None:
    """Whatever somebody pastes."""
    left = "".join("".join(apart(f"x{line}")).split())
    assert set("".join(f"x{line}".split())) - set(left) <= set(",;")
    try:
        _, name = read_mailbox(line)
    except AudienceError:
        return
    assert not set(name) & set("\r\n\x00\u2028\u202e")


@pytest.mark.parametrize("line", ['"\\\\"' * 40_000, "<" * 130_000, '"' * 130_001, "a@b," * 32_000, '(<"' * 40_000])
def test_no_line_takes_long(line: str) -> None:
    """The longest that is read at all."""
    started = time.perf_counter()
    are_mailboxes(line)
    apart(line)
    assert time.perf_counter() - started < 2
