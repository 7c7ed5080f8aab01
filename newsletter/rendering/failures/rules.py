"""The rules that templates are held to by Jinja2, and why."""

from __future__ import annotations

from newsletter.model.finding import Finding, Place, Severity
from newsletter.rendering.validation.rules import Rule

SYNTAX = Rule("TPL001", Severity.ERROR, "the template cannot be read from here on")
UNDEFINED = Rule(
    "TPL002", Severity.ERROR, "a template that asks for what is not there would leave a hole in the newsletter"
)
FORBIDDEN = Rule(
    "TPL003",
    Severity.ERROR,
    "templates show values; they neither change them nor reach the machine that they are rendered on",
)
MISSING = Rule("TPL004", Severity.ERROR, "the part that it stands for would be missing")
FAILED = Rule("TPL005", Severity.ERROR, "without its value the template cannot be finished")
ENDLESS = Rule("TPL006", Severity.ERROR, "a template that contains itself has no end")

FORBIDDEN_FIX = "leave it out, or ask a developer to hand templates what is needed"

RULES = (SYNTAX, UNDEFINED, FORBIDDEN, MISSING, FAILED, ENDLESS)


def finding(rule: Rule, place: Place, message: str, fix: str, why: str = "") -> Finding:
    """Return a finding about a broken rule."""
    return Finding(rule.code, rule.severity, message, place, why=why or rule.why, fix=fix)
