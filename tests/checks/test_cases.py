"""Each rule finds its fault at its very place, and nothing in what is near to it and no fault."""

from __future__ import annotations

import time
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
    cases_languages,
    cases_links,
    cases_slips,
    cases_unplaced,
)
from tests.checks.workspace import Case, body, found, lint, outcome, write
from tests.web.composer.remedies import is_of_files

CASES: tuple[Case, ...] = (
    *cases_editorial.CASES,
    *cases_slips.CASES,
    *cases_languages.CASES,
    *cases_links.CASES,
    *cases_images.CASES,
    *cases_accessibility.CASES,
    *cases_clients.CASES,
    *cases_deliverability.CASES,
    *cases_consistency.CASES,
    *cases_unplaced.CASES,
)


def test_the_sound_workspace_has_no_findings(tmp_path: Path) -> None:
    """What the cases change has no fault of its own."""
    write(tmp_path, {})
    assert lint(tmp_path) == ()


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_rule_finds_its_fault_and_nothing_else(case: Case, tmp_path: Path) -> None:
    """The finding stands at the mark, to the column, and its remedy has words for those without a terminal."""
    findings = found(case, tmp_path)
    said, expected = outcome(case, findings)
    assert said == expected
    assert [str(finding.fix) for finding in findings if is_of_files(case.code, finding.fix)] == []


@pytest.mark.parametrize(
    ("written", "fix"),
    [
        ("www.example.org:8080/a", "write https://www.example.org:8080/a"),
        ("press@example.org", "write mailto:press@example.org"),
        ("tel:+4315044677", "an email links to pages and mailboxes alone; take the link away and keep its words"),
        (
            "../programme.html",
            "write the whole address of the page, as the browser shows it: an email stands on no website",
        ),
        ("#top", "write the whole address of the page, or take the link away and keep its words"),
    ],
)
def test_an_address_that_is_not_complete_is_completed_only_where_it_can_be(
    written: str, fix: str, tmp_path: Path
) -> None:
    """A telephone number behind https:// would be no address either."""
    write(tmp_path, body(f"See [the other words]({written})."))
    assert [(finding.code, finding.fix) for finding in lint(tmp_path)] == [("LNK003", fix)]


@pytest.mark.parametrize(
    ("lists", "fix"),
    [
        ("members", "begin on 2024-07-22, or write `since: last issue`"),
        ("members, monthly", "send monthly a letter of their own, and let this one begin on 2024-07-22"),
    ],
)
def test_days_that_one_list_has_had_are_not_taken_from_another(lists: str, fix: str, tmp_path: Path) -> None:
    """To begin after an issue that went to one of the lists alone would leave the others without its days."""
    write(tmp_path, cases_consistency.beside("2024-07", lists))
    assert [finding.fix for finding in lint(tmp_path) if finding.code == "CNS001"] == [fix]


@pytest.mark.parametrize(
    ("code", "fix"),
    [
        ("CNS002", "begin on 2024-06-16, or write `since: last issue`"),
        ("CNS006", "write `number: 7`"),
    ],
)
def test_what_goes_on_from_the_last_issue_is_written_out(code: str, fix: str, tmp_path: Path) -> None:
    """Nobody needs to look the last issue up."""
    files = cases_consistency.june("{from: 2024-06-01, to: 2024-06-15}")
    write(tmp_path, {**files, **cases_editorial.plan(("number: 7", "number: 9"))})
    assert [finding.fix for finding in lint(tmp_path) if finding.code == code] == [fix]


def test_of_two_issues_that_end_together_none_is_told_to_begin_when_both_are_over(tmp_path: Path) -> None:
    """A look back ends with the last issue within it, and is the one that finds its days taken."""
    write(tmp_path, cases_consistency.june("{from: 2024-01-01, to: 2024-07-31}"))
    found = [*lint(tmp_path), *lint(tmp_path, name="2024-06")]
    told = "issue 2024-07 has 2024-07-01 to 2024-07-31 too"
    fix = "give one of the two other days, or send it to other readers"
    assert [(finding.message, finding.fix) for finding in found if finding.code == "CNS001"] == [(told, fix)]


def test_every_rule_has_a_fault_and_something_near_it() -> None:
    """A rule without both could find everything or nothing."""
    faults = Counter(case.code for case in CASES if case.messages)
    sounds = Counter(case.code for case in CASES if not case.messages)
    codes = {rule.code for rule in RULES}
    assert codes - faults.keys() == set()
    assert codes - sounds.keys() == set()
    assert (faults.keys() | sounds.keys()) - codes == set()


@pytest.mark.parametrize("gap", ["\n" * 20_000, " " * 20_000, "|---" * 5_000, "<!--" * 5_000])
def test_a_gap_of_any_length_is_passed_over_quickly(gap: str, tmp_path: Path) -> None:
    """Somebody who leans on a key, or pastes a broken table, waits for nothing."""
    write(tmp_path, body(f"They start.{gap}They end."))
    begun = time.process_time()
    lint(tmp_path)
    assert time.process_time() - begun < 10
