"""The workflows that a team gets for its CI."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from newsletter.content import ci
from tests.content.workflows import files, read, scripts

ROOT = Path(__file__).parents[2]
TOOLS = Path(sys.executable).parent
VARIANTS = [("", ".[preview]"), ("teams/our letter", 'newsletter[preview] @ git+https://example.org/a"b.git@1234')]


def written(folder: Path, kind: str, workspace: str, requirement: str) -> list[Path]:
    """Write the workflows into a folder and return their paths."""
    paths = []
    for name, text in files(kind, workspace, requirement).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        paths.append(path)
    return paths


def test_this_repository_uses_the_same_workflows() -> None:
    """What a team gets is what shows the changes of our own issues."""
    for name, text in files("github").items():
        assert (ROOT / name).read_text(encoding="utf-8") == text, f"run: newsletter init --ci github, after rm {name}"


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_pictures_there_have_the_fonts_of_the_guide(kind: str) -> None:
    """Without them Chinese would be boxes."""
    guide = (ROOT / "docs/preview.md").read_text(encoding="utf-8")
    wanted = set(re.findall(r"fonts-[\w-]+", guide))
    assert "fonts-noto-cjk" in wanted
    assert set(re.findall(r"fonts-[\w-]+", "".join(files(kind).values()))) == wanted


@pytest.mark.parametrize(("workspace", "requirement"), VARIANTS)
@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_the_files_are_valid_by_the_schema(tmp_path: Path, kind: str, workspace: str, requirement: str) -> None:
    """SchemaStore's and GitLab's own, which check-jsonschema brings along."""
    options = ["--builtin-schema", "vendor.github-workflows"]
    if kind == "gitlab":
        options = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    paths = written(tmp_path, kind, workspace, requirement)
    command: list[str | Path] = [TOOLS / "check-jsonschema", *options, *paths]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(("workspace", "requirement"), VARIANTS)
@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_shellcheck_finds_nothing(kind: str, workspace: str, requirement: str) -> None:
    """In any script of any workflow, whatever the newsletter's folder is called."""
    found = [script for text in files(kind, workspace, requirement).values() for script in scripts(read(text))]
    assert len(found) >= 2
    for script in found:
        command: list[str | Path] = [TOOLS / "shellcheck", "--shell=bash", "-"]
        done = subprocess.run(command, input=script, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout


def test_zizmor_finds_nothing(tmp_path: Path) -> None:
    """Offline, as its strictest person; the two exceptions stand in the files with their reason."""
    written(tmp_path, "github", *VARIANTS[0])
    command: list[str | Path] = [
        TOOLS / "zizmor",
        "--offline",
        "--persona=auditor",
        "--no-progress",
        "--color=never",
        tmp_path,
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "(2 ignored)" in done.stdout + done.stderr


@pytest.mark.parametrize("kind", ["github", "gitlab"])
def test_no_workflow_sends_or_knows_a_secret(kind: str) -> None:
    """The only token is the one with which GitHub lets the second workflow comment."""
    for name, text in files(kind).items():
        verbs = re.findall(r"newsletter (?:-C \S+ )?(\w+)", "\n".join(scripts(read(text))))
        assert set(verbs) <= {"preview", "lint"}, name
        assert "secrets." not in text
        assert text.count("github.token") == (1 if name.endswith("newsletter-comment.yml") else 0)


def test_no_script_is_made_of_what_others_write() -> None:
    """Expressions reach scripts as variables alone: a branch's name is no code."""
    for text in files("github").values():
        assert all("${{" not in script for script in scripts(read(text)))


def test_what_runs_the_change_may_write_nothing_and_what_may_write_runs_nothing() -> None:
    """The two halves of a preview that is safe for forks."""
    preview, comment = (
        read(files("github")[f".github/workflows/newsletter-{name}.yml"]) for name in ("preview", "comment")
    )
    assert preview["on"] == {"pull_request": ""}
    assert preview["permissions"] == {"contents": "read"}
    assert [job.get("permissions") for job in preview["jobs"].values()] == [None]
    steps: list[dict[str, Any]] = preview["jobs"]["preview"]["steps"]
    (checkout,) = (step for step in steps if step.get("uses", "").startswith("actions/checkout@"))
    assert checkout["with"] == {"fetch-depth": "2", "persist-credentials": "false"}
    assert comment["on"] == {"workflow_run": {"workflows": [preview["name"]], "types": ["completed"]}}
    assert comment["permissions"] == {}
    (job,) = comment["jobs"].values()
    assert job["permissions"] == {"actions": "read", "pull-requests": "write"}
    assert all("uses" not in step for step in job["steps"])


def test_actions_are_pinned_by_commit() -> None:
    """With the version beside it, which a tag alone would not hold."""
    lines = [line for text in files("github").values() for line in text.splitlines() if "uses:" in line]
    assert lines
    assert all(re.search(r"uses: [\w-]+/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$", line) for line in lines)


def test_a_newsletter_in_a_folder_is_named_in_every_command() -> None:
    """The shell takes the name as one word."""
    for kind in ("github", "gitlab"):
        text = "\n".join(files(kind, "our 'letter'").values())
        commands = re.findall(r"newsletter .*(?:preview --ci|lint --output).*", text)
        assert commands
        assert all(line.startswith("newsletter -C 'our '\"'\"'letter'\"'\"'' ") for line in commands)


@pytest.mark.parametrize(
    ("told", "requirement"),
    [
        (None, "newsletter[preview]==1.2.3"),
        ({"url": "file:///repo", "dir_info": {"editable": True}}, ".[preview]"),
        ({"url": "file:///repo/tools/the%6eewsletter", "dir_info": {}}, "./tools/thenewsletter[preview]"),
        ({"url": "file:///elsewhere", "dir_info": {}}, ""),
        ({"url": "file:///repo/a b", "dir_info": {}}, ""),
        (
            {"url": "https://example.org/n.git", "vcs_info": {"vcs": "git", "commit_id": "12ab"}},
            "newsletter[preview] @ git+https://example.org/n.git@12ab",
        ),
        ({"url": "https://example.org/n.whl", "archive_info": {}}, "newsletter[preview] @ https://example.org/n.whl"),
        ({"url": "https://me:secret@example.org/n.whl", "archive_info": {}}, ""),
    ],
)
def test_ci_installs_what_runs_here(
    monkeypatch: pytest.MonkeyPatch, told: dict[str, Any] | None, requirement: str
) -> None:
    """From where pip has it, or from nowhere: a name that an index knows may be somebody else's package."""

    class Installed:
        version = "1.2.3"

        def read_text(self, name: str) -> str | None:
            assert name == "direct_url.json"
            return json.dumps(told) if told else None

    monkeypatch.setattr(ci, "distribution", lambda _: Installed())
    assert ci.requirement(Path("/repo")) == requirement
