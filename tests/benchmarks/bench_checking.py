"""All offline rules on one issue of 24 entries beside rendering it, and linting a hundred past issues.

Targets: 100 ms for the rules of one issue, 5 s for a hundred issues.
"""

from __future__ import annotations

import sys
import tempfile
import time
from heapq import nlargest
from operator import itemgetter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from newsletter import checks, config, pipeline
from newsletter.checks.subject import Subject
from newsletter.rendering import render
from tests import factories as make
from tests.benchmarks.side_by_side import compare
from tests.rendering.month import month

ISSUES = 100
ENTRIES = 12


def one_issue() -> None:
    """Print what the rules cost beside rendering, cold and warm, and which of them cost most."""
    with tempfile.TemporaryDirectory() as folder:
        workspace = make.workspace(Path(folder))
        selection = month()
        edition = render(selection, workspace, "en")
        facts = checks.Facts(settings=workspace.settings)
        begin = time.perf_counter()
        found = checks.check(selection, (edition,), facts)
        print(f"first check, everything cold: {(time.perf_counter() - begin) * 1000:.0f} ms, {len(found)} findings")
        compare(
            {
                "entries to HTML and text": lambda: render(selection, workspace, "en"),
                "all offline rules": lambda: checks.check(selection, (edition,), facts),
            }
        )
        subject = Subject(selection, (edition,), facts, {}, {rule.code: rule.parameters for rule in checks.RULES})
        seconds: dict[str, float] = {}
        for rule in checks.RULES:
            begin = time.perf_counter()
            list(rule.findings(subject))
            seconds[rule.code] = time.perf_counter() - begin
        dearest = nlargest(6, seconds.items(), key=itemgetter(1))
        print("  dearest:", ", ".join(f"{code} {cost * 1000:.1f} ms" for code, cost in dearest))


def many_issues() -> None:
    """Print what linting a hundred past issues costs, from files to findings."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write(root)
        workspace = config.load(root, environment={})
        begin, worked = time.perf_counter(), time.process_time()
        read = pipeline.read(workspace)
        findings = 0
        for chosen in pipeline.choose_each(workspace, read.issues, read):
            findings += len(pipeline.render(workspace, chosen, read_content=read).findings)
        wall, busy = time.perf_counter() - begin, time.process_time() - worked
        print(
            f"{len(read.issues)} issues of {ENTRIES} entries: {wall:.2f} s, {busy:.2f} s of it on a processor", end="; "
        )
        print(f"{findings} findings")


def write(root: Path) -> None:
    """Write a workspace with a hundred monthly issues."""
    (root / "newsletter.toml").write_text(
        'title = "News"\nfrom = "News <news@example.org>"\nzone = "Europe/Vienna"\npostal_address = "Street 1, City"\n'
        'public_url = "https://news.example.org"\n',
        encoding="utf-8",
    )
    for number in range(ISSUES):
        month = f"{2018 + number // 12}-{number % 12 + 1:02d}"
        plan = root / "issues" / month / "issue.yaml"
        plan.parent.mkdir(parents=True)
        plan.write_text(
            f"title: News of {month}\nnumber: {number + 1}\nperiod: {month}\n"
            f"subject: What happened in {month}, and what comes next\n"
            f"preheader: Twelve stories of {month} from all over the world, told in two sentences each\n"
            "sections:\n  - {heading: News, take: news, limit: 8}\n  - {heading: More news, take: news}\n",
            encoding="utf-8",
        )
        for entry in range(ENTRIES):
            file = root / "issues/entries/news" / f"{month}-{entry + 1:02d}-story.md"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(
                f"---\ntitle: Story {number * ENTRIES + entry} tells of place {entry} in {month}\n"
                f"date: {month}-{entry + 1:02d}\nsummary: >-\n"
                f"  Something happened at place {entry}, and people who were there tell what it means for them\n"
                "  and what they expect of the months to come.\n"
                f"url: https://www.example.org/{month}/{entry}\ntopics: [one, two]\n---\n",
                encoding="utf-8",
            )


if __name__ == "__main__":
    one_issue()
    many_issues()
