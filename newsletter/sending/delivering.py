"""The verbs that send: `deliver` a mailing, fresh or interrupted, and `resume` one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime

from newsletter.errors import AuthenticationError, NewsletterError, NotFound, PartlyAccepted, ProviderError, Refused
from newsletter.model.mailing import Mailing, MailingState, Totals
from newsletter.sending import ledger
from newsletter.sending.alone import alone
from newsletter.sending.executor import INTERRUPTED, Executor
from newsletter.sending.patience import Patience
from newsletter.sending.providers.contract import Provider
from newsletter.sending.transport import Transports
from newsletter.store import Database


def clock() -> datetime:
    """Return the present moment."""
    return datetime.now(UTC)


def deliver(
    database: Database,
    mailing: Mailing,
    provider: Provider,
    *,
    now: Callable[[], datetime] = clock,
    patience: Patience | None = None,
    progress: Callable[[Totals], None] | None = None,
) -> Totals:
    """Send what is left of a mailing and return its totals, with nothing pending, claimed or unknown.

    What an interrupted run left claimed is repeated where the provider makes that safe, and held as unknown where not.
    Raises Refused while another process sends it or for another provider than it started with; AuthenticationError,
    ProviderError, ConfigurationError or StorageError where it had to pause; PartlyAccepted where the provider failed
    after some were accepted, or where deliveries stay unknown; KeyboardInterrupt after Ctrl-C. All can be resumed.
    """
    if provider.name != mailing.provider:
        raise Refused(
            f"the mailing of issue {mailing.issue} started with the provider '{mailing.provider}'",
            why="only that provider can say what it has taken already",
            fix=f"resume it with --provider {mailing.provider}",
        )
    with alone(database, mailing):
        frozen = ledger.load(database, mailing.id)
        state, totals, error = asyncio.run(_run(database, frozen, provider, now, patience or Patience(), progress))
    if state is MailingState.SENT:
        return totals
    raise _unfinished(mailing, state, totals, error)


def resume(database: Database, issue: str) -> Mailing:
    """Return the mailing of an issue that waits to be gone on with, for `deliver`.

    Raises NotFound where the issue was never sent and Refused where nothing is left to do.
    """
    found = ledger.mailings_of(database, issue)
    if not found:
        raise NotFound(f"issue {issue} has not been sent", fix=f"send it with: newsletter send {issue}")
    mailing = found[0]
    if mailing.state is MailingState.SENT:
        raise Refused(
            f"issue {issue} has reached everybody it can, so there is nothing to resume",
            fix=f"see the totals with: newsletter status {issue}",
        )
    return mailing


async def _run(
    database: Database,
    frozen: ledger.Frozen,
    provider: Provider,
    now: Callable[[], datetime],
    patience: Patience,
    progress: Callable[[Totals], None] | None,
) -> tuple[MailingState, Totals, NewsletterError | None]:
    async with Transports(provider.capabilities.in_flight) as transports:
        executor = Executor(database, frozen, provider, transports, now=now, patience=patience, progress=progress)
        return await executor.run()


def _unfinished(
    mailing: Mailing, state: MailingState, totals: Totals, error: NewsletterError | None
) -> NewsletterError:
    if state is MailingState.PARTLY_SENT:
        return PartlyAccepted(
            f"{totals.accepted} of {totals.candidates} were accepted; of {totals.unknown} nobody can tell",
            why="calls got no answer, and the provider cannot repeat them without the risk of a second message",
            fix=f"nothing is sent again by itself; look at them with: newsletter status {mailing.issue}",
        )
    if isinstance(error, ProviderError) and not isinstance(error, AuthenticationError) and totals.accepted:
        return PartlyAccepted(
            f"the mailing paused after {totals.accepted} of {totals.candidates}: {error.message}",
            why=error.why,
            fix=error.fix,
        )
    return error or PartlyAccepted(f"the mailing of issue {mailing.issue} was {INTERRUPTED}")
