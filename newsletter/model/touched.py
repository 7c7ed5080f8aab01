"""Which issues a change touches, so that a pull request shows these and no others."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from newsletter.model.comparison import compare
from newsletter.model.issue import name_order
from newsletter.model.outline import EditionOutline, Outline

_DIGITS = re.compile(r"[0-9]+")
"""By the rest of its name an issue belongs to a letter: 2024-07 to one, 2024-W31 and 2024-07-press to others."""


def letter(name: str) -> str:
    """Return what the issues of a letter have in common: 2024-07 and 2024-08 are of one, 2024-W31 of another."""
    return _DIGITS.sub("0", name)


def touched(
    before: Mapping[str, Outline],
    after: Mapping[str, Outline],
    *,
    broken: Collection[str] = (),
    unchanged: Collection[str] = (),
) -> list[str]:
    """Return the names of the issues whose words, entries or audience have changed, and of one more.

    Of issues known to be `unchanged`, or to have a newer one that stands for them, no outline is needed.

    A change of templates or settings changes every issue there ever was. Of those that only look different or come
    from somewhere else, and of the `broken` ones, which can no longer be built, the newest of a letter stands for all.
    """
    changed = [name for name in after if name not in before or compare(before[name], after[name])]
    if not (before or unchanged or broken):
        return sorted(_newest(changed, after), key=name_order)
    told = {name for name in changed if name not in before or _is_rewritten(before[name], after[name])}
    alike = [name for name in (*changed, *broken) if name not in told]
    return sorted({*told, *_newest(alike, after)}, key=name_order)


def _newest(names: Collection[str], known: Mapping[str, Outline]) -> set[str]:
    """Return the newest issue, and that of every other letter that has readers or languages which it has not."""
    letters = {letter(name): name for name in sorted(names, key=name_order)}
    chosen: set[str] = set()
    shown: set[tuple[str, str]] = set()
    for name in sorted(letters.values(), key=name_order, reverse=True):
        reached = _reached(known[name]) if name in known else set()
        if not chosen or reached - shown:
            chosen.add(name)
        shown |= reached
    return chosen


def _reached(outline: Outline) -> set[tuple[str, str]]:
    readers = str(sorted(outline.audience.items()))
    return {(readers, edition.language) for edition in outline.editions}


def _is_rewritten(before: Outline, after: Outline) -> bool:
    if before.audience != after.audience or [*map(_words, before.editions)] != [*map(_words, after.editions)]:
        return True
    # The same words with the same design from the same sender: then a picture is another one.
    return before.design == after.design and before.sender == after.sender


def _words(edition: EditionOutline) -> tuple[object, ...]:
    return (edition.name, edition.title, edition.subject, edition.preheader, edition.intro, edition.sections)
