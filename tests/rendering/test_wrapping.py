"""Wrapping: full lines, whole words, nothing lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.model.columns import columns
from newsletter.rendering.wrapping import wrap


def test_a_long_address_stays_whole() -> None:
    """A broken address leads nowhere."""
    address = "https://www.example.org/" + "a" * 80
    assert wrap(f"see {address} there") == f"see\n{address}\nthere"


def test_lines_after_the_first_are_indented() -> None:
    """The second line of a list's item stands below the first."""
    assert wrap("one two three", 9, "  ") == "one two\n  three"


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("国际移民政策发展中心今天发表", ["国际移民政", "策发展中心", "今天发表"]),
        ("移民政策。“发展”中心（维也纳）", ["移民政策。", "“发展”中心", "（维也纳）"]),
        ("移民政策（维也纳中心。", ["移民政策", "（维也纳中", "心。"]),
        ("国际移民法。", ["国际移民", "法。"]),
        ("ウィーンのセンターがきょう", ["ウィーンの", "センターが", "きょう"]),
        ("EU 与 ICMPD 在北京", ["EU 与", "ICMPD 在北", "京"]),
        ("การย้ายถิ่นระหว่างประเทศ", ["การย้ายถิ่นระ", "หว่างประเทศ"]),
        ("🎉🎉🎉🎉🎉🎉🎉 ja", ["🎉🎉🎉🎉🎉", "🎉🎉 ja"]),
        ("👩‍👧👍🏽👍🏽👍🏽", ["👩‍👧👍🏽", "👍🏽👍🏽"]),
        ("이민 정책 개발 센터", ["이민 정책", "개발 센터"]),
        ("जलवायु परिवर्तन नीति", ["जलवायु", "परिवर्तन", "नीति"]),
    ],
)
def test_scripts_without_blanks_are_wrapped_by_columns(text: str, lines: list[str]) -> None:
    """A wide sign takes two columns; no line begins with a closing sign or a vowel, none ends with an opening one."""
    assert wrap(text, 10).split("\n") == lines


@pytest.mark.parametrize("address", ["https://example.org/移民政策发展中心今天发表", "https://example.org/a-long-one"])
def test_an_address_between_chinese_words_stays_whole(address: str) -> None:
    """No blank need stand around it, and signs of any script may stand in it."""
    assert address in wrap(f"请看我们的研究{address}。谢谢", 20).split("\n")[-2]


@given(st.text(), st.integers(1, 80))
def test_words_keep_their_order_and_lines_their_width(text: str, width: int) -> None:
    """Only a single word may be longer than the line, and nothing but blanks comes or goes."""
    wrapped = wrap(text, width)
    assert "".join(wrapped.split()) == "".join(text.split())
    assert all(columns(line) <= width or " " not in line for line in wrapped.split("\n"))


@given(st.text("abc é–", max_size=60), st.integers(1, 20))
def test_words_with_blanks_between_them_are_never_broken(text: str, width: int) -> None:
    """Line ends stand where blanks stood."""
    assert wrap(text, width).split() == text.split()
