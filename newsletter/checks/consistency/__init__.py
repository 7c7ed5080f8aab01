"""Whether an issue agrees with the other issues, with what has been sent, and with its approval."""

from newsletter.checks.consistency import (
    idle_decision,
    issue_number,
    late_entry,
    missed,
    other_month,
    overlap,
    same_day,
    same_words,
    sent_early,
    shown_again,
    stale_approval,
)
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (
    overlap.OVERLAP,
    overlap.HOLE,
    late_entry.RULE,
    stale_approval.RULE,
    sent_early.RULE,
    issue_number.RULE,
    idle_decision.RULE,
    same_day.RULE,
    same_words.RULE,
    other_month.RULE,
    missed.RULE,
    shown_again.RULE,
)
