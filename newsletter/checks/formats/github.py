"""Findings as GitHub's workflow commands, which become annotations in a pull request.

GitHub shows ten annotations of each level of a step and silently drops the rest, so nine are given and one says how
many more there are. Escapes as the runner undoes them: actions/toolkit, packages/core/src/command.ts.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from newsletter.model import wording
from newsletter.model.finding import Finding, Severity

MOST = 9
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def write(findings: Sequence[Finding], _: Mapping[str, str]) -> str:
    """Return a command a line, errors first."""
    lines: list[str] = []
    for severity, command in _COMMANDS.items():
        concerned = [finding for finding in findings if finding.severity is severity]
        lines += [_annotation(finding, command) for finding in concerned[:MOST]]
        more = len(concerned) - MOST
        if more > 0:
            left = wording.count(more, f"more {severity}", f"more {severity}s")
            words = f"{left}; `newsletter lint` and the report show them all"
            lines.append(f"::{command} title=newsletter lint::{words.translate(_DATA)}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(finding: Finding, command: str) -> str:
    place = finding.place
    properties = {
        "file": place.file,
        "line": str(place.line or ""),
        "col": str(place.column or ""),
        "title": f"{finding.code} {finding.message}"[:200],
    }
    given = ",".join(f"{name}={value.translate(_PROPERTY)}" for name, value in properties.items() if value)
    parts = [
        finding.message,
        f"why: {finding.why}" if finding.why else "",
        f"fix: {finding.fix}" if finding.fix else "",
    ]
    return f"::{command} {given}::" + "\n".join(filter(None, parts)).translate(_DATA)
