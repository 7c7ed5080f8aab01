"""The page about approvals shows what really happens."""

from __future__ import annotations

import re
import shlex
import textwrap
from pathlib import Path

import pytest

from newsletter.cli.app import run

PAGE = Path(__file__).parents[2] / "docs/approval.md"


def blocks(kind: str) -> list[str]:
    """Return the code blocks of a kind, without what indents them."""
    found = re.findall(rf"(?ms)^ *```{kind}\n(.*?)^ *```$", PAGE.read_text(encoding="utf-8"))
    return [textwrap.dedent(block) for block in found]


def same(text: str, folder: Path, issue: str) -> list[str]:
    """Return lines without what differs from day to day: folder, issue, digest, moment and sizes."""
    text = text.replace(f"{folder}/", "…/").replace(issue, "2026-11")
    text = re.sub(r"digest [0-9a-f]{12}\S*", "digest", text)
    text = re.sub(r"on \w+day \d+ \w+ \d{4}, \d\d:\d\d", "on a day", text)
    return [line for line in text.splitlines() if " bytes, " not in line]


def test_the_page_shows_what_the_commands_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Word for word, in a new newsletter; between the two examples the subject changes as the second one tells."""
    folder = tmp_path / "ours"
    assert run(["init", str(folder)]) == 0
    monkeypatch.chdir(folder)
    (plan,) = folder.glob("issues/*/issue.yaml")
    issue = plan.parent.name
    capsys.readouterr()
    examples = blocks("console")
    assert len(examples) == 2
    for example in examples:
        command, _, expected = example.partition("\n")
        words = shlex.split(command.replace("2026-11", issue))
        assert words[:2] == ["$", "newsletter"]
        run(words[2:])
        printed = capsys.readouterr()
        assert same(printed.out + printed.err, folder, issue) == same(expected, folder, issue)
        text = plan.read_text(encoding="utf-8")
        plan.write_text(re.sub(r"(?m)^subject:.*$", "subject: Late news", text), encoding="utf-8")


def test_the_settings_on_the_page_can_be_used(tmp_path: Path) -> None:
    """Each line by itself."""
    from newsletter import config

    (block,) = blocks("toml")
    needed = 'title = "T"\nfrom = "a@example.org"\nzone = "UTC"\npostal_address = "A"\n'
    for line in block.splitlines():
        (tmp_path / "newsletter.toml").write_text(f"{line}\n{needed}", encoding="utf-8")
        assert config.load(tmp_path, {}).settings.approval.required
