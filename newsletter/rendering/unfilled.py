"""What a workspace's template names in vain: a block that another one has not, or a template that is not there.

Jinja2 passes over the one in silence, and over the other until an issue comes that needs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import replace

from jinja2 import Environment, TemplateNotFound, TemplateSyntaxError, nodes

from newsletter.errors import RenderingError
from newsletter.model import meant
from newsletter.model.finding import Finding, Place, Severity, position
from newsletter.rendering.failures.names import not_there
from newsletter.rendering.unused import UNUSED

_MOST = 20
"""Templates that extend each other; the sandbox ends what goes on without end."""


def unfilled(environment: Environment, own: Collection[str], read: Callable[[str], str]) -> Iterator[Finding]:
    """Yield a finding for what `own` templates name in vain, and for their words outside of blocks."""
    for name in sorted(own):
        if not name.endswith(".j2"):
            continue
        # What is wrong with a template is told where it is used.
        with suppress(RenderingError, TemplateSyntaxError, TemplateNotFound):
            source = read(name)
            tree = environment.parse(source)
            above = _above(tree)
            yield from _missing(environment, name, source, tree)
            if above:
                yield from _blocks(environment, name, source, tree, above)
                yield from _words(name, tree, above)


def _missing(environment: Environment, name: str, source: str, tree: nodes.Template) -> Iterator[Finding]:
    known = environment.list_templates()
    asking: list[nodes.Include | nodes.Import | nodes.FromImport] = [
        *tree.find_all(nodes.Include),
        *tree.find_all(nodes.Import),
        *tree.find_all(nodes.FromImport),
    ]
    for node in asking:
        try:
            named = node.template.as_const()
        except nodes.Impossible:
            continue
        tried = [named] if isinstance(named, str) else [*map(str, named)]
        if not tried or not set(tried).isdisjoint(known) or (isinstance(node, nodes.Include) and node.ignore_missing):
            continue
        found = re.compile(re.escape(tried[0])).search(source, _begins(source, node.lineno))
        place = Place(f"templates/{name}", *(position(source, found.start()) if found else (node.lineno, 0)))
        yield replace(not_there(tried, known, place), severity=Severity.WARNING)


def _begins(source: str, line: int) -> int:
    """Return the offset at which a line begins."""
    return sum(map(len, source.splitlines(keepends=True)[: line - 1]))


def _blocks(environment: Environment, name: str, source: str, tree: nodes.Template, above: str) -> Iterator[Finding]:
    known, asked = _offered(environment, above), _asked(tree)
    for block in tree.body:
        if known is None or not isinstance(block, nodes.Block) or block.name in known | asked:
            continue
        better = meant.did_you_mean(block.name, known)
        # A comment above it may speak of the block, too.
        written = re.compile(rf"\bblock\s+({re.escape(block.name)})\b")
        found = written.search(source, _begins(source, block.lineno))
        place = Place(f"templates/{name}", *(position(source, found.start(1)) if found else (block.lineno, 0)))
        message = f"the block `{block.name}` is shown nowhere: {above} has none of that name"
        fix = f"write {{% block {better} %}}" if better else f"use one of {', '.join(sorted(known))}" if known else ""
        yield _finding(message + meant.suggestion(better, "``"), place, fix or "delete it")


def _words(name: str, tree: nodes.Template, above: str) -> Iterator[Finding]:
    # What stands before it is shown.
    extends = next(number for number, node in enumerate(tree.body) if isinstance(node, nodes.Extends))
    for node in tree.body[extends:]:
        data = node.nodes if isinstance(node, nodes.Output) else ()
        said = next((one for one in data if not isinstance(one, nodes.TemplateData) or one.data.strip()), None)
        if said is not None:
            message = f"what stands outside of a block is shown nowhere, because the template extends {above}"
            yield _finding(message, Place(f"templates/{name}", _first_line(said)), "put it into a block")
            return


def _first_line(node: nodes.Node) -> int:
    data = node.data if isinstance(node, nodes.TemplateData) else ""
    return node.lineno + data[: len(data) - len(data.lstrip())].count("\n")


def _above(tree: nodes.Template) -> str | None:
    """Return which template a template extends, where it names one."""
    extends = next((node for node in tree.body if isinstance(node, nodes.Extends)), None)
    named = extends.template if extends else None
    return named.value if isinstance(named, nodes.Const) and isinstance(named.value, str) else None


def _asked(tree: nodes.Template) -> set[str]:
    """Return the blocks that a template shows itself, by `self.name()`."""
    found = (node for node in tree.find_all(nodes.Getattr) if isinstance(node.node, nodes.Name))
    return {node.attr for node in found if isinstance(node.node, nodes.Name) and node.node.name == "self"}


def _offered(environment: Environment, name: str) -> set[str] | None:
    """Return the blocks that a template and those that it extends have; None where that cannot be told."""
    found: set[str] = set()
    above: str | None = name
    for _ in range(_MOST):
        if environment.loader is None or above is None:
            break
        tree = environment.parse(environment.loader.get_source(environment, above)[0])
        found |= {block.name for block in tree.find_all(nodes.Block)} | _asked(tree)
        if any(isinstance(node, nodes.Extends) for node in tree.body) and _above(tree) is None:
            return None
        above = _above(tree)
    return found


def _finding(message: str, place: Place, fix: str) -> Finding:
    why = "a template that extends another one changes its blocks, and nothing else"
    return Finding(UNUSED, Severity.WARNING, message, place, why=why, fix=fix)
