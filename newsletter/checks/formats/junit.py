"""Findings as JUnit XML, in the dialect that CI servers agree on: a suite a file, a failure an error or warning.

https://github.com/testmoapp/junitxml
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import groupby

from newsletter.model.finding import Finding, Severity

# What XML 1.0 cannot hold in any spelling: https://www.w3.org/TR/xml/#charsets
_IMPOSSIBLE = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(findings: Sequence[Finding], _: Mapping[str, str]) -> str:
    """Return one document; notes are told without failing."""
    ordered = sorted(findings, key=lambda finding: finding.sort_key)
    suites = [_suite(file, list(found)) for file, found in groupby(ordered, key=lambda finding: finding.place.file)]
    if not suites:
        passed = '    <testcase classname="newsletter" name="no findings"/>'
        suites = [f'  <testsuite name="newsletter lint" tests="1" failures="0" errors="0">\n{passed}\n  </testsuite>']
    failures = sum(map(_fails, findings))
    head = f'<testsuites name="newsletter lint" tests="{max(len(findings), 1)}" failures="{failures}" errors="0">'
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', head, *suites, "</testsuites>"]) + "\n"


def _fails(finding: Finding) -> bool:
    return finding.severity is not Severity.NOTE


def _suite(file: str, findings: Sequence[Finding]) -> str:
    failures = sum(map(_fails, findings))
    name = _attribute(file or "newsletter")
    cases = "\n".join(_case(finding) for finding in findings)
    return (
        f'  <testsuite name={name} tests="{len(findings)}" failures="{failures}" errors="0">\n{cases}\n  </testsuite>'
    )


def _case(finding: Finding) -> str:
    from xml.sax.saxutils import escape

    place = finding.place
    attributes = f"classname={_attribute(place.file or 'newsletter')} name={_attribute(f'{finding.code} {place}')}"
    if place.file:
        attributes += f" file={_attribute(place.file)}" + (f' line="{place.line}"' if place.line else "")
    parts = [
        f"{place}: {finding.message}",
        finding.why and f"why: {finding.why}",
        finding.fix and f"fix: {finding.fix}",
    ]
    words = escape(_possible("\n".join(filter(None, parts))))
    if not _fails(finding):
        return f"    <testcase {attributes}>\n      <system-out>{words}</system-out>\n    </testcase>"
    failure = (
        f"<failure type={_attribute(str(finding.severity))} message={_attribute(finding.message)}>{words}</failure>"
    )
    return f"    <testcase {attributes}>\n      {failure}\n    </testcase>"


def _attribute(value: str) -> str:
    # It brings an HTTP client along, and findings are mostly told otherwise.
    from xml.sax.saxutils import quoteattr

    return quoteattr(_possible(value))


def _possible(value: str) -> str:
    return _IMPOSSIBLE.sub("\ufffd", value)
