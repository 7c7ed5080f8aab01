"""Where in a file the parts of a text stand; however many are asked for, the file is read through a few times."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right

from newsletter.model.finding import Place


class Source:
    """The text of a file, by lines and columns from 1."""

    def __init__(self, text: str) -> None:
        self.text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]

    def offset(self, line: int, column: int) -> int | None:
        """Return where a line and column stand, or nothing beyond the end."""
        if not 1 <= line <= len(self._starts):
            return None
        offset = self._starts[line - 1] + max(column, 1) - 1
        return offset if offset < len(self.text) else None

    def place(self, offset: int, file: str) -> Place:
        """Return the line and column of a character."""
        line = bisect_right(self._starts, offset)
        return Place(file, line, offset - self._starts[line - 1] + 1)


class Standing:
    """A text that was read from a file between two offsets."""

    def __init__(self, text: str, source: Source, start: int, end: int) -> None:
        self._text = text
        self._source = source.text
        self._start = start
        self._end = end
        # A body, and what stands on one line, is there as it was read.
        self._whole = source.text.find(text, start, end)
        self._known: dict[str, tuple[list[int], list[int]]] = {}

    def offset(self, start: int, end: int) -> int | None:
        """Return where in the file a part of the text begins, or nothing where it is spelt otherwise there."""
        words = self._text[start:end]
        if self._whole >= 0:
            return self._whole + start + len(words) - len(words.lstrip() or words)
        here, there = self._occurrences(words)
        number = bisect_left(here, start)
        return there[number] if number < len(there) else None

    def _occurrences(self, words: str) -> tuple[list[int], list[int]]:
        """Return where words stand in the text, and where in the file; blanks may be line breaks there."""
        if words not in self._known:
            pattern = re.compile(r"\s+".join(map(re.escape, words.split())) or re.escape(words))
            self._known[words] = (
                [found.start() for found in pattern.finditer(self._text)],
                [found.start() for found in pattern.finditer(self._source, self._start, self._end)],
            )
        return self._known[words]
