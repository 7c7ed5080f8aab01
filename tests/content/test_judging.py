from __future__ import annotations

from pathlib import Path

from newsletter.content import judging
from tests import factories as make


def test_an_entry_is_judged_before_it_is_written(tmp_path: Path) -> None:
    """The same findings as for the file itself, with its name, line and column."""
    space = make.workspace(tmp_path)
    path = space.entries / "news" / "one.md"
    (found,) = judging.judge_entry(space, path, "---\ntitle: One\ndate: soon\n---\n")
    assert (found.code, str(found.place)) == ("ENT006", "issues/entries/news/one.md:3:7")
    assert judging.judge_entry(space, path, "---\ntitle: One\ndate: 2024-07-01\n---\n") == ()
    assert not path.exists()


def test_an_issue_is_judged_before_it_is_written(tmp_path: Path) -> None:
    """What names something that does not exist is told by the checks, once it is written."""
    space = make.workspace(tmp_path)
    good = "title: T\nperiod: 2024-07\nsubject: S\nsections: [{heading: N, take: news}]\n"
    assert judging.judge_issue(space, "2024-07", good) == ()
    found = judging.judge_issue(space, "2024-07", good.replace("2024-07", "July"))
    assert [str(finding.place) for finding in found] == ["issues/2024-07/issue.yaml:2:9"]
