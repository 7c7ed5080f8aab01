from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from newsletter.content import tree

ISSUES = Path(__file__).parents[2] / "issues"
FILES = sorted([*ISSUES.rglob("*.yaml"), *ISSUES.rglob("*.md")])


def outline(node: Any) -> Any:
    """Return a tree as plain data: kind, tag, position and value of every node."""
    at = (type(node).__name__, node.tag, bool(getattr(node, "style", None)), tree.position(node), node.end_mark.index)
    if isinstance(node, yaml.MappingNode):
        return (*at[:4], [(outline(key), outline(value)) for key, value in node.value])
    if isinstance(node, yaml.SequenceNode):
        return (*at[:4], [outline(item) for item in node.value])
    return (*at, node.value)


@pytest.mark.parametrize("file", FILES, ids=[file.name for file in FILES])
def test_the_parser_without_libyaml_builds_the_same_trees(file: Path) -> None:
    """A workspace means the same on a machine whose PyYAML came without libyaml."""
    text = file.read_text(encoding="utf-8")
    text = text[: text.index("\n---", 3) + 1] if file.suffix == ".md" else text
    assert outline(tree.PureParser(text).get_single_node()) == outline(tree.LibyamlParser(text).get_single_node())


@pytest.mark.parametrize("parser", [tree.PureParser, tree.LibyamlParser])
def test_both_parsers_stop_at_the_same_depth(parser: Any) -> None:
    """Neither libyaml's recursion in C nor Python's own ends the process."""
    deepest = "a: " + "[" * (tree.DEEPEST - 1) + "]" * (tree.DEEPEST - 1)
    assert parser(deepest).get_single_node() is not None
    with pytest.raises(tree.TooDeep):
        parser("a: " + "[" * 100_000).get_single_node()
