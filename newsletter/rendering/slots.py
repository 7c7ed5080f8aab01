"""Slots on their way through the templates: as tokens that no entry can write, until the result is cut at them.

A token holds 96 bits of chance, drawn when the process starts. None of it comes out again: only its place matters, and
its length is always the same, so that the same entries give the same bytes.
"""

from __future__ import annotations

import re
import secrets
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Iterable
from functools import lru_cache

from newsletter.errors import RenderingError
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.meant import did_you_mean
from newsletter.model.slot import SLOTS, Context, Slot, SlotKind, Slotted

_MARKER = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)(?:\|([^{}|\n]*))?\}")
# A reserved name (RFC 6761): Markdown, nh3 and MJML let the token pass as the address that it stands for.
_HOST = "https://slot.invalid/"
# Of letters that are rare in mails, because what is rare is found ten times faster.
_NONCE = "".join(secrets.choice("JKQVWXYZ") for _ in range(32))
# The tag that a text ends in the midst of, and which of its attributes' values.
_INSIDE = re.compile(
    r"<[A-Za-z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*?(?:\s([^\s\"'<>=/]+)\s*=\s*(?:\"[^\"]*|'[^']*))?\Z",
)
# The address of a link in Markdown that a text ends in the midst of.
_IN_ADDRESS = re.compile(r"\]\((?:<[^<>\n]*|[^\s()<>]*)\Z")
_STYLE = re.compile(r"<(?:mj-)?(?:style|script)\b[^<]*\Z", re.IGNORECASE)
_WORDS = frozenset(("abbr", "alt", "aria-label", "content", "label", "summary", "title"))
"""Attributes that hold words and nothing that leads, draws or runs."""


class Slots:
    """The slots of one edition, each with the token that stands for it."""

    def __init__(self) -> None:
        self._slots: list[Slot] = []

    def token(self, name: str, fallback: str = "") -> str:
        """Return the token for a slot; templates call this `slot`.

        Raises RenderingError for a name that no slot has.
        """
        if name not in SLOTS:
            raise RenderingError(f"there is no slot '{name}'", why=_known(name), fix="correct the slot's name")
        slot = Slot(name, fallback)
        if slot not in self._slots:
            self._slots.append(slot)
        return self._token(self._slots.index(slot))

    def _token(self, number: int) -> str:
        token = f"{_NONCE}{number}x"
        return _HOST + token if SLOTS[self._slots[number].name] is SlotKind.URL else token

    def mark(self, text: str, place: Place, field: str) -> str:
        """Return the team's text with `{first_name|reader}` and the like turned into tokens.

        Raises RenderingError for a name that no slot has, and for a reader's own words in the address of a link.
        """

        def refused(problem: str, message: str, why: str, fix: str) -> RenderingError:
            found = Finding("REN001", Severity.ERROR, message, place, why=why, fix=fix, field=field)
            return RenderingError(f"`{field}` has {problem}", findings=[found])

        def replace(match: re.Match[str]) -> str:
            if match[1] not in SLOTS:
                raise refused(
                    "a slot that does not exist",
                    f"there is no slot `{{{match[1]}}}`",
                    _known(match[1]),
                    "correct the name, or leave out the braces",
                )
            if SLOTS[match[1]] is SlotKind.TEXT and _IN_ADDRESS.search(text, 0, match.start()):
                raise refused(
                    "a slot in the address of a link",
                    f"the slot `{{{match[1]}}}` stands in the address of a link",
                    "readers write it themselves, and there it could lead anywhere",
                    "leave it out of the address; in the words of the link it may stand",
                )
            return self.token(match[1], (match[2] or "").strip())

        return _MARKER.sub(replace, text)

    def exposed(self, mjml: str) -> tuple[int, str, str] | None:
        """Return where in a composed document, which and in what a reader's own words could do harm, if anywhere."""
        at = mjml.find(_NONCE)
        while at >= 0:
            slot = self._slots[_numbers(mjml[at : at + len(_NONCE) + 8])[0]]
            if SLOTS[slot.name] is SlotKind.TEXT:
                before = mjml[max(0, mjml.rfind("<", 0, at)) : at]
                inside = _INSIDE.match(before)
                if inside and (inside[1] or "").lower() not in _WORDS:
                    return at, slot.name, f"`{inside[1]}`" if inside[1] else "a tag"
                if _STYLE.match(before):
                    return at, slot.name, "a style sheet"
            at = mjml.find(_NONCE, at + 1)
        return None

    def cut(self, text: str, context: Context) -> Slotted:
        """Return the bytes of `text`, cut at its tokens."""
        return self.cut_pieces([text.encode()], context)

    def cut_pieces(self, pieces: Iterable[bytes], context: Context) -> Slotted:
        """Return the bytes of `pieces`, one after the other, cut at their tokens."""
        chunks: list[bytes] = []
        slots: list[Slot] = []
        run: list[bytes] = []
        for piece in pieces:
            texts, numbers = _divided(piece)
            for text, number in zip(texts, numbers, strict=False):
                slot = self._slots[number]
                slots.append(slot)
                run.append(text.removesuffix(_HOST.encode()) if SLOTS[slot.name] is SlotKind.URL else text)
                chunks.append(b"".join(run))
                run = []
            run.append(texts[-1])
        return Slotted((*chunks, b"".join(run)), tuple(slots), context)

    def show(self, text: str) -> str:
        """Return `text` with each token as the marker that a person would write."""
        for number in set(_numbers(text)):
            text = text.replace(self._token(number), self._slots[number].marker)
        return text

    def written(self, text: str) -> Callable[[int], int]:
        """Return where in `text` the character stands that `show` has at an offset; what is in a marker: its token."""
        shown, original = [0], [0]
        at = 0
        for number in _numbers(text):
            token = self._token(number)
            start = text.index(token, at)
            shown.append(shown[-1] + start - at + len(self._slots[number].marker))
            at = start + len(token)
            original.append(at)

        def back(offset: int) -> int:
            passed = bisect_right(shown, offset) - 1
            following = original[passed] + offset - shown[passed]
            # Inside a marker there is no character of its own.
            return min(following, original[passed + 1] - 1) if passed + 1 < len(original) else following

        return back

    def expect_same(self, before: Iterable[str], after: Iterable[bytes]) -> None:
        """Raise RenderingError unless both have the same slots equally often."""
        one = Counter(number for piece in before for number in _numbers(piece))
        other = Counter(number for piece in after for number in _divided(piece)[1])
        if one != other:
            names = sorted({self._slots[number].name for number in (one - other) + (other - one)})
            raise RenderingError(
                f"the slot {', '.join(names)} was lost or doubled on the way through MJML",
                why="a reader would miss their link, or find it where it does not belong",
                fix="place slots in the text or in a link of a template, not in its head",
            )


@lru_cache(maxsize=2048)
def _divided(piece: bytes) -> tuple[tuple[bytes, ...], tuple[int, ...]]:
    """Return what stands around the tokens of a piece, and their numbers."""
    # Splitting at a fixed string is a hundred times faster than searching for a pattern that begins with an option.
    first, *rest = piece.split(_NONCE.encode())
    parts = [part.partition(b"x") for part in rest]
    return (first, *(after for _, _, after in parts)), tuple(int(number) for number, _, _ in parts)


@lru_cache(maxsize=2048)
def _numbers(piece: str) -> tuple[int, ...]:
    """Return the numbers of the tokens in a piece."""
    return tuple(int(part.partition("x")[0]) for part in piece.split(_NONCE)[1:])


def _known(name: str) -> str:
    meant = did_you_mean(name, SLOTS)
    return f"did you mean {{{meant}}}?" if meant else f"the slots are {', '.join(f'{{{known}}}' for known in SLOTS)}"
