"""Files by which a team's CI shows every proposed change as readers would see it."""

from __future__ import annotations

import json
import re
import shlex
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, distribution
from importlib.resources import files as resources
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import url2pathname

from newsletter.content.starter import TOKEN

_FOLDERS = {"github": ".github/workflows", "gitlab": ".gitlab"}
_INCLUDE = ".gitlab-ci.yml"
_EXTRA = "newsletter[preview]"


def files(kind: str, workspace: str, requirement: str) -> Mapping[str, bytes]:
    """Return the files for `github` or `gitlab` by their path in the repository.

    `workspace` is the newsletter's folder in the repository, empty where it is the repository itself; `requirement` is
    what pip installs.
    """
    values = {
        "requirement": requirement.replace("\\", "\\\\").replace('"', '\\"'),
        "newsletter": f"newsletter -C {shlex.quote(workspace)}" if workspace else "newsletter",
    }
    found = {
        f"{_FOLDERS[kind]}/{file.name}": TOKEN.sub(lambda match: values[match[1]], file.read_text("utf-8")).encode()
        for file in sorted((resources(__package__) / "ci_files" / kind).iterdir(), key=lambda file: file.name)
    }
    if kind == "gitlab":
        found[_INCLUDE] = f"include:\n  - local: {next(iter(found))}\n".encode()
    return found


def optional(name: str) -> bool:
    """Return whether a team's own file may stay in place of ours; ours only includes the other one."""
    return name == _INCLUDE


def repository(folder: Path) -> Path:
    """Return the root of the git repository that holds a folder, or else the folder itself."""
    whole = folder.resolve()
    return next((parent for parent in (whole, *whole.parents) if (parent / ".git").exists()), whole)


def within(folder: Path) -> str:
    """Return where a folder lies in its repository, with forward slashes; nothing where it is the repository itself."""
    found = folder.resolve().relative_to(repository(folder)).as_posix()
    return "" if found == "." else found


def requirement(root: Path) -> str:
    """Return what pip must be told to install the newsletter that runs here, or nothing where CI cannot reach it.

    PEP 610: an installer keeps where a package has come from, unless that is an index. `root` is the repository.
    """
    try:
        installed = distribution("newsletter")
    except PackageNotFoundError:
        return ""
    told = installed.read_text("direct_url.json")
    if told is None:
        return f"{_EXTRA}=={installed.version}"
    source = json.loads(told)
    parts = urlsplit(source["url"])
    if parts.scheme == "file":
        return _inside(Path(url2pathname(parts.path)), root)
    if parts.scheme not in {"https", "ssh"} or parts.password:
        return ""
    if "vcs_info" in source:
        return f"{_EXTRA} @ {source['vcs_info']['vcs']}+{source['url']}@{source['vcs_info']['commit_id']}"
    return f"{_EXTRA} @ {source['url']}"


def _inside(folder: Path, root: Path) -> str:
    """Return a folder that CI has too, because it lies in the repository."""
    try:
        path = folder.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return ""
    written = "." if path == "." else f"./{path}"
    return f"{written}[preview]" if re.fullmatch(r"[\w./-]+", written) else ""
