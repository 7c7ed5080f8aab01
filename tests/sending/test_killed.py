"""kill −9 of senders to an outbox; those to mail APIs are killed in `crashing`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from newsletter import sending
from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import Patience, Provider
from newsletter.sending.providers.outbox import CAPABILITIES as OUTBOX
from newsletter.sending.providers.outbox import Outbox
from newsletter.store import Database
from tests.forking import forked
from tests.sending import making as make

READERS = 600
KILLS = 6


def child(folder: str) -> None:
    """Send until the mailing is at its end."""
    with make.database(Path(folder)) as database:
        mailing = sending.resume(database, "2024-07")
        print("ready", flush=True)
        patience = Patience(first=0.01, longest=0.05, failures=50)
        sending.deliver(database, mailing, provider(Path(folder)), patience=patience)


def provider(folder: Path) -> Provider:
    """Return an outbox in batches so small that there are many."""
    return Outbox("main", folder / "outbox", replace(OUTBOX, max_recipients=10, in_flight=2))


def killed_until_done(database: Database, folder: Path, chance: random.Random, patience: Callable[[], float]) -> int:
    """Send in processes that are killed, until one comes to the end; return how many were."""
    kills = 0
    # The last one may be killed after its last word to the ledger.
    while sending.status(database, "2024-07").mailing.state is not MailingState.SENT:
        with forked(child, str(folder)) as sender:
            assert sender.output.readline() == "ready\n"
            sender.process.join(patience() if kills < KILLS else 60)
            if sender.process.is_alive():
                sender.process.kill()
                kills += 1
                totals = sending.status(database, "2024-07").totals
                assert totals.candidates == READERS
                continue
            assert (sender.ended(), sender.errors.read()) == (0, "")
    return kills


def start(database: Database, sender: Provider) -> None:
    """Freeze the mailing, of whom one has left before and one must not be written to."""
    make.subscribe(database, make.addresses(READERS))
    make.suppress(database, "reader0001@example.org")
    make.start(database, sender, expect=READERS - 1)


def test_killed_outboxes_have_a_file_for_each(tmp_path: Path) -> None:
    """Every file whole, none twice, none missing, nothing half written left."""
    chance = random.Random(2)
    with make.database(tmp_path) as database:
        start(database, provider(tmp_path))
        kills = killed_until_done(database, tmp_path, chance, lambda: chance.uniform(0.01, 0.1))
        progress = sending.status(database, "2024-07")
    files = list((tmp_path / "outbox" / "2024-07").iterdir())
    told = Counter(
        line.removeprefix("To: ") for file in files for line in file.read_text().splitlines() if line.startswith("To: ")
    )
    assert told == Counter(set(make.addresses(READERS)) - {"reader0001@example.org"})
    assert {file.suffix for file in files} == {".eml"}
    assert all(file.read_bytes().endswith(b".a--\r\n") for file in files)
    assert progress.totals == Totals(accepted=READERS - 1, suppressed=1)
    assert progress.mailing.state is MailingState.SENT
    assert kills >= 2
