"""A team's copies of shipped templates: which of them a newer version has changed since they were made.

A copy takes the place of the shipped template for good, and with it of every later improvement and mend.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

from newsletter.files import replace_file
from newsletter.rendering.shipping import shipped

SEE = "see how with: newsletter templates diff {}"
"""What to do about a copy that is outdated."""
_NOTES = ".shipped.toml"
_HEAD = (
    "# From which state of the shipped template each copy was made, so that `doctor` can tell what has changed since.\n"
)
_LINE = re.compile(r'^"([^"]+)" = "([0-9a-f]{12})"$', re.MULTILINE)


def note(templates: Path, name: str) -> None:
    """Take down that a copy is made from the shipped template as it is now, or has all that it wants of it."""
    noted = _noted(templates) | {name: _state(name)}
    lines = (f'"{one}" = "{state}"\n' for one, state in sorted(noted.items()) if (templates / one).exists())
    replace_file(templates / _NOTES, "".join((_HEAD, *lines)).encode())


def outdated(templates: Path) -> tuple[str, ...]:
    """Return the copies whose shipped template has changed since, and does not say the same as they do."""
    return tuple(
        name
        for name, state in sorted(_noted(templates).items())
        if (templates / name).is_file() and _state(name) not in {state, _digest(templates / name)}
    )


def _noted(templates: Path) -> dict[str, str]:
    # What git leaves of two colleagues' copies is read line by line, and a copy that is not noted is only not told.
    file = templates / _NOTES
    return dict(_LINE.findall(file.read_text(encoding="utf-8", errors="replace"))) if file.is_file() else {}


def _state(name: str) -> str:
    return _digest(shipped() / name)


def _digest(file: Path) -> str:
    """Return a short digest of a template, nothing where it is not there."""
    # git on Windows gives text files other line ends.
    return hashlib.sha256(file.read_bytes().replace(b"\r\n", b"\n")).hexdigest()[:12] if file.is_file() else ""
