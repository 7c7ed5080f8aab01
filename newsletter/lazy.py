"""Names that a package imports when somebody asks for one, so that a command pays for what it uses alone."""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable
from functools import cache
from importlib import import_module
from types import ModuleType
from typing import Any


def names(package: str) -> Callable[[str], object]:
    """Return the `__getattr__` of a package: it finds what the package imports for types, `if TYPE_CHECKING`.

    No name may be that of a module of the package: importing the module would hide it.
    """

    def find(name: str) -> object:
        home = _homes(package).get(name)
        if home is None:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        found = getattr(import_module(home), name)
        # Found at once from now on: some are asked for in loops.
        setattr(sys.modules[package], name, found)
        return found

    return find


@cache
def _homes(package: str) -> dict[str, str]:
    """Return from which module each name comes, as the source of the package says to whoever reads types."""
    loader: Any = sys.modules[package].__loader__
    return {
        name.name: imports.module
        for branch in ast.parse(loader.get_source(package)).body
        if isinstance(branch, ast.If) and ast.unparse(branch.test) == "TYPE_CHECKING"
        for imports in branch.body
        if isinstance(imports, ast.ImportFrom) and imports.module
        for name in imports.names
    }


def whole(*packages: ModuleType) -> None:
    """Import every name of some packages: what runs for weeks shall not begin to do so when the first visitor comes.

    Else it would mix two versions, too, once the product is brought up to date beneath it.
    """
    for package in packages:
        for name in package.__all__:
            getattr(package, name)
