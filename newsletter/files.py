"""Files that are written whole or not at all."""

from __future__ import annotations

import shutil
from pathlib import Path


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never half of it; who may use it stays."""
    if path.is_symlink():
        # A link stays a link: what is written is the file that it leads to.
        path = path.resolve()
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        part.write_bytes(content)
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except OSError:
        if part.is_file():
            part.unlink()
        raise
