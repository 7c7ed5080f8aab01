"""Findings as JSON, as `lint --output-format json` prints them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from newsletter.model.finding import Finding


def write(findings: Sequence[Finding], _: Mapping[str, str]) -> str:
    """Return one JSON object with all findings."""
    value = {"schema": 1, "findings": [finding.as_json() for finding in findings]}
    return json.dumps(value, ensure_ascii=False, indent=2) + "\n"
