"""Periods as other people write them."""

from __future__ import annotations

import pytest

from newsletter.model import shape, spans
from newsletter.model.issue import PeriodPlan
from newsletter.model.meant import field


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("July 2024", "2024-07"),
        ("2024-7", "2024-07"),
        ("07/2024", "2024-07"),
        ("202407", "2024-07"),
        ("2024-13", ""),
        ("2024", "{from: 2024-01-01, to: 2024-12-31}"),
        ("12", ""),
        ("2024-Q3", "{from: 2024-07-01, to: 2024-09-30}"),
        ("Q1 2024", "{from: 2024-01-01, to: 2024-03-31}"),
        ("2026-KW41", "{from: 2026-10-05, to: 2026-10-11}"),
        ("2026-W60", ""),
        ("2024-07-10", "{from: 2024-07-10, to: 2024-07-10}"),
        ("2024-07-01 to 2024-07-26", "{from: 2024-07-01, to: 2024-07-26}"),
        ("2024-07-01/2024-07-26", "{from: 2024-07-01, to: 2024-07-26}"),
        ("2024-07-26/2024-07-01", ""),
        ("2024-02-30/2024-03-01", ""),
        ("any", ""),
    ],
)
def test_a_period_in_another_form_has_one_meaning_or_none(written: str, meant: str) -> None:
    """What it gives is a period as an issue takes it."""
    assert spans.probable(written) == meant


@pytest.mark.parametrize(
    ("written", "ours"), [("start", "from"), ("until", "to"), ("End", "to"), ("bis", "to"), ("after", "since")]
)
def test_the_ends_of_a_period_have_other_names(written: str, ours: str) -> None:
    """Calendars say start and end."""
    assert field(written, sorted(shape.names(PeriodPlan))) == ours
