"""Which remedies are none for the composer's pages."""

from __future__ import annotations

import re

from newsletter.web.composer.instead import paged

OF_FILES = {"ACC011", "LNK008", "LNK010", "LNK007", "EDT018", "EDT035", "EDT037", "DLV005", "DLV008", "DLV012"}
"""Rules whose remedy stands in templates, settings or the issue's file, for which no page has a field."""
TERMINAL = re.compile(r"\b(pin|drop|feature)\b|`[^`]*\w+: [^`]*`|`(limit|send_at|period|translations)|newsletter \w+ ")


def is_of_files(code: str, fix: str) -> bool:
    """Return whether a remedy speaks of files or a terminal where pages have fields."""
    return code not in OF_FILES and TERMINAL.search(paged(fix)) is not None
