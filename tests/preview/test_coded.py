"""Messages of the command line on a page."""

from __future__ import annotations

import pytest

from newsletter.preview.coded import coded


@pytest.mark.parametrize(
    ("message", "html"),
    [
        ("add a line `doi: 10.…` if it has one", "add a line <code>doi: 10.…</code> if it has one"),
        ("`a` or `b`", "<code>a</code> or <code>b</code>"),
        ("<b> in `<i>`", "&lt;b&gt; in <code>&lt;i&gt;</code>"),
        ("a ` by itself", "a ` by itself"),
    ],
)
def test_what_is_quoted_from_a_file_is_code(message: str, html: str) -> None:
    """Nobody sees the marks around it, and what is written in a message never becomes markup."""
    assert coded(message) == html
