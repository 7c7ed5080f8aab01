"""An issue's file, read to be changed, and what would be wrong with it afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from newsletter.content import judging, text
from newsletter.content.line_ends import plain, restored
from newsletter.content.mistake import Mistake
from newsletter.errors import ContentError
from newsletter.files import is_below
from newsletter.model.finding import Finding
from newsletter.web.composer.desk import Look
from newsletter.web.composer.instead import remedy, unnamed

ELSEWHERE = "it was changed elsewhere meanwhile, in the file or in another window"


_OUTSIDE = Mistake(
    "this is a link out of the workspace",
    why="what it leads to is not part of what colleagues review",
    fix="put the real file here instead of the link",
    code="009",
)


@dataclass(frozen=True, slots=True)
class Rejected:
    """What was typed and cannot be, with the reason; the page shows both, and the file stays as it was."""

    field: str
    value: str
    why: str
    theirs: str | None = None
    """What the file says meanwhile, where somebody else has changed it."""
    was: str = ""
    """What stood there when it was typed; until somebody decides, a later save must not pass either."""


def plan_of(look: Look) -> tuple[Path, str, str]:
    """Return the file of an issue: its path, its text, and how errors name it; raise ContentError where it is none."""
    path = look.workspace.issues / look.name / "issue.yaml"
    file = look.workspace.relative(path)
    read = text.read(str(path)) if is_below(path, look.workspace.root) else _OUTSIDE
    if isinstance(read, Mistake):
        raise ContentError(f"{file} is not changed as it is", findings=[read.finding("ISS", file)])
    return path, path.read_bytes().decode("utf-8"), file


def new_errors(look: Look, plan: str, after: str) -> tuple[Finding, ...]:
    """Return what would forbid to use the issue's changed file and is not wrong with it already."""
    before, then = (judging.judge_issue(look.workspace, look.name, plain(said)) for said in (plan, after))
    return judging.new_errors(before, then)


def judged(look: Look, plan: str, after: str, field: str, typed: str) -> str | Rejected:
    """Return the changed text of the issue's file, unless something is wrong with it that was not before."""
    problems = new_errors(look, plan, after)
    return Rejected(field, typed, "; ".join(_told(one, field) for one in problems)) if problems else after


def _told(finding: Finding, field: str) -> str:
    is_named_above = finding.field.partition(".")[0] == field
    message = unnamed(finding.message) if is_named_above else finding.message
    fix = remedy(finding)
    return f"{message} – {fix}" if fix else message


def alike(written: str, typed: str) -> str:
    """Return what was typed as the file that it replaces is written; it ends in a line end where people forget it."""
    now = plain(typed)
    return written if now == plain(written) else restored(written, now if now.endswith("\n") else f"{now}\n")
