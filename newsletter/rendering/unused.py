"""A workspace's own templates that nothing uses: misspelt, in the wrong folder, or with another ending."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from difflib import get_close_matches
from pathlib import PurePosixPath

from babel import Locale

from newsletter.errors import RenderingError
from newsletter.model.finding import Finding, Place, Severity

UNUSED = "REN007"
_ALIKE = 0.8
"""How much of a name must be another's to be meant for it."""
_OF_ANY_NAME = frozenset({"themes", "layouts", "entries"})
"""Folders in which a team has templates under names of its own."""
_OTHER_ENDINGS = (".mjml", ".html", ".html.j2", ".txt", ".j2", ".jinja", ".jinja2")
"""As templates end elsewhere."""
_TAG = re.compile(r"[a-z]{2,3}(-[a-z0-9]+)*")


def unused(own: Collection[str], shipped: Collection[str], read: Callable[[str], str]) -> tuple[Finding, ...]:
    """Return a finding for each template in `own` that was meant for a shipped one; `read` returns what one says."""
    meant_for = {name: meant for name in sorted(own) if name not in shipped and (meant := _meant(name, shipped))}
    said = _said(own, read) if meant_for else ""
    return tuple(
        Finding(
            UNUSED,
            Severity.WARNING,
            f"the template {name} is used by nothing; did you mean {meant}?",
            Place(f"templates/{name}"),
            why="a template takes the place of a shipped one only under its whole name",
            fix=f"rename it to templates/{meant}, or delete it",
        )
        for name, meant in meant_for.items()
        # What another template of the team's own names is used by that one.
        if PurePosixPath(name).name not in said
    )


def _said(own: Collection[str], read: Callable[[str], str]) -> str:
    said = []
    for name in own:
        # What is wrong with a template is told where it is used.
        with suppress(RenderingError):
            said.append(read(name) if name.endswith(".j2") else "")
    return "\n".join(said)


def _meant(name: str, shipped: Collection[str]) -> str:
    for ending in _OTHER_ENDINGS:
        right = ".txt.j2" if ending == ".txt" else ".mjml.j2"
        if name.endswith(ending) and (full := name.removesuffix(ending) + right) in shipped:
            return full
    path = PurePosixPath(name)
    if path.parts[0] == "labels" and path.suffix == ".toml":
        return _in_a_language(path)
    if path.suffix != ".j2" or path.parts[0] in _OF_ANY_NAME:
        return ""
    beside = {PurePosixPath(other).name: other for other in sorted(shipped) if other.startswith("parts/")}
    alike = get_close_matches(_stem(path.name), list(map(_stem, beside)), n=1, cutoff=_ALIKE)
    return beside.get(path.name) or next((full for last, full in beside.items() if [_stem(last)] == alike), "")


def _in_a_language(path: PurePosixPath) -> str:
    """Return the name under which a language's words are looked for, its tag in small letters, where it is another."""
    tag = path.stem.lower().replace("_", "-")
    if not _TAG.fullmatch(tag):
        tag = next((code for code, called in Locale("en").languages.items() if called.lower() == tag), path.stem)
    return f"{path.parent}/{tag}.toml" if tag != path.stem else ""


def _stem(name: str) -> str:
    return name.partition(".")[0]
