"""`docs`: the manual in a terminal."""

from __future__ import annotations

import json

import pytest

from newsletter import manual
from newsletter.cli.app import run


def test_pages_are_listed_and_shown_as_they_are_written(capsys: pytest.CaptureFixture[str]) -> None:
    """What goes into another program is Markdown; no workspace is needed."""
    assert run(["docs"]) == 0
    told = capsys.readouterr()
    assert [line.split()[0] for line in told.out.splitlines()] == ["page", *manual.pages()]
    assert told.err == f"{len(manual.pages())} pages; newsletter docs PAGE shows one\n"
    assert run(["docs", "approval"]) == 0
    assert capsys.readouterr().out == manual.page("approval").without_anchors


def test_scripts_read_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Names, titles and first sentences; or a page."""
    assert run(["docs", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["pages"][1] == {
        "name": "issues",
        "title": "Issues",
        "lead": "An issue is one file that says which days it covers, who gets it, and which section takes what: "
        "issues/2024-07/issue.yaml.",
    }
    assert run(["docs", "issues.md", "--json"]) == 0
    page = manual.page("issues")
    told = {"schema": 1, "name": "issues", "title": "Issues", "text": page.text}
    assert json.loads(capsys.readouterr().out) == told


def test_a_page_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    """With the one that may be meant."""
    assert run(["docs", "setings"]) == 2
    assert "error: there is no page 'setings'; did you mean 'settings'?\n" in capsys.readouterr().err
