"""What an editor asks of the pictures."""

from newsletter.checks.images import missing_alt
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (missing_alt.RULE,)
