"""Messages on pages, where what they quote from files looks as it does in the file."""

from __future__ import annotations

import re

from markupsafe import Markup, escape

_QUOTED = re.compile(r"`([^`]+)`")


def coded(text: str) -> Markup:
    """Return a message as HTML, with code in the place of what stands between backticks."""
    return Markup(_QUOTED.sub(r"<code>\1</code>", str(escape(text))))  # noqa: S704  escaped before
