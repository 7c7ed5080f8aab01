"""The team's local studio: which entries, which words, what readers will see, and whether it may leave."""

from newsletter.web.composer.app import application
from newsletter.web.composer.following import Follower

__all__ = ["Follower", "application"]
