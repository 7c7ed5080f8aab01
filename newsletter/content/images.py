"""Whether the pictures that entries name are where they say."""

from __future__ import annotations

import os
import re
import typing
from collections.abc import Collection
from functools import cache
from pathlib import Path, PurePosixPath
from typing import Any
from unicodedata import normalize

from newsletter.content.files import printable
from newsletter.files import spelled
from newsletter.model.entry import Entry, Image
from newsletter.model.finding import Finding, Severity
from newsletter.model.meant import did_you_mean
from newsletter.model.shape import bare

_WEB = re.compile(r"https?://", re.IGNORECASE)
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


class Images:
    """The pictures below the issues folder; each folder is listed once."""

    def __init__(self, issues: Path, shown: str) -> None:
        self._issues = os.path.realpath(issues)
        self._shown = shown
        self._folders: dict[str, dict[str, bool]] = {}
        self._known: dict[str, tuple[str, str, str]] = {}

    def findings(self, entry: Entry) -> list[Finding]:
        """Return a finding for each of the entry's pictures that cannot be found."""
        found: list[Finding] = []
        for name in _picture_fields(type(entry)):
            value = getattr(entry, name)
            single = isinstance(value, Image)
            for number, image in enumerate([value] if single else value or ()):
                message, why, fix = self._problem(image.src)
                if message:
                    path = (name, "src") if single else (name, number, "src")
                    place = entry.origin.value(*path)
                    field = ".".join(map(str, path))
                    found.append(Finding("ENT010", Severity.ERROR, message, place, why=why, fix=fix, field=field))
        return found

    def _problem(self, src: str) -> tuple[str, str, str]:
        if src not in self._known:
            self._known[src] = ("", "", "") if _WEB.match(src) else self._local_problem(src)
        return self._known[src]

    def _local_problem(self, src: str) -> tuple[str, str, str]:
        where = f"a picture's path begins below {self._shown}/, such as images/hub.jpg"
        copy = f"copy it to {self._shown}/images and write its path"
        if _SCHEME.match(src) or src.startswith("\\\\"):
            return f"'{src}' is a place on one computer", where, copy
        if "\\" in src:
            return f"'{src}' has a backslash", where, f"write {src.replace(chr(92), '/')}"
        if src.startswith("/"):
            folder, _, name = src.lstrip("/").rpartition("/")
            here = next((near for near in (folder, "images") if self._list(near).get(normalize("NFC", name))), None)
            message = f"'{src}' is a place on a web site, or on one computer"
            return message, where, copy if here is None else f"write {'/'.join(filter(None, (here, name)))}"
        parts = [part for part in src.split("/") if part not in {"", "."}]
        folder, name = "/".join(parts[:-1]), parts[-1] if parts else ""
        if ".." in parts:
            below = src.partition(f"{self._shown}/")[2] or "/".join(part for part in parts if part != "..")
            near, _, meant = below.rpartition("/")
            return (
                f"'{src}' leads out of {self._shown}/",
                where,
                f"write {below}" if meant in self._list(near) else copy,
            )
        inside = self._list(folder).get(normalize("NFC", name))
        if inside is None:
            return f"there is no picture '{src}'", where, self._instead(src, folder, name)
        if not inside:
            return f"'{src}' is a link out of {self._shown}/", where, "put the picture itself there"
        return "", "", ""

    def _instead(self, src: str, folder: str, name: str) -> str:
        if src.startswith(f"{self._shown}/"):
            return f"write {src.removeprefix(f'{self._shown}/')}"
        for other in dict.fromkeys((folder, "images")):
            meant = _nearest(name, self._list(other))
            if meant:
                return f"write {other}/{meant}" if other else f"write {meant}"
        return f"put the file at {self._shown}/{src}, or correct the name; capital letters count"

    def _list(self, folder: str) -> dict[str, bool]:
        """Return the files of a folder below the issues, and whether each truly lies below them."""
        if folder not in self._folders:
            self._folders[folder] = {}
            path = os.path.realpath(spelled(self._issues, folder))
            try:
                with os.scandir(path) as scan:
                    files = [entry for entry in scan if entry.is_file()]
            except (OSError, ValueError):
                # A folder that is not there holds no pictures.
                files = []
            for entry in files:
                real = os.path.realpath(entry.path) if entry.is_symlink() else entry.path
                self._folders[folder][normalize("NFC", printable(entry.name))] = real.startswith(self._issues + os.sep)
        return self._folders[folder]


def _nearest(name: str, listed: Collection[str]) -> str:
    """Return the file that a name means; endings are alike whatever is meant, and say nothing."""
    if name in listed:
        return name
    stems = {PurePosixPath(other).stem for other in listed}
    stem = did_you_mean(PurePosixPath(name).stem, stems)
    return did_you_mean(name, [other for other in listed if stem and PurePosixPath(other).stem == stem])


@cache
def _picture_fields(model: type[Entry]) -> tuple[str, ...]:
    return tuple(name for name, info in model.model_fields.items() if _holds_pictures(info.annotation))


def _holds_pictures(annotation: Any) -> bool:
    annotation = bare(annotation)
    if isinstance(annotation, type) and issubclass(annotation, Image):
        return True
    return typing.get_origin(annotation) in {tuple, list} and any(map(_holds_pictures, typing.get_args(annotation)))
