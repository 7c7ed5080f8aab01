"""What fields make of the texts in files."""

from __future__ import annotations

import pytest

from tests import factories as make


@pytest.mark.parametrize("text", ["Wells\tfor towns", "Wells \n  for towns", "Wells\r\nfor towns", "Wells\rfor towns"])
def test_what_stands_on_one_line_has_neither_breaks_nor_tabs(text: str) -> None:
    """A subject pasted from a spreadsheet would be a header that nobody can send."""
    assert make.issue(subject=text).subject == "Wells for towns"
    assert make.news(title=text).title == "Wells for towns"
