"""What an editor asks of the words."""

from newsletter.checks.editorial import empty_section, missing_summary, slot_without_fallback, unresolved_slot
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (missing_summary.RULE, empty_section.RULE, unresolved_slot.RULE, slot_without_fallback.RULE)
