"""Findings as SARIF 2.1.0, for code scanning.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import quote

from newsletter import __version__
from newsletter.checks.formats.gitlab import fingerprints
from newsletter.model.finding import Edit, Finding, Place, Severity

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "note"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def write(findings: Sequence[Finding], _: Mapping[str, str]) -> str:
    """Return one run with the rules that found something."""
    codes = sorted({finding.code for finding in findings})
    first = {finding.code: finding for finding in reversed(findings)}
    run = {
        "tool": {
            "driver": {
                "name": "newsletter",
                "semanticVersion": __version__,
                "rules": [_rule(first[code]) for code in codes],
            }
        },
        "columnKind": "unicodeCodePoints",
        "results": [
            _result(finding, codes.index(finding.code), fingerprint)
            for finding, fingerprint in zip(findings, fingerprints(findings), strict=True)
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, ensure_ascii=False, indent=2) + "\n"


def _rule(finding: Finding) -> dict[str, Any]:
    title, fix = _described(finding)
    return {
        "id": finding.code,
        "shortDescription": {"text": title},
        "fullDescription": {"text": finding.why or title},
        "help": {"text": f"{fix or title}\n\nnewsletter rule {finding.code}"},
        "defaultConfiguration": {"level": _LEVELS[finding.severity]},
    }


def _described(finding: Finding) -> tuple[str, str]:
    """Return title and fix of a finding's rule; what reading and rendering find has no rule with a title."""
    from newsletter.checks.registry import by_code

    rule = by_code().get(finding.code)
    return (rule.title, rule.fix) if rule else (finding.message, finding.fix)


def _result(finding: Finding, index: int, fingerprint: str) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": index,
        "level": _LEVELS[finding.severity],
        "message": {"text": ". ".join(filter(None, [finding.message, f"Fix: {finding.fix}" if finding.fix else ""]))},
        "partialFingerprints": {"newsletter/v1": fingerprint},
    }
    if finding.place.file:
        result["locations"] = [{"physicalLocation": _location(finding.place)}]
    if finding.edit:
        result["fixes"] = [_fix(finding.edit)]
    if finding.entry:
        result["properties"] = {"entry": finding.entry}
    return result


def _location(place: Place) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(place)}
    if place.line:
        location["region"] = {"startLine": place.line} | ({"startColumn": place.column} if place.column else {})
    return location


def _artifact(place: Place) -> dict[str, str]:
    return {"uri": quote(place.file), "uriBaseId": "%SRCROOT%"}


def _fix(edit: Edit) -> dict[str, Any]:
    region = {
        "startLine": edit.place.line,
        "startColumn": edit.place.column,
        "endColumn": edit.place.column + len(edit.old),
    }
    replacement = {"deletedRegion": region, "insertedContent": {"text": edit.new}}
    return {"artifactChanges": [{"artifactLocation": _artifact(edit.place), "replacements": [replacement]}]}
