"""Each rule finds its fault at its very place, and nothing in what is near to it and no fault."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from newsletter.checks import RULES
from tests.checks import (
    cases_accessibility,
    cases_clients,
    cases_consistency,
    cases_deliverability,
    cases_editorial,
    cases_images,
    cases_links,
)
from tests.checks.workspace import Case, lint, outcome, write

CASES: tuple[Case, ...] = (
    *cases_editorial.CASES,
    *cases_links.CASES,
    *cases_images.CASES,
    *cases_accessibility.CASES,
    *cases_clients.CASES,
    *cases_deliverability.CASES,
    *cases_consistency.CASES,
)


def test_the_sound_workspace_has_no_findings(tmp_path: Path) -> None:
    """What the cases change has no fault of its own."""
    write(tmp_path, {})
    assert lint(tmp_path) == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_finds_its_fault_and_nothing_else(case: Case, tmp_path: Path) -> None:
    """The finding stands at the mark, to the column."""
    found, expected = outcome(case, tmp_path)
    assert found == expected


def test_every_rule_has_a_fault_and_something_near_it() -> None:
    """A rule without both could find everything or nothing."""
    faults = Counter(case.code for case in CASES if case.messages)
    sounds = Counter(case.code for case in CASES if not case.messages)
    codes = {rule.code for rule in RULES}
    assert codes - faults.keys() == set()
    assert codes - sounds.keys() == set()
    assert (faults.keys() | sounds.keys()) - codes == set()
