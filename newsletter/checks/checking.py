"""Every rule is asked about an issue and its editions."""

from __future__ import annotations

from newsletter.checks import settling
from newsletter.checks.facts import Facts
from newsletter.checks.registry import RULES
from newsletter.checks.subject import Subject
from newsletter.config import LintSettings
from newsletter.model.edition import Edition
from newsletter.model.finding import Finding
from newsletter.model.selection import Selection

_NOTHING_KNOWN = Facts()


def check(selection: Selection, editions: tuple[Edition, ...], facts: Facts = _NOTHING_KNOWN) -> tuple[Finding, ...]:
    """Return every finding about an issue, in the order of the files; those of its editions are among them.

    Raises ConfigurationError where the settings speak of rules or parameters that do not exist.
    """
    lint = facts.settings.lint if facts.settings else LintSettings()
    levels = settling.levels(lint, facts.origin, RULES)
    subject = Subject(
        selection,
        editions,
        facts,
        {code: level for code, level in levels.items() if level},
        settling.parameters(lint, facts.origin, RULES),
        settling.clients(lint, facts.origin),
    )
    active = [rule for rule in RULES if levels.get(rule.code, rule.severity)]
    found = [finding for rule in active for finding in rule.findings(subject)]
    found += [finding for edition in editions for finding in edition.findings]
    # Of an issue that has left, rules about what can still join it say nothing more, and no mute hides anything new.
    has_left = selection.issue.name in facts.left
    asked = {rule.code for rule in RULES if not has_left and (not rule.needs or getattr(facts, rule.needs))}
    kept = settling.settle(dict.fromkeys(found), selection, RULES, asked)
    shown = [finding for finding in kept if levels.get(finding.code, finding.severity)]
    return tuple(sorted(dict.fromkeys(shown), key=lambda finding: finding.sort_key))
