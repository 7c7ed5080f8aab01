"""An issue at one state of its workspace, and two such states side by side."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from newsletter.errors import NewsletterError
from newsletter.model.difference import Difference
from newsletter.model.finding import Finding, Origin, Severity, summary
from newsletter.model.outline import Outline
from newsletter.model.selection import Selection
from newsletter.preview.blocks import INTRO, section_key

if TYPE_CHECKING:
    # Every command that builds an issue imports this file, and few take pictures.
    from newsletter.preview.modes import Mode
    from newsletter.preview.page import Page
    from newsletter.preview.pictures import Picture
    from newsletter.preview.pixels import PictureDifference
    from newsletter.preview.revision import Revision


@dataclass(frozen=True, slots=True)
class State:
    """An issue that could be built: what it takes, and what a reader of each edition sees."""

    selection: Selection
    pages: tuple[Page, ...]
    digest: str
    sender: str
    outline: Outline | None
    """What two states are compared by; None where the state is only glanced at."""


@dataclass(frozen=True, slots=True)
class Base:
    """The earlier state; `problem` says why there is none to compare with."""

    name: str
    revision: Revision | None = None
    state: State | None = None
    problem: NewsletterError | None = None
    """Where nothing can be compared."""
    is_new: bool = False
    """Whether the issue was not there yet."""
    unfit: NewsletterError | None = None
    """Why its own templates could not be used; then it is shown in today's, and only words and entries are compared."""
    gone: tuple[str, ...] = ()
    """The issues that were there and are deleted."""


@dataclass(frozen=True, slots=True)
class Shot:
    """A mode of an edition in pictures; `before` is `after` itself where nothing has changed."""

    page: str
    mode: Mode
    after: Picture
    before: Picture | None = None
    difference: PictureDifference | None = None

    @property
    def changed(self) -> bool:
        """Whether the picture differs from the earlier one."""
        return self.difference is not None and self.difference.tiles > 0


@dataclass(frozen=True, slots=True)
class Preview:
    """Everything that a preview of one issue shows."""

    newsletter: str
    issue: str
    color: str
    state: State | None
    """None where the issue cannot be built; the findings say why."""
    findings: tuple[Finding, ...]
    failure: NewsletterError | None = None
    base: Base | None = None
    difference: Difference | None = None
    shots: tuple[Shot, ...] = ()
    no_pictures: NewsletterError | None = None
    theme: str = ""
    """The theme that is tried on, where it is not the issue's own."""
    templates: Mapping[str, str] = field(default_factory=dict)
    """The templates that have changed, each with its difference line by line."""

    @property
    def title(self) -> str:
        """The issue's title, or its name where it cannot be read."""
        return self.state.selection.issue.title if self.state else self.issue

    def count(self, severity: Severity) -> int:
        """Return how many findings are of a severity."""
        return sum(1 for finding in self.findings if finding.severity is severity)

    @property
    def verdict(self) -> str:
        """How many findings of each severity there are, in words."""
        return summary(self.findings)

    @property
    def failed(self) -> bool:
        """Whether something forbids sending."""
        return self.state is None or self.count(Severity.ERROR) > 0


def block_of(finding: Finding, selection: Selection) -> str:
    """Return the key of the block that a finding is about: an entry's, a section's, `intro`, `inbox`, or nothing."""
    entries = [entry for entry in selection.entries if entry.origin.file == finding.place.file]
    if finding.entry and any(entry.id == finding.entry for entry in selection.entries):
        return finding.entry
    if entries:
        # A file with several entries: the one that begins last before the line.
        begun = [entry for entry in entries if _line(entry.origin) <= max(finding.place.line, 1)]
        return max(begun or entries, key=lambda entry: _line(entry.origin)).id
    origin = selection.issue.origin
    if finding.place.file != origin.file or not finding.place.line:
        return ""
    place = (finding.place.line, finding.place.column or 1_000_000)
    before = [(mark, path) for path, mark in origin.marks.items() if path and mark <= place]
    path = max(before, default=((0, 0), ("",)))[1]
    if path[-1] in {"subject", "preheader"}:
        return "inbox"
    if path[0] == "sections" and len(path) > 1 and isinstance(path[1], int):
        # One without entries is left out of the email.
        return section_key(path[1]) if selection.sections[path[1]].chosen else ""
    return INTRO if path[-1] == INTRO else ""


def _line(origin: Origin) -> int:
    return min((line for line, _ in origin.marks.values()), default=0)
