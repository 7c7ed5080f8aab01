"""An entry's or an issue's words in another language, changed below `translations:` in its file.

Whatever such a change would do to the rest of the file is looked for before it is handed out; where it would do
anything, it is refused.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from newsletter.content import document, line_ends, patch
from newsletter.content.editing import layered
from newsletter.content.scalars import scalar
from newsletter.content.tree import compose
from newsletter.errors import ContentError

KEY = "translations"
LONG = frozenset({"summary", "body", "intro", "eligibility"})
"""Of several lines; everything else stands on one."""


Path = Sequence[str | int]
"""Which group in a file has the translations: none of these, the file itself; or such as `sections`, 2."""


def told(plain: str, path: Path = ()) -> dict[str, dict[str, str]]:
    """Return what fields say in each other language, as a form shows them; nothing for what is no group of texts."""
    groups = _group(document.read(plain).value, path).get(KEY)
    if not isinstance(groups, dict):
        return {}
    return {
        str(language): {str(name): "" if value is None else str(value) for name, value in group.items()}
        for language, group in groups.items()
        if isinstance(group, dict)
    }


def translate(plain: str, language: str, changes: Mapping[str, str], *, file: str, path: Path = ()) -> str:
    """Give fields other words in a language; an empty one is taken out, and with the last one the language.

    `plain` is the file's fields with plain line ends. Raises ContentError for a file that is not safe to change.
    """
    patch.check(plain, file)
    said = {
        name: line_ends.on_lines(value) if name in LONG else line_ends.on_one_line(value)
        for name, value in changes.items()
    }
    wanted = patch.says(plain)
    _tell(_group(wanted, path), language, said)
    after = plain if plain.endswith("\n") else f"{plain}\n"
    # What is taken out comes last: a language of which nothing is left would go, and come back elsewhere.
    for name, value in sorted(said.items(), key=lambda item: not item[1]):
        after = _changed(after, path, language, name, value)
    if patch.says(after) != wanted:
        raise ContentError(
            f"the translations in {file} are not changed",
            why="they are written in a way that cannot be changed for certain without harm to the rest",
            fix="change them in the file, as text",
        )
    return after


def retell(text: str, language: str, changes: Mapping[str, str], *, file: str, path: Path) -> str:
    """Do the same to a whole file, whose line ends stay."""
    return line_ends.restored(text, translate(line_ends.plain(text), language, changes, file=file, path=path))


def _group(value: Any, path: Path) -> dict[str, Any]:
    """Return the group that has the translations; an empty one where it is not there."""
    for step in path:
        if isinstance(value, dict):
            value = value.get(step)
        elif isinstance(value, list) and isinstance(step, int) and step < len(value):
            value = value[step]
        else:
            return {}
    return value if isinstance(value, dict) else {}


def _tell(holder: dict[str, Any], language: str, said: Mapping[str, str]) -> None:
    """Change what a file says to what it is to say; what is no group stays, so that the change is refused."""
    groups = holder.get(KEY) or {}
    group = groups.get(language) or {} if isinstance(groups, dict) else None
    if not isinstance(group, dict):
        return
    kept = {name: text for name, text in (group | dict(said)).items() if text or name not in said}
    if kept == group:
        return
    groups = {name: inner for name, inner in (groups | {language: kept}).items() if inner or name != language}
    holder.pop(KEY, None)
    if groups:
        holder[KEY] = groups


def _changed(plain: str, path: Path, language: str, name: str, value: str) -> str:
    if not value:
        return _take(plain, path, language, name)
    after = _put(plain, path, language, name, value, on_lines=name in LONG)
    kept = told(after, path).get(language, {}).get(name, "").rstrip("\n") == value
    # An indented remark below would become a part of a text on lines of its own.
    return after if kept else _put(plain, path, language, name, value, on_lines=False)


def _put(plain: str, path: Path, language: str, name: str, value: str, *, on_lines: bool) -> str:
    def written(column: int, *, inside: bool = False) -> str:
        return layered(value, indent=column) if on_lines and not inside else scalar(value, inside=inside)

    holder = _node(compose(plain), path)
    groups = _value(holder, KEY)
    group = _value(groups, language)
    if group is not None:
        return patch.put_into(plain, group, name, written(group.start_mark.column, inside=bool(group.flow_style)))
    inside = f"{{{name}: {written(0, inside=True)}}}"
    if groups is not None:
        column = groups.start_mark.column + 2
        block = f"\n{' ' * column}{name}: {written(column)}"
        return patch.put_into(plain, groups, language, inside if groups.flow_style else block)
    tag = scalar(language, inside=bool(holder.flow_style))
    column = holder.start_mark.column + 4
    block = f"\n{' ' * (column - 2)}{tag}:\n{' ' * column}{name}: {written(column)}"
    return patch.put_into(plain, holder, KEY, f"{{{tag}: {inside}}}" if holder.flow_style else block)


def _take(plain: str, path: Path, language: str, name: str) -> str:
    holder = _node(compose(plain), path)
    groups = _value(holder, KEY)
    group = _value(groups, language)
    if group is None or all(inner.value != name for inner, _ in group.value):
        return plain
    if len(group.value) > 1:
        return patch.take_from(plain, group, name)
    if len(groups.value) > 1:
        return patch.take_from(plain, groups, language)
    return patch.take_from(plain, holder, KEY)


def _node(node: Any, path: Path) -> Any:
    for step in path:
        inside = node.value
        node = inside[step] if isinstance(step, int) else next(value for name, value in inside if name.value == step)
    return node


def _value(group: Any, key: str) -> Any:
    """Return a group within a group; nothing where there is none, or nothing in it."""
    if not isinstance(group, yaml.MappingNode):
        return None
    found: Any = next((value for name, value in group.value if name.value == key), None)
    return found if isinstance(found, yaml.MappingNode) and found.value else None
