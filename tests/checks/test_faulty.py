"""An issue of sixty faults: each is found at its line and column, and nothing else is.

In the files below `faulty/` each fault stands behind its code in ⟦ ⟧, which are taken out before they are read.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from newsletter.model.finding import Place
from tests.checks.workspace import ISSUE, gif, lint, png

HERE = Path(__file__).parent / "faulty"
MARK = re.compile(r"⟦([A-Z0-9,]+)⟧")
PICTURES = {
    "small.png": png(300, 200),
    "tower.png": png(500, 1400),
    "festival-flyer.png": png(),
    "moving.gif": gif(blank_first=True),
}


def planted(root: Path) -> list[str]:
    """Write the workspace without its marks, and return the code and place of every fault."""
    expected = []
    for source in sorted(path for path in HERE.rglob("*") if path.is_file()):
        name = source.relative_to(HERE).as_posix()
        lines = source.read_text(encoding="utf-8").split("\n")
        for number, line in enumerate(lines, 1):
            before = 0
            for mark in MARK.finditer(line):
                place = Place(name, number, mark.start() - before + 1)
                expected += [f"{code} {place}" for code in mark[1].split(",")]
                before += len(mark[0])
        file = root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("\n".join(MARK.sub("", line) for line in lines), encoding="utf-8")
    for name, data in PICTURES.items():
        (root / "issues/images").mkdir(parents=True, exist_ok=True)
        (root / "issues/images" / name).write_bytes(data)
    return sorted(expected)


@pytest.fixture
def expected(tmp_path: Path) -> list[str]:
    """The planted faults, with the workspace written."""
    return planted(tmp_path)


def test_every_planted_fault_is_found_at_its_place_and_nothing_else(expected: list[str], tmp_path: Path) -> None:
    """At least sixty, of nearly as many rules."""
    found = sorted(f"{finding.code} {finding.place}" for finding in lint(tmp_path, name=ISSUE))
    assert found == expected
    assert len(expected) >= 60
    assert len({line.split()[0] for line in expected}) >= 60
