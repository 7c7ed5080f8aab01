"""Following links: the only part of checking that needs a network, and that a build never depends on."""

from newsletter.checks.online.memory import Memory
from newsletter.checks.online.visiting import Visitor, addresses, visit

__all__ = ["Memory", "Visitor", "addresses", "visit"]
