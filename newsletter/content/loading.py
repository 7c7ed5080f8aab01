"""Every entry file and every issue file is read, and the issues compared with the entries."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

from newsletter.config import Workspace
from newsletter.content import registry
from newsletter.content.entries import EntryFolder
from newsletter.content.issues import IssueFolders
from newsletter.content.known import Known
from newsletter.model.content import Content


def load(workspace: Workspace, known: Known | None = None) -> Content:
    """Read every entry and issue of a workspace; what is wrong with their files is in the findings.

    `known` is what was read before: of entry files those alone are read that have changed since.

    Raises ConfigurationError where the settings name an entry type that cannot be used.
    """
    types = registry.load(workspace)
    with _without_collecting():
        read = EntryFolder(workspace, types, known)
        read.read(workspace)
    planned = IssueFolders(workspace)
    planned.read()
    planned.compare(types, {entry.id for entry in read.entries} | {item.id for item in read.unreadable})
    findings = sorted(dict.fromkeys([*read.findings, *planned.findings]), key=lambda finding: finding.sort_key)
    return Content(tuple(read.entries), planned.issues, tuple(read.unreadable), tuple(findings))


@contextmanager
def _without_collecting() -> Iterator[None]:
    """Keep the garbage collector still: it would look over every new entry again and again, a fifth of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
