"""Approvals as files beside the issue: `approval.yaml` for people, `issue.lock` with the outline that was approved."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from email.utils import parseaddr
from pathlib import Path
from typing import Any

import yaml

from newsletter.config import Workspace
from newsletter.errors import ContentError
from newsletter.model import conflict
from newsletter.model.approval import Approval, Person
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.outline import Outline

APPROVAL, LOCK = "approval.yaml", "issue.lock"


def files(approval: Approval, outline: Outline) -> Mapping[str, bytes]:
    """Return what an approval is kept in; written in this order, because the last one makes it count."""
    values = {
        "issue": approval.issue,
        "by": str(approval.by),
        "at": approval.at.isoformat(timespec="seconds"),
        "digest": approval.digest,
        "authors": [str(author) for author in approval.authors],
    }
    # Texts as JSON writes them are YAML too, whatever stands in a name.
    lines = [f"{name}: {json.dumps(value, ensure_ascii=False)}" for name, value in values.items() if value]
    note = f"# Written by `newsletter approve {approval.issue}`. Any change of what readers get makes it void.\n"
    lock = json.dumps(outline.as_json(), ensure_ascii=False, indent=1) + "\n"
    return {LOCK: lock.encode(), APPROVAL: (note + "\n".join(lines) + "\n").encode()}


def read(workspace: Workspace, issue: str) -> Approval | None:
    """Return the approval of an issue, or None; raise ContentError for a file that cannot be read."""
    path = workspace.issues / issue / APPROVAL
    file = workspace.relative(path)
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _unreadable(Place(file), f"the file cannot be opened: {(error.strerror or str(error)).lower()}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _unreadable(Place(file, line), "the file is not UTF-8 text") from None
    if line := conflict.line_of(text):
        raise _unreadable(Place(file, line), "git has left two approvals here")
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes texts and nothing else
    except RecursionError:
        raise _unreadable(Place(file), "brackets stand within brackets without end") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = Place(file, mark.line + 1, mark.column + 1) if mark else Place(file)
        raise _unreadable(place, f"it is not YAML: {getattr(error, 'problem', '') or error}") from None
    return _approval(values, file, text)


def read_outline(workspace: Workspace, approval: Approval) -> Outline | None:
    """Return what was approved, or None where nobody kept it or it belongs to another approval."""
    path = workspace.issues / approval.issue / LOCK
    try:
        outline = Outline.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, ContentError, RecursionError):
        # It only serves to say what has changed; the digest decides.
        return None
    return outline if outline.digest == approval.digest else None


def person(written: str) -> Person:
    """Return whom `Name <address>`, a name or an address means."""
    text = " ".join(written.split())
    name, address = parseaddr(text)
    return Person(name, address) if "@" in address else Person(text)


def paths(workspace: Workspace, issue: str) -> tuple[Path, ...]:
    """Return the files of an issue's approval that exist; none for a name that leads out of the issues' folder."""
    folder = workspace.issues / issue
    if folder.resolve().parent != workspace.issues.resolve():
        return ()
    return tuple(path for path in (folder / APPROVAL, folder / LOCK) if path.is_file())


def _approval(values: Any, file: str, text: str) -> Approval:
    if not isinstance(values, dict):
        raise _unreadable(Place(file, 1), "it is empty" if not values else "its lines are not `name: value`")
    for name in ("issue", "by", "at", "digest"):
        if not isinstance(values.get(name), str) or not values[name]:
            wrong = "is not a text" if values.get(name) else "is empty" if name in values else "is missing"
            raise _unreadable(_place(file, text, name), f"`{name}` {wrong}")
    authors = values.get("authors") or []
    authors = [authors] if isinstance(authors, str) else authors
    if not isinstance(authors, list) or not all(isinstance(author, str) for author in authors):
        raise _unreadable(_place(file, text, "authors"), "`authors` is not a list of names")
    try:
        at = datetime.fromisoformat(values["at"])
    except ValueError:
        raise _unreadable(_place(file, text, "at"), f"`at` is '{values['at']}', which is no time") from None
    if at.tzinfo is None:
        raise _unreadable(_place(file, text, "at"), f"`at` is '{values['at']}', which says no time zone")
    return Approval(
        issue=values["issue"],
        digest=values["digest"],
        by=person(values["by"]),
        at=at,
        authors=tuple(map(person, authors)),
        place=_place(file, text, "digest"),
    )


def _place(file: str, text: str, name: str) -> Place:
    """Return the line of a field, or the first one where there is none."""
    lines = enumerate(text.splitlines(), 1)
    return Place(file, next((number for number, line in lines if line.startswith(f"{name}:")), 1))


def _unreadable(place: Place, problem: str) -> ContentError:
    return ContentError(
        f"the approval cannot be read: {problem}",
        findings=[
            Finding(
                "APP001",
                Severity.ERROR,
                problem,
                place,
                why="nobody can tell what was approved, and by whom",
                fix="delete the file, then have the issue approved again; `newsletter approve` writes it",
            )
        ],
    )
