"""How many bytes of the HTML each part of an issue costs."""

from __future__ import annotations

import re
from dataclasses import dataclass

from newsletter.model.selection import Selection
from newsletter.preview.blocks import Block, section_key

_OUTLOOK = re.compile(r"(?:<!--(?:(?!-->).)*-->|\s)*\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Weight:
    """A part of the HTML with its size; `key` is the block's, or empty for what belongs to no section."""

    key: str
    name: str
    size: int
    entries: int = 0


def weigh(selection: Selection, html: str, blocks: tuple[Block, ...]) -> tuple[Weight, ...]:
    """Return the HTML's bytes by section, what stands before the first one and after the last one included."""
    starts = {
        number: _before(html, block.start)
        for number in range(len(selection.sections))
        for block in blocks
        if block.key == section_key(number)
    }
    if not starts:
        return (Weight("", "the whole email", len(html.encode())),)
    order = sorted(starts, key=lambda number: starts[number])
    last = next(block for block in blocks if block.key == section_key(order[-1]))
    ids = {entry.id for entry in selection.sections[order[-1]].entries}
    end = max([last.end, *(block.end for block in blocks if block.key in ids)])
    bounds = [starts[number] for number in order] + [end]
    first = html.lower().find("<body")
    sections = [
        Weight(
            section_key(number),
            selection.sections[number].plan.heading,
            len(html[begin:stop].encode()),
            len(selection.sections[number].chosen),
        )
        for number, begin, stop in zip(order, bounds, bounds[1:], strict=False)
    ]
    return (
        Weight("", "styles and title", len(html[: max(first, 0)].encode())),
        Weight("", "masthead and intro", len(html[max(first, 0) : bounds[0]].encode())),
        *sections,
        Weight("", "footer", len(html[end:].encode())),
    )


def _before(html: str, start: int) -> int:
    """Return where a section begins, what only Outlook reads included."""
    head = html[max(0, start - 2000) : start]
    found = _OUTLOOK.search(head)
    return start - (len(head) - found.start()) if found else start
