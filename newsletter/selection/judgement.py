"""Whether one entry may be in an issue at all; which section takes it comes afterwards."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from newsletter.model.content import Content
from newsletter.model.entry import Entry, Status, is_repeat
from newsletter.model.issue import Issue, Period, Section, Untranslated
from newsletter.model.selection import SAME_LINK, Left, Out
from newsletter.model.tongues import named
from newsletter.selection.history import History
from newsletter.selection.sections import is_forced, nowhere, suits


@dataclass(frozen=True, slots=True)
class Judge:
    """The rules of one issue."""

    issue: Issue
    period: Period
    send_at: datetime
    history: History
    language: str

    def divide(self, entries: tuple[Entry, ...], content: Content) -> tuple[list[Entry], list[Left]]:
        """Return the admitted entries and those that stay out, with their reasons."""
        admitted: list[Entry] = []
        out: list[Left] = []
        for entry in entries:
            verdict = self._verdict(entry)
            if verdict:
                reason, detail = verdict
                shown_in = self.history.itself_in(entry, self.issue) if reason is Out.ALREADY_FEATURED else ""
                unseen = self._unseen_by(entry, reason)
                out.append(Left(entry.id, entry.type, entry.day, reason, detail, shown_in, unseen))
            else:
                admitted.append(entry)
        unique, repeats = self._without_repeats(admitted)
        return unique, [*out, *repeats, *_unreadable(content)]

    def _verdict(self, entry: Entry) -> tuple[Out, str] | None:
        if entry.id in self.issue.drop:
            return Out.DROPPED, self.issue.drop[entry.id]
        forced = is_forced(self.issue, entry)
        outside = None if forced else self._outside(entry)
        if outside:
            return outside
        unfit = self._unfit(entry, forced=forced)
        if unfit:
            return unfit
        if forced:
            return None
        over = self._over(entry)
        if over:
            return over
        shown = self.history.shown(entry, self.issue)
        return (Out.ALREADY_FEATURED, shown) if shown else None

    def _unfit(self, entry: Entry, *, forced: bool = False) -> tuple[Out, str] | None:
        withheld = self.withheld(entry)
        if withheld:
            return withheld
        wanted = self.issue.languages or (self.language,)
        # What somebody has pinned is shown as it is, where untranslated entries are.
        as_it_is = forced and self.issue.untranslated is Untranslated.SHOW
        if not as_it_is and not any(map(entry.speaks, wanted)):
            return Out.OTHER_LANGUAGE, f"written in {named(*entry.languages)}; the issue is in {named(*wanted)}"
        return None

    def _over(self, entry: Entry) -> tuple[Out, str] | None:
        if entry.closes and entry.closes.at < self.send_at:
            return (
                Out.PAST_DEADLINE,
                f"closed on {entry.closes.told}; the issue leaves on {self.send_at:%Y-%m-%d %H:%M}",
            )
        return None

    def _unseen_by(self, entry: Entry, reason: Out) -> tuple[str, ...]:
        """Return the lists whose readers miss an entry because of what readers of the issue's other lists got."""
        if reason is Out.ALREADY_FEATURED:
            return self.history.unseen_by(entry, self.issue)
        if reason is not Out.OUT_OF_PERIOD or entry.day is None or entry.recurs:
            return ()
        behind = self.history.behind(entry.day, self.issue)
        if not behind or not self._takers(entry) or self._unfit(entry) or self._over(entry):
            return ()
        return tuple(name for name in self.history.unseen_by(entry, self.issue) if name in behind)

    def _takers(self, entry: Entry) -> list[Section]:
        return [section for section in self.issue.sections if suits(self.issue, section, entry)]

    def withheld(self, entry: Entry) -> tuple[Out, str] | None:
        """Return why an entry may not go out whatever people wish: a draft is unfinished, an embargo a promise."""
        if entry.status == Status.DRAFT:
            return Out.DRAFT, "its status is draft"
        if entry.embargo and entry.embargo.at > self.send_at:
            return Out.EMBARGOED, f"not before {entry.embargo.told}; the issue leaves on {self.send_at:%Y-%m-%d %H:%M}"
        return None

    def _outside(self, entry: Entry) -> tuple[Out, str] | None:
        takers = self._takers(entry)
        # With a date, what no section takes would be out all the same.
        if entry.day is None or entry.day in self.period:
            if not takers:
                return Out.NO_SECTION, nowhere(self.issue, entry)
            if entry.day:
                return None
        if any(section.period == "any" for section in takers) and not self._is_to_come(entry):
            return None
        if entry.day is None:
            return Out.OUT_OF_PERIOD, "it has no date"
        return Out.OUT_OF_PERIOD, f"dated {entry.day}; the issue covers {self.period.start} to {self.period.last}"

    def _is_to_come(self, entry: Entry) -> bool:
        """Return whether an entry is dated after the issue leaves, so that it is for a later one.

        Else an issue would count as having shown, in a section of any period, whatever is written after it has left.
        """
        leaves = self.send_at.astimezone(self.period.zone).date()
        return not entry.recurs and entry.day is not None and entry.day > leaves

    def _without_repeats(self, admitted: list[Entry]) -> tuple[list[Entry], list[Left]]:
        """Keep one of those that repeat each other: the one that a person named, else the oldest."""
        first: dict[str, list[Entry]] = {}
        repeats: list[Left] = []
        for entry in sorted(admitted, key=self._precedence):
            if entry.recurs or not entry.canonical_url:
                continue
            others = first.setdefault(entry.canonical_url, [])
            kept = next((other for other in others if is_repeat(entry, other)), None)
            if kept is None:
                others.append(entry)
            else:
                repeats.append(Left(entry.id, entry.type, entry.day, Out.DUPLICATE_OF, f"{kept.id} has {SAME_LINK}"))
        gone = {left.id for left in repeats}
        return [entry for entry in admitted if entry.id not in gone], repeats

    def _precedence(self, entry: Entry) -> tuple[bool, bool, str, str]:
        forced = is_forced(self.issue, entry)
        return (not forced, entry.date is None, str(entry.day), entry.id)


def _unreadable(content: Content) -> list[Left]:
    problems = {finding.place.file: finding for finding in reversed(content.findings)}
    return [
        Left(
            item.id,
            item.type,
            None,
            Out.INVALID,
            f"{problems[item.file].place}: {problems[item.file].message}" if item.file in problems else item.file,
        )
        for item in content.unreadable
    ]
