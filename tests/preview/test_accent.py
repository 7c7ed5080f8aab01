"""The team's own pages can be read in the colours of every brand."""

from __future__ import annotations

import re

from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.model.color import READABLE, contrast, mix
from newsletter.preview import accent, report

COLOR = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@example("#ffd200")
@example("#000000")
@given(COLOR)
def test_every_brand_is_readable_in_light_and_dark(brand: str) -> None:
    """WCAG AA on each ground that links and buttons have, and for white or black words on a button."""
    found = dict(re.findall(r"--([\w-]+):(#\w{6})", accent.properties(brand)))
    grounds = {
        "on-light": ("#ffffff", "#f6f7f9", mix("#ffffff", brand, 0.09)),
        "on-dark": ("#16191d", "#1e2227", "#343b43", mix("#16191d", brand, 0.26)),
    }
    for name, behind in grounds.items():
        for ground in behind:
            assert contrast(found[name], ground) >= READABLE, (name, ground)


def test_a_dark_brand_stays_what_it_is() -> None:
    """Only as much darker as it always was."""
    assert accent.properties("#004b87") == "--brand:#004b87;--on-light:#004277;--on-dark:#94b3cd"


def test_the_style_sheet_takes_links_and_buttons_from_them() -> None:
    """The brand's own colour is only ever a part of a ground."""
    style = report.asset("report.css")
    assert "--accent:light-dark(var(--on-light),var(--on-dark));" in style
    assert style.count("var(--brand)") == style.count("color-mix(in oklab,var(--brand)") == 2
