"""Thousands of entries are not each looked for in everything that has left."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import selection
from newsletter.checks.consistency.shown import Shown
from newsletter.checks.facts import Facts, Sibling
from newsletter.model.entry import Entry
from tests.checks.workspace import FILES, PLAN, lint, write

MONTHS = ("2024-04", "2024-05", "2024-06")


def entry(day: str) -> str:
    """Return an entry of a day."""
    return f"---\ntitle: What the team wrote for {day}\ndate: {day}\nsummary: S\n---\n"


def months() -> dict[str, str]:
    """Return three issues before July's that show one entry each."""
    plan = FILES[PLAN].replace("take: news", "take: news\n    limit: 1")
    days = [f"{month}-{day}" for month in MONTHS for day in ("02", "03")]
    return {
        **{f"issues/{month}/issue.yaml": plan.replace("period: 2024-07", f"period: {month}") for month in MONTHS},
        **{f"issues/entries/news/{day}.md": entry(day) for day in [*days, "2024-01-01", "2024-02-01"]},
    }


def test_only_what_an_issue_has_left_without_is_looked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is of no sent issue's days is none of its business."""
    asked: list[str] = []
    search = Shown.may_be

    def noted(shown: Shown, one: Entry, issues: list[Sibling]) -> bool:
        asked.append(one.id)
        return search(shown, one, issues)

    monkeypatch.setattr(Shown, "may_be", noted)
    write(tmp_path, months())
    lint(tmp_path, Facts(sent={"2024-06": "The news of June"}))
    assert sorted(asked) == ["2024-06-02", "2024-06-03"]


def test_earlier_issues_are_put_together_once_for_all_that_have_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not once for each of them: what limits have kept out of one is known from the same round."""
    rounds: list[set[str]] = []
    several = selection.select_several

    def noted(content: object, names: set[str], **more: object) -> object:
        rounds.append(set(names))
        return several(content, names, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(selection, "select_several", noted)
    write(tmp_path, months())
    found = lint(tmp_path, Facts(sent=dict.fromkeys(MONTHS, "Nothing at all")))
    assert rounds == [{"2024-07"}, set(MONTHS)]
    assert [finding.entry for finding in found if finding.code == "CNS003"] == [f"{month}-03" for month in MONTHS]
