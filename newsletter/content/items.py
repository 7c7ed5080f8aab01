"""A list or a group of a YAML file with other values, changed one by one: remarks stay beside what they are about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from newsletter.content import patch
from newsletter.content.scalars import listed, scalar


def relist(text: str, key: str, values: Sequence[str], *, after: str = "") -> str:
    """Let the list `key` have these values; one that is written on a single line is written anew.

    A new field goes below the field `after`, or to the end.
    """
    if values and _has_lines(text, patch.value_of(text, key), yaml.SequenceNode):
        changed = _relisted(text, key, values)
        if _said(changed, key) == list(values):
            return changed
    return patch.put(text, key, listed(values), after=after)


def regroup(text: str, key: str, values: Mapping[str, str], *, after: str = "") -> str:
    """Let the group `key` have these fields and no others; one that is written on a single line is written anew.

    A new field goes below the field `after`, or to the end.
    """
    if _has_lines(text, patch.value_of(text, key), yaml.MappingNode):
        changed = _regrouped(text, key, values)
        if _said(changed, key) == values:
            return changed
    written = ", ".join(f"{name}: {scalar(value, inside=True)}" for name, value in values.items())
    return patch.put(text, key, f"{{{written}}}", after=after)


def _relisted(text: str, key: str, values: Sequence[str]) -> str:
    before = [item.value for item in patch.value_of(text, key).value]
    # First what is new: a list that is empty in between would go with the remarks in it.
    for value in values:
        text = patch.add(text, key, value)
    for value in before:
        # A colon makes a group of what was meant as a single value: the list is written anew then.
        if value not in values and isinstance(value, str):
            text = patch.remove(text, key, value)
    if _said(text, key) != list(values):
        for value in reversed(values):
            text = patch.add(text, key, value, first=True)
    return text


def _regrouped(text: str, key: str, values: Mapping[str, str]) -> str:
    group = patch.value_of(text, key)
    before = {name.value: inner.value for name, inner in group.value}
    for name, value in values.items():
        if before.get(name) != value:
            text = patch.put_into(text, group, name, scalar(value, inside=bool(group.flow_style)))
            group = patch.value_of(text, key)
    for name in before.keys() - values:
        text = patch.take_from(text, group, name)
        group = patch.value_of(text, key)
    return text


def _has_lines(text: str, node: Any, kind: type[yaml.CollectionNode]) -> bool:
    """Whether a value is of a kind, and is written on lines of its own, between which remarks may stand."""
    if not isinstance(node, kind) or not node.value:
        return False
    return not node.flow_style or "\n" in text[node.start_mark.index : patch.end_of(text, node)]


def _said(text: str, key: str) -> Any:
    """Return a field's value; a number is none of the texts that somebody has chosen, however alike they look."""
    read = patch.says(text)
    return read.get(key) if isinstance(read, dict) else None
