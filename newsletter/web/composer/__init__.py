"""The team's local studio: which entries, which words, what readers will see, and whether it may leave."""

from newsletter.web.composer.app import application

__all__ = ["application"]
