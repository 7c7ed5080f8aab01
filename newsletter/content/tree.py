"""YAML text as a tree of nodes with their positions; what the nodes mean is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import yaml
from yaml.composer import Composer
from yaml.parser import Parser
from yaml.reader import Reader
from yaml.scanner import Scanner

DEEPEST = 100

# libyaml breaks lines at these, as YAML 1.1 did; in YAML 1.2 they are characters like others.
_HIDE = str.maketrans("\x85\u2028\u2029", "\U0010f885\U0010f828\U0010f829")
_SHOW = str.maketrans("\U0010f885\U0010f828\U0010f829", "\x85\u2028\u2029")


class TooDeep(Exception):
    """Groups stand inside groups beyond any use: built further, the tree would overrun the C stack."""


class _OpenMeaning:
    """Leaves untagged values without a tag, and counts how deep the tree has grown."""

    _depth = 0

    def resolve(self, _kind: object, _value: object, _implicit: object) -> str:
        return ""

    def descend_resolver(self, _node: object, _index: object) -> None:
        self._depth += 1
        if self._depth > DEEPEST:
            raise TooDeep

    def ascend_resolver(self) -> None:
        self._depth -= 1


class PureParser(_OpenMeaning, Reader, Scanner, Parser, Composer):
    """The parser where PyYAML came without libyaml: the same trees, about twenty times slower."""

    def __init__(self, text: str) -> None:
        Reader.__init__(self, text)
        Scanner.__init__(self)
        Parser.__init__(self)
        Composer.__init__(self)


_parser: Any = PureParser
if yaml.__with_libyaml__:
    from yaml._yaml import CParser

    class LibyamlParser(_OpenMeaning, CParser):
        """The parser where PyYAML came with libyaml, as its wheels do."""

        def get_single_node(self) -> yaml.Node | None:
            """Return the root; raise TooDeep, and yaml.YAMLError for what is not YAML."""
            try:
                root: yaml.Node | None = super().get_single_node()
            except yaml.MarkedYAMLError as error:
                # The libyaml in the wheels of PyYAML 6.0.4 has a limit of its own and, reading ahead, meets it first.
                if "maximum nesting depth" in str(error.problem):
                    raise TooDeep from error
                raise
            return root

    _parser = LibyamlParser


def compose(text: str) -> yaml.Node | None:
    """Return the tree of the one document in `text`, or nothing for an empty one.

    Raises yaml.YAMLError for what is not YAML and TooDeep.
    """
    root: yaml.Node | None = _parser(text.translate(_HIDE) if has_breaks(text) else text).get_single_node()
    return root


def nodes(root: yaml.Node) -> Iterator[yaml.Node]:
    """Yield every node of a tree, one that aliases repeat each time; what is in it comes once."""
    waiting = [root]
    seen: set[int] = set()
    while waiting:
        node = waiting.pop()
        yield node
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.MappingNode):
            waiting += [part for pair in node.value for part in pair]
        elif isinstance(node, yaml.SequenceNode):
            waiting += node.value


def has_breaks(text: str) -> bool:
    """Return whether `text` has characters that libyaml would take for line ends."""
    return not text.isascii() and ("\x85" in text or "\u2028" in text or "\u2029" in text)


def show_breaks(text: str) -> str:
    """Return a node's text as it was written in the file."""
    return text.translate(_SHOW)


def position(node: yaml.Node) -> tuple[int, int]:
    """Return a node's line and column, counted from 1."""
    return node.start_mark.line + 1, node.start_mark.column + 1
