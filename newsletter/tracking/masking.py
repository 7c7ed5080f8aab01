"""What is kept of a provider's words, without the person they are about."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

MASK = "…"
_LONGEST_RAW = 4_000
_DEEPEST = 20
# `%40` and `=40` are an @ in addresses of web pages and in quoted-printable.
# Begun only where a word begins: a long one without any address would be searched again from each of its letters.
_ADDRESS = re.compile(
    r"(?<![^\s\"'<>()\[\],;:@])[^\s\"'<>()\[\],;:@]+(?:@|%40|=40|&#64;)[^\s\"'<>()\[\],;:@]+", re.IGNORECASE
)
_QUOTED = re.compile(r"\"[^\"\n]*\"@[^\s\"'<>()\[\],;:@]+")
_PERSONAL = re.compile(
    r"name|mail|address|recipient|destination|subject|agent|location|geo|city|region|country|postal|phone|token|secret"
    r"|^(to|cc|bcc|from|ip|ip_address|msg|headers|link|url)$",
    re.IGNORECASE,
)


def without_addresses(text: str) -> str:
    """Return text with everything that looks like an email address masked."""
    return _ADDRESS.sub(MASK, _QUOTED.sub(MASK, text))


def impersonal(value: Any) -> str:
    """Return JSON of at most 4,000 characters in which addresses, names, places and devices are masked."""
    text = json.dumps(_impersonal(value, 0), ensure_ascii=True, separators=(",", ":"), sort_keys=True)
    return text if len(text) <= _LONGEST_RAW else json.dumps(text[: _LONGEST_RAW // 2] + MASK)


def _impersonal(value: Any, depth: int) -> Any:
    if depth > _DEEPEST:
        return MASK
    if isinstance(value, Mapping):
        return {
            without_addresses(str(name)): MASK
            if _PERSONAL.search(str(name)) and not isinstance(content, bool) and content
            else _impersonal(content, depth + 1)
            for name, content in value.items()
        }
    if isinstance(value, list):
        return [_impersonal(item, depth + 1) for item in value]
    return without_addresses(value) if isinstance(value, str) else value
