"""Entry files and issue files become entries and issues, with every problem of every file."""

from __future__ import annotations

from newsletter.config import Workspace
from newsletter.content import registry
from newsletter.content.entries import EntryFolder
from newsletter.content.issues import IssueFolders
from newsletter.model.content import Content

__all__ = ["load"]


def load(workspace: Workspace) -> Content:
    """Read every entry and issue of a workspace; what is wrong with their files is in the findings.

    Raises ConfigurationError where the settings name an entry type that cannot be used.
    """
    types = registry.load(workspace)
    read = EntryFolder(workspace, types)
    planned = IssueFolders(workspace)
    planned.compare(types, {entry.id for entry in read.entries} | {item.id for item in read.unreadable})
    findings = sorted(dict.fromkeys([*read.findings, *planned.findings]), key=lambda finding: finding.sort_key)
    return Content(tuple(read.entries), planned.issues, tuple(read.unreadable), tuple(findings))
