"""What a rule is about, told to people: at the terminal, as JSON, and as the page of the documentation."""

from __future__ import annotations

from collections.abc import Callable
from itertools import groupby
from typing import Any

from newsletter.checks.registry import RULES, by_code
from newsletter.checks.rule import Rule
from newsletter.errors import NotFound
from newsletter.model import meant

__all__ = ["RULES", "as_json", "explain", "find", "page"]


def find(code: str) -> Rule:
    """Return the rule with a code, however its letters are written; raise NotFound for another."""
    known = by_code()
    wanted = code.upper()
    if wanted in known:
        return known[wanted]
    guess = meant.code(wanted, known)
    family = sorted(each for each in known if each[:3] == wanted[:3])
    reading = wanted[:3] in {"APP", "ENT", "ISS", "CFG", "REN", "TPL", "MJM"}
    raise NotFound(
        f"there is no rule {code}{'' if reading else meant.suggestion(guess, '')}",
        why="codes with these letters come from reading files and rendering templates, which must succeed before rules "
        "are asked; each says why and what to do where it is found"
        if reading
        else "",
        fix=(f"those that begin with {wanted[:3]} are {family[0]} to {family[-1]}; " if family and not guess else "")
        + "`newsletter rule` lists the rules",
    )


def explain(rule: Rule, strong: Callable[[str], str]) -> str:
    """Return a rule in some lines."""
    lines = [f"{strong(rule.code)} {strong(rule.title)} ({rule.severity}, {rule.group})", ""]
    lines += [f"why: {rule.why}", f"fix: {rule.fix}"]
    if rule.bad:
        lines += ["", "instead of", *_indented(rule.bad)]
    if rule.good:
        lines += ["write" if rule.bad else "\nsuch as", *_indented(rule.good)]
    lines += ["", "in newsletter.toml:", *_indented(_settings(rule))]
    lines += ["", "for one entry or one issue, at its top or in its issue.yaml:"]
    lines += [*_indented(f"lint: {{{rule.code}: why it is no fault here}}"), "", f"docs: {rule.docs}"]
    return "\n".join(lines) + "\n"


def as_json(rule: Rule) -> dict[str, Any]:
    """Return the object that `rule --json` prints."""
    return {
        "code": rule.code,
        "group": str(rule.group),
        "severity": str(rule.severity),
        "title": rule.title,
        "why": rule.why,
        "fix": rule.fix,
        "bad": rule.bad,
        "good": rule.good,
        "parameters": {
            name: list(value) if isinstance(value, tuple) else value for name, value in rule.parameters.items()
        },
        "docs": rule.docs,
    }


def page() -> str:
    """Return `docs/rules.md`."""
    parts = [_HEAD.format(count=len(RULES))]
    ordered = sorted(RULES, key=lambda rule: list(dict.fromkeys(each.group for each in RULES)).index(rule.group))
    grouped = [(group, list(rules)) for group, rules in groupby(ordered, key=lambda rule: rule.group)]
    for group, rules in grouped:
        parts.append(f"| {str(group).capitalize()} | | |\n|---|---|---|")
        parts += [f"| [{rule.code}](#{rule.code.lower()}) | {rule.title} | {rule.severity} |" for rule in rules]
        parts.append("")
    for group, rules in grouped:
        parts.append(f"## {str(group).capitalize()}\n")
        parts += [_section(rule) for rule in rules]
    return "\n".join(parts).rstrip() + "\n"


def _section(rule: Rule) -> str:
    lines = [f"### {rule.code}", "", f"**{rule.title[:1].upper()}{rule.title[1:]}** ({rule.severity})", ""]
    lines += [f"Why: {rule.why}.", "", f"Fix: {rule.fix}."]
    if rule.bad:
        lines += ["", "Instead of", "", *_fenced(rule.bad)]
    if rule.good:
        lines += ["", "write" if rule.bad else "Such as", "", *_fenced(rule.good)]
    if rule.parameters:
        lines += ["", "```toml", _settings(rule, levels=False), "```"]
    return "\n".join(lines) + "\n"


def _fenced(text: str) -> list[str]:
    kind = "html" if text.startswith("<") else "css" if "{ " in text else "toml" if " = " in text else "yaml"
    return [f"```{kind}", *text.splitlines(), "```"]


def _settings(rule: Rule, *, levels: bool = True) -> str:
    lines = [f'[lint.levels]\n{rule.code} = "off"'] if levels else []
    if rule.parameters:
        given = "\n".join(f"{name} = {_toml(value)}" for name, value in rule.parameters.items())
        lines.append(f"[lint.parameters.{rule.code}]\n{given}")
    return "\n".join(lines)


def _toml(value: object) -> str:
    if isinstance(value, tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return f'"{value}"' if isinstance(value, str) else str(value)


def _indented(text: str) -> list[str]:
    return [f"    {line}" for line in text.splitlines()]


_HEAD = """\
# The rules

`newsletter lint` asks {count} questions of every issue. An *error* forbids approving and sending, a *warning* asks
for a look, a *note* is worth knowing. This page is written by `make rules`; `newsletter rule CODE` says the same at the
terminal.

How much a rule matters, and its parameters, are settings:

```toml
[lint]                       # in pyproject.toml: [tool.newsletter.lint]
levels = {{EDT007 = "off", LNK005 = "error"}}
clients = ["gmail.desktop-webmail", "outlook.*", "apple-mail.*"]

[lint.parameters.EDT002]
longest = 50
```

An entry, or a whole issue in its `issue.yaml`, mutes a rule with a reason. A mute without a fault to silence is told:

```yaml
lint: {{EDT014: the publisher names no authors}}
```
"""
