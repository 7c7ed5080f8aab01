"""A workspace on disk, written right in the test."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from newsletter import content
from newsletter.model.content import Content
from tests import factories


def load(root: Path, files: Mapping[str, str | bytes], **settings: Any) -> Content:
    """Write files below `root`, at paths below `issues/`, and load the workspace."""
    root = root.resolve()
    (root / "issues" / "entries").mkdir(parents=True, exist_ok=True)
    for name, written in files.items():
        path = root / "issues" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written.encode() if isinstance(written, str) else written)
    return content.load(factories.workspace(root, **settings))


def told(read: Content) -> list[str]:
    """Return each finding as `file:line:column code message → fix`."""
    return [f"{finding.place} {finding.code} {finding.message} → {finding.fix}" for finding in read.findings]
