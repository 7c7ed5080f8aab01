"""A YAML file changed at the very places that have to change; every other byte stays as somebody wrote it.

The functions take and return a file's text with plain line ends. They know where each value stands from the same tree
that values are read from, so comments, order, quotes and spelling need no care.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from unicodedata import normalize

import yaml

from newsletter.content import document
from newsletter.content.scalars import listed, scalar
from newsletter.content.tree import compose, nodes
from newsletter.errors import ContentError

_COMMA = re.compile(r"\s*,")
_REMARK = re.compile(r"[ \t]*(#.*)?")


def check(text: str, file: str) -> None:
    """Raise ContentError for a file that is not safe to change."""
    read = document.read(text)
    root: Any = compose(text) if read.readable else None
    if read.spoilt or not isinstance(root, yaml.MappingNode):
        why, fix = "what cannot be read for certain could get lost", "correct the file first"
    elif root.flow_style or root.start_mark.column or "\n..." in text or _has_aliases(root):
        why = "it uses braces around everything, aliases, dots as its end, or blanks before every field"
        fix = "change it in an editor"
    else:
        return
    findings = [mistake.finding("ISS", file) for mistake in read.mistakes]
    raise ContentError(f"{file} is not changed as it is", why=why, fix=fix, findings=findings)


def check_others(before: str, after: str, changed: Collection[str], file: str) -> None:
    """Raise ContentError where a change of some fields has changed others, or left what cannot be read."""
    read = document.read(after)
    if read.spoilt or _others(read.value, changed) != _others(document.read(before).value, changed):
        raise ContentError(
            f"{file} is not changed",
            why="it is written in a way that cannot be changed for certain without harm to the rest",
            fix="change it as text, in an editor",
        )


def _others(value: Any, changed: Collection[str]) -> Any:
    return trimmed({name: inner for name, inner in (value or {}).items() if name not in changed})


def trimmed(value: Any) -> Any:
    """Return a value without the line break that a text of several lines ends with."""
    if isinstance(value, dict):
        return {name: trimmed(inner) for name, inner in value.items()}
    if isinstance(value, list):
        return [trimmed(inner) for inner in value]
    return value.rstrip("\n") if isinstance(value, str) else value


def put(text: str, key: str, value: str, *, after: str = "") -> str:
    """Set a field to `value`, written as YAML, and delete the remark behind it: that was about the value before.

    A new field goes below the field `after`, or to the end.
    """
    changed = _put(text, key, value, after)
    if value.startswith("|"):
        said = document.read(f"{key}: {value}\n").value[key]
        if _said(changed, key) != said:
            # An indented comment below would become a part of a text on lines of its own.
            return _put(text, key, scalar(said.removesuffix("\n")), after)
    return changed


def extend(text: str, key: str, value: str) -> str:
    """Write a field's value with more beside it; the remark behind it stays, because what it is about does."""
    return _instead(text, value_of(text, key), value)


def _put(text: str, key: str, value: str, after: str) -> str:
    for name, start, end in _fields(text):
        if name == key:
            return text[:start] + _beside(value).rstrip(" ") + text[line_end(text, end) :]
    for name, _, end in _fields(text):
        if name == after:
            place = line_end(text, end)
            return f"{text[:place]}\n{key}:{_beside(value)}{text[place:]}"
    return f"{_closed(text)}{key}:{_beside(value)}\n"


def _beside(value: str) -> str:
    """Return a value as it stands behind its colon: a group begins on a line of its own."""
    return value if value.startswith("\n") else f" {value}"


def _said(text: str, key: str) -> Any:
    read = document.read(text).value
    return read.get(key) if isinstance(read, dict) else None


def says(text: str) -> Any:
    """Return what a file says, `trimmed`."""
    return trimmed(document.read(text).value)


def delete(text: str, key: str) -> str:
    """Delete a field, with the comment lines right above it; where others would say something else then, its value."""
    for name, start, end in _fields(text):
        if name == key:
            begin = remarks = line_start(text, start)
            while remarks and text[line_start(text, remarks - 1) : remarks].lstrip().startswith("#"):
                remarks = line_start(text, remarks - 1)
            wanted = {name: value for name, value in document.read(text).value.items() if name != key}
            for place in (remarks, begin):
                # The last lines of a text may look like comments, and a comment below become a part of one.
                rest = text[:place] + text[line_end(text, end) + 1 :]
                if (document.read(rest).value or {}) == wanted:
                    return rest
            return put(text, key, "")
    return text


def add(text: str, key: str, value: str, *, first: bool = False) -> str:
    """Put a value at the end of the list `key`, or first in it; one that is there already only moves to the front."""
    node = value_of(text, key)
    written = scalar(value, inside=isinstance(node, yaml.SequenceNode) and bool(node.flow_style))
    if node is None:
        return append(text, key, written)
    if isinstance(node, yaml.ScalarNode):
        if not node.value:
            return _begin_list(text, node, f"\n  - {written}")
        return text if node.value == value else add(_in_brackets(text, node), key, value, first=first)
    values = [item.value for item in node.value]
    if value in values:
        return _to_front(text, key, values.index(value)) if first and values[0] != value else text
    if not first or not values:
        return append(text, key, written)
    if node.flow_style:
        place = node.start_mark.index + 1
        return f"{text[:place]}{written}, {text[place:]}"
    place = line_start(text, node.start_mark.index)
    return f"{text[:place]}{' ' * node.start_mark.column}- {written}\n{text[place:]}"


def append(text: str, key: str, written: str) -> str:
    """Put what is written as YAML, on one line, at the end of the list `key`."""
    node = value_of(text, key)
    if node is None:
        return f"{_closed(text)}{key}:\n  - {written}\n"
    if isinstance(node, yaml.ScalarNode):
        return _begin_list(text, node, f"\n  - {written}")
    if node.flow_style:
        place = end_of(text, node.value[-1]) if node.value else node.start_mark.index + 1
        return f"{text[:place]}{', ' if node.value else ''}{written}{text[place:]}"
    place = line_end(text, end_of(text, node.value[-1]))
    return f"{text[:place]}\n{' ' * node.start_mark.column}- {written}{text[place:]}"


def assign(text: str, key: str, name: str, value: str) -> str:
    """Set `name` within the group `key` to a text."""
    node = value_of(text, key)
    if isinstance(node, yaml.ScalarNode) and _is_nothing(node):
        text = _instead(text, node, "{}")
        node = value_of(text, key)
    inside = node is not None and not (isinstance(node, yaml.ScalarNode) or (node.value and not node.flow_style))
    said = scalar(value, inside=inside)
    line = f"{scalar(name, inside=inside)}: {said}"
    if node is None:
        return f"{_closed(text)}{key}:\n  {line}\n"
    if isinstance(node, yaml.ScalarNode):
        return _begin_list(text, node, f"\n  {line}")
    if not isinstance(node, yaml.MappingNode):
        return put(text, key, f"{{{line}}}")
    mapping: Any = node
    for inner, old in mapping.value:
        if inner.value == name:
            return f"{text[: old.start_mark.index]}{said}{text[end_of(text, old) :]}"
    if mapping.flow_style:
        place = end_of(text, mapping.value[-1][1]) if mapping.value else mapping.start_mark.index + 1
        return f"{text[:place]}{', ' if mapping.value else ''}{line}{text[place:]}"
    place = line_end(text, end_of(text, mapping.value[-1][1]))
    return f"{text[:place]}\n{' ' * mapping.start_mark.column}{line}{text[place:]}"


def put_into(text: str, group: Any, key: str, value: str) -> str:
    """Set a field of `group`, a node with names and values in the tree of `text`, to `value`, written as YAML."""
    said = f":{value}" if value[:1] in {"", "\n"} else f": {value}"
    for name, old in group.value:
        if name.value == key:
            start = text.index(":", name.end_mark.index)
            end = max(start + 1, end_of(text, old))
            return text[:start] + said + (text[end:] if group.flow_style else text[line_end(text, end) :])
    written = scalar(key, inside=bool(group.flow_style)) + said
    if group.flow_style:
        place = end_of(text, group.value[-1][1]) if group.value else group.start_mark.index + 1
        return f"{_apart(text[:place])}{', ' if group.value else ''}{written}{text[place:]}"
    last, held = group.value[-1]
    place = line_end(text, max(last.end_mark.index + 1, end_of(text, held)))
    return f"{text[:place]}\n{' ' * group.start_mark.column}{written}{text[place:]}"


def take_from(text: str, group: Any, key: str) -> str:
    """Take a field out of `group`, a node with names and values in the tree of `text`."""
    at = next((number for number, (name, _) in enumerate(group.value) if name.value == key), None)
    if at is None:
        return text
    name, old = group.value[at]
    start, end = name.start_mark.index, max(name.end_mark.index + 1, end_of(text, old))
    if group.flow_style:
        return without_part(text, group.value, at, end)
    if len(group.value) == 1:
        return text[:start] + text[end:]
    begin, below = line_start(text, start), text[line_end(text, end) + 1 :]
    # The first one may stand beside a dash; what follows takes its place, be it a remark.
    return text[:begin] + below if not text[begin:start].strip() else text[:start] + below.lstrip(" ")


def remove(text: str, key: str, value: str) -> str:
    """Take a value out of the list, or a name out of the group, `key`; what is empty then goes, comments stay.

    Accents may be written in one piece or in two.
    """
    node, value = value_of(text, key), normalize("NFC", value)
    if node is None or isinstance(node, yaml.ScalarNode):
        found = node is not None and normalize("NFC", node.value) == value
        return _without_empty(put(text, key, "[]"), key) if found else text
    mapping = isinstance(node, yaml.MappingNode)
    spans = [(pair[0], pair[1]) if mapping else (pair, pair) for pair in node.value]
    # A list may hold what is no single value: a colon makes a group of it.
    names = [normalize("NFC", head.value) if isinstance(head, yaml.ScalarNode) else None for head, _ in spans]
    position = names.index(value) if value in names else None
    if position is None:
        return text
    head, tail = spans[position]
    start, end = head.start_mark.index, end_of(text, tail)
    if node.flow_style:
        rest = without_part(text, spans, position, end)
        return rest if len(spans) > 1 else _without_empty(rest, key)
    rest = text[: line_start(text, start)] + text[line_end(text, end) + 1 :]
    if len(spans) > 1:
        return rest
    colon = next(place for name, place, _ in _fields(text) if name == key)
    return _without_empty(f"{rest[:colon]} {'{}' if mapping else '[]'}{rest[colon:]}", key)


def arrange(text: str, key: str, values: Sequence[str]) -> str:
    """Let `values` stand in the list `key` in this order; those already in it share out their places among them."""
    node = value_of(text, key)
    if isinstance(node, yaml.ScalarNode) and node.value:
        text = _in_brackets(text, node)
        node = value_of(text, key)
    items = node.value if isinstance(node, yaml.SequenceNode) else []
    places = [item for item in items if item.value in set(values)]
    written = {item.value: text[item.start_mark.index : end_of(text, item)] for item in places}
    for item, value in reversed(list(zip(places, values, strict=False))):
        text = _instead(text, item, written.get(value) or scalar(value, inside=node.flow_style))
    for value in values[len(places) :]:
        text = add(text, key, value)
    return text


def _without_empty(text: str, key: str) -> str:
    """Delete the lines of a field that is empty, unless a remark or the meaning of what is around it would suffer."""
    start, end = next((start, end) for name, start, end in _fields(text) if name == key)
    begin, end = line_start(text, start - 1), line_end(text, end) + 1
    if "#" in text[start:end]:
        return text
    before, after = text[:begin], text[end:]
    if before.endswith("\n\n") and (not after or after.startswith("\n")):
        before = before[:-1]
    wanted = {name: value for name, value in document.read(text).value.items() if name != key}
    # A comment that stood below the field would become a part of the text above it, for one.
    return before + after if wanted and document.read(before + after).value == wanted else text


def without_part(text: str, parts: Sequence[tuple[Any, Any]], at: int, end: int) -> str:
    """Take a part, which ends at `end`, out of brackets or braces; each other one keeps the remark behind it."""
    start = parts[at][0].start_mark.index
    before = end_of(text, parts[at - 1][1]) if at else start
    following = parts[at + 1][0].start_mark.index if at + 1 < len(parts) else end
    if following > end and "\n" not in text[end:following]:
        return text[:start] + text[following:]
    if before < start and "\n" not in text[before:start]:
        return _apart(text[:before]) + text[end:]
    if comma := _COMMA.match(text, end):
        end = comma.end()
    begin, stop = line_start(text, start), line_end(text, end)
    if len(parts) > 1 and not text[begin:start].strip() and _REMARK.fullmatch(text, end, stop):
        return text[:begin] + text[stop + 1 :]
    return text[:start] + text[end:]


def _apart(text: str) -> str:
    """Return what stands before a comma: libyaml takes it for a part of the name where no value is in between."""
    return f"{text} " if text.endswith(":") else text


def _to_front(text: str, key: str, at: int) -> str:
    """Let an item lead its list; one on a line of its own takes its remark along."""
    node = value_of(text, key)
    values = [item.value for item in node.value]
    if node.flow_style:
        return arrange(text, key, [values[at], *values[:at], *values[at + 1 :]])
    first, begin = (line_start(text, node.value[place].start_mark.index) for place in (0, at))
    end = line_end(text, end_of(text, node.value[at]))
    return f"{text[:first]}{text[begin:end]}\n{text[first:begin]}{text[end + 1 :]}"


def _in_brackets(text: str, node: yaml.Node) -> str:
    """Make a list of a field's only value, or an empty one of nothing."""
    return _instead(text, node, listed([] if _is_nothing(node) else [node.value]))


def _instead(text: str, node: yaml.Node, written: str) -> str:
    return text[: node.start_mark.index] + written + text[end_of(text, node) :]


def _is_nothing(node: Any) -> bool:
    """Whether a value is `~` or `null`, which says as much as no value."""
    return bool(node.value) and not node.style and document.core(node.value) is None


def _begin_list(text: str, node: yaml.Node, lines: str) -> str:
    place = line_end(text, node.end_mark.index)
    return text[:place] + lines + text[place:]


def _root(text: str) -> Any:
    return compose(text)


def value_of(text: str, key: str) -> Any:
    """Return a field's value as a node in the tree of `text`; nothing where there is no such field."""
    return next((value for name, value in _root(text).value if name.value == key), None)


def _fields(text: str) -> Iterator[tuple[str, int, int]]:
    """Yield each field with where its colon ends and where its value ends."""
    for name, value in _root(text).value:
        start = text.index(":", name.end_mark.index) + 1
        yield name.value, start, max(start, end_of(text, value))


def end_of(text: str, node: Any) -> int:
    """Return where a value's last character stands; the parser ends a block only where the next one begins."""
    if isinstance(node, yaml.ScalarNode) or node.flow_style or not node.value:
        return len(text[: node.end_mark.index].rstrip())
    last = node.value[-1]
    return end_of(text, last[1] if isinstance(node, yaml.MappingNode) else last)


def line_start(text: str, place: int) -> int:
    """Return where the line begins in which a place is."""
    return text.rfind("\n", 0, place) + 1


def line_end(text: str, place: int) -> int:
    """Return where the line ends in which a place is."""
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def _closed(text: str) -> str:
    return text if text.endswith("\n") or not text else f"{text}\n"


def _has_aliases(root: yaml.Node) -> bool:
    found = [id(node) for node in nodes(root)]
    return len(found) > len(set(found))
