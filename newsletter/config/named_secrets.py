"""Secrets, of which the settings name no more than a variable of the environment or a file."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from newsletter.config import shell


def read_secret(variable: str | None, file: str | None, root: Path, env: Mapping[str, str]) -> str:
    """Return what the variable holds, or else the file, without blanks around it; nothing where that is nothing."""
    if variable:
        return env.get(variable, "").strip()
    with suppress(OSError, UnicodeDecodeError):
        return secret_file(file or "", root).read_text(encoding="utf-8-sig").strip()
    return ""


def secret_file(file: str, root: Path) -> Path:
    """Return where a file with a secret is: below a home, or below the workspace's folder `root`."""
    # That of pathlib raises RuntimeError for the home of somebody who is not known.
    return root / os.path.expanduser(file)  # noqa: PTH111


def in_words(variable: str | None, file: str | None, noun: str) -> tuple[str, str]:
    """Return where a secret is read from, and how to put it there."""
    if variable:
        return f"the environment variable {variable}", f"set it before you start newsletter: {shell.variable(variable)}"
    return f"the file {file}", f"write the {noun}, and nothing else, into that file"
