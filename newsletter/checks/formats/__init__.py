"""Findings as people and machines read them; pure functions from findings to text."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from newsletter.checks.formats import github, gitlab, junit, sarif, structured, text
from newsletter.model.finding import Finding

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
    "gitlab": "gl-code-quality.json",
    "sarif": "lint.sarif",
    "junit": "junit.xml",
}
"""What the file of a format is called; `github` is for the log alone."""


def write(findings: Sequence[Finding], name: str, *, sources: Mapping[str, str] = _NO_SOURCES) -> str:
    """Return findings in one of the formats in `NAMES`, with a line break at the end unless there is nothing to say.

    `sources` gives the text of each file by its name, for excerpts; `checks.facts.Files` reads them when asked.
    """
    return _WRITERS[name](findings, sources)
