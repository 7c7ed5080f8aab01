"""What an editor asks of the links."""

from newsletter.checks.links import link_not_https
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (link_not_https.RULE,)
