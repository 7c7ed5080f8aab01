"""Web addresses as the same thing under different spellings."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urljoin, urlsplit, urlunsplit

_TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_hsenc", "_hsmi"})
_CAMPAIGN = re.compile(r"(?:utm|mtm)_.*|(?:pk|piwik)_(?:campaign|cid|content|keyword|kwd|medium|source)")
"""Of Google Analytics, and of Matomo, whose plugin for WordPress writes them into feeds."""
_DEFAULT_PORTS = {"http": 80, "https": 443}
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$")


@lru_cache(maxsize=65536)
def canonical_url(url: str) -> str:
    """Return the spelling by which two addresses of one page are equal.

    http and https, `www.`, default ports, a trailing slash, a place on the page, the order of parameters and tracking
    parameters make no difference. What follows `#/` or `#!` is no place: such sites show another page for it.
    """
    parts = urlsplit(url.strip())
    if parts.scheme == "mailto":
        return f"mailto:{parts.path.lower()}"
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    kept = sorted(
        (name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if not _is_tracking(name, value)
    )
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=-._~").rstrip("/")
    route = parts.fragment.rstrip("/") if parts.fragment.startswith(("/", "!")) else ""
    return urlunsplit(("https", host, path, urlencode(kept), "" if route == "!" else route))


def without_tracking(url: str) -> str:
    """Return an address without the parameters that tell a web site where its visitors come from."""
    parts = urlsplit(url)
    pairs = parts.query.split("&") if parts.query else []
    kept = [pair for pair in pairs if not _is_tracking(*map(unquote, pair.partition("=")[::2]))]
    return url if kept == pairs else urlunsplit(parts._replace(query="&".join(kept)))


def web_address(base: str, written: str) -> str:
    """Return the http or https address that a page at `base` means; nothing for any other text."""
    try:
        # Many a file's name has spaces, which browsers forgive.
        whole = urljoin(base, written.strip().replace(" ", "%20"))
        parts = urlsplit(whole)
        _ = parts.port
    except ValueError:
        return ""
    is_web = parts.scheme in {"http", "https"} and parts.hostname and not re.search(r"\s|%20", parts.netloc)
    is_web = is_web and not re.search(r"\s", whole)
    return whole if is_web and written.strip() else ""


def _is_tracking(name: str, value: str) -> bool:
    name = name.lower()
    # Medium tells in this way that somebody comes from its feed.
    return (
        name in _TRACKING
        or _CAMPAIGN.fullmatch(name) is not None
        or (name == "source" and re.match(r"rss(?:-|$)", value) is not None)
    )


def is_reserved(domain: str) -> bool:
    """Return whether a domain is one of those that are kept for examples and tests (RFC 2606, RFC 6761)."""
    return bool(_RESERVED.search(domain))
