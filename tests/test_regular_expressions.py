"""Regular expressions that every Python reads alike that the product runs on."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import newsletter

_OF_GROUPS = re.compile(r"(?<!\()\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")


def test_no_group_is_possessive() -> None:
    """Before 3.11.5 Python finds too little by them, and Debian 12 has 3.11.2; single characters are safe.

    https://github.com/python/cpython/issues/106052
    """
    root = Path(newsletter.__file__).parent
    found = [
        f"{path.relative_to(root)}:{text.lineno}"
        for path in root.rglob("*.py")
        for text in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(text, ast.Constant) and isinstance(text.value, str) and _OF_GROUPS.search(text.value)
    ]
    assert found == []
