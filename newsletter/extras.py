"""Parts of newsletter that not everybody needs, and how one is added where newsletter is installed."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path

_NEEDED = re.compile(r"([\w.-]+(?:\[[\w,.-]+\])?)[^;]*;\s*extra == ['\"]([\w-]+)['\"]")


def command(part: str) -> str:
    """Return the command that adds a part, such as `preview`.

    pipx and uv give a program an environment of its own, without pip, and note in it that it is theirs.
    """
    environment = Path(sys.prefix)
    if (environment / "pipx_metadata.json").is_file():
        return f"pipx inject newsletter {' '.join(map(shlex.quote, _packages(part)))}"
    if (environment / "uv-receipt.toml").is_file():
        return f'uv tool install "newsletter[{part}] @ …", with the place that you installed it from behind the @'
    return f'pip install "newsletter[{part}]"'


def _packages(part: str) -> list[str]:
    from importlib.metadata import PackageNotFoundError, requires

    try:
        needed = requires("newsletter") or []
    except PackageNotFoundError:
        needed = []
    found = (_NEEDED.match(line) for line in needed)
    return sorted(match[1] for match in found if match and match[2] == part)
