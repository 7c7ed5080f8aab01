"""All rules, in the order of their groups."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from newsletter.checks import accessibility, clients, consistency, deliverability, editorial, images, links, settling
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    *editorial.RULES,
    *links.RULES,
    *images.RULES,
    *accessibility.RULES,
    *clients.RULES,
    *deliverability.RULES,
    *consistency.RULES,
    *settling.RULES,
)


@cache
def by_code() -> Mapping[str, Rule]:
    """Return the rules by their codes."""
    return {rule.code: rule for rule in RULES}
