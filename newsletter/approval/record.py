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
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise _unreadable(file, str(error)) from None
    try:
        values = yaml.load(text, Loader=yaml.BaseLoader)  # noqa: S506  it makes texts and nothing else
        return _approval(values, Place(file, _line(text)))
    except yaml.YAMLError as error:
        raise _unreadable(file, str(error).partition("\n")[0]) from None
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise _unreadable(file, f"{error} is missing" if isinstance(error, KeyError) else str(error)) from None


def read_outline(workspace: Workspace, approval: Approval) -> Outline | None:
    """Return what was approved, or None where nobody kept it or it belongs to another approval."""
    path = workspace.issues / approval.issue / LOCK
    try:
        outline = Outline.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except (OSError, ValueError, ContentError):
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


def _approval(values: dict[str, Any], place: Place) -> Approval:
    authors = values.get("authors") or ()
    at = datetime.fromisoformat(values["at"])
    if at.tzinfo is None:
        raise ValueError(f"'{values['at']}' says no time zone")
    return Approval(
        issue=str(values["issue"]),
        digest=str(values["digest"]),
        by=person(values["by"]),
        at=at,
        authors=tuple(map(person, [authors] if isinstance(authors, str) else authors)),
        place=place,
    )


def _line(text: str) -> int:
    return next((number for number, line in enumerate(text.splitlines(), 1) if line.startswith("digest:")), 0)


def _unreadable(file: str, why: str) -> ContentError:
    return ContentError(
        "the approval cannot be read",
        findings=[
            Finding(
                "APP001",
                Severity.ERROR,
                "this is not an approval as it was written",
                Place(file),
                why=why,
                fix="delete the file, then have the issue approved again",
            )
        ],
    )
