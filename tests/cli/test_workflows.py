"""The scripts that render and check a proposed change, run as they stand in the workflows."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.checks.workspace import FILES, PLAN, write
from tests.content.workflows import read
from tests.preview.shown import committed, git

WORKSPACE = "our letter"
ENTRY = "---\ntitle: {0} begins {1}\ndate: {1}-20\n---\n"
JUNE = (
    "title: June\nnumber: 6\nperiod: 2024-06\nsubject: What happened in June\nsections: [{heading: News, take: news}]\n"
)

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "git"))), reason="needs bash and git: apt install git"
)


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a newsletter in a folder; its issue of June has a fault, and a topic adds one to July's."""
    for name in ("GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "repository"
    old = {"issues/2024-06/issue.yaml": JUNE, "issues/entries/news/june.md": ENTRY.format("A story", "2024-06")}
    write(root / WORKSPACE, {**FILES, **old})
    committed(root)
    monkeypatch.chdir(root / WORKSPACE)
    for kind in ("github", "gitlab"):
        assert run(["init", "--ci", kind]) == 0
    committed(root)
    (root / WORKSPACE / "issues/entries/news/new.md").write_text(ENTRY.format("A project", "2024-07"), encoding="utf-8")
    committed(root)
    return root


def do(script: str, root: Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a script of a workflow in the repository."""
    folder = root.parent / "bin"
    folder.mkdir(exist_ok=True)
    program = folder / "newsletter"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m newsletter "$@"\n', encoding="utf-8")
    program.chmod(0o755)
    own = {
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": str(Path(__file__).parents[2]),
        "NEWSLETTER_CHROMIUM": str(root / "no browser"),
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script]
    return subprocess.run(
        command, cwd=root, env=os.environ | own | more, capture_output=True, text=True, check=False, timeout=120
    )


def test_github_annotates_the_issues_that_a_change_touches(repository: Path, tmp_path: Path) -> None:
    """The nine annotations of a level are not spent on what was sent long ago, and lead to the files of the change."""
    workflow = read((repository / ".github/workflows/newsletter-preview.yml").read_text(encoding="utf-8"))
    steps = {step["name"].partition(",")[0]: step for step in workflow["jobs"]["preview"]["steps"]}
    preview, check = steps["Make the preview of every issue that is touched"], steps["Check"]
    assert check["env"] == {"ISSUES": f"${{{{ steps.{preview['id']}.outputs.issues }}}}"}
    output = tmp_path / "output"
    done = do(preview["run"], repository, GITHUB_OUTPUT=str(output))
    assert done.returncode == 0, done.stderr
    told = dict(line.split("=", 1) for line in output.read_text(encoding="utf-8").splitlines())
    done = do(check["run"], repository, ISSUES=told["issues"])
    assert done.returncode == 0, done.stderr
    (line,) = done.stdout.splitlines()
    assert line.startswith(f"::warning file={WORKSPACE}/issues/entries/news/new.md,line=2,col=1,title=EDT001 ")
    # Where the preview has failed before it knew them, all are checked.
    assert do(check["run"], repository, ISSUES="").stdout.count("2024-06/issue.yaml,") == 1


def test_gitlab_reports_what_the_preview_has_found(repository: Path) -> None:
    """In the files that the job names, also where it fails."""
    (repository / WORKSPACE / PLAN).write_text(FILES[PLAN].replace("Twelve", "TODO Twelve"), encoding="utf-8")
    job = read((repository / ".gitlab/newsletter.yml").read_text(encoding="utf-8"))["newsletter-preview"]
    (script,) = job["script"]
    assert do(script, repository, CI_MERGE_REQUEST_DIFF_BASE_SHA=git(repository, "rev-parse", "HEAD^")).returncode == 1
    reports = job["artifacts"]["reports"]
    found = json.loads((repository / reports["codequality"]).read_text(encoding="utf-8"))
    assert [one["location"]["path"] for one in found] == [
        f"{WORKSPACE}/{PLAN}",
        f"{WORKSPACE}/issues/entries/news/new.md",
    ]
    assert 'failures="2"' in (repository / reports["junit"]).read_text(encoding="utf-8")
