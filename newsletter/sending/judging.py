"""What a run learns from the answers of a provider: whom to believe, how long to wait, and when to give up."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from typing import TypeGuard

from newsletter.errors import NewsletterError, ProviderError
from newsletter.sending import deferrals
from newsletter.sending.deferrals import Deferred
from newsletter.sending.ledger import Claim
from newsletter.sending.patience import Fuse, Patience
from newsletter.sending.providers.answers import without_addresses
from newsletter.sending.providers.contract import Accepted, Because, NotTaken, Outcome, Rejected, Verdict
from newsletter.sending.troubles import Troubles

_WORTH_A_WORD = 5.0
"""Seconds; an answer that we call too often, with a shorter pause, is nothing unusual."""


class Judge:
    """Keeps failures in a row; `stop` ends the run for a reason, and tells whether it had none before."""

    def __init__(
        self,
        provider: str,
        patience: Patience,
        *,
        now: Callable[[], datetime],
        tell: Callable[[str], None] | None,
        zone: tzinfo,
        stop: Callable[[NewsletterError], bool],
    ) -> None:
        self._provider = provider
        self._patience = patience
        self._now = now
        self._stop = stop
        self._failures = Fuse(patience.failures, patience)
        self._throttled = Fuse(patience.throttled, patience)
        self._refused = Fuse(patience.refused, patience)
        self._refused_later = Fuse(patience.refused_later, patience)
        self._put_off = Fuse(patience.put_off_in_a_row, patience)
        self._all_put_off = Fuse(len(patience.put_off) + 1, patience)
        self._held_back = Fuse(len(patience.put_off), patience)
        self._came_twice = 0
        """Calls with readers who were put off before and accepted then: so many more may be put off in a row."""
        self._closed_until = float("-inf")
        self._well_until = now()
        self.failing_since: datetime | None = None
        """Since when no call came through, where that is why the run ends."""
        self.troubles = Troubles(f"calls to {provider} fail", tell, zone)
        self.the_server_puts_off = False
        """Whether the run ends because the server puts off so many that it says nothing about any of them."""
        self.any_accepted = False
        """Whether the provider has taken the issue, in this run or before: it is neither the message nor the server."""
        self._accepts = False
        """Whether it has in this run: what it took before, it may refuse by now."""

    def closed_for(self) -> float:
        """Return for how many seconds no call may begin; not above 0 where one may."""
        return self._closed_until - time.monotonic()

    def asked_to_wait(self, more_than_usual: float, wait: float) -> bool:
        """Tell of a pause that others were asked for; return whether it was worth a word."""
        # What this run was asked for itself has been told in the provider's words.
        if more_than_usual < _WORTH_A_WORD or self.closed_for() > 0:
            return False
        self.troubles.waits(f"{self._provider} has asked for a pause, or others call it", wait, self._now())
        return True

    def judge(self, claim: Claim, verdict: Verdict, began: float, pause: float) -> tuple[Verdict, float]:
        """Learn from an answer; return what to record, and after how many seconds to try again."""
        now = time.monotonic()
        accepted = _has(Accepted, verdict)
        self.any_accepted |= accepted
        self._accepts |= accepted
        verdict = self._believe_the_second_time(claim, verdict)
        if verdict.stop:
            self._stop(verdict.stop)
        put_off = deferrals.reason(verdict)
        if not self.any_accepted:
            # It may be the server that cannot take anything.
            verdict = deferrals.not_counted(verdict)
        rejected, deferred = _has(Rejected, verdict), deferrals.defer(verdict, claim.put_off, self._patience.put_off)
        wait = 0.0
        if accepted:
            self._came_twice += claim.put_off > 0
            self._goes_well(now)
        elif verdict.divide:
            self._failures.mend()
        elif rejected or deferred:
            self._failures.mend()
            if rejected and not _is_about_a_few(verdict):
                verdict, wait = self._doubt_refusal(claim, verdict)
            if deferred:
                deferred = self._doubt_deferral(verdict, deferred, began, now)
        elif put_off and not pause:
            self._failures.mend()
            self._wait_with_everybody(put_off, began, now)
            wait = self._patience.after(claim.attempts)
        else:
            self._fails(began, now, pause, verdict)
            wait = self._patience.after(claim.attempts)
        if verdict.stop:
            # Others that send it too must not try the same until a person says so.
            wait = max(wait, self._patience.longest)
        if pause:
            self._closed_until = max(self._closed_until, now + pause)
        return (deferred.verdict, max(wait, deferred.wait)) if deferred else (verdict, wait)

    def _goes_well(self, now: float) -> None:
        """Forget every failure, because the provider has accepted somebody."""
        if self._closed_until <= now:
            self.troubles.over()
        self._well_until = self._now()
        for fuse in (self._failures, self._throttled, self._refused, self._refused_later):
            fuse.mend()
        for fuse in (self._put_off, self._held_back):
            fuse.mend()

    def _fails(self, began: float, now: float, pause: float, verdict: Verdict) -> None:
        """Let no call begin for a while, and none at all once too many have failed in a row."""
        fuse = self._throttled if pause else self._failures
        self._closed_until = max(self._closed_until, now + max(pause, fuse.fail(began, now)))
        reason = next((outcome.reason for outcome in verdict.outcomes if hasattr(outcome, "reason")), "")
        wait = self.closed_for()
        if fuse.blown:
            does = "keeps answering that we call too often" if pause else "does not take our calls"
            fix = "wait until it works again, then resume the mailing"
            if self._stop(ProviderError(f"the provider {does}", why=reason, fix=fix)):
                self.failing_since = self._well_until
        elif not verdict.stop and (not pause or fuse.again or wait >= _WORTH_A_WORD):
            self.troubles.happened(reason, max(wait, 0.0), self._now())

    def _believe_the_second_time(self, claim: Claim, verdict: Verdict) -> Verdict:
        """Reject whom the provider refuses as it did before a person had looked at it, although it takes the others."""
        if not (verdict.stop and self.any_accepted):
            return verdict
        outcomes = tuple(
            Rejected(outcome.delivery_id, outcome.reason, certain=True)
            if _may_be_the_readers(outcome) and _is_alike(outcome.reason, claim.put_back)
            else outcome
            for outcome in verdict.outcomes
        )
        if outcomes == verdict.outcomes:
            return verdict
        return replace(
            verdict, outcomes=outcomes, stop=verdict.stop if any(map(_may_be_the_readers, outcomes)) else None
        )

    def _doubt_deferral(self, verdict: Verdict, deferred: Deferred, began: float, now: float) -> Deferred:
        """Give nobody up where it is probably the server that puts them off: many calls, and nobody accepted since."""
        if deferred.fresh:
            self._put_off.fail(float("inf"), now)
        reason = deferrals.reason(verdict)
        if deferred.last and (self._put_off.blown or self._put_off.count >= self._patience.put_off_at_last):
            self.the_server_puts_off |= self._put_off.blown
            self._stop(
                ProviderError(
                    f"the provider puts off one reader after the other: {reason}",
                    why="so the fault is probably in the mail server, not in their mailboxes",
                    fix="mend what it says or wait until it works again, then resume the mailing",
                )
            )
            return replace(deferred, verdict=verdict)
        if deferred.fresh and self._put_off.count >= self._patience.put_off_in_a_row + self._came_twice:
            self._hold_back(reason, began, now)
        return deferred

    def _hold_back(self, reason: str, began: float, now: float) -> None:
        """Try nobody else before those who were put off have come again: greylisting wants each reader's message twice.

        A server that is broken puts them off until they would be given up, and that is when a person is asked.
        """
        self._held_back.fail(began, now)
        wait = self._patience.put_off[min(self._held_back.count, len(self._patience.put_off)) - 1]
        self._closed_until = max(self._closed_until, now + wait)
        words = f"one reader after the other is put off by their mail server: {without_addresses(reason, '…')}"
        self.troubles.waits(words, self.closed_for(), self._now())

    def _wait_with_everybody(self, reason: str, began: float, now: float) -> None:
        """Try the first few less and less often: greylisting lets a new sender pass within minutes, and gives no name.

        Nobody is given up, and nobody else is tried: nobody was accepted yet, so it may be the server as well.
        """
        self._all_put_off.fail(began, now)
        waits, times = self._patience.put_off, self._all_put_off.count
        if self._all_put_off.blown:
            error = ProviderError(
                f"every reader is put off by their mail server: {reason}",
                why=f"nobody was accepted in {times} tries within {round(sum(waits) / 60)} minutes, so the fault is "
                "probably in the mail server, not in the mailboxes",
                fix="mend what it says or wait until it works again, then resume the mailing",
            )
            if self._stop(error):
                self.failing_since = self._well_until
            return
        self._closed_until = max(self._closed_until, now + waits[times - 1])
        words = f"every reader is put off by their mail server: {without_addresses(reason, '…')}"
        self.troubles.waits(words, self.closed_for(), self._now())

    def _doubt_refusal(self, claim: Claim, verdict: Verdict) -> tuple[Verdict, float]:
        """Believe that a recipient is at fault where it is certain, or others were accepted: it may be the message.

        What others were accepted with before this run may be refused by now: everybody else is tried first.
        """
        refused = [outcome for outcome in verdict.outcomes if isinstance(outcome, Rejected)]
        doubtful = [outcome for outcome in refused if not outcome.certain]
        reason, now, wait = refused[0].reason, time.monotonic(), 0.0
        if self._accepts or (self.any_accepted and not doubtful):
            for _ in doubtful or refused[:1]:
                self._refused_later.fail(float("inf"), now)
            self._stop_refusing(self._refused_later, reason)
            # A call may have hundreds of readers: those of the one that makes it pause wait with all others.
            return (_put_back(verdict), self._patience.longest) if self._refused_later.blown else (verdict, 0.0)
        # A server that knows nobody of several may know nobody at all: it may be the wrong one.
        knows_none = claim.others and not doubtful and 1 < len(refused) == len(verdict.outcomes)
        if not self.any_accepted:
            wait = self._refused.fail(float("inf"), now)
        elif not claim.others:
            return verdict, 0.0
        elif not _is_alike(reason, claim.put_back):
            for _ in doubtful:
                self._refused.fail(float("inf"), now)
        if self.any_accepted or knows_none:
            # Others are tried first.
            wait = self._patience.longest
        self._stop_refusing(self._refused, reason)
        verdict = _put_back(verdict, all_of_them=knows_none)
        if not self._refused.blown and _has(NotTaken, verdict):
            self.troubles.happened(reason, wait, self._now())
        return verdict, wait

    def _stop_refusing(self, fuse: Fuse, reason: str) -> None:
        if fuse.blown:
            self._stop(
                ProviderError(
                    f"the provider refuses one message after the other: {reason}",
                    why="so the fault is probably in the message or the sender, not in the addresses",
                    fix="mend what it says, then resume the mailing",
                )
            )


def _has(kind: type[Outcome], verdict: Verdict) -> bool:
    return any(isinstance(outcome, kind) for outcome in verdict.outcomes)


def _put_back(verdict: Verdict, *, all_of_them: bool = False) -> Verdict:
    """Return an answer as one that gives nobody up of whom it is not certain, or nobody at all."""
    outcomes = tuple(
        NotTaken(outcome.delivery_id, outcome.reason)
        if isinstance(outcome, Rejected) and (all_of_them or not outcome.certain)
        else outcome
        for outcome in verdict.outcomes
    )
    return replace(verdict, outcomes=outcomes)


def _may_be_the_readers(outcome: Outcome) -> TypeGuard[NotTaken]:
    return isinstance(outcome, NotTaken) and outcome.because is Because.MESSAGE


def _is_alike(reason: str, before: str) -> bool:
    """Whether a reader was refused as before a person let the mailing go on, by the code that the words begin with.

    What follows a code may name a queue, a moment or a reader.
    """
    codes = [re.match(r"[\d. ]*", words) for words in (reason, before)]
    code, earlier = (found[0] if found else "" for found in codes)
    return code == earlier and bool(code or without_addresses(reason, "…") == without_addresses(before, "…"))


def _is_about_a_few(verdict: Verdict) -> bool:
    """Whether less than half of a call is refused, certainly for its own sake, and nobody is in doubt."""
    refused = [outcome for outcome in verdict.outcomes if isinstance(outcome, Rejected)]
    others = [outcome for outcome in verdict.outcomes if isinstance(outcome, NotTaken)]
    return (
        len(refused) < len(others)
        and len(refused) + len(others) == len(verdict.outcomes)
        and all(outcome.certain for outcome in refused)
    )
