"""What would be wrong with a file if it said something else: asked before it is written."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from newsletter.config import Workspace
from newsletter.content import raw, registry
from newsletter.content.entries import EntryFolder
from newsletter.content.files import File, printable
from newsletter.content.issues import IssueFolders
from newsletter.model.finding import Finding, Severity


def judge_entry(workspace: Workspace, path: Path, text: str) -> tuple[Finding, ...]:
    """Return every problem that an entry file below the entries folder would have with this text."""
    folder = EntryFolder(workspace, registry.load(workspace))
    below = path.relative_to(workspace.entries)
    file = File(str(path), printable(workspace.relative(path)), below.parts[:-1], path.stem, path.suffix.lower())
    for item in raw.read_text(file, text):
        folder.add(item)
    return tuple(folder.findings)


def judge_issue(workspace: Workspace, name: str, text: str) -> tuple[Finding, ...]:
    """Return every problem that an issue's file would have with this text, apart from names that do not exist."""
    folders = IssueFolders(workspace)
    folders.add(name, printable(workspace.relative(workspace.issues / name / "issue.yaml")), text)
    return tuple(folders.findings)


def new_errors(before: Iterable[Finding], after: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the errors after a change that were not there before: old ones keep nobody from mending something else."""
    known = {(finding.code, finding.message) for finding in before}
    return tuple(
        finding
        for finding in after
        if finding.severity is Severity.ERROR and (finding.code, finding.message) not in known
    )
