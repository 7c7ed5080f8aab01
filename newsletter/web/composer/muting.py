"""A finding that is right as it is: its rule says nothing more of it, with a reason that colleagues read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from starlette.requests import Request
from starlette.responses import Response

from newsletter.checks.registry import by_code
from newsletter.checks.rule import Group
from newsletter.content import editing, filling
from newsletter.errors import Refused
from newsletter.model.finding import Finding, Severity
from newsletter.web.composer.desk import Desk, Look
from newsletter.web.composer.entry_files import find
from newsletter.web.composer.forms import Form, back


def can_be_muted(look: Look, finding: Finding) -> bool:
    """Whether a press may silence a finding: never an error, and no entry that shares its file with others."""
    rule = by_code().get(finding.code)
    if rule is None or rule.group is Group.RULES or finding.severity is Severity.ERROR or look.selection is None:
        return False
    if not finding.entry:
        return True
    return any(entry.id == finding.entry and entry.origin.file.endswith(".md") for entry in look.selection.entries)


def forms(look: Look) -> Iterator[str]:
    """Yield for each finding by what its form is known, or nothing where a press may not silence it.

    It stays the same while others come and go: a reason that is being typed never becomes that of another.
    """
    told: Counter[tuple[str, str]] = Counter()
    for finding in look.findings:
        about = finding.code, finding.entry
        told[about] += 1
        yield f"{finding.code}-{told[about]}-{finding.entry}" if can_be_muted(look, finding) else ""


def mute(request: Request, desk: Desk, form: Form) -> Response:
    """Write into the file of the entry, or of the issue, that a rule is to be silent and why."""
    code, entry = form.text("code"), form.text("entry")
    with desk.lock:
        look = desk.look(request.path_params["issue"])
        if not any(
            (finding.code, finding.entry) == (code, entry) and can_be_muted(look, finding) for finding in look.findings
        ):
            raise Refused(
                "nothing is silenced",
                why="this is not among the findings any more, or cannot be silenced by a press",
                fix="look at them again",
            )
        reason = form.line("reason")
        if entry:
            found = find(desk, entry)
            path, written = found.path, found.read()
            after = filling.mute(written, code, reason, file=found.file)
        else:
            path = look.workspace.issues / look.name / "issue.yaml"
            written = path.read_bytes().decode("utf-8")
            after = editing.mute(written, code, reason, file=look.workspace.relative(path))
        desk.history.write(path, after.encode(), f"{code} is silenced", seen=written.encode())
        desk.look(look.name)
    desk.notice = f"{code} says nothing more of it. The reason stands in {path.name}."
    return back(form)
