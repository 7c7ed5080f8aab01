"""A workspace as git has it at another commit, written into a folder of its own; the work tree is only read."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from newsletter import config
from newsletter.config import FILE_NAMES, Workspace
from newsletter.errors import NotFound

_MOST_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Revision:
    """A commit, and what differs from it in the work tree."""

    name: str
    """As it was asked for, such as `origin/main`."""
    commit: str
    is_fork_point: bool
    """Whether it is not the named commit itself but the one from which the work has branched off."""
    changed: tuple[str, ...]
    """The files below the workspace that differ, relative to it; new ones included."""


def resolve(workspace: Workspace, name: str) -> Revision:
    """Return the commit that the work is compared with: where it has branched off from `name`.

    Raises NotFound without git, outside a repository, and for a commit that is not there.
    """
    # By git's own word: on macOS and Windows one folder may be written in several ways.
    prefix = _git(workspace, "rev-parse", "--show-prefix").removesuffix("\n")
    is_whole = _git(workspace, "rev-parse", "--is-shallow-repository").strip() != "true"
    try:
        named = _git(workspace, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}").strip()
    except NotFound:
        if not is_whole:
            raise _not_fetched(f"git has no commit called '{name}'") from None
        raise NotFound(
            f"git has no commit called '{name}'",
            why="no branch, tag or commit has that name here",
            fix="see what there is with: git branch --all; a remote branch is written origin/main",
        ) from None
    try:
        fork = _git(workspace, "merge-base", named, "HEAD").strip()
    except NotFound:
        if not is_whole:
            # Compared with the other one's newest commit, what others have done since would seem to be undone here.
            raise _not_fetched(f"the commit at which the work has branched off from {name} is not here") from None
        fork = named
    different = _git(workspace, "diff", "--name-only", "--no-renames", "-z", fork, "--", ".").split("\0")
    new = _git(workspace, "ls-files", "--others", "--exclude-standard", "-z", "--", ".").split("\0")
    within = (name.removeprefix(prefix) for name in different if name)
    return Revision(name, fork, fork != named, tuple(sorted({*within, *filter(None, new)})))


def _not_fetched(what: str) -> NotFound:
    fix = "fetch the whole history (in a GitHub workflow: fetch-depth: 0)"
    return NotFound(what, why="only a part of the history was fetched", fix=fix)


def write(workspace: Workspace, revision: Revision, folder: Path) -> Workspace:
    """Write the workspace's files as they were at a revision into `folder`, and return the workspace that they make.

    Raises NotFound where there was none, and ConfigurationError where its settings cannot be used.
    """
    # Not by `git archive`, which leaves out what `export-ignore` says.
    _write(workspace, revision, folder, FILE_NAMES)
    if not any((folder / name).is_file() for name in FILE_NAMES):
        raise NotFound(f"there was no newsletter at {revision.name}")
    earlier = config.load(folder)
    if earlier.root.resolve() != folder.resolve():
        raise NotFound(f"there was no newsletter at {revision.name}")
    modules = [target.partition(":")[0].replace(".", "/") for target in earlier.settings.types.values()]
    own_types = [name for module in modules for name in (f"{module}.py", module.partition("/")[0])]
    _write(workspace, revision, folder, [earlier.settings.issues, earlier.settings.entries, "templates", *own_types])
    return earlier


def _write(workspace: Workspace, revision: Revision, folder: Path, names: Iterable[str]) -> None:
    listed = _git(workspace, "ls-tree", "-r", "-z", revision.commit, "--", *names).split("\0")
    files: dict[str, str] = {}
    for line in filter(None, listed):
        about, _, name = line.partition("\t")
        mode, kind, identifier = about.split()
        # Links and submodules are left out: a link could lead anywhere.
        if kind == "blob" and mode in {"100644", "100755"} and _is_inside(name):
            files[name] = identifier
    for name, content in zip(files, _contents(workspace, list(files.values())), strict=True):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _is_inside(name: str) -> bool:
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and ".git" not in path.parts


def _contents(workspace: Workspace, identifiers: list[str]) -> Iterable[bytes]:
    output = _run(workspace, ["cat-file", "--batch"], "".join(f"{one}\n" for one in identifiers).encode())
    position = 0
    for _ in identifiers:
        end = output.index(b"\n", position)
        size = int(output[position:end].split()[-1])
        yield output[end + 1 : end + 1 + size]
        position = end + 1 + size + 1


def _git(workspace: Workspace, *arguments: str) -> str:
    return _run(workspace, list(arguments), b"").decode("utf-8", "surrogateescape")


def _run(workspace: Workspace, arguments: list[str], given: bytes) -> bytes:
    # Names in other alphabets as they are; no pager, no editor, no question; nothing is locked or refreshed.
    command = ["git", "-c", "core.quotePath=false", "--no-optional-locks", *arguments]
    try:
        done = subprocess.run(  # noqa: S603  no shell; a name that begins with a dash is told apart above
            command,
            cwd=workspace.root,
            input=given,
            capture_output=True,
            timeout=_MOST_SECONDS,
            check=False,
            env={**os.environ, "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
        )
    except FileNotFoundError:
        raise NotFound(
            "git is not installed", why="the earlier state is read from git", fix="install git, or leave out --base"
        ) from None
    except subprocess.TimeoutExpired:
        raise NotFound(
            f"git {arguments[0]} did not end within {_MOST_SECONDS} seconds", fix="try it by hand in this folder"
        ) from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().removeprefix("fatal: ")
        if "not a git repository" in said:
            raise NotFound(
                f"{workspace.root} is not in a git repository",
                why="the earlier state is read from git",
                fix="leave out --base, or put the newsletter under git with: git init",
            )
        if "dubious ownership" in said:
            raise NotFound(
                "git does not trust this folder, because it belongs to another user",
                fix=f"tell it that you do: git config --global --add safe.directory {workspace.root}",
            )
        raise NotFound(f"git {arguments[0]} failed: {said.splitlines()[0] if said else done.returncode}")
    return done.stdout
