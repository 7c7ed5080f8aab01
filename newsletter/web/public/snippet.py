"""The HTML by which a web site shows the form: a frame where the settings allow it, a form of its own otherwise."""

from __future__ import annotations

from html import escape
from urllib.parse import urlencode

from newsletter.config import Settings

_FRAME = """\
<!-- {title}: the form in a frame, for {sites} -->
<iframe src="{address}" title="{title}" loading="lazy"
  style="width:100%;max-width:38rem;height:36rem;border:0"></iframe>
"""
_FORM = """\
<!-- {title}: a form of your own; style it as you like. It leads to a page with one more button, which keeps machines
     out. To show the whole form in a frame instead, name your web site in the settings: readers.embed -->
<form action="{address}" method="post">
{lists}  <label for="newsletter-email">{label}</label>
  <input id="newsletter-email" name="email" type="email" autocomplete="email" required>
  <button>{button}</button>
</form>
"""


def snippet(settings: Settings, lists: tuple[str, ...]) -> str:
    """Return the HTML for some lists, or for all that are public."""
    base = (settings.public_url or "").rstrip("/")
    title = escape(settings.title)
    if settings.readers.embed:
        query = f"?{urlencode([('list', name) for name in lists])}" if lists else ""
        sites = escape(", ".join(settings.readers.embed))
        return _FRAME.format(title=title, sites=sites, address=escape(f"{base}/subscribe/framed{query}"))
    chosen = "".join(f'  <input type="hidden" name="list" value="{escape(name)}">\n' for name in lists)
    return _FORM.format(
        title=title, address=escape(f"{base}/subscribe"), lists=chosen, label="Email", button="Subscribe"
    )
