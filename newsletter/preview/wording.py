"""Reasons and sizes in the team's words."""

from __future__ import annotations

from collections.abc import Mapping

from newsletter.model.finding import Severity
from newsletter.model.selection import In, Left, Out

IN: Mapping[In, str] = {
    In.IN_PERIOD: "in the period",
    In.PINNED: "pinned by the team",
    In.FEATURED: "featured by the team",
}
_OUT: Mapping[Out, str] = {
    Out.OUT_OF_PERIOD: "outside the period",
    Out.DROPPED: "dropped by the team",
    Out.DRAFT: "still a draft",
    Out.EMBARGOED: "under embargo",
    Out.ALREADY_FEATURED: "shown before",
    Out.PAST_DEADLINE: "its deadline is over",
    Out.OVER_LIMIT: "its section is full",
    Out.NO_SECTION: "no section takes it",
    Out.DUPLICATE_OF: "the same as another",
    Out.OTHER_LANGUAGE: "in another language",
    Out.INVALID: "cannot be read",
}


def out(left: Left) -> str:
    """Return why an entry stays out, with the detail where there is one."""
    return f"{_OUT[left.reason]}: {left.detail}" if left.detail else _OUT[left.reason]


def counted(number: int, word: str) -> str:
    """Return `1 error`, `2 errors` or `no errors`."""
    plural = word if number == 1 else f"{word[:-1]}ies" if word.endswith("y") else f"{word}s"
    return f"{number or 'no'} {plural}"


def sentence(text: str) -> str:
    """Return a message with a capital letter and a full stop; the name of a file keeps its own letters."""
    first, _, _ = text.partition(" ")
    begin = text[:1] if {"/", "."} & set(first[:-1]) else text[:1].upper()
    return f"{begin}{text[1:]}" + ("" if text.endswith((".", "!", "?", "…")) else ".") if text else ""


def verdict(counts: Mapping[Severity, int]) -> str:
    """Return how many findings of each severity there are, or that there are none."""
    return ", ".join(counted(counts[severity], str(severity)) for severity in Severity if counts[severity]) or (
        "no findings"
    )
