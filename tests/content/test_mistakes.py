from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.content import tree
from tests.content import mistake_files

CASES = sorted(mistake_files.FOLDER.glob("*.txt"))


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_a_mistake_is_told_in_these_words(case: Path, tmp_path: Path) -> None:
    """Each likely mistake is told with its place, the reason, and something to write instead."""
    files, findings = mistake_files.parts(case)
    assert mistake_files.told(tmp_path, files) == findings


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_the_parser_without_libyaml_leads_to_the_same_words(
    case: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where PyYAML came without libyaml, its own parser takes over unnoticed."""
    monkeypatch.setattr(tree, "_parser", tree.PureParser)
    files, findings = mistake_files.parts(case)
    assert mistake_files.told(tmp_path, files) == findings


@pytest.mark.parametrize("case", CASES, ids=[case.stem for case in CASES])
def test_every_finding_says_what_why_and_how(case: Path) -> None:
    """Nobody is left with a problem and no next step."""
    _, findings = mistake_files.parts(case)
    lines = findings.splitlines()
    assert lines
    assert all(line.removeprefix("    why: ").removeprefix("    fix: ").strip() for line in lines)
    assert not [line for line in lines if "None" in line or "Traceback" in line]
