"""How the command line speaks: data on stdout, talk on stderr."""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Severity
from newsletter.model.terminal import shown

if TYPE_CHECKING:
    from rich.text import Text

_COLORS = {str(Severity.ERROR): "red", str(Severity.WARNING): "yellow", str(Severity.NOTE): "cyan"}
_GAP = 2
_WIDEST = 110
"""Longer lines are hard to read."""
_NUMBER = re.compile(r"[\d,]+(\.\d+)?%?")
_LEAST, _LONGEST_WORD = 8, 16
"""Columns of a terminal in which a cell with words can still be read, and for which a word is not broken."""


def data(value: Any) -> None:
    """Print a JSON value."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str = "") -> None:
    """Tell the person something that is not data."""
    click.echo(text, err=True)


def markdown(text: str) -> None:
    """Print Markdown, drawn on a terminal and as it is elsewhere."""
    from rich.console import Console
    from rich.markdown import Markdown

    context = click.get_current_context(silent=True)
    console = Console(no_color=context is not None and context.color is False)
    if console.is_terminal:
        console.print(Markdown(text, hyperlinks=False), width=min(console.width, _WIDEST))
    else:
        click.echo(text, nl=False)


def table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under headings, or nothing where there are none.

    Nothing is cut off, and an id is not broken where there is room for it: it is typed into the next command.
    """
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    context = click.get_current_context(silent=True)
    console = Console(no_color=context is not None and context.color is False, highlight=False)
    if not console.is_terminal:
        console = Console(width=10_000, no_color=True, highlight=False)
    cells = [[Text("" if cell is None else shown(str(cell))) for cell in row] for row in rows]
    if not cells:
        return
    read = list(zip(map(Text, columns), *cells, strict=True))
    least = [_least(column, whole=name == "id") for name, column in zip(columns, read, strict=True)]
    fits = sum(least) + _GAP * (len(columns) - 1) <= console.width
    grid = Table(box=None, pad_edge=False, header_style="bold", padding=(0, _GAP, 0, 0))
    for name, column, width in zip(columns, read, least, strict=True):
        grid.add_column(
            name,
            justify="right" if _has_numbers(column) else "left",
            overflow="fold",
            no_wrap=fits and name == "id",
            min_width=width if fits else None,
        )
    for line in cells:
        grid.add_row(*line)
    console.print(grid, soft_wrap=not console.is_terminal)


def _has_numbers(column: Sequence[Text]) -> bool:
    """Return whether nothing but numbers stand below a heading: they are compared by their last digits."""
    return all(_NUMBER.fullmatch(cell.plain) for cell in column[1:])


def _least(column: Sequence[Text], *, whole: bool) -> int:
    """Return how narrow a column may be: as its widest cell if that stays `whole`, or else as its longest word."""
    width = max(cell.cell_len for cell in column)
    word = max(part.cell_len for cell in column for part in cell.split(" "))
    return width if whole else min(width, max(word, _LEAST), _LONGEST_WORD)


def show_error(error: NewsletterError) -> None:
    """Print an error with its findings, its why and its fix."""
    if error.findings:
        show_findings(error.findings, _root(), err=True)
    for one in error.each:
        say(f"{click.style('error:', fg='red', bold=True)} {shown(one.message)}")
        if one.place:
            say(f"  --> {shown(str(one.place))}")
        if one.why:
            say(f"  why: {shown(one.why)}")
        if one.fix:
            say(f"  fix: {shown(one.fix)}")


def _root() -> Path:
    """Return the folder of this call's workspace, also where its settings are what cannot be read."""
    from newsletter.config import FILE_NAMES

    context = click.get_current_context(silent=True)
    begin = ((context.find_object(Path) if context else None) or Path()).resolve()
    return next((at for at in (begin, *begin.parents) if any((at / name).is_file() for name in FILE_NAMES)), begin)


def show_findings(findings: Iterable[Finding], root: Path, *, err: bool) -> None:
    """Print findings with the line they are about and a caret under the column, errors last.

    Of many, a terminal still shows the last ones: what stands in the way must be among them.
    """
    order = list(Severity)
    known = sorted(findings, key=lambda finding: -order.index(finding.severity))
    if not known:
        return
    from newsletter.checks.formats import text

    files = sources(root)
    for finding in known:
        click.echo(text.block(finding, files, _paint) + "\n", err=err)


def sources(root: Path) -> Mapping[str, str]:
    """Return the files of findings by their names; a template that the workspace has not is a shipped one."""
    from newsletter.checks.facts import Files
    from newsletter.rendering.shipping import shipped

    return Files(root, shipped().parent)


def _paint(words: str, style: str) -> str:
    return click.style(words, bold=True) if style == "strong" else click.style(words, fg=_COLORS[style])


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
