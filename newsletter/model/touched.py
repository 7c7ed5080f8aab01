"""Which issues a change touches, so that a pull request shows these and no others."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from newsletter.model.comparison import compare
from newsletter.model.issue import name_order
from newsletter.model.outline import EditionOutline, Outline


def touched(before: Mapping[str, Outline], after: Mapping[str, Outline], *, broken: Collection[str] = ()) -> list[str]:
    """Return the names of the issues whose words, entries or audience have changed, and of one more.

    A change of templates or settings changes every issue there ever was. Of those that only look different or come
    from somewhere else, and of the `broken` ones, which can no longer be built, the newest stands for all.
    """
    changed = [name for name in after if name not in before or compare(before[name], after[name])]
    if not before:
        return sorted(changed, key=name_order)[-1:]
    told = {name for name in changed if name not in before or _is_rewritten(before[name], after[name])}
    alike = [name for name in (*changed, *broken) if name not in told]
    return sorted({*told, *sorted(alike, key=name_order)[-1:]}, key=name_order)


def _is_rewritten(before: Outline, after: Outline) -> bool:
    if before.audience != after.audience or [*map(_words, before.editions)] != [*map(_words, after.editions)]:
        return True
    # The same words with the same design from the same sender: then a picture is another one.
    return before.design == after.design and before.sender == after.sender


def _words(edition: EditionOutline) -> tuple[object, ...]:
    return (edition.name, edition.title, edition.subject, edition.preheader, edition.intro, edition.sections)
