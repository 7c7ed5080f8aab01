"""The loop over the ledger: wait for a slot, claim, call, record; several calls at a time, until nothing is left.

Everything that must survive a crash is in the ledger. What is kept here (waits, failures in a row) may be forgotten.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from typing import ParamSpec, TypeVar

from newsletter.errors import (
    AuthenticationError,
    ConfigurationError,
    DatabaseAway,
    NewsletterError,
    PartlyAccepted,
    StorageError,
)
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import deferrals, lanes, ledger, pacing, searching
from newsletter.sending.judging import Judge
from newsletter.sending.ledger import Claim, Halt, Search, Sender
from newsletter.sending.ledger.reading import Due, count, state_of
from newsletter.sending.providers.contract import Provider, Unsure, Verdict, not_taken, unsure
from newsletter.sending.run import Result, Run
from newsletter.sending.transport import MaybeSent, NotSent, Transports
from newsletter.sending.troubles import Troubles, for_colleagues, told
from newsletter.sending.waiting import first_of
from newsletter.store import Database

_LOOK = 5.0
"""Seconds between two looks for a batch that is due."""

_P = ParamSpec("_P")
_T = TypeVar("_T")


class Executor:
    """One sender's run over one mailing."""

    def __init__(
        self,
        database: Database,
        sender: Sender,
        provider: Provider,
        transports: Transports,
        run: Run,
        lane: lanes.Lane,
    ) -> None:
        self._database = database
        self._lane = lane
        self._lane_lost = False
        self._sender = sender
        self._mailing = sender.frozen.mailing
        self._provider = provider
        self._able = sender.able
        self._transports = transports
        self._now = run.now
        self._patience = run.patience
        self._progress = run.progress
        self._pauses = run.pauses
        # A call is encoded when it is claimed: so many are in memory.
        self._slots = run.slots or asyncio.Semaphore(sender.able.in_flight)
        self._words = run.tell
        self._judge = Judge(provider.name, run.patience, now=run.now, tell=run.tell, zone=run.zone, stop=self._stop)
        self._search_troubles = Troubles(f"{provider.name} does not say what it took", run.tell)
        self._ledger_troubles = Troubles("what the provider said cannot be written down yet", run.tell)
        self._paced = pacing.paced(sender.able)
        # Where others may call the same provider, their pauses are ours too.
        self._together = lanes.shared(database) or run.slots is not None
        self._in_flight = 0
        self._doubted: dict[str, float] = {}
        self._settle = sender.able.settle.total_seconds() if sender.able.settle else 0.0
        self._error: NewsletterError | None = None
        self._stopping = transports.ending
        self._news = asyncio.Event()
        # SQLite has one writer: one thread for all of its work keeps the others from waiting in line.
        self._ledger_thread = run.ledger_thread or ThreadPoolExecutor(1, thread_name_prefix="ledger")
        self._own_thread = run.ledger_thread is None

    async def run(self) -> Result:
        """Send what is left; return how the mailing stands then, and why sending stopped if it did.

        Raises DatabaseAway where the lane was lost. Then, and when cancelled, calls under way come to their end.
        """
        try:
            await self._in_ledger(self._begin)
            aside = [asyncio.create_task(self._tell()), asyncio.create_task(self._watch())]
            try:
                await self._work_together()
                # Another sender may have died meanwhile, with calls of which nobody heard.
                while not self._stopping.is_set() and await self._in_ledger(self._set_found_aside) > 0:
                    await self._work_together()
            finally:
                for task in aside:
                    task.cancel()
                await asyncio.gather(*aside, return_exceptions=True)
            state, totals = await self._in_ledger(self._finish)
        except (asyncio.CancelledError, KeyboardInterrupt):
            if self._pauses:
                self._error = self._error or PartlyAccepted(ledger.INTERRUPTED)
            # Not awaited: the loop is going down, with a database or without.
            with suppress(StorageError):
                self._ledger_thread.submit(self._finish).result()
            raise
        finally:
            # What is being written comes to its end before somebody else has the lane.
            self._ledger_thread.submit(int).result()
            if self._own_thread:
                self._ledger_thread.shutdown()
        if self._lane_lost:
            raise DatabaseAway("the connection to the database was lost", why="it may have been restarted")
        if self._progress:
            self._progress(totals)
        return Result(state, totals, self._error)

    def _begin(self) -> None:
        self._set_found_aside()
        self._judge.any_accepted = ledger.is_proven(self._database, self._mailing.id)

    def _set_found_aside(self) -> int:
        """Count what a dead sender has left."""
        return ledger.set_found_aside(self._database, self._sender, self._now())

    def _finish(self) -> tuple[MailingState, Totals]:
        reason = for_colleagues(self._error) if self._error else ""
        if self._judge.the_server_puts_off:
            ledger.count_anew(self._database, self._mailing.id)
        state, totals = ledger.finish(
            self._database,
            self._mailing.id,
            now=self._now(),
            reason=reason,
            lane=self._sender.lane,
            failing_since=self._judge.failing_since,
        )
        gone = ledger.heed_refusals(self._database, self._mailing.id, totals, self._now())
        if gone and self._words:
            self._words(gone)
        return state, totals

    async def _work_together(self) -> None:
        workers = [asyncio.create_task(self._work()) for _ in range(self._able.in_flight)]
        try:
            _, left = await asyncio.wait(workers, return_when=asyncio.FIRST_EXCEPTION)
            if left:
                # One has failed. The calls of the others are under way: cut off, they would be in doubt.
                self._stopping.set()
                await asyncio.wait(left, timeout=self._patience.drain)
        except asyncio.CancelledError:
            self._stopping.set()
            if self._words and self._in_flight:
                self._words(
                    f"finishing the calls under way, at most {self._patience.drain:.0f} seconds; "
                    "once more ends at once, and leaves open what became of them"
                )
            await asyncio.wait(workers, timeout=self._patience.drain)
            raise
        finally:
            for worker in workers:
                worker.cancel()
            ends = await asyncio.gather(*workers, return_exceptions=True)
        for end in ends:
            if isinstance(end, BaseException) and not isinstance(end, asyncio.CancelledError):
                raise end

    async def _work(self) -> None:
        # A slot in the provider's pace is taken only for a batch that is there; without a pace, claiming tells as well.
        look_first = self._paced
        while not self._stopping.is_set():
            size = 0
            if look_first:
                due = await self._next_due()
                if due is None:
                    return
                size = due.size
            await self._wait_for_slot(size)
            async with self._slots:
                if not self._stopping.is_set() and self._judge.closed_for() <= 0:
                    look_first = not await self._claim_and_call(time.monotonic()) or self._paced

    async def _next_due(self) -> Due | None:
        """Wait until a batch may be tried and return it; return nothing when none will come any more."""
        while not self._stopping.is_set():
            news, now = self._news, self._now()
            due = await self._in_ledger(self._look, now)
            if due is not None and due.at <= now:
                return due
            if due is None and not self._in_flight:
                return None
            if due and due.full:
                quota = f"{self._able.recipients_per_day:,} people in 24 hours"
                told_of = f"the quota of {self._provider.name}, {quota}, has no room for the next {due.size:,}"
                self._judge.troubles.waits(told_of, (due.at - now).total_seconds(), now)
                await self._keep_trouble()
            elif due and due.put_off and not self._in_flight:
                told_of = deferrals.told(due.put_off, due.detail)
                self._judge.troubles.waits(told_of, (due.at - now).total_seconds(), now)
                await self._keep_trouble()
            # Looked at again and again: clocks are set, and others may have come and gone.
            wait = min((due.at - now).total_seconds(), _LOOK) if due else _LOOK
            await first_of(wait, self._stopping, news)
        return None

    def _look(self, now: datetime) -> Due | None:
        due = ledger.due(self._database, self._mailing.id, now, only_unknown=self._sender.only_unknown)
        limit = self._able.recipients_per_day
        if due is None or due.at > now or limit is None:
            return due
        # What is asked about, or is the same call once more, takes no room; and its evidence does not wait for a day.
        unknown = ledger.due(self._database, self._mailing.id, now, only_unknown=True)
        if unknown and unknown.at <= now:
            return unknown
        room = ledger.room_at(self._database, self._provider.name, limit, ledger.least(due.size, limit), now)
        return Due(room, due.size, full=room > now)

    async def _claim_and_call(self, began: float) -> bool:
        """Make one call; return False where no batch was to be had.

        It counts as begun before its claim: claims are made one after the other, and calls that set out together and
        fail at once would count as failures in a row.
        """
        self._in_flight += 1
        try:
            claim = await self._in_ledger(ledger.claim, self._database, self._sender, self._now())
            match claim:
                case Claim():
                    await self._call(claim, began)
                case Search():
                    await self._search(claim)
                case Halt():
                    self._stopping.set()
            return claim is not None
        finally:
            self._in_flight -= 1
            self._news.set()
            self._news = asyncio.Event()

    async def _wait_for_slot(self, size: int) -> None:
        if self._paced:
            interval = pacing.interval(self._able, size)
            wait = await self._in_ledger(pacing.reserve, self._database, self._provider.name, interval, self._now())
            await self._tell_pause(wait - interval * self._able.in_flight, wait)
            await first_of(wait, self._stopping)
        elif self._together:
            wait = await self._in_ledger(pacing.pause, self._database, self._provider.name, self._now())
            if wait:
                await self._tell_pause(wait, wait)
                await first_of(wait, self._stopping)
        while (closed := self._judge.closed_for()) > 0 and not self._stopping.is_set():
            await first_of(closed, self._stopping)

    async def _tell_pause(self, more_than_usual: float, wait: float) -> None:
        if self._judge.asked_to_wait(more_than_usual, wait):
            await self._keep_trouble()

    async def _call(self, claim: Claim, began: float) -> None:
        pause = 0.0
        try:
            response = await self._transports.send(claim.request)
        except NotSent as error:
            verdict = Verdict(not_taken(claim.batch, told(error)), conclusive=False)
            if self._stopping.is_set():
                # It may have been given up because of that, which is no word about the provider.
                await self._record(claim, verdict, 0.0)
                return
        except MaybeSent as error:
            verdict = Verdict(unsure(claim.batch, told(error)), conclusive=False)
        else:
            verdict = self._provider.decode(claim.batch, response)
            pause = self._provider.throttle(response, self._now())
        task = asyncio.current_task()
        if task and task.cancelling():
            # What a call says that we cut off is no word about the provider.
            self._stopping.set()
            self._judge.troubles.mute()
        if any(isinstance(outcome, Unsure) for outcome in verdict.outcomes):
            self._doubted[claim.batch.key] = time.monotonic()
        verdict, retry_in = self._judge.judge(claim, verdict, began, pause)
        await self._record(claim, verdict, retry_in)
        await self._keep_trouble()
        if pause and (self._paced or self._together):
            await self._in_ledger(pacing.postpone, self._database, self._provider.name, pause, self._now())

    async def _record(self, claim: Claim, verdict: Verdict, retry_in: float) -> None:
        """Write an answer down; nothing else tells what was taken, so a database out of reach is tried again."""
        until = time.monotonic() + self._patience.unwritten
        while True:
            try:
                await self._in_ledger(
                    ledger.record, self._database, claim, verdict, self._sender, now=self._now(), retry_in=retry_in
                )
            except StorageError as error:
                if time.monotonic() >= until:
                    raise
                self._ledger_troubles.happened(told(error), self._patience.first, self._now())
                await asyncio.sleep(self._patience.first)
            else:
                return

    async def _keep_trouble(self) -> None:
        trouble = self._judge.troubles.unsaved()
        if trouble is not None:
            await self._in_ledger(ledger.note, self._database, self._mailing.id, trouble)

    async def _search(self, search: Search) -> None:
        """Ask the provider what became of a call, page by page, and write down what it says."""
        # A clock that jumped must not make us ask before the provider can know.
        early = self._doubted.get(search.batch.key, float("-inf")) + self._settle - time.monotonic()
        if early > 0:
            reason = "the provider cannot tell yet"
            await self._in_ledger(ledger.ask_again, self._database, search, reason, now=self._now(), retry_in=early)
            return
        found, problem = await searching.ask(self._provider, self._transports, search, self._now)
        if problem is None:
            await self._in_ledger(ledger.settle, self._database, search, found, self._now())
            return
        refused = isinstance(problem, AuthenticationError | ConfigurationError)
        retry_in = self._patience.longest if refused else self._patience.after(search.attempts + 3)
        await self._in_ledger(
            ledger.ask_again,
            self._database,
            search,
            told(problem),
            now=self._now(),
            retry_in=retry_in,
            counts=not refused,
        )
        if refused and not await self._in_ledger(self._has_more_to_send):
            # Asking is all there is to do, and it stays refused until a person mends it.
            self._stop(problem)
        else:
            self._search_troubles.happened(told(problem), retry_in, self._now())

    def _stop(self, error: NewsletterError) -> bool:
        self._stopping.set()
        if self._error:
            return False
        self._error = error
        return True

    async def _watch(self) -> None:
        """Notice that the mailing was paused or stopped, or our lane lost, even while waiting for something else."""
        while not self._lane_lost:
            await asyncio.sleep(1)
            with suppress(StorageError):
                state = await asyncio.to_thread(state_of, self._database, self._mailing.id)
                if state != MailingState.SENDING and not self._sender.only_unknown:
                    self._stopping.set()
            if not await self._in_ledger(self._lane.is_held):
                # Others take our calls for those of a dead sender from now on.
                self._lane_lost = True
                self._stopping.set()

    async def _tell(self) -> None:
        """Tell the progress now and then; counting takes at most a twentieth of the time."""
        while self._progress:
            began = time.monotonic()
            totals = await asyncio.to_thread(count, self._database, self._mailing.id)
            self._progress(totals)
            await asyncio.sleep(max(0.5, 20 * (time.monotonic() - began)))

    def _has_more_to_send(self) -> bool:
        return not self._sender.only_unknown and ledger.has_more_to_send(self._database, self._mailing.id)

    async def _in_ledger(self, work: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs) -> _T:
        # Shielded: what is being written is written to the end.
        done = asyncio.wrap_future(self._ledger_thread.submit(work, *args, **kwargs))
        # Who waited for it may be gone when it fails.
        done.add_done_callback(lambda future: future.cancelled() or future.exception())
        return await asyncio.shield(done)
