"""The order of the stages, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from newsletter import approval, checks, content, rendering, selection
from newsletter.config import Settings, Workspace
from newsletter.errors import ConfigurationError, ContentError, NewsletterError, NotFound
from newsletter.model.approval import Person, Standing, State
from newsletter.model.comparison import compare
from newsletter.model.content import Content
from newsletter.model.edition import Edition
from newsletter.model.finding import Finding, Severity
from newsletter.model.mailing import Recipient
from newsletter.model.outline import Outline, digest
from newsletter.model.selection import Selection
from newsletter.model.touched import touched as differing
from newsletter.sending.envelope import Envelope, envelope
from newsletter.sending.message import compose

if TYPE_CHECKING:
    from newsletter.audience import Erased
    from newsletter.store import Database


@dataclass(frozen=True, slots=True)
class Build:
    """An issue, selected, rendered and checked."""

    selection: Selection
    editions: tuple[Edition, ...]
    findings: tuple[Finding, ...]
    envelope: Envelope

    @property
    def sample(self) -> Recipient:
        """A reader whom nobody knows, for files that people look at before anything is sent."""
        return self.envelope.recipient("sample", "reader@example.org", "")

    def message(self, edition: Edition) -> bytes:
        """Return the message that the sample reader would get, dated at the planned send time."""
        return compose(edition, self.envelope, self.sample, self.selection.send_at)

    @property
    def digest(self) -> str:
        """SHA-256 over what a reader of any language gets, from whom, and who gets it."""
        issue = self.selection.issue
        return digest(issue.name, self.whole, self.envelope.as_json(), issue.audience)

    @property
    def whole(self) -> tuple[Edition, ...]:
        """The editions of all topics, which name the issue; those of some show a part of the same."""
        return tuple(edition for edition in self.editions if not edition.topics) or self.editions

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid sending."""
        return tuple(finding for finding in self.findings if finding.severity is Severity.ERROR)


def read(workspace: Workspace) -> Content:
    """Return every entry and issue, and every problem of their files."""
    return content.load(workspace)


def choose(workspace: Workspace, name: str, read_content: Content) -> Selection:
    """Return what the issue shows and what it leaves out.

    Raises NotFound for an unknown issue and ContentError for one whose file cannot be used.
    """
    if name not in read_content.issues:
        own = f"{workspace.settings.issues}/{name}/"
        broken = [finding for finding in read_content.errors if finding.place.file.startswith(own)]
        if broken:
            raise ContentError(f"issue {name} cannot be used as it is written", findings=broken)
    return selection.select(read_content, name, zone=workspace.settings.zone.key, language=workspace.settings.language)


def build(
    workspace: Workspace,
    name: str,
    *,
    languages: Sequence[str] = (),
    topics: Iterable[Sequence[str]] = ((),),
    read_content: Content | None = None,
) -> Build:
    """Select, render and check an issue, in all its languages or in some of them.

    Raises ContentError while an entry or an earlier issue cannot be used: what nobody can read may belong here.
    """
    known = read(workspace) if read_content is None else read_content
    chosen = choose(workspace, name, known)
    later = tuple(f"{workspace.settings.issues}/{other}/" for other in _issue_folders(workspace) if other > name)
    concerned = [finding for finding in known.errors if not finding.place.file.startswith(later)]
    if concerned:
        raise ContentError(
            "the issue is not built while files cannot be used",
            why="an entry that cannot be read might belong to this issue, and earlier issues decide what is new",
            fix="mend the files above; `newsletter lint` shows them again",
            findings=concerned,
        )
    return render(workspace, chosen, languages, topics)


def _issue_folders(workspace: Workspace) -> list[str]:
    return [path.parent.name for path in workspace.issues.glob("*/issue.yaml")]


def render(
    workspace: Workspace,
    chosen: Selection,
    languages: Sequence[str] = (),
    topics: Iterable[Sequence[str]] = ((),),
) -> Build:
    """Render and check a selection, in all its languages or in some of them.

    `topics` are the choices of readers, none meaning everything; each distinct choice is rendered once, in whatever
    order and case its topics come.
    """
    offered = chosen.issue.languages or (workspace.settings.language,)
    for language in languages:
        if language not in offered:
            raise NotFound(
                f"issue {chosen.issue.name} has no edition in '{language}'",
                why=f"its languages are {', '.join(offered)}",
                fix="add the language to `languages:` in its issue.yaml",
            )
    choices = sorted({tuple(sorted({topic.casefold() for topic in choice})) for choice in topics})
    editions = tuple(
        replace(rendering.render(chosen.edition(language, choice), workspace, language), topics=choice)
        for language in languages or offered
        for choice in choices
    )
    found = {*checks.check(chosen, editions), *(finding for edition in editions for finding in edition.findings)}
    findings = tuple(sorted(found, key=lambda finding: finding.sort_key))
    return Build(chosen, editions, findings, _envelope(workspace.settings, chosen))


def erase(workspace: Workspace, database: Database, address: str, *, now: datetime) -> tuple[Erased, int]:
    """Remove a person from the database, and their messages from the outbox; return how many messages went.

    Raises NotFound for an address about which nothing is held.
    """
    from newsletter import audience
    from newsletter.sending.providers.outbox import Outbox, file_name

    erased = audience.erase(database, address, now=now)
    outbox = Outbox("outbox", workspace.state / "outbox")
    files = [outbox.folder_of(issue) / file_name(delivery) for issue, delivery in erased.deliveries]
    written = [file for file in files if file.is_file()]
    for file in written:
        file.unlink()
    return erased, len(written)


def outline(workspace: Workspace, built: Build) -> Outline:
    """Return what a build is in a few kilobytes, to be compared with another."""
    return approval.outline(
        built.selection,
        built.whole,
        sender=built.envelope.as_json(),
        sample=built.sample.values,
        design=rendering.design(workspace, built.selection.issue.theme),
    )


def outlines(workspace: Workspace) -> dict[str, Outline]:
    """Return the outline of every issue that can be built."""
    known, found = read(workspace), {}
    for name in known.issues:
        with suppress(NewsletterError):
            found[name] = outline(workspace, build(workspace, name, read_content=known))
    return found


def touched(before: Workspace, after: Workspace) -> list[str]:
    """Return which issues differ between two states of a workspace, as far as a pull request should show them."""
    old, new = outlines(before), outlines(after)
    return differing(old, new, broken=[name for name in _issue_folders(after) if name in old and name not in new])


def standing(workspace: Workspace, built: Build) -> Standing:
    """Return what the issue's approval is worth for this build; raise ContentError where it cannot be read."""
    name = built.selection.issue.name
    given = approval.read(workspace, name)
    found = approval.judge(given, name, built.digest, workspace.settings.approval)
    kept = approval.read_outline(workspace, given) if given and found.state is State.CHANGED else None
    return replace(found, difference=compare(kept, outline(workspace, built))) if kept else found


def last_authors(workspace: Workspace, built: Build) -> tuple[Person, ...]:
    """Return who made the last change of the issue or of an entry that it shows; raise Refused where git is silent."""
    entries = {entry.origin.file for entry in built.selection.entries}
    return approval.last_authors(workspace.root, sorted({built.selection.issue.origin.file, *entries} - {""}))


def provider_name(settings: Settings, lists: Sequence[str]) -> str:
    """Return which provider sends to some lists: their own where they name one, else the settings'.

    Raises ConfigurationError where two lists name different ones.
    """
    named = {settings.lists[name].provider or settings.provider for name in lists if name in settings.lists}
    if len(named) > 1:
        raise ConfigurationError(
            f"the lists {', '.join(lists)} are sent through different providers: {', '.join(sorted(named))}",
            why="one mailing goes through one provider, which alone knows whom it has taken",
            fix="choose one with --provider, or make an issue for each list",
        )
    return named.pop() if named else settings.provider


def _envelope(settings: Settings, chosen: Selection) -> Envelope:
    lists = chosen.issue.lists or tuple(settings.lists)[:1]
    if lists:
        return envelope(settings, lists)
    # An issue may be built and looked at before there is any list; it cannot be sent.
    return Envelope(settings.sender, settings.reply_to or "", settings.public_url or "", "newsletter", settings.title)
