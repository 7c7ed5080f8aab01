"""Where each field of a file stands, worked out only when somebody asks: of most files nobody does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

import yaml

from newsletter.content.tree import DEEPEST, TooDeep, compose, has_breaks, position, show_breaks
from newsletter.model.finding import Origin
from newsletter.model.shape import Path

Position = tuple[int, int]


_NOWHERE_ELSE: Mapping[Path, Position] = {}


class Source:
    """A file's YAML text, and the line and column of everything in it."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self._text = text

    def origin(self, below: Path = (), elsewhere: Mapping[Path, Position] = _NOWHERE_ELSE) -> Origin:
        """Return the origin of the group of fields at `below`; `elsewhere` places fields that are not in the YAML."""
        return Origin(self.file, Marks(self, 0, below, elsewhere), Marks(self, 1, below, elsewhere))

    @cached_property
    def positions(self) -> tuple[dict[Path, Position], dict[Path, Position]]:
        """The positions of names and those of values, by path."""
        found: tuple[dict[Path, Position], dict[Path, Position]] = ({}, {})
        try:
            root = compose(self._text)
        except (yaml.YAMLError, TooDeep):
            return found
        if root is not None:
            found[0][()] = found[1][()] = position(root)
            _walk(root, (), found, 10 * len(self._text) + 1000)
        if has_breaks(self._text):
            return _shown(found[0]), _shown(found[1])
        return found


class Marks(Mapping[Path, Position]):
    """The positions of a source's names or values, by path below a group of fields."""

    __slots__ = ("_below", "_extra", "_kind", "_source")

    def __init__(self, source: Source, kind: int, below: Path, extra: Mapping[Path, Position]) -> None:
        self._source, self._kind, self._below, self._extra = source, kind, below, extra

    def __getitem__(self, path: Path) -> Position:
        return self._extra[path] if path in self._extra else self._source.positions[self._kind][self._below + path]

    def __iter__(self) -> Iterator[Path]:
        depth = len(self._below)
        inside = (path[depth:] for path in self._source.positions[self._kind] if path[:depth] == self._below)
        yield from dict.fromkeys([*self._extra, *inside])

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _walk(node: yaml.Node, path: Path, found: tuple[dict[Path, Position], dict[Path, Position]], room: int) -> None:
    if len(path) > DEEPEST:
        return
    triples: list[tuple[str | int, yaml.Node, yaml.Node]] = []
    if isinstance(node, yaml.MappingNode):
        triples = [(key.value, key, value) for key, value in node.value if isinstance(key, yaml.ScalarNode)]
    elif isinstance(node, yaml.SequenceNode):
        triples = [(number, item, item) for number, item in enumerate(node.value)]
    for name, key, value in triples:
        at = (*path, name)
        if at in found[0] or len(found[0]) > room:
            continue
        found[0][at], found[1][at] = position(key), position(value)
        _walk(value, at, found, room)


def _shown(found: dict[Path, Position]) -> dict[Path, Position]:
    return {
        tuple(show_breaks(part) if isinstance(part, str) else part for part in path): place
        for path, place in found.items()
    }
