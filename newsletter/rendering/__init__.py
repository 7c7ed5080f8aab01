"""A selection becomes an edition: subject, preheader, HTML and plain text, with the slots still open.

Jinja2 makes MJML of the entries, the MJML engine makes HTML of it, and the result is cut at its slots. Neither clock,
chance nor network has a part in it: the same workspace gives the same bytes.
"""

from typing import TYPE_CHECKING

from newsletter import lazy

if TYPE_CHECKING:
    from newsletter.rendering.editions import render, themes, trace_back
    from newsletter.rendering.fingerprint import design
    from newsletter.rendering.images import look
else:
    __getattr__ = lazy.names(__name__)

__all__ = ["design", "look", "render", "themes", "trace_back"]
