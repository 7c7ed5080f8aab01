"""What lies on the desk: the workspace as its files are, each issue as readers would see it, and what was changed."""

from __future__ import annotations

import hashlib
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date

from newsletter import config, pipeline, sending, store
from newsletter.checks import Facts
from newsletter.config import Workspace
from newsletter.content import Known
from newsletter.content.sources import Looked
from newsletter.errors import ConfigurationError, NewsletterError, NotFound, StorageError
from newsletter.files import Stamp, stamp, stamps
from newsletter.model.content import Content
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Severity
from newsletter.model.mailing import MailingState
from newsletter.model.selection import Selection
from newsletter.model.visit import Visit
from newsletter.pipeline import Build
from newsletter.pipeline.examining import Diagnosis
from newsletter.preview import State
from newsletter.rendering.shipping import shipped
from newsletter.tracking.bounces.inbox import Reading
from newsletter.web.composer.errands import Errand
from newsletter.web.composer.history import History
from newsletter.web.composer.lookups import Lookups
from newsletter.web.composer.senders import Senders
from newsletter.web.composer.uploads import Uploads

_MOST_ISSUES = 8
"""Issues kept as they were seen last; pictures make them large."""

_MOMENT = 1.0
"""Seconds in which the ledger is not asked again which mailings there are: it may be on another computer."""
_SPARED = 10
"""Times as long as asking took are others spared it: a server that is out of reach keeps every page waiting."""

Stamps = tuple[Stamp, ...]
Mailings = tuple[tuple[int, MailingState], ...]
"""How far each mailing is: once one begins, readers have what it shows, and the checks say something else."""


@dataclass(frozen=True, slots=True)
class Look:
    """An issue as its files make it now; what stands in the way is `failure`, and `state` then an earlier one."""

    workspace: Workspace
    content: Content
    name: str
    selection: Selection | None
    build: Build | None
    state: State | None
    findings: tuple[Finding, ...]
    failure: NewsletterError | None = None
    visits: Mapping[str, Visit] = field(default_factory=dict)
    """What came of following links, as far as somebody has asked for it."""

    @property
    def errors(self) -> int:
        """How many findings forbid sending."""
        return sum(1 for finding in self.findings if finding.severity is Severity.ERROR)

    @property
    def is_gone(self) -> bool:
        """Whether it is in no file any more."""
        return isinstance(self.failure, NotFound) and self.selection is None

    def entry(self, name: str) -> Entry | None:
        """Return an entry by its id."""
        return next((entry for entry in self.content.entries if entry.id == name), None)


@dataclass(frozen=True, slots=True)
class Seen:
    """What web sites offered when somebody looked, and from which day on it is shown."""

    looked: tuple[Looked, ...]
    since: date | None


class Desk:
    """One team member's session with one workspace."""

    def __init__(self, workspace: Workspace) -> None:
        self._root = workspace.root
        self.lock = threading.RLock()
        """Held by whoever changes files: what was read is what is changed."""
        self._content: tuple[Stamps, Workspace, Content] | None = None
        self._known = Known()
        self._looks: dict[str, tuple[tuple[Stamps, Mailings] | None, Look]] = {}
        self._mailings: tuple[float, Mailings] = (0.0, ())
        self._visits: dict[str, Visit] = {}
        self.history = History()
        self.senders = Senders()
        self.uploads = Uploads(workspace.state / "imports")
        self.lookups = Lookups()
        self.bounces: Errand[Reading] | None = None
        """The last reading of the mailbox for mails that come back."""
        self.online: Errand[tuple[Diagnosis, ...]] | None = None
        """What other computers said of the settings when somebody asked last."""
        self.seen: Seen | None = None
        """What web sites offered when somebody looked last."""
        self.notice = ""
        """What the next page says once."""
        self.trouble: NewsletterError | None = None
        """What the next page complains about once."""

    def workspace(self) -> Workspace:
        """Return the workspace as its settings are now; raise ConfigurationError where they cannot be used."""
        return config.load(self._root)

    def stamps(self) -> Stamps:
        """Return what differs as soon as a file differs that an issue may depend on."""
        try:
            space = self.workspace()
        except NewsletterError:
            return tuple(stamp(path) for path in sorted(self._root.glob("*.toml")))
        folders = {space.issues, space.entries, space.templates, shipped()}
        found = {one for folder in folders for one in stamps(str(folder))}
        return (*sorted(found), stamp(space.file))

    def revision(self) -> str:
        """Return a short name of the state that the files are in."""
        return hashlib.sha256(repr(self.stamps()).encode()).hexdigest()[:12]

    def read(self) -> tuple[Workspace, Content]:
        """Return the workspace and everything that its files say."""
        with self.lock:
            now = self.stamps()
            if self._content is None or self._content[0] != now:
                space = self.workspace()
                self._content = now, space, pipeline.read(space, self._known)
            return self._content[1:]

    def look(self, name: str) -> Look:
        """Return an issue as it is now, with the last state that could be built where this one cannot.

        Raises NotFound for an issue that is in no file.
        """
        with self.lock:
            space, content = self.read()
            now = self._content[0] if self._content else (), self._how_far(space)
            known = self._looks.get(name)
            if known and known[0] == now:
                return known[1]
            made = _look(space, content, name, dict(self._visits))
            if made.state is None and known:
                made = replace(made, state=known[1].state)
            while len(self._looks) >= _MOST_ISSUES and name not in self._looks:
                self._looks.pop(next(iter(self._looks)))
            self._looks[name] = now, made
            return made

    def _how_far(self, space: Workspace) -> Mailings:
        """Return how far each mailing is; while the ledger cannot be asked, how far it was."""
        again, known = self._mailings
        begun = time.monotonic()
        if begun >= again:
            found = _mailings(space)
            ended = time.monotonic()
            self._mailings = ended + max(_MOMENT, _SPARED * (ended - begun)), known if found is None else found
        return self._mailings[1]

    def visited(self, visits: Mapping[str, Visit]) -> None:
        """Take note of what came of following links: from now on the checks know it."""
        with self.lock:
            self._visits |= visits
            self._looks = {name: (None, look) for name, (_, look) in self._looks.items()}

    def without_files(self, name: str, error: NotFound) -> Look:
        """Return what is left of an issue that is in no file any more."""
        space, content = self.read()
        return Look(space, content, name, None, None, None, pipeline.as_findings(error), error)

    def told(self) -> tuple[str, NewsletterError | None]:
        """Return what the next page says, and forget it."""
        told = self.notice, self.trouble
        self.notice, self.trouble = "", None
        return told


def _look(space: Workspace, content: Content, name: str, visits: Mapping[str, Visit]) -> Look:
    if name not in content.issues and name not in {path.parent.name for path in space.issues.glob("*/issue.yaml")}:
        raise NotFound(
            f"there is no issue {name}",
            why=f"the issues are {', '.join(content.issues)}" if content.issues else "none can be used yet",
            fix="choose one from the list of issues",
        )
    selection = None
    try:
        selection = pipeline.choose(space, name, content)
        facts = replace(_ledger(space, content, name), visits=visits)
        built = pipeline.build(space, name, read_content=content, chosen=selection, facts=facts)
        state = pipeline.see(space, built)
    except NewsletterError as error:
        findings = pipeline.worst_first((*content.findings, *pipeline.as_findings(error)))
        return Look(space, content, name, selection, None, None, findings, error)
    own = pipeline.worst_first((*_about(content, name, selection), *built.findings))
    return Look(space, content, name, selection, built, state, own, visits=visits)


def _about(content: Content, name: str, selection: Selection) -> Iterator[Finding]:
    """Yield the findings of files that concern an issue: its own, and those of the entries that it might show."""
    shown = {entry.origin.file for entry in selection.entries} | {selection.issue.origin.file}
    unusable = {item.file for item in content.unreadable}
    for finding in content.findings:
        if finding.place.file in shown | unusable or f"/{name}/" in finding.place.file:
            yield finding


def _mailings(space: Workspace) -> Mailings | None:
    """Return how far each mailing is, and nothing where the ledger cannot be asked."""
    try:
        if not store.has_database(space):
            return ()
        with store.open_database(space) as database:
            return tuple((mailing.id, mailing.state) for mailing in sending.all_mailings(database))
    except (ConfigurationError, StorageError):
        return None


def _ledger(space: Workspace, content: Content, name: str) -> Facts:
    """Return what the ledger has of this issue and the last ones, so that an entry is found that came too late."""
    with suppress(ConfigurationError, StorageError):
        if store.has_database(space):
            with store.open_database(space) as database:
                return pipeline.ledger_facts(database, content, name)
    return Facts()
