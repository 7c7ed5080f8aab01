"""The verbs that send: `deliver` a mailing, fresh or interrupted, `resume` one, and `reconcile` what is unknown."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, tzinfo

from newsletter.errors import (
    AuthenticationError,
    NewsletterError,
    PartlyAccepted,
    ProviderError,
    Refused,
    StorageError,
)
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.model.wording import moment
from newsletter.sending import lanes, ledger
from newsletter.sending.ending import in_peace
from newsletter.sending.executor import Executor
from newsletter.sending.ledger.progress import unfinished
from newsletter.sending.ledger.reading import awaits_word, by_id, count, state_of
from newsletter.sending.memory import give_back_bodies
from newsletter.sending.patience import Patience
from newsletter.sending.providers.contract import Provider
from newsletter.sending.run import Result, Run, clock
from newsletter.sending.transport import Transports
from newsletter.sending.troubles import told
from newsletter.store import Database

_LOOK = 0.5
"""Seconds between two looks at what others do."""


def deliver(
    database: Database,
    mailing: Mailing,
    provider: Provider,
    *,
    now: Callable[[], datetime] = clock,
    patience: Patience | None = None,
    progress: Callable[[Totals], None] | None = None,
    tell: Callable[[str], None] | None = None,
    zone: tzinfo = UTC,
    waits: bool = False,
) -> Totals:
    """Send what is left of a mailing and return its totals; wait first until the moment for which it is scheduled.

    What an interrupted run left claimed is repeated or searched for where the provider makes that safe, and held as
    unknown where not. On a shared database others may send along; this returns when all are done. Elsewhere one sends
    at a time, and this one may wait (`waits`) until it is alone. With a canary it returns when the first have it.

    Raises Refused where it was paused or stopped by a person, where nobody else may send along, and for another
    provider than it started with; AuthenticationError, ProviderError, ConfigurationError or StorageError where it had
    to pause; PartlyAccepted where the provider failed after some were accepted, or where deliveries stay unknown;
    KeyboardInterrupt after Ctrl-C or SIGTERM. All but a stopped one can be resumed.
    """
    _check_provider(mailing, provider)
    run = Run(now, patience or Patience(), progress, tell, zone)
    for_lane = float("inf") if waits else lanes.A_MOMENT
    with in_peace() as ending:
        if lanes.shared(database) and state_of(database, mailing.id) is MailingState.SCHEDULED:
            # A computer that slept while it waited may have lost its connection, and the lane with it: nothing is sent
            # in a lane that was waited in. A file stays locked, and who has it would lose it to a worker.
            with suppress(StorageError), lanes.lane(database, mailing, patience=for_lane):
                ending.run(_wait_until_it_begins(database, mailing, run))
        with lanes.lane(database, mailing, patience=for_lane) as lane:
            result = ending.run(_deliver(database, mailing, provider, run, lane))
    first_have_it = not result.error and not result.totals.unknown and awaits_word(database, mailing.id)
    if result.state is MailingState.SENT or first_have_it:
        return result.totals
    standing = by_id(database, mailing.id) or mailing
    raise _unfinished(mailing, result, standing.reason)


async def work(database: Database, mailing: Mailing, provider: Provider, run: Run, lane: lanes.Lane) -> Result:
    """Send what is left of a mailing in one lane, once it begins, until nothing is due or somebody says halt."""
    state = await _wait_until_it_begins(database, mailing, run)
    if state is not MailingState.SENDING:
        return Result(state, count(database, mailing.id))
    ledger.date_anew(database, mailing.id, run.now())
    frozen = _loaded(database, mailing, provider, run)
    return await _execute(database, frozen, provider, run, lane)


def resume(database: Database, issue: str, *, now: Callable[[], datetime] = clock) -> Mailing:
    """Let the mailing of an issue go on that waits for it, and return it for `deliver`.

    Raises NotFound where the issue was never sent and Refused where nothing is left to do.
    """
    mailing = unfinished(database, issue)
    if mailing.state in {MailingState.SENT, MailingState.PARTLY_SENT}:
        raise Refused(
            f"issue {issue} has reached everybody it can, so there is nothing to resume",
            fix=f"see the totals with: newsletter status {issue}",
        )
    return ledger.go_on(database, mailing.id, now())


def reconcile(
    database: Database,
    mailing: Mailing,
    provider: Provider,
    *,
    patience: Patience | None = None,
    zone: tzinfo = UTC,
) -> Totals:
    """Look again into every delivery that is unknown, send nothing new, and return the totals.

    Raises Refused for another provider than it started with, and where no lane is free: with a file of SQLite while
    somebody sends it, on a shared database while as many do as can.
    """
    _check_provider(mailing, provider)
    run = Run(patience=patience or Patience(), zone=zone)
    with lanes.lane(database, mailing) as lane, in_peace() as ending:
        ledger.reopen(database, mailing.id, resend=False)
        frozen = _loaded(database, mailing, provider, run)
        result = ending.run(_execute(database, frozen, provider, run, lane, only_unknown=True))
    if result.error:
        raise result.error
    return result.totals


def _check_provider(mailing: Mailing, provider: Provider) -> None:
    if provider.name != mailing.provider:
        raise Refused(
            f"the mailing of issue {mailing.issue} started with the provider '{mailing.provider}'",
            why="only that provider can say what it has taken already",
            fix=f"resume it with --provider {mailing.provider}",
        )


async def _deliver(database: Database, mailing: Mailing, provider: Provider, run: Run, lane: lanes.Lane) -> Result:
    state = await _wait_until_it_begins(database, mailing, run)
    if state is not MailingState.SENDING:
        return Result(state, count(database, mailing.id))
    ledger.date_anew(database, mailing.id, run.now())
    frozen = _loaded(database, mailing, provider, run)
    while True:
        result = await _execute(database, frozen, provider, run, lane)
        if result.state is not MailingState.SENDING or result.error:
            return result
        # Others are still at it. Should they die, what they leave is ours.
        await asyncio.sleep(_LOOK)
        if run.progress:
            run.progress(result.totals)


def _loaded(database: Database, mailing: Mailing, provider: Provider, run: Run) -> ledger.Frozen:
    ledger.date_searches(database, mailing.id, provider.capabilities, run.now())
    return ledger.load(database, mailing.id)


async def _wait_until_it_begins(database: Database, mailing: Mailing, run: Run) -> MailingState:
    missed = ""
    if mailing.begins_at:
        leaves = moment(mailing.begins_at, run.zone)
        missed = f"it was to leave on {leaves}, when nothing ran that sends it; so late it goes by your word alone"
    while True:
        standing = ledger.begin(database, mailing.id, run.now(), missed=missed)
        if standing.state is not MailingState.SCHEDULED or standing.begins_at is None:
            return standing.state
        # The clock on the wall, because the loop's stands still while a computer sleeps.
        while (left := (standing.begins_at - run.now()).total_seconds()) > 0:
            await asyncio.sleep(min(left, _LOOK))
            if state_of(database, mailing.id) is not MailingState.SCHEDULED:
                break


async def _execute(
    database: Database,
    frozen: ledger.Frozen,
    provider: Provider,
    run: Run,
    lane: lanes.Lane,
    *,
    only_unknown: bool = False,
) -> Result:
    if lanes.shared(database):
        # There this process is in several lanes at once.
        give_back_bodies()
    able = provider.capabilities
    prepared = [provider.prepare(edition, frozen.envelope, frozen.mailing.leaves_at) for edition in frozen.editions]
    account = ledger.account(provider, frozen.key)
    while True:
        sender = ledger.Sender(frozen, prepared, able, lane.number, only_unknown, account)
        try:
            async with Transports(able.in_flight, proxied=able.proxied) as transports:
                return await Executor(database, sender, provider, transports, run, lane).run()
        except StorageError as error:
            if lane.is_held():
                raise
            if run.tell:
                run.tell(f"{told(error)}; going on as soon as it is there again")
        await _take_again(lane, run.patience)


async def _take_again(lane: lanes.Lane, patience: Patience) -> None:
    """Go on in a lane after ours was lost; wait for a database that is out of reach as long as an answer would."""
    until = time.monotonic() + patience.unwritten
    while True:
        try:
            lane.take_again()
        except StorageError:
            if time.monotonic() >= until:
                raise
            await asyncio.sleep(patience.first)
        else:
            return


def _unfinished(mailing: Mailing, result: Result, reason: str) -> NewsletterError:
    state, totals, error = result.state, result.totals, result.error
    if state is MailingState.PARTLY_SENT:
        return PartlyAccepted(
            f"{totals.accepted} of {totals.candidates} were accepted; of {totals.unknown} nobody can tell",
            why="calls got no answer, and the provider cannot repeat them without the risk of a second message",
            fix=f"nothing is sent again by itself; look into them with: newsletter reconcile {mailing.issue}",
        )
    if isinstance(error, ProviderError) and not isinstance(error, AuthenticationError) and totals.accepted:
        return PartlyAccepted(
            f"the mailing paused after {totals.accepted} of {totals.candidates}: {error.message}",
            why=error.why,
            fix=error.fix,
        )
    if error:
        return error
    if state is MailingState.STOPPED:
        left = totals.left
        return Refused(
            f"the mailing of issue {mailing.issue} was stopped"
            + (f" after {left} of {totals.candidates}" if left else "; nothing has left"),
            why=reason,
            fix=f"send it to the others with: newsletter send {mailing.issue} --rest"
            if left
            else f"mend what was wrong, then send it again with: newsletter send {mailing.issue}",
        )
    doubt = f"; of {totals.unknown} nobody can tell" if totals.unknown else ""
    look = f"look into them with: newsletter reconcile {mailing.issue}; " if totals.unknown else ""
    return PartlyAccepted(
        f"the mailing of issue {mailing.issue} is paused after {totals.accepted} of {totals.candidates}{doubt}",
        why=reason,
        fix=f"{look}go on with: newsletter resume {mailing.issue}",
    )
