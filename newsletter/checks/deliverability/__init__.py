"""What mailbox providers and the law ask of a message."""

from newsletter.checks.deliverability import size
from newsletter.checks.rule import Rule

RULES: tuple[Rule, ...] = (size.CLIPPING_NEAR, size.CLIPPED)
