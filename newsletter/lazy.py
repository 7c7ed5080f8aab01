"""Names that a package imports when somebody asks for one, so that a command pays for what it uses alone."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from types import ModuleType


def names(package: str, modules: Mapping[str, str]) -> Callable[[str], object]:
    """Return the `__getattr__` of a package: `modules` tells which of its modules have which names.

    Beside it stand the same imports for whoever reads types, and `__all__`. No name may be that of a module of the
    package: importing the module would hide it.
    """
    homes = {name: module for module, listed in modules.items() for name in listed.split()}

    def find(name: str) -> object:
        if name not in homes:
            raise AttributeError(f"module '{package}' has no attribute '{name}'")
        found = getattr(import_module(f"{package}.{homes[name]}"), name)
        # Found at once from now on: some are asked for in loops.
        setattr(sys.modules[package], name, found)
        return found

    return find


def whole(*packages: ModuleType) -> None:
    """Import every name of some packages: what runs for weeks shall not begin to do so when the first visitor comes.

    Else it would mix two versions, too, once the product is brought up to date beneath it.
    """
    for package in packages:
        for name in package.__all__:
            getattr(package, name)
