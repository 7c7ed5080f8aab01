"""What becomes of findings: how much they matter here, and which of them the team has muted with a reason."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from newsletter.checks.rule import DOCS, Fault, Group, Rule, Value
from newsletter.config import LintSettings
from newsletter.errors import ConfigurationError
from newsletter.model import meant
from newsletter.model.finding import Finding, Origin, Place, Severity
from newsletter.model.selection import Selection

OFF = "off"


def _nothing(_: object) -> Iterable[Fault]:
    return ()


UNKNOWN_MUTE = Rule(
    code="LNT001",
    severity=Severity.WARNING,
    group=Group.RULES,
    title="a mute of a rule that does not exist",
    why="it silences nothing",
    fix="correct the code; `newsletter rule` lists them",
    bad="lint: {EDT01: we know}",
    good="lint: {EDT001: a picture story needs no summary}",
    check=_nothing,
)
UNUSED_MUTE = Rule(
    code="LNT002",
    severity=Severity.NOTE,
    group=Group.RULES,
    title="a mute that silences nothing",
    why="it would hide the next fault of that kind, which nobody has judged yet",
    fix="delete the line",
    check=_nothing,
)
RULES = (UNKNOWN_MUTE, UNUSED_MUTE)


def levels(settings: LintSettings, origin: Origin, rules: Sequence[Rule]) -> dict[str, Severity | None]:
    """Return how much the rules matter that the settings speak of, `None` for those that are off.

    Raises ConfigurationError for codes that no rule has.
    """
    known = {rule.code for rule in rules}
    wrong = [_unknown(code, ("lint", "levels", code), known, origin) for code in settings.levels if code not in known]
    if wrong:
        raise _refused(wrong)
    return {code: None if level == OFF else Severity(level) for code, level in settings.levels.items()}


def parameters(settings: LintSettings, origin: Origin, rules: Sequence[Rule]) -> dict[str, dict[str, Value]]:
    """Return each rule's parameters, the settings' before the rule's own.

    Raises ConfigurationError for codes, names and kinds of value that no rule has.
    """
    by_code = {rule.code: rule for rule in rules}
    wrong: list[Finding] = []
    found = {rule.code: dict(rule.parameters) for rule in rules}
    for code, given in settings.parameters.items():
        if code not in by_code:
            wrong.append(_unknown(code, ("lint", "parameters", code), set(by_code), origin))
            continue
        for name, value in given.items():
            path = ("lint", "parameters", code, name)
            default = by_code[code].parameters.get(name)
            if default is None:
                wrong.append(_no_parameter(code, name, by_code[code], path, origin))
            elif (read := _read(value, default)) is None:
                wrong.append(_wrong_kind(code, name, value, default, path, origin))
            else:
                found[code][name] = read
    if wrong:
        raise _refused(wrong)
    return found


def clients(settings: LintSettings, origin: Origin) -> tuple[str, ...]:
    """Return the mail clients of the settings; raise ConfigurationError for one that nobody knows."""
    if not settings.clients:
        return ()
    from newsletter.checks.clients.support import known_clients, named

    wrong = [pattern for pattern in settings.clients if not named((pattern,))]
    if wrong:
        raise _refused([_no_client(pattern, known_clients(), origin) for pattern in wrong])
    return settings.clients


def _no_client(pattern: str, known: tuple[str, ...], origin: Origin) -> Finding:
    families = sorted({client.partition(".")[0] for client in known})
    family = meant.did_you_mean(pattern.partition(".")[0], families)
    guess = meant.did_you_mean(pattern, known) if "*" not in pattern else f"{family}.*" if family else ""
    return Finding(
        "CFG006",
        Severity.ERROR,
        f"there is no mail client '{pattern}'{meant.suggestion(guess)}",
        origin.place("lint", "clients"),
        why=f"the families are {', '.join(families)}",
        fix="write a family with a star, such as gmail.*, or one client, such as outlook.windows",
        field="lint.clients",
    )


def settle(
    findings: Iterable[Finding], selection: Selection, rules: Sequence[Rule], asked: Collection[str]
) -> Iterator[Finding]:
    """Yield the findings that nobody has muted, and one for each mute that is wrong or of no use.

    `asked` are the codes of the rules that could have found something this time.
    """
    issue = selection.issue
    mutes: dict[tuple[str, str], Place] = {}
    for code in issue.lint:
        mutes["", code] = issue.origin.place("lint", code)
    for entry in selection.entries:
        for code in entry.lint:
            mutes[entry.id, code] = entry.origin.place("lint", code)
    used: set[tuple[str, str]] = set()
    for finding in findings:
        muted = [key for key in ((finding.entry, finding.code), ("", finding.code)) if key in mutes]
        used.update(muted)
        if not muted:
            yield finding
    known = {rule.code for rule in rules}
    for (owner, code), place in mutes.items():
        if code not in known:
            guess = meant.code(code, known)
            yield UNKNOWN_MUTE.finding(Fault(f"there is no rule {code}{meant.suggestion(guess, '')}", place, owner))
        elif (owner, code) not in used and code in asked:
            yield UNUSED_MUTE.finding(Fault(f"{code} finds nothing here", place, owner))


def _read(value: object, default: Value) -> Value | None:
    """Return a set value as the kind that the default is of, or nothing."""
    if isinstance(default, tuple):
        words = [value] if isinstance(value, str) else value
        return tuple(map(str, words)) if isinstance(words, list) and all(isinstance(w, str) for w in words) else None
    if isinstance(default, str):
        return value if isinstance(value, str) else None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


_KINDS: Mapping[type, str] = {
    int: "a number",
    float: "a number",
    str: "a text",
    tuple: 'a list, such as ["one", "two"]',
}


def _unknown(code: str, path: tuple[str, ...], known: set[str], origin: Origin) -> Finding:
    guess = meant.code(code, known)
    return Finding(
        "CFG004",
        Severity.ERROR,
        f"there is no rule {code}{meant.suggestion(guess, '')}",
        origin.place(*path),
        why="only rules of this product have levels and parameters",
        fix=f"write {guess}" if guess else "`newsletter rule` lists the rules",
        field=".".join(path),
        docs=DOCS,
    )


def _no_parameter(code: str, name: str, rule: Rule, path: tuple[str, ...], origin: Origin) -> Finding:
    guess = meant.did_you_mean(name, rule.parameters)
    known = ", ".join(rule.parameters)
    return Finding(
        "CFG004",
        Severity.ERROR,
        f"{code} has no parameter '{name}'{meant.suggestion(guess)}",
        origin.place(*path),
        why=f"it has {known}" if known else "it has none",
        fix=f"write `{guess} = …`" if guess else "delete the line",
        field=".".join(path),
        docs=rule.docs,
    )


def _wrong_kind(code: str, name: str, value: object, default: Value, path: tuple[str, ...], origin: Origin) -> Finding:
    return Finding(
        "CFG006",
        Severity.ERROR,
        f"`{name}` of {code} is {value!r}; it must be {_KINDS[type(default)]}",
        origin.place(*path),
        why=f"without the line it is {default!r}",
        fix=f"write {_KINDS[type(default)]}",
        field=".".join(path),
    )


def _refused(findings: list[Finding]) -> ConfigurationError:
    return ConfigurationError("the settings of the rules cannot be used", findings=findings)
