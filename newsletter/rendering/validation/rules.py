"""The rules that a composed MJML document is held to, and what breaking one is called."""

from __future__ import annotations

from dataclasses import dataclass, replace

from newsletter.model.finding import Finding, Place, Severity


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: its code, how much it matters, what it asks for, and why."""

    code: str
    severity: Severity
    title: str
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


def _error(code: str, title: str, why: str) -> Rule:
    return Rule(code, Severity.ERROR, title, why)


def _warning(code: str, title: str, why: str) -> Rule:
    return Rule(code, Severity.WARNING, title, why)


UNKNOWN_ELEMENT = _error(
    "MJM001",
    "Every element is one of MJML's, or HTML where HTML belongs",
    "the MJML engine passes on what it does not know, and mail clients show it as they please",
)
UNKNOWN_ATTRIBUTE = _error(
    "MJM002",
    "Every attribute is one that its element has",
    "the MJML engine passes over what it does not know, and the email looks different from what was meant",
)
WRONG_PARENT = _error(
    "MJM003",
    "Every element stands where MJML allows it",
    "elsewhere its layout falls apart, in Outlook first",
)
WRONG_VALUE = _error(
    "MJM004",
    "Every value is of its attribute's kind",
    "the MJML engine takes any value, and mail clients drop what they cannot use",
)
TWICE = _error(
    "MJM005",
    "An element has each attribute once",
    "of two values this MJML engine takes the last, and others the first",
)
BARE_ZERO = _warning(
    "MJM006",
    "A zero among paddings has its unit",
    "the MJML engine takes all of the paddings for zero where one is a bare 0, and Outlook gets wrong widths",
)
CLASSES_DISAGREE = _warning(
    "MJM007",
    "The classes of an element do not contradict each other",
    "which of the two wins depends on the MJML engine",
)
NEVER_CLOSED = _error("MJM008", "Every element that is opened is closed", "what follows it becomes a part of it")
NEVER_OPENED = _error("MJM009", "Every end tag closes what was opened last", "the MJML engine cannot read on from here")
STRAY_BRACKET = _error(
    "MJM010", "A `<` begins a complete tag", "the MJML engine takes every `<` for the beginning of a tag"
)
UNREADABLE = _error("MJM011", "There is nothing that the MJML engine cannot read", "the MJML engine stops here")
LOOSE_TEXT = _error(
    "MJM012",
    "Text stands in elements that hold text",
    "it would appear between the parts of the email, or stop the build",
)
NO_ALT = _warning(
    "MJM013",
    "Every picture has alternative text",
    "screen readers, and readers who do not load pictures, get nothing in its place",
)
OTHERWISE = _error(
    "MJM014",
    "There is nothing that this MJML engine does otherwise than MJML's description says",
    "what it makes of this differs from what MJML describes",
)
IGNORED = _warning(
    "MJM015",
    "Every attribute has an effect in this MJML engine",
    "this MJML engine passes over it; readers will not see what it asks for",
)
TOO_DEEP = _error(
    "MJM016",
    "Elements are nested at most 100 deep",
    "nesting without end would end the whole process; a newsletter needs about 20 levels",
)
DOCUMENT = _error(
    "MJM017",
    "The document is one <mjml> with at most one <mj-head> and one <mj-body>",
    "the MJML engine needs this frame, and drops what is in it twice",
)
UNKNOWN_CLASS = _warning(
    "MJM018", "Every mj-class is defined", "a class that nothing defines changes nothing, without a word"
)
MISSING_ATTRIBUTE = _error(
    "MJM019", "Elements have the attributes they cannot do without", "without it there is no effect"
)
NOT_SAID = _warning(
    "MJM020",
    "The document says its language, its direction and its title",
    "screen readers need them to read the email aloud as it is meant",
)

RULES: tuple[Rule, ...] = tuple(value for value in list(globals().values()) if isinstance(value, Rule))
