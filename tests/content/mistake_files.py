"""The files in `mistakes/`: what somebody wrote, and every word that they are told about it.

Run `python tests/content/mistake_files.py` after a change of words, and read the difference before committing it.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from tests.content import tree

FOLDER = Path(__file__).parent / "mistakes"
_HEADING = re.compile(r"^=== (.+)\n", re.MULTILINE)
_FINDINGS = "findings"


def parts(case: Path) -> tuple[dict[str, str], str]:
    """Return the files of a case by path below `issues/`, and the findings that belong to them."""
    _, *pieces = _HEADING.split(case.read_text(encoding="utf-8"))
    files = dict(zip(pieces[0::2], pieces[1::2], strict=True))
    findings = files.pop(_FINDINGS, "")
    return files, findings


def told(root: Path, files: dict[str, str]) -> str:
    """Return what a person is told who wrote these files in a workspace at `root`."""
    lines = []
    for finding in tree.load(root, files).findings:
        lines.append(f"{finding.severity}[{finding.code}] {finding.place}: {finding.message}")
        lines += [f"    why: {finding.why}", f"    fix: {finding.fix}"]
    return "".join(f"{line}\n" for line in lines)


def main() -> None:
    """Write the findings of every case as they are now."""
    for case in sorted(FOLDER.glob("*.txt")):
        files, _ = parts(case)
        with tempfile.TemporaryDirectory() as root:
            findings = told(Path(root), files)
        written = "".join(f"=== {name}\n{text}" for name, text in files.items())
        case.write_text(f"{written}=== {_FINDINGS}\n{findings}", encoding="utf-8")


if __name__ == "__main__":
    main()
