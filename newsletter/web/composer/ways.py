"""Ways: the page, and the field on it, where that is changed which a finding names."""

from __future__ import annotations

from newsletter.model.finding import Finding, Origin, Place
from newsletter.model.shape import Path
from newsletter.web.composer import places, words
from newsletter.web.composer.desk import Look


def edit_link(look: Look, finding: Finding) -> str:
    """Return the page on which the file of a finding is changed, or nothing."""
    file = finding.place.file
    if not file:
        return ""
    for entry in look.content.entries:
        if entry.origin.file == file and (not finding.entry or entry.id == finding.entry):
            path = tuple(finding.field.split(".")) if finding.field else field_at(entry.origin, finding.place)
            return places.of_entry(entry.id, look.name) + _anchor(path)
    for item in look.content.unreadable:
        if item.file == file:
            return places.of_entry(item.id, look.name) + _anchor(tuple(finding.field.split(".")))
    plan = look.workspace.relative(look.workspace.issues / look.name / "issue.yaml")
    if file != plan:
        return ""
    issue = look.content.issues.get(look.name) if look.selection else None
    path = field_at(issue.origin, finding.place)[:2] if issue else ()
    # What lacks is told at a neighbour, which has a field of its own.
    if issue and finding.field in words.NAMES:
        path = (finding.field,)
    page = f"/issues/{places.part(look.name)}"
    if path[:1] == ("sections",):
        return f"{page}#part-{int(path[1]) + 1}" if len(path) > 1 else page
    if path and path[0] in words.NAMES:
        return f"{page}?panel=words#word-{path[0]}"
    return f"{page}/file"


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
