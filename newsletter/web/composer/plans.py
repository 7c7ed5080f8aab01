"""An issue's file, read to be changed, and what would be wrong with it afterwards."""

from __future__ import annotations

from pathlib import Path

from newsletter.content import judging, text
from newsletter.content.mistake import Mistake
from newsletter.errors import ContentError
from newsletter.model.finding import Finding, Severity
from newsletter.web.composer.desk import Look


def plan_of(look: Look) -> tuple[Path, str, str]:
    """Return the file of an issue: its path, its text, and how errors name it; raise ContentError where it is none."""
    path = look.workspace.issues / look.name / "issue.yaml"
    file = look.workspace.relative(path)
    read = text.read(str(path))
    if isinstance(read, Mistake):
        raise ContentError(f"{file} is not changed as it is", findings=[read.finding("ISS", file)])
    return path, path.read_bytes().decode("utf-8"), file


def errors_of(look: Look, plan: str) -> tuple[Finding, ...]:
    """Return what would forbid to use the issue's file with this text."""
    found = judging.judge_issue(look.workspace, look.name, plain(plan))
    return tuple(finding for finding in found if finding.severity is Severity.ERROR)


def plain(written: str) -> str:
    """Return a file's text without byte order mark and with plain line ends."""
    return written.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")


def alike(written: str, typed: str) -> str:
    """Return what was typed with the byte order mark and the line ends of the file that it replaces."""
    mark = "\ufeff" if written.startswith("\ufeff") else ""
    ends = "\r\n" if "\r\n" in written else "\n"
    return mark + (plain(typed).rstrip("\n") + "\n").replace("\n", ends)
