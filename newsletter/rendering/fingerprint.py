"""The design by a digest: whether templates, theme or brand are what they were."""

from __future__ import annotations

import hashlib

from newsletter.config import Workspace
from newsletter.rendering.shipping import shipped


def design(workspace: Workspace, theme: str) -> str:
    """Return SHA-256 over every template that counts, the theme's name and the brand; no path has a part in it.

    Nor has the tagline, which is no design but words.
    """
    files = {
        path.relative_to(folder).as_posix(): path
        for folder in (shipped(), workspace.templates)
        if folder.is_dir()
        for path in folder.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    }
    whole = hashlib.sha256(f"{theme}\n{workspace.settings.brand.model_dump_json(exclude={'tagline'})}\n".encode())
    for name, path in sorted(files.items()):
        # git on Windows gives text files other line ends, which change nothing that anybody sees.
        content = path.read_bytes().replace(b"\r\n", b"\n")
        whole.update(f"{name}:{len(content)}:".encode() + content)
    return whole.hexdigest()
