"""Answers that browsers, proxies and feed readers may keep, and ask about again for next to nothing (RFC 9110, 13)."""

from __future__ import annotations

import hashlib
from datetime import datetime
from email.utils import format_datetime

from starlette.requests import Request
from starlette.responses import Response

from newsletter.web.public.shelf import shelf_of

_FOR_FIVE_MINUTES = "public, max-age=300"
"""An issue that is withdrawn is gone after them."""


def kept(request: Request, body: bytes, media_type: str, changed: datetime | None, **headers: str) -> Response:
    """Return an answer, or that it is the one which the caller has; what it shows last `changed` then."""
    entity_tag = f'"{hashlib.sha256(body).hexdigest()[:24]}"'
    since = shelf_of(request).since
    modified = format_datetime(max(changed or since, since).replace(microsecond=0), usegmt=True)
    shown = {
        "Cache-Control": _FOR_FIVE_MINUTES,
        "ETag": entity_tag,
        "Last-Modified": modified,
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    if _has(request, entity_tag, modified):
        return Response(status_code=304, headers=shown)
    return Response(body, media_type=media_type, headers=shown)


def _has(request: Request, entity_tag: str, modified: str) -> bool:
    tags = request.headers.get("if-none-match")
    if tags is not None:
        # Apache, which compresses what passes through it, writes `"…-gzip"` and hands that back.
        known = (tag.strip().removeprefix("W/").replace('-gzip"', '"') for tag in tags.split(","))
        return any(tag in {entity_tag, "*"} for tag in known)
    # Exactly: another process may have begun earlier, with other settings.
    return request.headers.get("if-modified-since") == modified
