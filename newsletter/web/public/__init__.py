"""The public service: readers subscribe, confirm, choose, leave and look at issues here, and providers report."""

from newsletter.web.public.app import application

__all__ = ["application"]
