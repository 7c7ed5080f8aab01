"""A new newsletter as the current folder, and what the tests of its commands share."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from newsletter.cli.app import run
from tests.databases import find_ready

Output = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are there at once."""
    find_ready(monkeypatch)


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new newsletter made by `init` in a folder with a space in its name, as the current folder."""
    for name in ("NEWSLETTER_DATABASE", "NEWSLETTER_STATE", "NEWSLETTER_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "our newsletter"
    assert run(["init", str(folder)]) == 0
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def issue(space: Path, capsys: Output) -> str:
    """The name of the issue that `init` made."""
    capsys.readouterr()
    (plan,) = space.glob("issues/*/issue.yaml")
    return plan.parent.name


def read(capsys: Output, *arguments: str, code: int = 0) -> Any:
    """Run a command that prints JSON and return it."""
    assert run(list(arguments)) == code
    return json.loads(capsys.readouterr().out)
