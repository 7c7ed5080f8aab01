"""Findings as people look through them."""

from __future__ import annotations

from collections.abc import Iterable

from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Severity


def worst_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return each finding once, the gravest first."""
    order = list(Severity)
    return tuple(sorted(dict.fromkeys(findings), key=lambda finding: (order.index(finding.severity), finding.sort_key)))


def as_findings(error: NewsletterError) -> tuple[Finding, ...]:
    """Return the findings that an error carries, or the error itself as one."""
    return error.findings or (Finding("", Severity.ERROR, error.message, why=error.why, fix=error.fix),)
