"""A file of readers that is not in UTF-8."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter.cli.app import run

Output = pytest.CaptureFixture[str]


def test_a_file_of_windows_is_read_as_what_somebody_says_it_is(space: Path, capsys: Output) -> None:
    """The question names the option, with words of the file by each answer."""
    capsys.readouterr()
    (space / "old.csv").write_bytes("email,name\nold@example.org,Jürgen\n".encode("windows-1252"))
    command = ["subscribers", "import", "old.csv", "--list", "monthly"]
    assert run(command) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert (
        "say which it is: --encoding windows-1252 where Jürgen is right; --encoding cp852 where JŘrgen is right" in told
    )
    assert run([*command, "--encoding", "windows-1522"]) == 2
    assert "did you mean windows-1252?" in capsys.readouterr().err
    assert run([*command, "--encoding", "Latin1"]) == 0
    capsys.readouterr()
    assert run(["subscribers", "show", "old@example.org", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["name"] == "Jürgen"
