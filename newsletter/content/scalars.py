"""Texts as YAML writes them: plain where they read the same without quotes, in double quotes otherwise."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from newsletter.content.document import core

_PLAIN = re.compile(r"[^\W_](?:[\w ,.()/’'–+-]*[\w.)])?")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?")
# Characters that libyaml refuses or breaks lines at, and those that nobody can see.
_ESCAPED = re.compile(r"[\x7f-\xa0\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufffe\uffff\ud800-\udfff]")


def _is_plain(text: str) -> bool:
    """Return whether a text means the same without quotes."""
    return bool(_PLAIN.fullmatch(text)) and isinstance(core(text), str)


def scalar(text: str, *, inside: bool = False) -> str:
    """Return a text as it stands after `field: `, or `inside` brackets or braces, where commas part values."""
    if (_is_plain(text) and not (inside and "," in text)) or (_MOMENT.fullmatch(text) and not inside):
        return text
    quoted = json.dumps(text, ensure_ascii=False)
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def listed(texts: Iterable[str]) -> str:
    """Return texts as a list in brackets."""
    return f"[{', '.join(scalar(text, inside=True) for text in texts)}]"
