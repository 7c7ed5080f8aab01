"""An issue's plan, changed without opening it: what `pin`, `feature`, `drop` and `move` do to `issue.yaml`.

Each function takes the file's text and returns it changed. `file` is how errors name it. All raise ContentError for a
file that cannot be read for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from newsletter.content import patch
from newsletter.errors import ConfigurationError


def pin(text: str, entry: str, *, file: str = "issue.yaml") -> str:
    """Put an entry in although it is outside the rules."""
    return _edit(text, file, lambda plan: patch.add(patch.remove(plan, "drop", entry), "pin", entry))


def feature(text: str, entry: str, *, file: str = "issue.yaml") -> str:
    """Let an entry lead its section, before those featured so far."""
    return _edit(text, file, lambda plan: patch.add(patch.remove(plan, "drop", entry), "feature", entry, first=True))


def drop(text: str, entry: str, reason: str, *, file: str = "issue.yaml") -> str:
    """Leave an entry out although it is inside the rules; colleagues read the reason."""
    said = " ".join(reason.split())
    if not said:
        raise ConfigurationError(
            f"no reason is given for dropping {entry}",
            why="colleagues see it in the list of what stays out",
            fix="say in a few words why, such as 'told last month'",
        )

    def change(plan: str) -> str:
        for key in ("pin", "feature", "order"):
            plan = patch.remove(plan, key, entry)
        return patch.assign(plan, "drop", entry, said)

    return _edit(text, file, change)


def release(text: str, entry: str, *, file: str = "issue.yaml") -> str:
    """Take back whatever was decided by hand about an entry, so that only the rules count."""

    def change(plan: str) -> str:
        for key in ("pin", "feature", "drop", "order"):
            plan = patch.remove(plan, key, entry)
        return plan

    return _edit(text, file, change)


def move(text: str, entry: str, position: int, section: Sequence[str], *, file: str = "issue.yaml") -> str:
    """Give an entry another place within its section.

    `section` is the ids of the section's entries as they stand now. `position` counts from 1; beyond the end means
    last.
    """
    others = [name for name in section if name != entry]
    place = max(0, min(position - 1, len(others)))
    return _edit(text, file, lambda plan: patch.arrange(plan, "order", [*others[:place], entry, *others[place:]]))


def _edit(text: str, file: str, change: Callable[[str], str]) -> str:
    mark = "\ufeff" if text.startswith("\ufeff") else ""
    ends = "\r\n" if "\r\n" in text else "\n"
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n")
    patch.check(plain, file)
    return mark + change(plain).replace("\n", ends)
