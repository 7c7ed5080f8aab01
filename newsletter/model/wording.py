"""How changes, sizes and moments are put into words, and what pages say in other words than a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, tzinfo
from typing import Self
from unicodedata import category

_SHORT = 90
_STOPS = (".", "!", "?", "…")
_GO_ON = "\u200d\u094d\u09cd\u0a4d\u0acd\u0b4dเแโใไ"
"""After them comes what belongs to them: the other half of a Hindi letter, the consonant of a Thai vowel."""
_AFTER = "ะาำๅๆฯ"
"""Thai vowels and signs that stand after what they belong to."""


class Wording(str):
    """Words for files and a terminal; `on_page` are those for a page.

    Without the latter, a page has nothing to say where it shows the field itself.
    """

    __slots__ = ("on_page",)
    on_page: str

    def __new__(cls, words: str, on_page: str = "") -> Self:
        """Return the words; what is made of them anew, as with `+`, is a plain text without the others."""
        wording = super().__new__(cls, words)
        wording.on_page = on_page
        return wording


def was(what: str, before: str, after: str, *, several: bool = False) -> str:
    """Return what became of a text; long ones are not repeated. `several` says that `what` is a plural."""
    present, past = ("are", "were") if several else ("is", "was")
    if not before:
        return f"{what} {present} new: {_at_the_end(after)}" if _fits(after) else f"{what} {present} new."
    if not after:
        return f"{what} {present} gone."
    if _fits(before) and _fits(after):
        return f"{what} {past} {quoted(before)} and {present} now {_at_the_end(after)}"
    return f"{what} {'have' if several else 'has'} changed."


def quoted(text: str) -> str:
    """Return a text in quotation marks."""
    return f"“{text}”"


def _at_the_end(text: str) -> str:
    """Return a text in quotation marks at the end of a sentence, with one full stop in all."""
    return quoted(text) if text.endswith(_STOPS) else f"{quoted(text)}."


def plural(field: str) -> bool:
    """Return whether a field's name says that it holds several values, as `authors` does."""
    return field.endswith("s") and not field.endswith("ss")


def listed(words: Sequence[str], link: str = "and") -> str:
    """Return `one`, `one and two`, or `one, two and three`, with another `link` before the last one if wanted."""
    *most, last = words or ("",)
    return f"{', '.join(most)} {link} {last}" if most else last


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters; one that was longer ends in an ellipsis."""
    return text if len(text) <= most else f"{text[: _whole(text, most - 1)]}…"


def begun(text: str, most: int) -> str:
    """Return how a text begins, in at most so many characters: whole words, or whole letters where few blanks are."""
    if len(text) <= most:
        return text
    letters = text[: _whole(text, most)]
    words, _, _ = letters.rpartition(" ")
    return words if len(words) > most // 2 else letters


def _whole(text: str, end: int) -> int:
    """Return where a text that goes on can be cut, at most there, so that no letter loses its vowel or its accent."""
    while 1 < end < len(text) and (category(text[end])[0] == "M" or text[end] in _AFTER or text[end - 1] in _GO_ON):
        end -= 1
    return end


def kilobytes(size: float) -> str:
    """Return a size in KB of 1,000 bytes."""
    return f"{size / 1000:.1f} KB" if size < 99_950 else f"{size / 1000:,.0f} KB"


def count(number: int, one: str, many: str) -> str:
    """Return `1 list` or `1,200 lists`."""
    return f"{number:,} {one if number == 1 else many}"


def counted(number: int, word: str) -> str:
    """Return `1 error`, `2 errors` or `no errors`."""
    words = word if number == 1 else f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number or 'no'} {words}"


def sentence(text: str) -> str:
    """Return a message with a capital letter and a full stop; the name of a file keeps its own letters."""
    first, _, _ = text.partition(" ")
    begin = text[:1] if {"/", "."} & set(first[:-1]) else text[:1].upper()
    return f"{begin}{text[1:]}" + ("" if text.endswith(_STOPS) else ".") if text else ""


def people(number: int) -> str:
    """Return `1 person` or `1,200 people`."""
    return count(number, "person", "people")


def moment(at: datetime, zone: tzinfo) -> str:
    """Return a moment as people read it, with its zone: `Thursday 1 August 2024, 09:00 Europe/Vienna`."""
    return f"{clock(at.astimezone(zone))} {zone}"


def clock(at: datetime) -> str:
    """Return a moment as people read it: `Thursday 1 August 2024, 09:00`."""
    return f"{at:%A} {at.day} {at:%B %Y, %H:%M}"


def day(at: date) -> str:
    """Return a day as people read it: `1 August 2024`."""
    return f"{at.day} {at:%B %Y}"


def span(first: date, last: date) -> str:
    """Return days from the first to the last: `1 July to 31 July 2024`, or the only one."""
    if first == last:
        return day(last)
    return f"{f'{first.day} {first:%B}' if first.year == last.year else day(first)} to {day(last)}"


def duration(seconds: float) -> str:
    """Return `40 seconds`, `12 minutes`, `3 hours 20 minutes` or `2 days`."""
    minutes = round(seconds / 60)
    if seconds < 90:
        return count(max(1, round(seconds)), "second", "seconds")
    if minutes < 90:
        return f"{minutes} minutes"
    hours, left = divmod(minutes, 60)
    if hours >= 48:
        return f"{round(hours / 24)} days"
    return count(hours, "hour", "hours") + (f" {count(left, 'minute', 'minutes')}" if left else "")


def _fits(text: str) -> bool:
    return len(text) <= _SHORT and "\n" not in text
