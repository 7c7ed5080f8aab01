"""The rules that a composed MJML document is held to, and what breaking one is called."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newsletter.model.finding import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, how much it matters, and why."""

    code: str
    severity: Severity
    why: str

    def broken(self, start: int, end: int, message: str, fix: str, why: str = "") -> Fault:
        """Return a fault against this rule; `why` says more about this one than the rule does."""
        return Fault(self, start, end, message, fix, why or self.why)


@dataclass(frozen=True, slots=True)
class Fault:
    """Where the composed text, from character `start` up to `end`, breaks a rule."""

    rule: Rule
    start: int
    end: int
    message: str
    fix: str
    why: str

    @property
    def code(self) -> str:
        """The rule's code."""
        return self.rule.code

    @property
    def severity(self) -> Severity:
        """How much it matters; only an error stops a build."""
        return self.rule.severity

    def moved(self, by: int) -> Fault:
        """Return the fault where the text before it is `by` characters longer."""
        return replace(self, start=self.start + by, end=self.end + by)

    def at(self, place: Place) -> Finding:
        """Return the fault as a finding at the place that wrote the text."""
        return Finding(self.code, self.severity, self.message, place, why=self.why, fix=self.fix)


UNKNOWN_ELEMENT = Rule(
    "MJM001", Severity.ERROR, "the MJML engine passes on what it does not know, and mail clients show it as they please"
)
UNKNOWN_ATTRIBUTE = Rule(
    "MJM002",
    Severity.ERROR,
    "the MJML engine passes over what it does not know, and the email looks different from what was meant",
)
WRONG_PARENT = Rule("MJM003", Severity.ERROR, "elsewhere its layout falls apart, in Outlook first")
WRONG_VALUE = Rule(
    "MJM004", Severity.ERROR, "the MJML engine takes any value, and mail clients drop what they cannot use"
)
TWICE = Rule("MJM005", Severity.ERROR, "of two values this MJML engine takes the last, and others the first")
BARE_ZERO = Rule(
    "MJM006",
    Severity.WARNING,
    "the MJML engine takes all of the paddings for zero where one is a bare 0, and Outlook gets wrong widths",
)
CLASSES_DISAGREE = Rule("MJM007", Severity.WARNING, "which of the two wins depends on the MJML engine")
NEVER_CLOSED = Rule("MJM008", Severity.ERROR, "what follows it becomes a part of it")
NEVER_OPENED = Rule("MJM009", Severity.ERROR, "the MJML engine cannot read on from here")
STRAY_BRACKET = Rule("MJM010", Severity.ERROR, "the MJML engine takes every `<` for the beginning of a tag")
UNREADABLE = Rule("MJM011", Severity.ERROR, "the MJML engine stops here")
LOOSE_TEXT = Rule("MJM012", Severity.ERROR, "it would appear between the parts of the email, or stop the build")
NO_ALT = Rule(
    "MJM013", Severity.WARNING, "screen readers, and readers who do not load pictures, get nothing in its place"
)
OTHERWISE = Rule("MJM014", Severity.ERROR, "what it makes of this differs from what MJML describes")
IGNORED = Rule("MJM015", Severity.WARNING, "this MJML engine passes over it; readers will not see what it asks for")
TOO_DEEP = Rule(
    "MJM016", Severity.ERROR, "nesting without end would end the whole process; a newsletter needs about 20 levels"
)
DOCUMENT = Rule("MJM017", Severity.ERROR, "the MJML engine needs this frame, and drops what is in it twice")
UNKNOWN_CLASS = Rule("MJM018", Severity.WARNING, "a class that nothing defines changes nothing, without a word")
MISSING_ATTRIBUTE = Rule("MJM019", Severity.ERROR, "without it there is no effect")
NOT_SAID = Rule("MJM020", Severity.WARNING, "screen readers need them to read the email aloud as it is meant")

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
