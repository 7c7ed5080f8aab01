"""Where the templates are that come with the product."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

_INSTALLED = Path(__file__).resolve().parents[1] / "templates"


@lru_cache(maxsize=1)
def shipped() -> Path:
    """Return the folder of the templates that come with the product."""
    # In the wheel they lie inside the package, in the repository beside it.
    return _INSTALLED if _INSTALLED.is_dir() else _INSTALLED.parents[1] / "templates"
