"""The script that comments on pull requests, run as it stands in the workflow, with a stand-in for GitHub's `gh`."""

from __future__ import annotations

import io
import json
import os
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from tests.content.workflows import files, read

COMMIT = "c" * 40
MARKER = "<!-- newsletter-preview -->"
GH = '''\
#!{python}
"""Answers as GitHub's API does, from files, and keeps what it is told."""
import json, pathlib, sys
here, arguments = pathlib.Path(__file__).parent.parent, sys.argv[1:]
path = next(part for part in arguments if part.startswith("repos/")).partition("?")[0]
with (here / "calls").open("a") as calls:
    calls.write(json.dumps(arguments) + "\\n")
if "--field" in arguments:
    name, _, file = arguments[arguments.index("--field") + 1].partition("=@")
    body = {name: pathlib.Path(file).read_text("utf-8", "replace")}
    method = arguments[arguments.index("--method") + 1]
    (here / "posted").write_text(json.dumps([method, path, body]), "utf-8")
else:
    sys.stdout.buffer.write((here / "answers" / path.replace("/", "_")).read_bytes())
'''

pytestmark = pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "jq", "unzip"))), reason="needs bash, jq and unzip: apt install jq unzip"
)


class GitHub:
    """What the script may ask, and what it has posted."""

    def __init__(self, root: Path) -> None:
        self.root = root
        (root / "answers").mkdir()
        (root / "bin").mkdir()
        gh = root / "bin/gh"
        python = shutil.which("python3") or "/usr/bin/python3"
        gh.write_text(GH.replace("{python}", python), encoding="utf-8")
        gh.chmod(0o755)
        self.answer("pulls", [{"number": 9, "head": {"sha": "d" * 40}}, {"number": 7, "head": {"sha": COMMIT}}])
        self.answer("issues_7_comments", [])
        self.artifact("Three entries were added.\n")

    def answer(self, path: str, value: Any) -> None:
        """Set what a path of the API answers."""
        content = value if isinstance(value, bytes) else json.dumps(value).encode()
        (self.root / "answers" / f"repos_org_letter_{path}").write_bytes(content)

    def artifact(self, comment: str | bytes, *, name: str = "comment.md", size: int = 500) -> None:
        """Set what the run has left behind."""
        content = io.BytesIO()
        with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("../../evil.sh", "touch evil")
            archive.writestr(name, comment)
        one = {"id": 55, "name": "newsletter-comment", "size_in_bytes": size, "expired": False}
        self.answer("actions_runs_3_artifacts", {"artifacts": [{**one, "id": 54, "name": "newsletter-preview"}, one]})
        self.answer("actions_artifacts_55_zip", content.getvalue())

    def run(self, *, branch: str = "topic", origin: str = "org/letter") -> str:
        """Run the script and return what it printed."""
        (job,) = read(files("github")[".github/workflows/newsletter-comment.yml"])["jobs"].values()
        (step,) = job["steps"]
        variables = {
            "PATH": f"{self.root / 'bin'}:{os.environ['PATH']}",
            "TMPDIR": str(self.root),
            "LC_ALL": "C.UTF-8",
            "REPOSITORY": "org/letter",
            "FROM": origin,
            "RUN": "3",
            "PAGE": "https://github.example/org/letter/actions/runs/3",
            "OWNER": "somebody",
            "BRANCH": branch,
            "COMMIT": COMMIT,
            "MARKER": step["env"]["MARKER"],
        }
        assert set(step["env"]) - set(variables) == {"GH_TOKEN"}
        done = subprocess.run(
            ["bash", "-c", step["run"]], cwd=self.root, env=variables, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    @property
    def posted(self) -> Any:
        """What was posted: method, path and body; None where nothing was."""
        path = self.root / "posted"
        return json.loads(path.read_text(encoding="utf-8")) if path.exists() else None


@pytest.fixture
def github(tmp_path: Path) -> GitHub:
    """A repository with an open pull request whose preview has just ended."""
    return GitHub(tmp_path)


def body(text: str) -> dict[str, str]:
    """Return a comment as it is posted."""
    page = "https://github.example/org/letter/actions/runs/3"
    return {"body": f"{MARKER}\n{text}\n\n[All files of this preview]({page})\n"}


def test_the_comment_goes_to_the_pull_request_of_the_commit(github: GitHub) -> None:
    """Its number comes from GitHub, by owner, branch and commit of the run."""
    github.run()
    assert github.posted == ["POST", "repos/org/letter/issues/7/comments", body("Three entries were added.\n")]
    asked = json.loads((github.root / "calls").read_text(encoding="utf-8").splitlines()[0])
    assert asked == [
        "api", "--method", "GET", "repos/org/letter/pulls", "-f", "state=open", "-f", "head=somebody:topic",
    ]  # fmt: skip


def test_a_comment_from_a_fork_says_whose_words_it_has(github: GitHub) -> None:
    """Its own code has made the preview, and whoever reads the comment trusts this repository."""
    github.run(origin="somebody/letter")
    told = "*This pull request comes from a fork, whose own code has written what follows.*\n\n"
    assert github.posted[2] == body(f"{told}Three entries were added.\n")


def test_the_comment_that_is_there_is_updated(github: GitHub) -> None:
    """Only the workflow's own: the marker in somebody else's comment means nothing."""
    others = [
        {"id": 1, "user": {"login": "somebody"}, "body": f"{MARKER} mine"},
        {"id": 2, "user": {"login": "github-actions[bot]"}, "body": f"About {MARKER}"},
        {"id": 3, "user": {"login": "github-actions[bot]"}, "body": f"{MARKER}\nearlier"},
    ]
    # Several pages come as several lists.
    github.answer("issues_7_comments", json.dumps(others[:1]).encode() + json.dumps(others[1:]).encode())
    github.run()
    assert github.posted[:2] == ["PATCH", "repos/org/letter/issues/comments/3"]


def test_a_commit_without_an_open_pull_request_gets_no_comment(github: GitHub) -> None:
    """It was closed, or somebody has pushed since."""
    github.answer("pulls", [{"number": 9, "head": {"sha": "d" * 40}}])
    assert "No open pull request" in github.run()
    assert github.posted is None


@pytest.mark.parametrize("left", [{"size": 100_000}, {"name": "other.md"}, {"comment": ""}])
def test_an_artefact_that_does_not_fit_is_left_alone(github: GitHub, left: dict[str, Any]) -> None:
    """Too large, without the one file, or empty."""
    github.artifact(**({"comment": "text"} | left))
    github.run()
    assert github.posted is None


def test_a_comment_is_cut_where_github_would_refuse_it(github: GitHub) -> None:
    """At 65,536 letters: whatever a small archive unpacks to, in the middle of a letter, and with blanks added."""
    for text, kept in (("ü" * 5_000_000, 30_000), ("a" + "ü" * 50_000, 29_999), ("@" * 60_000, 15_000)):
        github.artifact(text)
        github.run()
        posted = github.posted[2]["body"]
        assert posted.count(text[-1]) == kept
        assert len(posted) < 65_536
        assert posted.endswith("/runs/3)\n")


def test_what_is_no_text_is_replaced(github: GitHub) -> None:
    """GitHub refuses bytes that are not UTF-8, and takes no zero."""
    github.artifact(b"\xff text \x00 end")
    github.run()
    assert github.posted[2] == body("\ufffd text  end")


def test_a_comment_is_text_and_nothing_else(github: GitHub) -> None:
    """It notifies nobody, runs nothing, and is no place for another marker; the archive writes no other file."""
    github.artifact('@everybody $(touch evil) `touch evil` "quoted" \\ end')
    github.run(branch="$(touch evil);`touch evil`")
    assert github.posted[2] == body('@\u200beverybody $(touch evil) `touch evil` "quoted" \\ end')
    assert not [*github.root.rglob("evil*"), *github.root.parent.glob("evil*")]
