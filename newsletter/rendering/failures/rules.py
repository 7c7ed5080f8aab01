"""The rules that templates are held to by Jinja2, and why."""

from __future__ import annotations

from newsletter.model.finding import Finding, Place, Severity
from newsletter.rendering.validation.rules import Rule


def _rule(code: str, title: str, why: str) -> Rule:
    return Rule(code, Severity.ERROR, title, why)


SYNTAX = _rule("TPL001", "Templates follow Jinja2's grammar", "the template cannot be read from here on")
UNDEFINED = _rule(
    "TPL002",
    "Templates use only what there is",
    "a template that asks for what is not there would leave a hole in the newsletter",
)
FORBIDDEN = _rule(
    "TPL003",
    "Templates do only what is safe",
    "templates show values; they neither change them nor reach the machine that they are rendered on",
)
MISSING = _rule("TPL004", "Every template that is asked for is there", "the part that it stands for would be missing")
FAILED = _rule(
    "TPL005", "What templates work out can be worked out", "without its value the template cannot be finished"
)
ENDLESS = _rule("TPL006", "No template contains itself", "a template that contains itself has no end")

FORBIDDEN_FIX = "leave it out, or ask a developer to hand templates what is needed"

RULES = (SYNTAX, UNDEFINED, FORBIDDEN, MISSING, FAILED, ENDLESS)


def finding(rule: Rule, place: Place, message: str, fix: str, why: str = "") -> Finding:
    """Return a finding about a broken rule."""
    return Finding(rule.code, rule.severity, message, place, why=why or rule.why, fix=fix)
