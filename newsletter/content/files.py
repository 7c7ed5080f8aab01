"""The files below a folder, and a finding for each that cannot be an entry: nothing is skipped in silence."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from newsletter.content.mistake import Mistake

ISSUE_FILE = "issue.yaml"
ENTRY_SUFFIXES = frozenset({".md", ".yaml", ".yml"})
_DROPPINGS = frozenset({"thumbs.db", "ehthumbs.db", "desktop.ini", "icon\r", "__macosx"})
_COPIES = frozenset({".bak", ".orig", ".swp", ".tmp"})
_TEXT_SUFFIXES = frozenset({".markdown", ".mdown", ".mdx", ".txt", ".text", ".htm", ".html"})

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class File:
    """A file that ought to hold entries; `name` is relative to the workspace, `folders` lie between."""

    path: str
    name: str
    folders: tuple[str, ...]
    stem: str
    suffix: str


@dataclass(frozen=True, slots=True)
class Stray:
    """Something that is no entry file, and the finding about it."""

    name: str
    mistake: Mistake


def walk(root: Path, top: str, inside: Path) -> Iterator[File | Stray]:
    """Yield every file below `root`, in the order of names.

    `top` is how findings name `root`; links are followed only to files below `inside`.
    """
    yield from _folder(str(root), top, (), os.path.realpath(inside))


def _folder(path: str, name: str, folders: tuple[str, ...], inside: str) -> Iterator[File | Stray]:
    if len(folders) > _DEEPEST:
        yield Stray(name, Mistake(f"folders stand inside folders, more than {_DEEPEST} deep", code="009"))
        return
    found = listed(path)
    if isinstance(found, Mistake):
        yield Stray(name, found)
        return
    for entry in found:
        if is_ignored(entry.name):
            continue
        shown = f"{name}/{printable(entry.name)}"
        mistake = objection(entry, inside)
        if mistake:
            yield Stray(shown, mistake)
        elif entry.is_dir():
            yield from _folder(entry.path, shown, (*folders, entry.name), inside)
        else:
            stem, suffix = _ending(entry.name)
            if suffix.lower() in ENTRY_SUFFIXES:
                yield File(entry.path, shown, folders, stem, suffix.lower())
            else:
                yield Stray(shown, _wrong_suffix(stem, suffix))


def listed(path: str | Path) -> list[os.DirEntry[str]] | Mistake:
    """Return what a folder holds, in the order of names."""
    try:
        with os.scandir(path) as scan:
            return sorted(scan, key=lambda entry: entry.name)
    except OSError as error:
        reason = error.strerror or "the system refused"
        return Mistake(f"the folder cannot be opened: {reason}", fix="check who may read it", code="001")


def is_folder(path: Path) -> bool:
    """Return whether there is a folder; one that may not be looked at counts, and whoever lists it is told so."""
    try:
        return path.is_dir()
    except OSError:
        return True


def is_ignored(name: str) -> bool:
    """Return whether a file or folder is expected beside entries: hidden, a README, or left by the system."""
    folded = name.lower()
    return name.startswith((".", "README", "~$")) or folded in _DROPPINGS or folded.split(".")[0] == "readme"


def printable(name: str) -> str:
    """Return a file name as it can be shown; bytes that are not UTF-8 become question marks in a box."""
    return name if name.isascii() else name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def kind_of(entry: os.DirEntry[str]) -> str:
    """Return `file` or `folder`, or nothing for what is neither or cannot be looked at."""
    try:
        return "folder" if entry.is_dir() else "file" if entry.is_file() else ""
    except OSError:  # a link that leads back to itself
        return ""


def objection(entry: os.DirEntry[str], inside: str) -> Mistake | None:
    """Return why a file or folder is not read, or nothing; links lead to files below the real path `inside`."""
    if not entry.name.isascii() and printable(entry.name) != entry.name:
        return Mistake(
            "the file's name is not UTF-8",
            why="the name is the entry's id, which is shown and linked to",
            fix="rename the file",
            code="009",
        )
    if not entry.is_symlink():
        if entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False):
            return None
        return Mistake("this is neither a file nor a folder", fix="remove it", code="009")
    kind = kind_of(entry)
    if kind == "folder":
        what, why = "this is a link to a folder", "links between folders can go round in circles"
    elif kind != "file":
        what, why = "this is a link that leads nowhere", "what it should show is not there"
    elif not os.path.realpath(entry.path).startswith(inside + os.sep):
        what, why = "this is a link out of the workspace", "what it leads to is not part of what colleagues review"
    else:
        return None
    return Mistake(what, why=why, fix="put the real file here instead of the link", code="009")


def _ending(name: str) -> tuple[str, str]:
    stem, dot, suffix = name.rpartition(".")
    return (stem, dot + suffix) if stem else (name, "")


def _wrong_suffix(stem: str, suffix: str) -> Mistake:
    why = "entries are files that end in .md, or in .yaml with several entries in one"
    inner = _ending(stem)[1].lower()
    if suffix.endswith("~") or suffix.lower() in _COPIES:
        what, fix = "this is a copy that a program has left behind", "delete it, or move it out of the entries"
    elif inner in ENTRY_SUFFIXES:
        what, fix = f"the file ends in {inner}{suffix}", f"rename it to {stem}"
    elif suffix.lower() in _TEXT_SUFFIXES:
        what, fix = f"the file ends in {suffix}", f"rename it to {stem}.md"
    elif suffix:
        what, fix = f"a {suffix} file is not an entry", "move it out of the entries; pictures belong into images"
    else:
        what, fix = "the file has no ending", f"rename it to {stem}.md, or move it out of the entries"
    return Mistake(what, why=why, fix=fix, code="009")
