"""Workers: who sends what others have started, at the moment for which it is scheduled.

On a shared database Procrastinate gives them work, keeps scheduled sends, and notices by heartbeat when a worker has
died; on SQLite one process looks into the ledger. Either way a job only says that a mailing may have something to do:
the ledger is the truth, and a job may run twice without harm. https://procrastinate.readthedocs.io/
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import inspect, text

from newsletter import extras
from newsletter.config import Workspace
from newsletter.errors import ConfigurationError, DatabaseAway, NewsletterError, Refused, StorageError
from newsletter.model.mailing import Mailing, MailingState
from newsletter.sending import delivering, lanes, ledger
from newsletter.sending.ending import in_peace
from newsletter.sending.ledger.reading import by_id, unfinished_mailings
from newsletter.sending.notices import check as check_notices
from newsletter.sending.notices import tell_team
from newsletter.sending.outages import Server, in_words
from newsletter.sending.providers import provider as provider_of
from newsletter.sending.run import Run
from newsletter.sending.troubles import for_colleagues, told
from newsletter.store import Database

if TYPE_CHECKING:
    from procrastinate import App
    from procrastinate.connector import BaseConnector
    from procrastinate.jobs import JobDeferrer

Tell = Callable[[str], None]

_QUEUE = "newsletter"
_SEND = "newsletter.send"
_LOOK = "newsletter.look"
# Any number will do, as long as every version of the program takes the same.
_LOCK = 7_305_806
_LANES_HERE = 2
"""In how many lanes of one mailing a worker is: all of its own would keep it from the others."""
_ELSEWHERE = 2
"""Seconds after which a job that is too much for this worker is anybody's."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a worker keeps time, in seconds."""

    look: float = 1.0
    """Between two looks for new work."""
    heartbeat: float = 5.0
    dead_after: float = 30.0
    """After how long without a heartbeat a worker's jobs are given to others."""
    at_once: int = 4
    """How many jobs a worker does at the same time."""


def announce(database: Database, mailing: Mailing) -> None:
    """Let workers know that a mailing has something to do, or will have when it begins; on SQLite they look."""
    if lanes.shared(database):
        _announce(database, mailing)


def work(
    workspace: Workspace,
    database: Database,
    *,
    once: bool = False,
    tell: Tell = lambda _words: None,
    rhythm: Rhythm | None = None,
    run: Run | None = None,
) -> None:
    """Send what is due, until this process is stopped; `once` ends when nothing is due now.

    What goes wrong with a mailing is told, and the mailing paused, unless it only waits for the database; the others go
    on. How each comes to rest is told to the team, as `[notices]` says. Raises DatabaseAway where `once` ends before it
    could be used again.
    """
    check_notices(workspace)
    job = _Job(workspace, database, tell, run or Run(pauses=False), once)
    # Being stopped is how a worker ends, not a failure.
    with in_peace() as ending, suppress(KeyboardInterrupt):
        if lanes.shared(database):
            server = Server(database.name, tell)
            with server.listening():
                work_together = _work_together(job, server, rhythm or Rhythm(), once=once)
                # The loop that Windows has by itself is none that PostgreSQL's driver can use.
                ending.run(work_together, loop=asyncio.SelectorEventLoop)
        else:
            # SQLite has one writer: in one thread for all mailings none waits until the others let it in.
            with ThreadPoolExecutor(1, thread_name_prefix="ledger") as ledger_thread:
                alone = replace(job, run=replace(job.run, ledger_thread=ledger_thread))
                ending.run(_work_alone(alone, rhythm or Rhythm(), once=once))
        job.check_done()


@dataclass(frozen=True, slots=True)
class _Job:
    """Sends one mailing in one lane, as far as it goes."""

    workspace: Workspace
    database: Database
    tell: Tell
    run: Run
    once: bool = False
    away: list[DatabaseAway] = field(default_factory=list)
    """Why a mailing waits for the database, where this process does not wait for it as well."""
    slots: dict[str, asyncio.Semaphore] = field(default_factory=dict)
    """By provider: however many lanes this process is in, it has only so many calls in memory."""
    told_busy: set[int] = field(default_factory=set)
    """The mailings of which it was told that others are at them: a worker looks again every second."""
    stuck: dict[int, str] = field(default_factory=dict)
    """What keeps a mailing back and cannot be written down in it, as on a full disk: told once as well."""
    lanes_here: Counter[int] = field(default_factory=Counter)
    """By mailing: in how many of its lanes this process is."""

    async def __call__(self, mailing_id: int) -> None:
        mailing = by_id(self.database, mailing_id)
        if mailing is None or mailing.state not in {MailingState.SENDING, MailingState.SCHEDULED}:
            return
        try:
            provider = provider_of(self.workspace, mailing.provider)
            # Whoever was in it a moment ago is in it for long: others must not be kept waiting here.
            patience = 0.0 if mailing.id in self.told_busy else lanes.A_MOMENT
            with lanes.lane(self.database, mailing, patience=patience) as lane:
                self.told_busy.discard(mailing.id)
                if mailing.id not in self.stuck:
                    self.tell(f"{mailing.issue}: sending")
                slots = self.slots.setdefault(provider.name, asyncio.Semaphore(provider.capabilities.in_flight))
                run = replace(
                    self.run,
                    slots=slots,
                    tell=lambda words: self.tell(f"{mailing.issue}: {words}"),
                    zone=self.workspace.settings.zone,
                )
                result = await delivering.work(self.database, mailing, provider, run, lane)
        except lanes.Busy as error:
            # Enough others are at it.
            if mailing.id not in self.told_busy:
                self.told_busy.add(mailing.id)
                self.tell(f"{mailing.issue}: {error.message}")
        except DatabaseAway as error:
            # Nobody's word is needed to go on.
            if self.once:
                self.away.append(error)
                self.tell(f"{mailing.issue}: {told(error)}; the next worker goes on with it")
            else:
                self.tell(f"{mailing.issue}: {told(error)}; going on as soon as it can be used again")
        except NewsletterError as error:
            outcome = told(error)
            with suppress(Refused, StorageError):
                ledger.pause(self.database, mailing.id, for_colleagues(error))
                outcome = f"paused: {error.message}"
            if self.stuck.get(mailing.id) == outcome:
                return
            self.stuck[mailing.id] = outcome
            self.tell(f"{mailing.issue}: {outcome}")
        else:
            self.stuck.pop(mailing.id, None)
            words = (
                f"{mailing.issue}: {result.state}; {result.totals.accepted:,} of {result.totals.candidates:,} accepted"
            )
            standing = by_id(self.database, mailing.id)
            reason = standing.reason if standing and standing.state is MailingState.PAUSED else ""
            why = result.error.message if result.error else reason
            self.tell(f"{words}: {why}" if why else words)
        try:
            await asyncio.to_thread(tell_team, self.workspace, self.database, mailing.id, self.tell)
        except NewsletterError as error:
            self.tell(f"{mailing.issue}: the team was not told: {error.message}")

    def check_done(self) -> None:
        """Raise DatabaseAway where a mailing still waits for the database."""
        if self.away:
            raise self.away[0]


async def _work_alone(job: _Job, rhythm: Rhythm, *, once: bool) -> None:
    """Work until it is cancelled, at several mailings: while one waits for its provider, the others go on."""
    gate = asyncio.Semaphore(rhythm.at_once)

    async def send(mailing_id: int) -> None:
        async with gate:
            await job(mailing_id)

    under_way: dict[int, asyncio.Task[None]] = {}
    try:
        while True:
            for mailing in unfinished_mailings(job.database, job.run.now()):
                if mailing.id not in under_way:
                    under_way[mailing.id] = asyncio.create_task(send(mailing.id))
            if once:
                await asyncio.gather(*under_way.values())
                return
            await asyncio.sleep(rhythm.look)
            for mailing_id, task in [*under_way.items()]:
                if task.done():
                    task.result()
                    del under_way[mailing_id]
    finally:
        for task in under_way.values():
            task.cancel()
        await asyncio.gather(*under_way.values(), return_exceptions=True)


async def _work_together(job: _Job, server: Server, rhythm: Rhythm, *, once: bool) -> None:
    """Work until it is cancelled, whatever becomes of the server: Procrastinate ends where it cannot reach it."""
    from procrastinate.exceptions import ConnectorException

    asyncio.get_running_loop().set_exception_handler(server.pass_over)
    while True:
        try:
            await asyncio.to_thread(_announce_all, job)
            server.is_there()
            await _work_with_procrastinate(job, server, rhythm, once=once)
            if once:
                return
            server.is_lost("its connections were closed")
        except (ConnectorException, StorageError) as error:
            reason = error.why if isinstance(error, StorageError) else in_words(error.__cause__ or error)
            if once:
                raise StorageError(
                    f"the database {job.database.name} was lost",
                    why=reason,
                    fix="see whether the server runs and can be reached from here, then try again",
                ) from error
            server.is_lost(reason)
        await asyncio.sleep(rhythm.look)


async def _work_with_procrastinate(job: _Job, server: Server, rhythm: Rhythm, *, once: bool) -> None:
    from procrastinate import App, PsycopgConnector
    from procrastinate.exceptions import AlreadyEnqueued

    _make_tables(job.database)
    connector = PsycopgConnector(**_connection(job.database), min_size=1, max_size=rhythm.at_once + 2)
    app = App(connector=connector)

    @app.task(name=_SEND, queue=_QUEUE)
    async def send(mailing: int, number: int = 0) -> None:
        if job.lanes_here[mailing] >= _LANES_HERE:
            with suppress(AlreadyEnqueued):
                await _configured(app, mailing, number, schedule_in={"seconds": _ELSEWHERE}).defer_async(
                    mailing=mailing, number=number
                )
            return
        job.lanes_here[mailing] += 1
        try:
            await job(mailing)
        finally:
            job.lanes_here[mailing] -= 1

    @app.periodic(cron="* * * * *")
    @app.task(name=_LOOK, queue=_QUEUE, queueing_lock=_LOOK)
    async def look(timestamp: int) -> None:
        await _recover(app, rhythm)
        await asyncio.to_thread(_announce_all, job)
        server.is_there()

    async with app.open_async():
        await app.run_worker_async(
            queues=[_QUEUE],
            # One that looks once ends, and cuts off what it does, when it finds no further job.
            concurrency=_LANES_HERE if once else rhythm.at_once,
            wait=not once,
            fetch_job_polling_interval=rhythm.look,
            update_heartbeat_interval=rhythm.heartbeat,
            stalled_worker_timeout=rhythm.dead_after,
            # A mailing can take hours: it is left where it is, and whoever comes next goes on.
            shutdown_graceful_timeout=0,
            delete_jobs="always",
            # Behind a pooler that gives a session for a transaction nobody would hear anything.
            listen_notify=False,
            # With its own, nobody could tell whether it was asked to end or has lost the server.
            install_signal_handlers=False,
        )


async def _recover(app: App, rhythm: Rhythm) -> None:
    """Give the jobs of dead workers to others."""
    from procrastinate.exceptions import AlreadyEnqueued, ConnectorException
    from procrastinate.jobs import Status

    for stalled in await app.job_manager.get_stalled_jobs(queue=_QUEUE, seconds_since_heartbeat=rhythm.dead_after):
        try:
            await app.job_manager.retry_job(stalled)
        except (AlreadyEnqueued, ConnectorException):
            # The same work waits already.
            await app.job_manager.finish_job(stalled, status=Status.FAILED, delete_job=True)


def _announce_all(job: _Job) -> None:
    for mailing in unfinished_mailings(job.database, None):
        _announce(job.database, mailing)


def _announce(database: Database, mailing: Mailing) -> None:
    """Put one job for each lane into the queue, where it does not wait there already."""
    from procrastinate import SyncPsycopgConnector
    from procrastinate.exceptions import AlreadyEnqueued

    _make_tables(database)
    with _opened(SyncPsycopgConnector(**_connection(database), min_size=1, max_size=1)) as app:
        for number in range(lanes.LANES // 2):
            later: dict[str, Any] = {"schedule_at": mailing.begins_at} if mailing.begins_at else {}
            with suppress(AlreadyEnqueued):
                _configured(app, mailing.id, number, **later).defer(mailing=mailing.id, number=number)


def _configured(app: App, mailing_id: int, number: int, **later: Any) -> JobDeferrer:
    return app.configure_task(_SEND, queue=_QUEUE, queueing_lock=f"{_SEND}-{mailing_id}-{number}", **later)


@contextmanager
def _opened(connector: BaseConnector) -> Iterator[App]:
    from procrastinate import App

    app = App(connector=connector)
    with app.open():
        yield app


def _make_tables(database: Database) -> None:
    """Make Procrastinate's own tables beside ours, once."""
    try:
        from procrastinate.schema import SchemaManager
    except ImportError:
        raise ConfigurationError(
            "mailings on a shared database need a part that is not installed",
            fix=f"install it with: {extras.command('postgresql')}",
        ) from None
    with database.reading() as connection:
        if inspect(connection).has_table("procrastinate_jobs"):
            return
    with database.writing() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": _LOCK})
        # Another process may have been faster while this one waited.
        if not inspect(connection).has_table("procrastinate_jobs"):
            driver: Any = connection.connection.dbapi_connection
            driver.execute(SchemaManager.get_schema())


def _connection(database: Database) -> dict[str, Any]:
    """Return how Procrastinate's own pools of connections reach the database."""
    address = database.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
    # As for ours: a pooler may give each transaction another session.
    return {"conninfo": address, "kwargs": {"prepare_threshold": None}}
