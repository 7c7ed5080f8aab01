"""From files to an issue as its readers see it: read, selected, rendered, checked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsletter import approval, checks, preview, rendering, selection, sending
from newsletter.checks.facts import Files, Sibling
from newsletter.config import Settings, Workspace
from newsletter.errors import ContentError, NotFound
from newsletter.files import replace_file
from newsletter.model.approval import Approval
from newsletter.model.content import Content
from newsletter.model.edition import Edition
from newsletter.model.edition import choose as choose_edition
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.issue import name_order
from newsletter.model.mailing import Recipient
from newsletter.model.outline import Outline, digest
from newsletter.model.selection import Out, Selection
from newsletter.model.topics import canonical_topics
from newsletter.pipeline.choosing import choose, choose_several, read
from newsletter.sending.envelope import Envelope, envelope
from newsletter.sending.message import compose

if TYPE_CHECKING:
    from newsletter.store import Database

_NO_FACTS = checks.Facts()
_LAST = 13


@dataclass(frozen=True, slots=True)
class Build:
    """An issue, selected, rendered and checked."""

    selection: Selection
    editions: tuple[Edition, ...]
    findings: tuple[Finding, ...]
    envelope: Envelope
    before: tuple[str, ...] = ()
    """The issues to the same readers whose periods end before, by their ends."""

    @property
    def sample(self) -> Recipient:
        """A reader whom nobody knows, for files that people look at before anything is sent."""
        return self.envelope.recipient("sample", "reader@example.org", "")

    def message(self, edition: Edition, reader: Recipient | None = None) -> bytes:
        """Return the message that a reader, or the sample one, would get, dated at the planned send time."""
        return compose(edition, self.envelope, reader or self.sample, self.selection.send_at)

    def message_to(self, person: Mapping[str, Any]) -> bytes:
        """Return the message that somebody would get of whom this is known (`audience.show`); no link in it works."""
        edition = choose_edition(self.editions, person["language"], person["topics"] or ())
        return self.message(edition, self.envelope.recipient("sample", person["address"], person["name"]))

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


def build(
    workspace: Workspace,
    name: str,
    *,
    languages: Sequence[str] = (),
    topics: Iterable[Sequence[str]] = ((),),
    read_content: Content | None = None,
    chosen: Selection | None = None,
    facts: checks.Facts = _NO_FACTS,
) -> Build:
    """Select, render and check an issue, in all its languages or in some of them.

    What was `chosen` from the same content is not selected again. Raises ContentError while an entry or an earlier
    issue cannot be used: what nobody can read may belong here.
    """
    known = read(workspace) if read_content is None else read_content
    chosen = chosen or choose(workspace, name, known)
    refuse_unreadable(workspace, name, known)
    return render(workspace, chosen, languages, topics, known, facts)


def refuse_unreadable(workspace: Workspace, name: str, known: Content) -> None:
    """Raise ContentError where a file cannot be used by which an issue may be another one."""
    if not known.errors:
        return
    later = tuple(
        f"{workspace.settings.issues}/{other}/"
        for other in issue_folders(workspace)
        if name_order(other) > name_order(name)
    )
    concerned = [finding for finding in known.errors if not finding.place.file.startswith(later)]
    if concerned:
        raise ContentError(
            "the issue is not built while files cannot be used",
            why="an entry that cannot be read might belong to this issue, and earlier issues decide what is new",
            fix="mend the files above; `newsletter lint` shows them again",
            findings=concerned,
        )


def unchecked(workspace: Workspace, name: str, known: Content, theme: str = "") -> Build:
    """Select and render an issue for the eye alone: no rule is asked, and it may try another theme on.

    Raises what `build` raises.
    """
    chosen = choose(workspace, name, known)
    refuse_unreadable(workspace, name, known)
    if theme:
        chosen = replace(chosen, issue=chosen.issue.model_copy(update={"theme": theme}))
    return without_rules(workspace, chosen)


def without_rules(workspace: Workspace, chosen: Selection) -> Build:
    """Render a selection in all its languages, and ask no rule."""
    return Build(chosen, _editions(workspace, chosen, (), ((),)), (), _envelope(workspace.settings, chosen))


def issue_folders(workspace: Workspace) -> list[str]:
    """Return the names of all issues that there are, be they usable or not."""
    return [path.parent.name for path in workspace.issues.glob("*/issue.yaml")]


def render(
    workspace: Workspace,
    chosen: Selection,
    languages: Sequence[str] = (),
    topics: Iterable[Sequence[str]] = ((),),
    read_content: Content | None = None,
    facts: checks.Facts = _NO_FACTS,
) -> Build:
    """Render and check a selection, in all its languages or in some of them.

    Rules that compare issues say something only where `read_content` is given; `facts` has what only the caller knows,
    such as what the ledger says of earlier issues, and the approval.

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
    editions = _editions(workspace, chosen, languages, topics)
    built = Build(chosen, editions, (), _envelope(workspace.settings, chosen))
    if not languages and built.whole == editions:
        # An approval names all languages; a part of them is another thing, and no fault.
        facts = _with_approval(workspace, chosen, read_content, facts)
    facts = _facts(workspace, built, read_content, facts)
    before = tuple(other.issue.name for other in _before(chosen, facts.siblings))
    return replace(built, findings=checks.check(chosen, editions, facts), before=before)


def _editions(
    workspace: Workspace, chosen: Selection, languages: Sequence[str], topics: Iterable[Sequence[str]]
) -> tuple[Edition, ...]:
    choices = sorted({canonical_topics(choice) for choice in topics})
    return tuple(
        replace(rendering.render(chosen.edition(language, choice), workspace, language), topics=choice)
        for language in languages or chosen.issue.languages or (workspace.settings.language,)
        for choice in choices
    )


def _with_approval(workspace: Workspace, chosen: Selection, known: Content | None, facts: checks.Facts) -> checks.Facts:
    """Return the facts with what was approved, unless the issue has left and nobody needs to approve it any more."""
    given = _approval(workspace, chosen.issue.name)
    if given is None or chosen.issue.name in facts.left or (known and _is_over(workspace, chosen, known)):
        return facts
    return replace(facts, approved=given.digest, approval=given.place)


def _approval(workspace: Workspace, name: str) -> Approval | None:
    # A file that cannot be read is told by `standing`, to those who want to send.
    with suppress(ContentError):
        return approval.read(workspace, name)
    return None


def _is_over(workspace: Workspace, chosen: Selection, known: Content) -> bool:
    """Return whether the same readers' next issue was approved after the planned time of this one.

    So much can files tell where no ledger is at hand, as in CI and at a colleague's.
    """
    others = _siblings(known, chosen.issue.name, workspace)
    before = _before(chosen, others)
    later = (
        _approval(workspace, other.issue.name)
        for other in others
        if other.issue.shares_readers(chosen.issue) and other not in before
    )
    return any(given is not None and given.at > chosen.send_at for given in later)


def _facts(workspace: Workspace, built: Build, known: Content | None, facts: checks.Facts) -> checks.Facts:
    """Return what rules may know around an issue; what costs time is found out when a rule asks."""

    def trace(edition: Edition) -> Callable[[int], Place]:
        seen = built.selection.edition(edition.language, edition.topics)
        return rendering.trace_back(seen, workspace, edition.language)

    issue = built.selection.issue
    return replace(
        facts,
        settings=workspace.settings,
        origin=workspace.origin,
        sources=Files(workspace.root),
        picture=lambda src: rendering.look(workspace, src),
        trace=trace,
        entries=known.entries if known else (),
        siblings=_siblings(known, issue.name, workspace) if known else (),
        turned_away=_turned_away(workspace, facts.sent, known) if known else None,
        headers=dict(built.envelope.list_headers(issue.name)),
        message=built.message,
        digest=built.digest,
    )


def _before(chosen: Selection, others: Iterable[Sibling]) -> list[Sibling]:
    """Return the other issues to the same readers whose periods end before this one's."""
    own = chosen.period.rank(chosen.issue.name)
    return [
        other
        for other in others
        if other.issue.shares_readers(chosen.issue) and other.period.rank(other.issue.name) < own
    ]


def _turned_away(workspace: Workspace, names: Iterable[str], known: Content) -> Callable[[str], frozenset[str]]:
    """Return what tells by an issue's name what its limits keep out; all are looked at together, once one is asked."""

    @cache
    def told() -> Mapping[str, frozenset[str]]:
        chosen = choose_several(workspace, known.issues.keys() & names, known)
        return {
            name: frozenset(left.id for left in one.out if left.reason is Out.OVER_LIMIT)
            for name, one in chosen.items()
        }

    return lambda name: told()[name]


def _siblings(known: Content, name: str, workspace: Workspace) -> tuple[Sibling, ...]:
    periods = selection.resolve(known.issues, workspace.settings.zone.key)
    others = (Sibling(known.issues[other], period) for other, period in periods.items() if other != name)
    return tuple(sorted(others, key=lambda other: other.period.rank(other.issue.name)))


def ledger_facts(database: Database, known: Content, name: str) -> checks.Facts:
    """Return what the ledger has of an issue and the last ones, so that what came too late or comes twice is found."""
    return checks.Facts(sent=sent(database, known, name), left=sending.issues_left(database))


def sent(database: Database, known: Content, name: str) -> Mapping[str, str]:
    """Return the text parts of the issues that were sent last to the readers of one, for `checks.Facts`.

    As many as a quarter of weekly letters: so long may a draft lie, or an embargo last.
    """
    issue = known.issues[name]
    ours = tuple(other.name for other in known.issues.values() if other.shares_readers(issue))
    return sending.sent_texts(database, ours, _LAST)


def outline(workspace: Workspace, built: Build) -> Outline:
    """Return what a build is in a few kilobytes, to be compared with another."""
    return approval.outline(
        built.selection,
        built.whole,
        sender=built.envelope.as_json(),
        sample=built.sample.values,
        settings=workspace.settings,
        design=rendering.design(workspace, built.selection.issue.theme),
    )


def glance(workspace: Workspace, name: str) -> preview.State:
    """Return an issue as its readers see it, fast: without findings, places, messages and outline."""
    return see(workspace, unchecked(workspace, name, read(workspace)), places=False)


def see(workspace: Workspace, built: Build, *, places: bool = True) -> preview.State:
    """Return a build as its readers see it, and unless it is in a hurry the place of each entry in it."""
    pages = []
    for edition in built.editions:
        seen = built.selection.edition(edition.language, edition.topics)
        marked = rendering.render(preview.mark(seen), workspace, edition.language) if places else None
        message = built.message(edition) if places else b""
        pages.append(preview.page(edition, seen, marked, message, built.sample.values, built.envelope.public_url))
    kept = outline(workspace, built) if places else None
    return preview.State(built.selection, tuple(pages), built.digest, built.envelope.sender, kept)


def keep_hosted(built: Build, state: Path) -> None:
    """Keep what `public_url` must show where `serve` finds it, until the issue is sent and the ledger has it."""
    for edition in built.editions:
        for file in edition.hosted:
            target = state / "images" / file.name
            if not target.exists():
                replace_file(target, file.data)


def _envelope(settings: Settings, chosen: Selection) -> Envelope:
    lists = chosen.issue.lists or tuple(settings.lists)[:1]
    if lists:
        return envelope(settings, lists)
    # An issue may be built and looked at before there is any list; it cannot be sent.
    return Envelope(settings.sender, settings.reply_to or "", settings.public_url or "", "newsletter", settings.title)
