"""What `lint --fix` does: the changes that findings offer, each made at its very place, every other byte kept."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from newsletter.checks.standing import Source
from newsletter.model.finding import Edit, Finding

ROUNDS = 3
"""How often files are looked at once more: a field that got its name shows what is wrong with its value."""


def edits(findings: Iterable[Finding]) -> Mapping[str, list[Edit]]:
    """Return the changes that findings offer, by file; of two that overlap the first."""
    by_file: defaultdict[str, list[Edit]] = defaultdict(list)
    offered = {finding.edit for finding in findings if finding.edit}
    for edit in sorted(offered, key=lambda edit: (edit.place, -len(edit.old))):
        kept = by_file[edit.place.file]
        last = kept[-1] if kept else None
        if last and last.place.line == edit.place.line and edit.place.column < last.place.column + len(last.old):
            continue
        kept.append(edit)
    return by_file


def mend(written: str, changes: Iterable[Edit]) -> tuple[str, int]:
    """Return a file's text with the changes made, and how many; one whose words are not there any more is left out."""
    mark = "\ufeff" if written.startswith("\ufeff") else ""
    ends = "\r\n" if "\r\n" in written else "\n"
    text, made = written.removeprefix("\ufeff").replace("\r\n", "\n"), 0
    source, done = Source(text), 0
    parts: list[str] = []
    for edit in sorted(changes, key=lambda edit: edit.place):
        offset = source.offset(edit.place.line, edit.place.column)
        if offset is not None and offset >= done and text.startswith(edit.old, offset):
            parts += text[done:offset], edit.new
            done = offset + len(edit.old)
            made += 1
    return mark + "".join((*parts, text[done:])).replace("\n", ends), made
