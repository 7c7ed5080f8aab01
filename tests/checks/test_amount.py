"""How many words there are, in every script."""

from __future__ import annotations

import pytest

from newsletter.checks.amount import words


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 0),
        ("Two new wells – and a road", 6),
        ("See https://www.example.org/a/b there", 2),
        ("Zwölf Brunnen, 3 Straßen", 4),
        ("移民政策报告", 4),
        ("移民政策 Report 2024", 5),
        ("移住政策のレポート", 6),
        ("นโยบายการย้ายถิ่น", 4),
        ("سياسة الهجرة الجديدة", 3),
        ("प्रवासन नीति", 2),
    ],
)
def test_words_are_counted_where_no_blanks_part_them(text: str, number: int) -> None:
    """About as many as take the same time to read."""
    assert words(text) == number
