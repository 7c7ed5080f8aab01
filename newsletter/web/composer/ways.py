"""Ways: the page, and the field on it, where that is changed which a finding names."""

from __future__ import annotations

from collections.abc import Collection
from urllib.parse import quote

from newsletter.model.finding import Finding, Origin, Place
from newsletter.model.issue import Issue
from newsletter.model.shape import Path
from newsletter.web.composer import places, words
from newsletter.web.composer.desk import Look

_OUT = frozenset({"SEC003", "CNS003"})
"""What is said of an entry because it is out: it is put in, or left out with a reason, in the list of what is out."""
_IN = "CNS012"
"""What is said of an entry because it is in: it is taken back, or left out, in the list of what is in."""


def edit_link(look: Look, finding: Finding) -> str:
    """Return the page on which the file of a finding is changed, or nothing."""
    file = finding.place.file
    if not file:
        return ""
    if finding.code == _IN:
        return f"/issues/{places.part(look.name)}#in-{places.part(finding.entry)}"
    for entry in look.content.by_file.get(file, ()):
        if finding.code in _OUT and entry.id == finding.entry:
            # The list of what is out may be too long to show them all.
            found = quote(entry.title, safe="")
            return f"/issues/{places.part(look.name)}?find={found}#out-{places.part(entry.id)}"
        if not finding.entry or entry.id == finding.entry:
            return places.of_entry(entry.id, look.name) + _anchor(_path(entry.origin, finding))
    for item in look.content.unreadable:
        if item.file == file:
            return places.of_entry(item.id, look.name) + _anchor(tuple(finding.field.split(".")))
    plan = look.workspace.relative(look.workspace.issues / look.name / "issue.yaml")
    if file != plan:
        return ""
    issue = look.content.issues.get(look.name) if look.selection else None
    way = _way(issue, _path(issue.origin, finding)) if issue else "/file"
    return f"/issues/{places.part(look.name)}{way}"


def to_translation(finding: Finding, tongues: Collection[str]) -> str:
    """Return where on an entry's own page the words stand that a finding misses in one of its languages, or nothing."""
    path = tuple(finding.field.split("."))
    return _anchor(path) if path[0] == "translations" and path[1:] and path[1] in tongues else ""


def _way(issue: Issue, path: Path) -> str:
    """Return where on the pages of an issue a field is, or else its file."""
    match path:
        case ("translations", tag, *rest) if tag in issue.languages[1:]:
            return f"?panel=words#word-{rest[0]}-{tag}" if rest else f"?panel=words#tongue-{tag}"
        case ("sections", number, "translations", tag, name, *_) if tag in issue.languages[1:]:
            return f"?panel=words#word-sections.{number}.{name}-{tag}"
        case ("sections", number, *_):
            return f"#part-{int(number) + 1}"
        case ("sections",):
            return ""
        case (name, *_) if name in words.NAMES:
            return f"?panel=words#word-{name}"
    return "/file"


def _path(origin: Origin, finding: Finding) -> Path:
    """Return the field that a finding names, because it lacks, or else the one that holds its place."""
    return tuple(finding.field.split(".")) if finding.field else field_at(origin, finding.place)


def field_at(origin: Origin, place: Place) -> Path:
    """Return the innermost field that holds a place; empty for what is about the whole, such as a field that lacks."""
    at = place.line, place.column
    if at == origin.marks.get(()):
        return ()
    held = [(mark, len(path), path) for path, mark in origin.marks.items() if mark <= at]
    return max(held, key=lambda one: one[:2])[2] if held else ()


def _anchor(path: Path) -> str:
    """Return the name of an entry's field in its form."""
    if path[:1] == ("translations",):
        path = path[1:]
    named = [part for part in path if isinstance(part, str) and part and not part.isdigit()]
    return f"#f-{'-'.join(named)}" if named else ""
