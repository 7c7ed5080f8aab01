"""Findings as GitLab's code quality report.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from newsletter.model.finding import Finding, Severity

_SEVERITIES = {Severity.ERROR: "critical", Severity.WARNING: "minor", Severity.NOTE: "info"}


def write(findings: Sequence[Finding], _: Mapping[str, str]) -> str:
    """Return a JSON list."""
    issues = [
        {
            "description": " – ".join(filter(None, [finding.message, finding.why])),
            "check_name": finding.code,
            "fingerprint": fingerprint,
            "severity": _SEVERITIES[finding.severity],
            "location": {"path": finding.place.file or ".", "lines": {"begin": max(finding.place.line, 1)}},
        }
        for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
    ]
    return json.dumps(issues, ensure_ascii=False, indent=2) + "\n"


def fingerprints(findings: Sequence[Finding]) -> Iterator[str]:
    """Yield for each finding what it is recognised by when lines before it come and go."""
    seen: Counter[tuple[str, ...]] = Counter()
    for finding in findings:
        key = (finding.code, finding.place.file, finding.entry, finding.message)
        told = "\0".join((*key, str(seen[key])))
        seen[key] += 1
        yield hashlib.sha256(told.encode()).hexdigest()
