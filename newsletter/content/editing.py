"""An issue's plan, changed without opening it: what `pin`, `drop`, `move`, `correct` and the like do to `issue.yaml`.

Each function takes the file's text and returns it changed. `file` is how errors name it. All raise ContentError for a
file that cannot be read for certain.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from types import MappingProxyType

from newsletter.content import document, items, line_ends, patch
from newsletter.content.scalars import scalar
from newsletter.errors import ConfigurationError, ContentError
from newsletter.model.fields import UNPRINTABLE
from newsletter.model.issue import LAST_ISSUE


def pin(text: str, entry: str, *, file: str = "issue.yaml") -> str:
    """Put an entry in although it is outside the rules."""
    return _decide(text, file, lambda plan: patch.add(patch.remove(plan, "drop", entry), "pin", entry))


def feature(text: str, entry: str, *, file: str = "issue.yaml") -> str:
    """Let an entry lead its section, before those featured so far."""
    return _decide(text, file, lambda plan: patch.add(patch.remove(plan, "drop", entry), "feature", entry, first=True))


def drop(text: str, entry: str, reason: str, *, file: str = "issue.yaml") -> str:
    """Leave an entry out although it is inside the rules; colleagues read the reason."""
    said = _reason(
        reason,
        f"no reason is given for dropping {entry}",
        why="colleagues see it in the list of what stays out",
        fix="say in a few words why, such as 'told last month'",
    )

    def change(plan: str) -> str:
        for key in ("pin", "feature", "order"):
            plan = patch.remove(plan, key, entry)
        return patch.assign(plan, "drop", entry, said)

    return _decide(text, file, change)


def mute(text: str, code: str, reason: str, *, file: str = "issue.yaml") -> str:
    """Let a rule say nothing more of the issue, or of the entry whose fields `text` is; colleagues read the reason."""
    said = _reason(
        reason,
        f"no reason is given why {code} is to be silent",
        why="colleagues see it in the file",
        fix="say in a few words why it is right so",
    )
    return _edit(text, file, lambda plan: patch.assign(plan, "lint", code, said), {"lint"})


def release(text: str, entry: str, *, file: str = "issue.yaml") -> str:
    """Take back whatever was decided by hand about an entry, so that only the rules count."""

    def change(plan: str) -> str:
        for key in ("pin", "feature", "drop", "order"):
            plan = patch.remove(plan, key, entry)
        return plan

    return _decide(text, file, change)


def move(text: str, entry: str, position: int, section: Sequence[str], *, file: str = "issue.yaml") -> str:
    """Give an entry another place within its section.

    `section` is the ids of the section's entries as they stand now. `position` counts from 1; beyond the end means
    last.
    """
    others = [name for name in section if name != entry]
    place = max(0, min(position - 1, len(others)))
    return _decide(text, file, lambda plan: patch.arrange(plan, "order", [*others[:place], entry, *others[place:]]))


_DECISIONS: dict[str, type | tuple[type, ...]] = {
    "pin": (list, str),
    "feature": (list, str),
    "order": (list, str),
    "drop": dict,
}
"""The fields in which a person's decisions about entries stand, and their shapes."""
_ABOVE = {
    "subject": "title",
    "preheader": "subject",
    "intro": "preheader",
    "send_at": "period",
    "theme": "lists",
    "languages": "lists",
}
"""Below which field a new one goes."""


def reword(text: str, field: str, value: str | Sequence[str], *, file: str = "issue.yaml") -> str:
    """Give a field of the issue another value; an empty one leaves the field there without a value."""
    after = _ABOVE.get(field, "")

    def change(plan: str) -> str:
        if isinstance(value, str):
            return patch.put(plan, field, layered(value), after=after)
        return items.relist(plan, field, value, after=after)

    return _edit(text, file, change, {field})


def cover(text: str, first: str, last: str, *, file: str = "issue.yaml") -> str:
    """Let the issue draw from the first day to the last, both included; without a first, from the last issue on."""
    days = {"from": first} if first else {"since": LAST_ISSUE}
    if last:
        days["to"] = last
    return _edit(text, file, lambda plan: items.regroup(plan, "period", days, after="title"), {"period"})


_HELD = dict.fromkeys(map(ord, "\t\u00a0\u00ad\u200c\u200d\u202f"), " ")


def correct(
    text: str, day: date, note: str, others: Mapping[str, str] = MappingProxyType({}), *, file: str = "issue.yaml"
) -> str:
    """Say what was put right after the issue had left, below what was said before; said already, it is not repeated.

    `others` are the note's words in other languages, by their tags.
    """
    said = line_ends.on_one_line(note)
    if not said:
        raise ConfigurationError(
            "the note is empty", why="readers are told what was wrong", fix="say in a sentence what was put right"
        )
    before = document.read(line_ends.plain(text)).value
    told = before.get("corrections") if isinstance(before, dict) else None
    if told and not isinstance(told, list):
        raise _shapeless(file, "corrections")
    if any(isinstance(one, dict) and one.get("note") == said for one in told or ()):
        return text
    known = {tag: line_ends.on_one_line(words) for tag, words in others.items()}
    told_in = [f"{scalar(tag, inside=True)}: {{note: {scalar(words, inside=True)}}}" for tag, words in known.items()]
    translations = f", translations: {{{', '.join(told_in)}}}" if told_in else ""
    written = f"{{date: {day}, note: {scalar(said, inside=True)}{translations}}}"
    return _edit(text, file, lambda plan: patch.append(plan, "corrections", written), {"corrections"})


def layered(value: str, *, indent: int = 0) -> str:
    """Return a text as it stands after `field:` at a column, one with several lines below it, indented."""
    lines = value.replace("\r\n", "\n").replace("\r", "\n").strip("\n").rstrip().split("\n")
    # What YAML cannot hold as it is stands in quotes; so does a first line that begins with a blank. Tabs, hard blanks
    # and what joins signs into one are held: people paste them without knowing.
    held = [line.translate(_HELD) for line in lines]
    if len(lines) < 2 or lines[0][:1].isspace() or not all(line.isprintable() for line in held):
        return scalar("\n".join(lines)) if lines != [""] else ""
    return "|\n" + "\n".join(f"{' ' * indent}  {line}" if line else "" for line in lines)


def _decide(text: str, file: str, change: Callable[[str], str]) -> str:
    """Change what is decided by hand; raise ContentError where it is written in another shape than it has."""
    written = document.read(line_ends.plain(text)).value
    for key, shape in _DECISIONS.items():
        if isinstance(written, dict) and written.get(key) and not isinstance(written[key], shape):
            raise _shapeless(file, key)
    return _edit(text, file, change, _DECISIONS)


def _shapeless(file: str, key: str) -> ContentError:
    return ContentError(
        f"{file} is not changed as it is",
        why=f"`{key}` is written in another way than the product reads it",
        fix=f"correct `{key}` in the file, as text",
    )


def _reason(typed: str, lacking: str, *, why: str, fix: str) -> str:
    """Return a reason as the file can hold it: what is pasted from other programs has marks that nobody sees."""
    said = line_ends.on_one_line(UNPRINTABLE.sub("", line_ends.on_one_line(typed)))
    if not said:
        raise ConfigurationError(lacking, why=why, fix=fix)
    return said


def _edit(text: str, file: str, change: Callable[[str], str], changed: Collection[str]) -> str:
    plain = line_ends.plain(text)
    patch.check(plain, file)
    after = change(plain)
    patch.check_others(plain, after, changed, file)
    return line_ends.restored(text, after)
