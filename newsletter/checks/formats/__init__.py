"""Findings as people and machines read them; pure functions from findings to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from newsletter.checks.formats import github, gitlab, junit, sarif, structured, text
from newsletter.model.finding import Finding, Place

__all__ = ["FILES", "NAMES", "write"]

_NO_SOURCES: Mapping[str, str] = {}

_WRITERS: Mapping[str, Callable[[Sequence[Finding], Mapping[str, str]], str]] = {
    "text": text.write,
    "json": structured.write,
    "github": github.write,
    "gitlab": gitlab.write,
    "sarif": sarif.write,
    "junit": junit.write,
}
NAMES = tuple(_WRITERS)
FILES: Mapping[str, str] = {
    "text": "lint.txt",
    "json": "lint.json",
    "github": "annotations.txt",
    "gitlab": "gl-code-quality.json",
    "sarif": "lint.sarif",
    "junit": "junit.xml",
}
"""What the file of a format is called. That of `github` is for a log: whatever prints it there annotates."""
# Their readers look for a file from the top of the repository.
_OF_REPOSITORIES = frozenset({"github", "gitlab", "sarif", "junit"})


def write(findings: Sequence[Finding], name: str, *, sources: Mapping[str, str] = _NO_SOURCES, folder: str = "") -> str:
    """Return findings in one of the formats in `NAMES`, with a line break at the end unless there is nothing to say.

    `sources` gives the text of each file by its name, for excerpts; `checks.facts.Files` reads them when asked.
    `folder` is where the workspace lies in its repository: the formats of CI servers name files from there.
    """
    if folder and name in _OF_REPOSITORIES:
        findings = [_below(finding, folder) for finding in findings]
    return _WRITERS[name](findings, sources)


def _below(finding: Finding, folder: str) -> Finding:
    edit = finding.edit and replace(finding.edit, place=_moved(finding.edit.place, folder))
    return replace(finding, place=_moved(finding.place, folder), edit=edit)


def _moved(place: Place, folder: str) -> Place:
    return replace(place, file=f"{folder}/{place.file}") if place.file else place
