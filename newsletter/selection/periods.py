"""Periods as written become ranges of days; `since` follows other issues."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from zoneinfo import ZoneInfo

from newsletter.errors import ContentError
from newsletter.model.finding import Finding, Severity
from newsletter.model.issue import LAST_ISSUE, Issue, Period, last_before, unknown_since


def resolve(issues: Mapping[str, Issue], zone: str) -> dict[str, Period]:
    """Return the period of each issue.

    The last issue is the one whose name stands just before, among those to the same readers if there is one. Raises
    ContentError with one finding for each period that refers to nothing, to itself in a circle, or that ends before it
    begins.
    """
    resolver = _Resolver(issues, ZoneInfo(zone))
    periods = {name: resolver.period(name, ()) for name in sorted(issues)}
    if resolver.findings:
        raise ContentError("the period of an issue cannot be worked out", findings=resolver.findings.values())
    return {name: period for name, period in periods.items() if period}


class _Resolver:
    def __init__(self, issues: Mapping[str, Issue], zone: ZoneInfo) -> None:
        self.issues = issues
        self.zone = zone
        self.findings: dict[str, Finding] = {}
        self._known: dict[str, Period | None] = {}

    def period(self, name: str, asked: tuple[str, ...]) -> Period | None:
        if name in self._known:
            return self._known[name]
        if name in asked:
            circle = " → ".join((*asked[asked.index(name) :], name))
            self._refuse(name, f"the period goes in a circle: {circle}", "give one of them a `from` date")
            return None
        self._known[name] = self._read(name, asked)
        return self._known[name]

    def _read(self, name: str, asked: tuple[str, ...]) -> Period | None:
        issue = self.issues[name]
        plan = issue.period
        if plan.first and plan.last:
            return Period(plan.first, plan.last + timedelta(days=1), self.zone)
        before = self._previous(name, plan.since or "")
        if before is None:
            return None
        previous = self.period(before, (*asked, name))
        if previous is None:
            return None
        if plan.last:
            end = plan.last + timedelta(days=1)
        elif issue.send_at:
            end = issue.send_at.day
        else:
            self._refuse(
                name, "the period has no end", "add `to:` with the last day, or `send_at:` with the planned time"
            )
            return None
        if end <= previous.end:
            self._refuse(
                name,
                f"the period begins on {previous.end}, after issue {before}, but ends on {end - timedelta(days=1)}",
                f"give `to:` a day from {previous.end} on",
            )
            return None
        return Period(previous.end, end, self.zone)

    def _previous(self, name: str, since: str) -> str | None:
        if since == LAST_ISSUE:
            if before := last_before(name, self.issues, self.issues[name].shares_readers):
                return before
            self._refuse(name, "there is no issue before this one", "give the first issue a `from` date")
            return None
        if found := unknown_since(self.issues[name], self.issues):
            self.findings.setdefault(name, found)
            return None
        return since

    def _refuse(self, name: str, message: str, fix: str) -> None:
        self.findings.setdefault(
            name,
            Finding(
                "ISS011",
                Severity.ERROR,
                message,
                self.issues[name].origin.place("period", "since"),
                why="without its first and last day it is not clear which entries belong to the issue",
                fix=fix,
                field="period",
            ),
        )
