"""Packages whose names are imported when somebody asks for one."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

import pytest

import newsletter

ROOT = Path(newsletter.__file__).parent
LAZY = sorted(
    ".".join(("newsletter", *path.parent.relative_to(ROOT).parts))
    for path in ROOT.rglob("__init__.py")
    if "lazy.names(" in path.read_text(encoding="utf-8")
)


@pytest.mark.parametrize("name", LAZY)
def test_each_name_is_what_the_types_say(name: str) -> None:
    """From the same module, every one of them, and hidden by no module that has its name."""
    package = import_module(name)
    said = {
        alias.name: node.module
        for branch in ast.parse(Path(str(package.__file__)).read_text(encoding="utf-8")).body
        if isinstance(branch, ast.If)
        for node in branch.body
        if isinstance(node, ast.ImportFrom) and node.module
        for alias in node.names
    }
    assert said
    assert {one: getattr(package, one) for one in said} == {
        one: getattr(import_module(module), one) for one, module in said.items()
    }
    assert set(said) <= set(package.__all__)
    assert [one for one in said if find_spec(f"{name}.{one}")] == []


def test_a_name_that_a_package_has_not_is_told_as_python_tells_it() -> None:
    """For whoever asks with `hasattr`, and whoever has misspelt it."""
    package = import_module("newsletter.sending")
    with pytest.raises(AttributeError, match=r"^module 'newsletter\.sending' has no attribute 'delivr'$"):
        package.delivr  # noqa: B018


def test_a_service_has_the_whole_of_its_packages_before_anybody_comes() -> None:
    """Until then a package has none of its names."""
    code = (
        "from newsletter import lazy, tracking; names = set(tracking.__all__);"
        "before = names & set(vars(tracking)); lazy.whole(tracking); print(before, names - set(vars(tracking)))"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout == "set() set()\n"
