"""Forced dark turns light grounds and dark words, and nothing else."""

from __future__ import annotations

import pytest

from newsletter.preview.darkening import darken


@pytest.mark.parametrize(
    ("written", "turned"),
    [
        ('<td bgcolor="#ffffff">', '<td bgcolor="#212121">'),
        ('<p style="color:#000000">', '<p style="color:#dbdbdb">'),
        ('<p style="color:#ffffff">', '<p style="color:#ffffff">'),
        (
            '<td style="background:#000;border:1px solid white">',
            '<td style="background:#000;border:1px solid #212121">',
        ),
        ('<p style="color:rgb(0, 0, 0)">', '<p style="color:#dbdbdb">'),
        ('<img src="data:image/png;base64,color:#fff"', '<img src="data:image/png;base64,color:#fff"'),
        ("<p>color:#000000 is black</p>", "<p>color:#000000 is black</p>"),
    ],
)
def test_colours_turn_by_what_they_are_for(written: str, turned: str) -> None:
    """L* 100 becomes 12.5 on grounds, L* 0 becomes 87.5 in words; words and addresses are left alone."""
    assert darken(written) == turned


def test_what_the_email_says_about_dark_is_not_heard() -> None:
    """A client that darkens by force reads neither the meta element nor the media query."""
    html = (
        '<head><meta name="color-scheme" content="light dark"><style>:root{color-scheme:light dark}'
        "@media (prefers-color-scheme:dark){.a{color:red}.b{color:blue}}.c{margin:0}</style></head>"
    )
    dark = darken(html)
    assert "light dark" not in dark
    assert "prefers" not in dark
    assert ".c{margin:0}" in dark
