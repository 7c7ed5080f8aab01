"""Why entries are in or out, in the team's words."""

from __future__ import annotations

from collections.abc import Mapping

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


_SAYS_ALL = frozenset({Out.OVER_LIMIT, Out.NO_SECTION})
"""Reasons whose detail is the whole sentence."""


def out(left: Left) -> str:
    """Return why an entry stays out, with the detail where that says more."""
    if left.reason is Out.DRAFT or not left.detail:
        return _OUT[left.reason]
    return left.detail if left.reason in _SAYS_ALL else f"{_OUT[left.reason]}: {left.explanation}"
