"""Lines of plain text."""

from __future__ import annotations


def wrap(text: str, width: int = 72, indent: str = "") -> str:
    """Return `text` in lines of at most `width` columns, each after the first begun with `indent`.

    Line breaks in `text` are kept. Words are never broken, so that a long web address stays one.
    """
    return "\n".join(_line(line, width, indent) for line in text.split("\n"))


def _line(line: str, width: int, indent: str) -> str:
    if len(line) <= width and "  " not in line:
        return line.strip(" ")
    lines: list[str] = []
    words: list[str] = []
    length = -1
    # Not at every white space: a no-break space keeps "18 000" and "Mr X" together.
    for word in line.split(" "):
        if not word:
            continue
        if words and length + 1 + len(word) > width:
            lines.append(" ".join(words))
            words, length = [], len(indent) - 1
        words.append(word)
        length += 1 + len(word)
    lines.append(" ".join(words))
    return ("\n" + indent).join(lines)
