"""Whatever an experienced email editor would object to; one file a question."""

from __future__ import annotations

from newsletter.checks import (
    empty_section,
    link_not_https,
    missing_alt,
    missing_summary,
    size,
    slot_without_fallback,
    unresolved_slot,
)
from newsletter.checks.rule import Rule, Subject
from newsletter.model.edition import Edition
from newsletter.model.finding import Finding
from newsletter.model.selection import Selection

__all__ = ["RULES", "Rule", "check"]

RULES: tuple[Rule, ...] = (
    missing_summary.RULE,
    missing_alt.RULE,
    link_not_https.RULE,
    empty_section.RULE,
    size.CLIPPING_NEAR,
    size.CLIPPED,
    unresolved_slot.RULE,
    slot_without_fallback.RULE,
)


def check(selection: Selection, editions: tuple[Edition, ...]) -> tuple[Finding, ...]:
    """Return every finding about an issue, in the order of the files."""
    subject = Subject(selection, editions)
    return tuple(
        sorted((finding for rule in RULES for finding in rule.findings(subject)), key=lambda finding: finding.sort_key)
    )
