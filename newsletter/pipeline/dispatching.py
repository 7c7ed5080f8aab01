"""Before an issue leaves: who would get which edition, when, through whom, and what a person should know first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from urllib.parse import urlsplit

from newsletter import sending
from newsletter.config import Settings, Workspace
from newsletter.errors import ConfigurationError, ContentError, Refused
from newsletter.model import wording
from newsletter.model.entry import Entry
from newsletter.model.mailing import Mailing, MailingState
from newsletter.model.url import is_reserved
from newsletter.model.wording import Wording
from newsletter.pipeline.building import Build, build
from newsletter.sending import Foreseen, Plan, Provider, Rehearsal
from newsletter.store import Database

_REASONS: Mapping[str, str] = {
    "bounce": "bounced",
    "complaint": "complained",
    "by hand": "somebody said so",
    "pending": "not confirmed yet",
    # Of whom was erased, and of all once the ledger has been tidied.
    "": "not kept any more",
}
_HOLD = timedelta(minutes=1)
"""Between a person's word and the first call, where that reaches people."""
_ABOUT_A_DAY = timedelta(days=1)
_A_MOMENT = timedelta(minutes=5)
"""Before the planned time, which nobody would call early."""
_AT = "choose that time at “Not before”"
_SENT_EARLY = "CNS005"
"""The rule that asks of the planned time what is asked here of the true one."""
_AT_LAST = frozenset({"SEC003", "SEC004", "CNS003", "CNS012"})
"""The rules about what no issue takes any more once this one has left, and about what readers would get twice."""


@dataclass(frozen=True)
class Prospect:
    """A mailing that has not started."""

    workspace: Workspace
    built: Build
    provider: Provider
    foreseen: Foreseen
    plan: Plan
    rehearsal: Rehearsal
    leaves: datetime
    doubts: tuple[str, ...]
    """What may be otherwise than somebody believes, each in a sentence without a full stop."""

    @property
    def people(self) -> int:
        """How many would get it."""
        return self.foreseen.totals.pending

    @cached_property
    def left_out(self) -> dict[str, int]:
        """Why people on the lists would not get the issue, with how many."""
        resting = "they pause, or want to hear from us less often"
        outside = f"outside the segment, or {resting}" if self.built.selection.issue.segment else resting
        reasons = sorted(self.foreseen.reasons.items(), key=lambda item: -item[1])
        reasons += [(outside, self.foreseen.outside)] if self.foreseen.outside else []
        reasons += sorted(self.foreseen.without_consent.items())
        return in_words(reasons)

    @property
    def free_from(self) -> datetime | None:
        """When the last embargo ends that forbids the issue to leave as planned; none where it may."""
        ends = (one.embargo.at for one in self.built.selection.entries if one.embargo)
        return max((end for end in ends if end > self.leaves), default=None)

    @property
    def sentence(self) -> str:
        """What is about to happen: what goes to whom, from whom, through which provider, and when."""
        when = "on" if self.plan.begins_at else "now,"
        return self._said(f"{when} {wording.moment(self.leaves, self.workspace.settings.zone)}")

    @property
    def seen(self) -> str:
        """What stands for the issue and the sentence: it differs where either does, except by the minute of `now`."""
        said = self._said(str(self.plan.begins_at or "now"))
        return hashlib.sha256(f"{self.built.digest} {said}".encode()).hexdigest()

    def _said(self, when: str) -> str:
        settings, plan, foreseen = self.workspace.settings, self.plan, self.foreseen
        subject = self.built.editions[0].subject.fill({}).decode()
        several = len(foreseen.by_list) > 1
        names = [
            settings.lists[name].title + (f" ({foreseen.by_list.get(name, 0):,})" if several else "")
            for name in self.built.selection.issue.lists
        ]
        canary = "The first one gets" if plan.canary == 1 else f"The first {plan.canary:,} get"
        first = f" {canary} it then, the others after your word." if 0 < plan.canary < self.people else ""
        rest = f" who {'has' if self.people == 1 else 'have'} not got it yet" if plan.rest else ""
        return (
            f"“{subject}” goes to {wording.people(self.people)} on {wording.listed(names)}{rest}, "
            f"from {settings.sender}, through {self.provider.name}, {when}.{first}"
        )

    @property
    def hold(self) -> timedelta:
        """How long nothing leaves after a person's word: long enough to take it back, where people are written to."""
        return _HOLD if self.provider.capabilities.reaches_readers and not self.plan.begins_at else timedelta()


def in_words(left_out: Iterable[tuple[str, int]]) -> dict[str, int]:
    """Return why how many are left out, in words for people."""
    return {_REASONS.get(reason, reason): number for reason, number in left_out}


def foresee(
    workspace: Workspace, database: Database, built: Build, provider: Provider, plan: Plan, now: datetime
) -> Prospect:
    """Return what would become of an issue that left as planned; `plan` need not say whom it is meant for.

    Raises ContentError where it goes to no list, NotFound for a list on which nobody is, and Refused for an issue that
    was started to one of its lists before.
    """
    from newsletter import audience

    issue, settings = built.selection.issue, workspace.settings
    if not issue.lists:
        raise ContentError(
            f"issue {issue.name} goes to no list, so nobody would get it",
            fix=f"name one under `lists:` in {settings.issues}/{issue.name}/issue.yaml",
        )
    leaves = plan.begins_at or now
    meant = audience.recipients(issue.segment, lists=issue.lists, settings=settings, now=leaves, issue=issue.name)
    plan = replace(plan, where=meant, segment=str(issue.segment or ""), zone=settings.zone)
    with database.reading() as connection:
        audience.check_issues(connection, issue.segment)
    findings = built.findings
    built = for_choices(workspace, built, sending.choices(database, issue.lists, plan))
    foreseen = sending.foresee(database, issue.name, issue.lists, built.editions, plan)
    rehearsal = sending.rehearse(provider, built.editions, foreseen.by_edition, built.envelope, now)
    mute = undelivered(settings, provider, counts=True)
    then = "then" if plan.begins_at else "now"
    empty = "it has no entries: all that readers get are the words of the issue itself"
    doubts = (
        *([] if built.selection.entries else [empty]),
        *_everybody_first(plan, foreseen.totals.pending),
        *_not_as_planned(built, plan, leaves),
        *_not_over(built, settings, leaves),
        *_left_out_before(database, built),
        *(finding.message for finding in findings if finding.code in _AT_LAST),
        *(f"{held}, so it cannot leave {then}" for held in embargoed(built.selection.entries, leaves)),
        *_traces(database, built, provider),
        *([mute] if mute else _lost_links(settings)),
        *rehearsal.notes,
        *_neighbours(database, built, settings, leaves),
    )
    return Prospect(workspace, built, provider, foreseen, plan, rehearsal, leaves, doubts)


def refuse_embargoed(prospect: Prospect) -> None:
    """Raise Refused where an issue would leave before the embargo of an entry that was chosen for a later time."""
    if held := embargoed(prospect.built.selection.entries, prospect.leaves):
        planned = wording.clock(prospect.built.selection.send_at)
        raise Refused(
            f"{wording.listed(held)}, so nothing is sent",
            why=f"the issue was put together for {planned}, and an embargo is a promise",
            fix=Wording(
                "send it later, with a time; or write into `send_at:` when it leaves, so that what waits stays out",
                "send it later, with a time; or say at “Goes out” under Words when it leaves: what waits stays out",
            ),
        )


def begin(database: Database, prospect: Prospect, expect: int, now: datetime, hold: timedelta) -> Mailing:
    """Freeze who gets what, and return the mailing, of which nothing has left yet.

    Raises what `refuse_embargoed` and `sending.start` do.
    """
    refuse_embargoed(prospect)
    plan = replace(prospect.plan, begins_at=now + hold) if hold else prospect.plan
    return sending.start(
        database,
        issue=prospect.built.selection.issue.name,
        lists=prospect.built.selection.issue.lists,
        editions=prospect.built.editions,
        envelope=prospect.built.envelope,
        provider=prospect.provider,
        expect=expect,
        now=now,
        plan=plan,
    )


def provider_name(settings: Settings, lists: Sequence[str]) -> str:
    """Return which provider sends to some lists: their own where they name one, else the settings'.

    Raises ConfigurationError where two lists name different ones.
    """
    named = provider_names(settings, lists)
    if len(named) > 1:
        raise ConfigurationError(
            f"the lists {', '.join(lists)} are sent through different providers: {', '.join(named)}",
            why="one mailing goes through one provider, which alone knows whom it has taken",
            fix=Wording("choose one with --provider, or make an issue for each list", "make an issue for each list"),
        )
    return named[0]


def provider_names(settings: Settings, lists: Sequence[str]) -> tuple[str, ...]:
    """Return the providers that some lists name, or else the settings', in the order of the alphabet."""
    named = {settings.lists[name].provider or settings.provider for name in lists if name in settings.lists}
    return tuple(sorted(named or {settings.provider}))


def undelivered(settings: Settings, provider: Provider, *, counts: bool = False) -> str:
    """Return what a person should know of a provider that only rehearses, or nothing; only a mailing `counts`."""
    if not provider.capabilities.reaches_readers:
        sent = ", and the issue counts as sent all the same" if counts else ""
        return f"through {provider.name} nobody gets an email{sent}; `provider` in the settings chooses one that sends"
    own = settings.providers.get(provider.name)
    if own is None or not own.test:
        return ""
    return f"{provider.name} takes messages and delivers none, because its settings say `test = true`"


def for_choices(workspace: Workspace, built: Build, choices: Sequence[Sequence[str]]) -> Build:
    """Return the issue with an edition for each choice of topics; a choice that shows nothing gets everything."""
    selection, language = built.selection, built.editions[0].language
    shown = [choice for choice in choices if selection.edition(language, choice).entries]
    if not shown:
        return built
    return build(workspace, selection.issue.name, topics=[(), *shown])


def _everybody_first(plan: Plan, people: int) -> list[str]:
    """Return what somebody should know who wanted to look at the first ones, where there are no others."""
    if not people or plan.canary < people:
        return []
    first = "one is" if people == 1 else f"{plan.canary:,} are"
    return [f"the first {first} everybody, so nobody waits until you have looked"]


def _not_as_planned(built: Build, plan: Plan, leaves: datetime) -> list[str]:
    """Return what is not as planned when the issue leaves then."""
    selection, planned = built.selection, built.selection.send_at
    doubts: list[str] = []
    early = plan.begins_at is None and planned - leaves > _A_MOMENT
    at, day = f"send it with `--at {planned:%Y-%m-%dT%H:%M}`", wording.clock(planned)
    if selection.issue.send_at and not _is_planned(built, leaves):
        told = f"it was planned for {day}; days left and closed calls are told as of then, so correct"
        wrong = " first if that is wrong"
        doubts.append(
            Wording(
                f"{told} `send_at:`{wrong}{f', or {at} to keep to it' if early else ''}",
                f"{told} “Goes out” under Words{wrong}{f', or {_AT} to keep to it' if early else ''}",
            )
        )
    elif selection.issue.send_at and early:
        told = f"it was planned for {day}, and leaves now; to keep to that,"
        doubts.append(Wording(f"{told} {at}", f"{told} {_AT}"))
    elif not selection.issue.send_at and abs(leaves - planned) > _ABOUT_A_DAY:
        until = [entry.closes.at for entry in selection.entries if entry.closes]
        if any(closes > leaves for closes in until):
            told = f"days left are told as of {day}, when its period has ended, because"
            doubts.append(
                Wording(
                    f"{told} it has no `send_at:`; write one if that is wrong",
                    f"{told} nothing stands at “Goes out” under Words; say a time there if that is wrong",
                )
            )
    doubts += [
        f"“{entry.title}” {'will have' if plan.begins_at else 'has'} closed on {entry.closes.told}"
        for entry in selection.entries
        if entry.closes and planned <= entry.closes.at < leaves
    ]
    return doubts


def _is_planned(built: Build, leaves: datetime) -> bool:
    """Return whether the issue leaves about when its file says, so that the rules have judged that time."""
    planned = built.selection.issue.send_at
    return planned is not None and abs(leaves - planned.at) <= _ABOUT_A_DAY


def _not_over(built: Build, settings: Settings, leaves: datetime) -> list[str]:
    """Return a doubt where days are to come from which the issue draws; who sends on the last one knows it."""
    period, day = built.selection.period, leaves.astimezone(settings.zone).date()
    if day >= period.last or _is_planned(built, leaves) or settings.lint.levels.get(_SENT_EARLY) == "off":
        return []
    if day < period.start:
        lost = f"it is the issue of days that begin on {wording.day(period.start)}: what is published in them"
        return [f"{lost} will reach nobody; look whether you mean another issue"]
    told = f"its days go on until {wording.day(period.last)}: what is published in those to come will reach nobody;"
    then = f"end on {day}, so that the next issue begins there"
    return [
        Wording(
            f"{told} send it after them, or let its `period` {then}",
            f"{told} send it after them, or let “Days that it covers” under Words {then}",
        )
    ]


def _left_out_before(database: Database, built: Build) -> list[str]:
    """Return a doubt for each issue to the same readers between the last one that has left and this one."""
    begun = {MailingState.SCHEDULED, MailingState.SENDING, MailingState.PAUSED}
    left = {mailing.issue for mailing in sending.all_mailings(database) if mailing.state in begun}
    left |= sending.issues_left(database)
    gone = [number for number, name in enumerate(built.before) if name in left]
    missing = built.before[gone[-1] + 1 :] if gone and built.selection.issue.name not in left else ()
    return [_not_left(name) for name in missing]


def _not_left(name: str) -> str:
    told = f"issue {name}, whose days come before, has not left: what it shows will reach nobody; send it first, or"
    return Wording(
        f"{told} delete its folder, and let this one begin where the last one ended",
        f"{told} delete its folder, for which there is no button here, and tick “from where the last issue ended” "
        "under Words of this one",
    )


def embargoed(entries: Iterable[Entry], at: datetime) -> list[str]:
    """Return which entries may not be told yet at a moment, in words."""
    held = ((entry.title, entry.embargo) for entry in entries)
    return [f"“{title}” is under embargo until {until.told}" for title, until in held if until and until.at > at]


def _traces(database: Database, built: Build, provider: Provider) -> list[str]:
    """Return a doubt where an outbox holds messages of an issue that the database knows nothing of."""
    from newsletter.sending.providers.outbox import Outbox

    issue = built.selection.issue.name
    if not isinstance(provider, Outbox) or sending.mailings_of(database, issue):
        return []
    folder = provider.folder_of(issue)
    if not any(folder.glob("*.eml")):
        return []
    return [f"{folder} already holds messages of this issue, of which this database knows nothing; was it replaced?"]


def _lost_links(settings: Settings) -> list[str]:
    """Return a doubt where a team's own sender writes to readers whose links lead to an example."""
    host = urlsplit(settings.public_url or "").hostname or ""
    if not is_reserved(host) or settings.is_trial:
        return []
    harm = "which is kept for examples and tests, so that none of them could unsubscribe"
    return [f"readers' links lead to {host}, {harm}; write your own address as `public_url` first"]


def _neighbours(database: Database, built: Build, settings: Settings, leaves: datetime) -> list[str]:
    """Return a doubt for each other issue that goes to the same lists on the same day."""
    issue, zone = built.selection.issue, settings.zone
    day = leaves.astimezone(zone).date()
    titles = {name: settings.list_title(name) for name in issue.lists}
    told = [
        f"issue {other.issue} goes to {wording.listed(both)} on the same day"
        for other in sending.all_mailings(database)
        if other.issue != issue.name
        and other.leaves_at.astimezone(zone).date() == day
        and (both := [titles[name] for name in issue.lists if name in other.lists])
        and sending.standing(database, other.id).was_sent
    ]
    return list(dict.fromkeys(told))
