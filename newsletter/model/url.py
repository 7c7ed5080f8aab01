"""Web addresses as the same thing under different spellings."""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit, urlunsplit

_TRACKING = frozenset({"fbclid", "gclid", "dclid", "msclkid", "mc_cid", "mc_eid", "igshid", "yclid", "_hsenc", "_hsmi"})
_DEFAULT_PORTS = {"http": 80, "https": 443}
_RESERVED = re.compile(r"(?:^|\.)(?:example(?:\.(?:com|net|org))?|test|invalid|localhost)$")


@lru_cache(maxsize=65536)
def canonical_url(url: str) -> str:
    """Return the spelling by which two addresses of one page are equal.

    http and https, `www.`, default ports, a trailing slash, the fragment, the order of parameters and tracking
    parameters make no difference.
    """
    parts = urlsplit(url.strip())
    if parts.scheme == "mailto":
        return f"mailto:{parts.path.lower()}"
    host = (parts.hostname or "").rstrip(".").removeprefix("www.")
    if parts.port and parts.port != _DEFAULT_PORTS.get(parts.scheme):
        host = f"{host}:{parts.port}"
    kept = sorted(
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name.lower() not in _TRACKING and not name.lower().startswith("utm_")
    )
    path = quote(unquote(parts.path), safe="/:@!$&'()*+,;=-._~").rstrip("/")
    return urlunsplit(("https", host, path, urlencode(kept), ""))


def is_reserved(domain: str) -> bool:
    """Return whether a domain is one of those that are kept for examples and tests (RFC 2606, RFC 6761)."""
    return bool(_RESERVED.search(domain))
