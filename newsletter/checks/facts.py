"""What rules may know beside the issue itself: gathered by the pipeline, so that checking stays pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from newsletter.checks.spamassassin import Score
from newsletter.config import Settings
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.finding import Origin, Place
from newsletter.model.issue import Issue, Period
from newsletter.model.picture import Picture
from newsletter.model.visit import Visit


@dataclass(frozen=True, slots=True)
class Sibling:
    """Another issue of the workspace, as far as issues can get into each other's way."""

    issue: Issue
    period: Period


@dataclass(frozen=True, slots=True)
class Facts:
    """Everything around an issue. Without a fact the rules that need it say nothing.

    `sources` gives the text of a workspace file, `picture` what a picture file is like, `trace` a function that tells
    which line of which template wrote the character at an offset of an edition's MJML.
    """

    settings: Settings | None = None
    origin: Origin = field(default_factory=Origin)
    """Where the settings stand."""
    sources: Mapping[str, str] = field(default_factory=dict)
    picture: Callable[[str], Picture | None] | None = None
    trace: Callable[[Edition], Callable[[int], Place]] | None = None
    entries: tuple[Entry, ...] = ()
    """Every entry of the workspace."""
    siblings: tuple[Sibling, ...] = ()
    """All issues but this one, by the ends of their periods."""
    sent: Mapping[str, str] = field(default_factory=dict)
    """The text parts of the issues sent last, by the names of the issues."""
    turned_away: Callable[[str], Collection[str]] | None = None
    """What finds no room in an issue, as the files are now, because of the limits of its sections."""
    left: Collection[str] = ()
    """The issues of which the ledger knows that they have begun to leave."""
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """What came of following links, by their addresses; empty unless somebody asked for it."""
    headers: Mapping[str, str] = field(default_factory=dict)
    """Those that every message of the issue bears."""
    message: Callable[[Edition], bytes] | None = None
    """What the sample reader would get."""
    spam: Callable[[bytes], Score] | None = None
    """Asks SpamAssassin; nothing unless somebody wants it."""
    digest: str = ""
    """What an approval would name now."""
    approved: str = ""
    """What the approval names; empty where there is none, and where the issue has left."""
    approval: Place = field(default_factory=Place)
    """Where the approval stands."""

    @property
    def is_trial(self) -> bool:
        """Whether the sender is an example, or unknown: then nothing is sent to anybody."""
        return self.settings is None or self.settings.is_trial


class Files(Mapping[str, str]):
    """The text files of a workspace, each read when somebody asks for it; a file that cannot be read is empty."""

    def __init__(self, root: Path, shipped: Path | None = None) -> None:
        """Look below the workspace's `root`, and for a template that it has not in `shipped`, beside `templates/`."""
        self._root = root
        self._shipped = shipped
        self._read: dict[str, str] = {}

    def __getitem__(self, name: str) -> str:
        if name not in self._read:
            self._read[name] = self._text(name)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)

    def _text(self, name: str) -> str:
        folders = [self._root]
        if self._shipped and name.startswith("templates/"):
            folders.append(self._shipped)
        for folder in folders:
            try:
                return Path(folder, name).read_text(encoding="utf-8-sig", errors="replace")
            except (OSError, ValueError):
                # Told by whoever needs the file itself; a rule only wants to point into it.
                continue
        return ""
