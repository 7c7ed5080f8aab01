"""A folder under git for tests: who commits is said each time, and no setting of this machine counts."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed: apt install git")


class Repository:
    """A repository at a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.git("init", "--quiet", "--initial-branch=main")

    def git(self, *arguments: str, by: str = "Ana Example <ana@example.org>") -> str:
        """Run a command of git as somebody and return what it prints."""
        name, _, address = by.rstrip(">").partition(" <")
        who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER") for part, value in
               (("NAME", name), ("EMAIL", address))}  # fmt: skip
        alone = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
        done = subprocess.run(
            ["git", *arguments], cwd=self.root, env=os.environ | alone | who, check=True, capture_output=True, text=True
        )
        return done.stdout

    def commit(self, message: str, *, by: str = "Ana Example <ana@example.org>") -> None:
        """Commit everything as somebody."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", message, by=by)
