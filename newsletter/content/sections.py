"""The sections of an issue, changed in its file: one field of one, a new one, one less, or another order.

Whatever such a change would do to the rest of the file is looked for before it is handed out; where it would do
anything, it is refused.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from typing import Any

from newsletter.content import document, line_ends, patch
from newsletter.content.editing import layered
from newsletter.content.scalars import scalar
from newsletter.content.tree import compose
from newsletter.errors import ContentError, NotFound, Refused

KEY = "sections"
FIELDS = ("heading", "intro", "limit", "layout", "order")
"""What of a section is changed here; everything else is changed as text."""


def change(text: str, number: int, changes: Mapping[str, str], *, file: str) -> str:
    """Give fields of the section with that number, from 0, other values; an empty one is taken out.

    Raises NotFound for a section that does not exist, and ContentError for a file that is not safe to change.
    """

    def expect(sections: list[Any]) -> None:
        for field, value in changes.items():
            if value.strip():
                sections[number][field] = document.core(value.strip()) if field == "limit" else _plain(field, value)
            else:
                sections[number].pop(field, None)

    def edit(plain: str) -> str:
        for field, value in changes.items():
            plain = _set(plain, _items(plain)[number], field, value)
        return plain

    return _edit(text, file, number, edit, expect)


def add(text: str, heading: str, take: str, *, file: str) -> str:
    """Put a new section at the end."""

    def edit(plain: str) -> str:
        node: Any = _sections(plain)
        said = {"heading": _plain("heading", heading), "take": take}
        if node.flow_style:
            place = patch.end_of(plain, node.value[-1])
            written = ", ".join(f"{name}: {scalar(value, inside=True)}" for name, value in said.items())
            return f"{plain[:place]}, {{{written}}}{plain[place:]}"
        indent = " " * node.start_mark.column
        place = patch.line_end(plain, patch.end_of(plain, node.value[-1]))
        return (
            f"{plain[:place]}\n{indent}- heading: {scalar(said['heading'])}\n{indent}  take: {scalar(take)}"
            f"{plain[place:] or chr(10)}"
        )

    def expect(sections: list[Any]) -> None:
        sections.append({"heading": _plain("heading", heading), "take": take})

    return _edit(text, file, 0, edit, expect)


def remove(text: str, number: int, *, file: str) -> str:
    """Take a section out, with the comments right above it; raise Refused for the only one."""

    def edit(plain: str) -> str:
        spans = _spans(plain)
        if len(spans) == 1:
            raise Refused("the only section stays", why="an issue without sections shows nothing")
        if _sections(plain).flow_style:
            parts = [(item, item) for item in _items(plain)]
            return patch.without_part(plain, parts, number, spans[number][1])
        start, end = spans[number]
        return plain[:start] + plain[end:]

    return _edit(text, file, number, edit, lambda sections: sections.pop(number))


def move(text: str, number: int, to: int, *, file: str) -> str:
    """Give a section another place, both counted from 0; the comments right above it go along."""
    # Python would count a place before the first from the end.
    to = max(0, to)

    def edit(plain: str) -> str:
        spans = _spans(plain)
        parts = [plain[start:end] for start, end in spans]
        between = [plain[spans[at][1] : spans[at + 1][0]] for at in range(len(spans) - 1)]
        parts.insert(to, parts.pop(number))
        joined = parts[0] + "".join(before + part for before, part in zip(between, parts[1:], strict=True))
        return plain[: spans[0][0]] + joined + plain[spans[-1][1] :]

    def expect(sections: list[Any]) -> None:
        sections.insert(to, sections.pop(number))

    return _edit(text, file, max(number, to), edit, expect)


def _edit(text: str, file: str, number: int, edit: Callable[[str], str], expect: Callable[[list[Any]], object]) -> str:
    plain = line_ends.plain(text)
    patch.check(plain, file)
    if not plain.endswith("\n"):
        plain += "\n"
    wanted = copy.deepcopy(document.read(plain).value)
    sections = wanted.get(KEY)
    if not isinstance(sections, list) or not all(isinstance(one, dict) for one in sections) or not sections:
        raise _refused(file)
    if not 0 <= number < len(sections):
        raise NotFound(f"there is no section number {number + 1}", why="somebody may have taken it out meanwhile")
    expect(sections)
    after = edit(plain)
    if patch.says(after) != patch.trimmed(wanted):
        raise _refused(file)
    return line_ends.restored(text, after)


def _refused(file: str) -> ContentError:
    return ContentError(
        f"the sections in {file} are not changed",
        why="they are written in a way that cannot be changed for certain without harm to the rest",
        fix="change them in the file, as text",
    )


def _sections(plain: str) -> Any:
    root: Any = compose(plain)
    return next(value for name, value in root.value if name.value == KEY)


def _items(plain: str) -> list[Any]:
    return list(_sections(plain).value)


def _spans(plain: str) -> list[tuple[int, int]]:
    """Return where each section begins and ends; in a list of lines with the comments right above it."""
    node = _sections(plain)
    if node.flow_style:
        return [(item.start_mark.index, patch.end_of(plain, item)) for item in node.value]
    starts = []
    for item in node.value:
        start = patch.line_start(plain, item.start_mark.index)
        while plain[patch.line_start(plain, start - 1) : start].lstrip(" ").startswith("#"):
            start = patch.line_start(plain, start - 1)
        starts.append(start)
    last = patch.line_end(plain, patch.end_of(plain, node.value[-1])) + 1
    return list(zip(starts, [*starts[1:], last], strict=True))


def _set(plain: str, item: Any, field: str, value: str) -> str:
    if not value.strip():
        return patch.take_from(plain, item, field)
    if field == "limit":
        written = value.strip()
    elif field == "intro" and not item.flow_style:
        written = layered(value, indent=item.start_mark.column)
    else:
        written = scalar(_plain(field, value), inside=bool(item.flow_style))
    return patch.put_into(plain, item, field, written)


def _plain(field: str, value: str) -> str:
    """Return what a text is once it is read again: an introduction with its lines, everything else on one."""
    return line_ends.on_lines(value) if field == "intro" else line_ends.on_one_line(value)
