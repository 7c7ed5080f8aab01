"""Who wrote an issue, as git tells it, and who works here."""

from __future__ import annotations

import getpass
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

from newsletter.approval.record import person
from newsletter.errors import Refused
from newsletter.model.approval import Person

_MOST_SECONDS = 30
_WHO = ("user.name", "user.email")
_DO_WITHOUT = "keep the newsletter in git, or set not_author = false in the settings under approval"


def last_authors(root: Path, files: Sequence[str]) -> tuple[Person, ...]:
    """Return who made the last change of any of the files: the commit's author and its `Co-authored-by`.

    With changes that are not committed that is whoever works here. Raises Refused where git cannot tell.
    """
    if _git(root, "rev-parse", "--is-shallow-repository").strip() == "true":
        raise _unknown("only a part of the history was fetched here", "fetch it whole: git fetch --unshallow")
    if _git(root, "status", "--porcelain", "--untracked-files=all", "--", *files).strip():
        here = whoami(root)
        if here is None:
            raise _unknown(
                "its files have changes that are not committed", "commit them first, so that git knows whose they are"
            )
        return (here,)
    form = "--format=%aN <%aE>%x00%(trailers:key=Co-authored-by,valueonly,separator=%x00)"
    told = _git(root, "log", "-1", form, "--", *files).strip("\n")
    return tuple(person(part) for part in told.split("\0") if part.strip())


def whoami(root: Path) -> Person | None:
    """Return who works here by git's settings, or None where they do not say."""
    try:
        name, address = (_git(root, "config", "--get", "--default", "", key).strip() for key in _WHO)
    except Refused:
        return None
    return Person(name, address) if name or address else None


def has_history(root: Path) -> bool:
    """Return whether the workspace is kept in git."""
    try:
        return _git(root, "rev-parse", "--is-inside-work-tree").strip() == "true"
    except Refused:
        return False


def user() -> str:
    """Return who runs this, as the machine knows them."""
    try:
        return getpass.getuser()
    # Windows has no list of users to look them up in, and Python says so in its own way.
    except (OSError, KeyError, ImportError):
        return "somebody"


def _git(root: Path, *arguments: str) -> str:
    # Paths are no patterns; no pager, no question; nothing is locked or refreshed.
    command = ["git", "--literal-pathspecs", "--no-optional-locks", "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  no shell, and paths follow a double dash
            command,
            cwd=root,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
        )
    except (FileNotFoundError, subprocess.TimeoutExpired) as error:
        raise _unknown("git is not installed" if isinstance(error, FileNotFoundError) else str(error)) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        raise _unknown(said.partition("\n")[0] or f"git ended with {done.returncode}")
    return done.stdout.decode("utf-8", "replace")


def _unknown(why: str, fix: str = _DO_WITHOUT) -> Refused:
    return Refused("who changed the issue last is not known", why=why, fix=fix)
