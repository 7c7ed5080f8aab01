"""How the command line speaks: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Severity

_WORD = re.compile(r"\"[^\"]*\"|'[^']*'|[^\s,:;|(){}\[\]]+")
_COLORS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}


def data(value: Any) -> None:
    """Print a JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str = "") -> None:
    """Tell the person something that is not data."""
    click.echo(text, err=True)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings; in a pipe nothing is cut off."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    context = click.get_current_context(silent=True)
    console = Console(no_color=context is not None and context.color is False, highlight=False)
    if not console.is_terminal:
        console = Console(width=10_000, no_color=True, highlight=False)
    grid = Table(*columns, box=None, pad_edge=False, header_style="bold", padding=(0, 2, 0, 0))
    for row in rows:
        grid.add_row(*(Text("" if cell is None else str(cell)) for cell in row))
    console.print(grid, soft_wrap=not console.is_terminal)


def show_error(error: NewsletterError) -> None:
    """Print an error with its findings, its why and its fix."""
    show_findings(error.findings, Path.cwd(), err=True)
    say(f"{click.style('error:', fg='red', bold=True)} {error.message}")
    if error.why:
        say(f"  why: {error.why}")
    if error.fix:
        say(f"  fix: {error.fix}")


def show_findings(findings: Iterable[Finding], root: Path, *, err: bool) -> None:
    """Print findings with the line they are about and a caret under the column."""
    for finding in findings:
        click.echo(_finding(finding, root) + "\n", err=err)


def summary(findings: Sequence[Finding]) -> str:
    """Return `2 errors, 1 warning`."""
    counts = [(sum(1 for finding in findings if finding.severity is severity), str(severity)) for severity in Severity]
    return (
        ", ".join(f"{number} {word}{'' if number == 1 else 's'}" for number, word in counts if number) or "no findings"
    )


def _finding(finding: Finding, root: Path) -> str:
    color = _COLORS[finding.severity]
    head = click.style(f"{finding.severity}[{finding.code}]", fg=color, bold=True)
    lines = [f"{head}: {click.style(finding.message, bold=True)}"]
    place = finding.place
    if place.file:
        lines.append(f"  --> {place}")
    excerpt = _line(_source(root, place.file), place.line) if place.file and place.line else None
    if excerpt is not None:
        number = str(place.line)
        gutter = " " * len(number)
        shown, column = _cut(excerpt, place.column)
        lines.append(f"{gutter} |")
        lines.append(f"{number} | {shown}")
        if column:
            lines.append(f"{gutter} | {' ' * (column - 1)}{click.style('^' * _extent(shown, column), fg=color)}")
    if finding.why:
        lines.append(f"   = why: {finding.why}")
    if finding.fix:
        lines.append(f"   = fix: {finding.fix}")
    return "\n".join(lines)


def _source(root: Path, file: str) -> Path:
    """Return the file of a finding; a template that the workspace has not is a shipped one."""
    own = root / file
    if own.exists() or not file.startswith("templates/"):
        return own
    from newsletter.rendering.environment import shipped

    return shipped() / file.removeprefix("templates/")


def _line(file: Path, number: int) -> str | None:
    try:
        lines = file.read_text(encoding="utf-8-sig", errors="replace").splitlines()
    except OSError:
        return None
    return lines[number - 1] if number <= len(lines) else None


def _cut(line: str, column: int, width: int = 96) -> tuple[str, int]:
    line = line.replace("\t", " ")
    start = max(0, column - width // 2) if column > width - 16 else 0
    end = start + width
    shown = ("…" if start else "") + line[start:end] + ("…" if end < len(line) else "")
    return shown, column - start + (1 if start else 0) if column else 0


def _extent(line: str, column: int) -> int:
    """Return how many carets fit under the word, name or quoted value at `column`."""
    found = _WORD.match(line, column - 1)
    return min(len(found[0]), 40) if found else 1


@contextmanager
def progress(verb: str) -> Iterator[Callable[[int, int], None]]:
    """Yield a function of done and total: a bar on a terminal, a line each 10 % elsewhere, nothing within a second."""
    bar = _Bar(verb) if sys.stderr.isatty() else _Lines(verb)
    try:
        yield bar.advance
    finally:
        bar.close()


class _Lines:
    def __init__(self, verb: str) -> None:
        self._verb = verb
        self._begun = time.monotonic()
        self._tenths = 0

    def advance(self, done: int, total: int) -> None:
        tenths = done * 10 // total if total else 0
        if tenths > self._tenths and time.monotonic() - self._begun > 1:
            say(f"{self._verb}: {tenths * 10} %")
        self._tenths = tenths

    def close(self) -> None:
        pass


class _Bar:
    def __init__(self, verb: str) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
        self._verb = verb
        self._begun = time.monotonic()
        self._task: Any = None

    def advance(self, done: int, total: int) -> None:
        if self._task is None:
            if time.monotonic() - self._begun < 1:
                return
            self._task = self._progress.add_task(self._verb)
            self._progress.start()
        self._progress.update(self._task, completed=done, total=total)

    def close(self) -> None:
        if self._task is not None:
            self._progress.stop()
