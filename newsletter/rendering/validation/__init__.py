"""Does the composed MJML say what MJML knows, and what our engine makes of it as MJML describes?

The engine itself asks for next to nothing: it prints unknown elements, passes over unknown attributes, and names no
line where it stops. So the document is read here first, with a tokenizer and a table of components of our own.
"""

from __future__ import annotations

from collections.abc import Callable

from newsletter.model.finding import Finding, Place
from newsletter.rendering.validation.rules import RULES, Fault, Rule
from newsletter.rendering.validation.walk import Walk

__all__ = ["RULES", "Fault", "Rule", "findings", "validate"]


def validate(mjml: str) -> tuple[Fault, ...]:
    """Return everything that is wrong with a composed document, in its order; offsets count characters of `mjml`."""
    return tuple(Walk(mjml).run())


def findings(mjml: str, place: Callable[[int], Place]) -> tuple[Finding, ...]:
    """Return the faults of a composed document as findings.

    `place` tells which line of which template wrote the character at an offset; see `provenance.trace`. What a loop
    writes several times is found once.
    """
    found = {}
    for fault in validate(mjml):
        finding = fault.at(place(fault.start))
        found[finding.place, finding.code, finding.message] = finding
    return tuple(sorted(found.values(), key=lambda finding: finding.sort_key))
