"""Findings for the terminal: the line they are about, with a caret under the word."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache

from newsletter.model.columns import columns
from newsletter.model.finding import Finding
from newsletter.model.terminal import shown

_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,:;|(){}\[\]]+")

_SECRET = re.compile(r"(\w*(?:key|secret|token|password)\w*\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s,}]+)", re.IGNORECASE)
_NAMED = re.compile(r"(?!.?A[KS]IA[A-Z0-9]{16}\b)[\"']?[A-Z_][A-Z0-9_]*[\"']?")
_LOGIN = re.compile(r"(?<=://)[^/\s\"']+@")
_WIDEST = 96
"""Columns of a line that is shown."""

Paint = Callable[[str, str], str]
"""Returns a text in the style of `error`, `warning`, `note` or `strong`."""


def _plain(words: str, _: str) -> str:
    return words


def write(findings: Sequence[Finding], sources: Mapping[str, str]) -> str:
    """Return all findings, an empty line after each."""
    return "".join(f"{block(finding, sources)}\n\n" for finding in findings)


def block(finding: Finding, sources: Mapping[str, str], paint: Paint = _plain) -> str:
    """Return one finding, without a line break at its end."""
    severity = str(finding.severity)
    head = paint(f"{severity}[{finding.code}]", severity)
    lines = [f"{head}: {paint(shown(finding.message), 'strong')}"]
    place = finding.place
    if place.file:
        lines.append(f"  --> {shown(str(place))}")
    excerpt = _line(sources.get(place.file, ""), place.line) if place.file and place.line else None
    if excerpt is not None:
        if place.file.endswith(".toml"):
            excerpt = _without_secrets(excerpt)
        number = str(place.line)
        gutter = " " * len(number)
        part, column = _cut(excerpt, place.column)
        lines.append(f"{gutter} |")
        lines.append(f"{number} | {part}")
        if column:
            before = " " * columns(part[: column - 1])
            lines.append(f"{gutter} | {before}{paint('^' * _extent(part, column), severity)}")
    if finding.why:
        lines.append(f"   = why: {shown(finding.why)}")
    if finding.fix:
        lines.append(f"   = fix: {shown(finding.fix)}" + (" (`newsletter lint --fix` does it)" if finding.edit else ""))
    return "\n".join(lines)


def _line(source: str, number: int) -> str | None:
    lines = _lines(source)
    return lines[number - 1].removesuffix("\r") if 1 <= number <= len(lines) else None


@lru_cache(maxsize=16)
def _lines(source: str) -> list[str]:
    # Only these end a line where findings are counted; splitlines() knows seven more.
    return source.removesuffix("\n").split("\n")


def _without_secrets(line: str) -> str:
    """Return a line of settings without a key that somebody has written there: what is printed ends up in logs."""
    hidden = _SECRET.sub(
        lambda found: found[0] if "_file" in found[1] or _NAMED.fullmatch(found[2]) else f"{found[1]}…", line
    )
    return _LOGIN.sub("…@", hidden)


def _cut(line: str, column: int) -> tuple[str, int]:
    start = max(0, column - _WIDEST // 2) if column > _WIDEST - 16 else 0
    end = start + _WIDEST
    part = shown(line[start:end].replace("\t", " "))
    whole = ("…" if start else "") + part + ("…" if end < len(line) else "")
    return whole, column - start + (1 if start else 0) if column else 0


def _extent(line: str, column: int) -> int:
    """Return how many carets fit under the word, name or quoted value at `column`."""
    found = _WORD.match(line, column - 1)
    return min(max(columns(found[0]), 1), 40) if found else 1
