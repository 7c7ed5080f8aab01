"""Whatever an experienced email editor would object to; one file a question."""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.checks.checking import check
    from newsletter.checks.facts import Facts
    from newsletter.checks.registry import RULES
    from newsletter.checks.rule import Rule
else:
    __getattr__ = lazy.names(__name__)

__all__ = ["RULES", "Facts", "Rule", "check"]
