"""Lines of plain text."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import repeat
from unicodedata import category

from newsletter.model.columns import UNEVEN, columns

_BLANKLESS = re.compile(
    "[\u2e80-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff"  # Chinese, Japanese
    "\u200b\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u2600-\u27bf\U0001f300-\U0001faff]"  # emoji
)
_IDEOGRAPHIC = re.compile("[\u2e80-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff00-\uffef\U00020000-\U0003ffff]")
_LETTERS_OF_WORDS = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")
# Without those that colour the skin of the one before.
_EMOJI = re.compile("[\u2600-\u27bf\U0001f300-\U0001f3fa\U0001f400-\U0001faff]")
_JOINER = "\u200d"
_ADDRESS = re.compile("(?:https?://|mailto:|www\\.)[^\\s、。，；：！？（）「」『』【】《》〈〉]+")
# https://www.w3.org/TR/jlreq/#line_breaking_rules and https://www.w3.org/TR/clreq/#line_breaking_rules
_NEVER_FIRST = frozenset(
    "、。，．：；！？）」』】》〉〕］｝・ー々〻ゝゞヽヾ…‥—～％"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶ"
    ")]}>,.;:!?%’”»›"
    "ะาำๆฯະາຳໆຯ"
)
_NEVER_LAST = frozenset("（「『【《〈〔［｛￥＄([{<‘“«‹$#@เแโใไເແໂໃໄ\u17d2\u1039")


def wrap(text: str, width: int = 72, indent: str = "") -> str:
    """Return `text` in lines of at most `width` columns, each after the first begun with `indent`.

    Line breaks in `text` are kept. Words and addresses are never broken, so that a long web address stays one; in
    scripts without blanks, and in rows of emoji, a line ends between two signs. Wide signs, as in Chinese, take two
    columns.
    """
    return "\n".join(_line(line, width, indent) for line in text.split("\n"))


def _line(line: str, width: int, indent: str) -> str:
    uneven = not line.isascii() and UNEVEN.search(line)
    measure: Callable[[str], int] = columns if uneven else len
    if measure(line) <= width and "  " not in line:
        return line.strip(" ")
    # Not at every white space: a no-break space keeps "18 000" and "Mr X" together.
    words = filter(None, line.split(" "))
    parts = _parted(words, width - len(indent)) if uneven and _BLANKLESS.search(line) else zip(repeat(" "), words)
    lines: list[str] = []
    current, length = "", 0
    for blank, piece in parts:
        size = measure(piece)
        if not current:
            current, length = piece, size
        elif length + len(blank) + size > width:
            lines.append(current)
            current, length = piece, len(indent) + size
        else:
            current += blank + piece
            length += len(blank) + size
    lines.append(current)
    return ("\n" + indent).join(lines)


def _parted(words: Iterable[str], width: int) -> Iterator[tuple[str, str]]:
    """Yield what may stand on a line of its own, each with the blank before it, if there is one."""
    for word in words:
        kept = [match.span() for match in _ADDRESS.finditer(word)]
        # Without a dictionary nobody knows where a Thai word ends: only what has no blank for a whole line is broken.
        endless = columns(word) > width
        blank, begin = " ", 0
        for at in range(1, len(word)):
            if _may_part(word[at - 1], word[at], endless) and not any(start < at < stop for start, stop in kept):
                yield blank, word[begin:at]
                blank, begin = "", at
        yield blank, word[begin:]


def _may_part(before: str, after: str, endless: bool) -> bool:
    if after in _NEVER_FIRST or before in _NEVER_LAST or category(after) in {"Mn", "Mc", "Me", "Cf"}:
        return False
    if before == "\u200b" or _IDEOGRAPHIC.match(before) or _IDEOGRAPHIC.match(after):
        return True
    if not endless:
        return False
    if _EMOJI.match(after):
        return before != _JOINER
    return bool(_LETTERS_OF_WORDS.match(before) and _LETTERS_OF_WORDS.match(after))
