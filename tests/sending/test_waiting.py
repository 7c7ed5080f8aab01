"""Pace, patience, and one sender at a time."""

from __future__ import annotations

import datetime as dt
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.errors import Refused
from newsletter.model.mailing import Mailing, MailingState
from newsletter.sending.lanes import attended, lane
from newsletter.sending.pacing import pause, postpone, reserve
from newsletter.sending.patience import Fuse, Patience
from newsletter.store import Database
from tests.forking import forked
from tests.sending import making as make
from tests.waiting import until

MAILING = Mailing(1, "2024-07", ("monthly",), "main", MailingState.SENDING, make.NOW)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """Give an empty database."""
    with make.database(tmp_path) as opened:
        yield opened


def at(seconds: float) -> dt.datetime:
    """Return a moment."""
    return make.NOW + dt.timedelta(seconds=seconds)


def test_calls_are_an_interval_apart(database: Database) -> None:
    """Whoever asks; an idle time is not saved up."""
    assert [reserve(database, "main", 0.5, at(0)) for _ in range(3)] == [0.0, 0.5, 1.0]
    assert reserve(database, "other", 0.5, at(0)) == 0.0
    assert reserve(database, "main", 0.5, at(10)) == 0.0
    assert reserve(database, "main", 0.5, at(10)) == 0.5


def test_a_pause_that_the_provider_asked_for_is_kept(database: Database) -> None:
    """It never makes a longer one shorter."""
    postpone(database, "main", 30, at(0))
    postpone(database, "main", 10, at(0))
    assert reserve(database, "main", 1, at(5)) == 25.0
    assert reserve(database, "main", 1, at(5)) == 26.0


def test_whoever_keeps_no_pace_still_waits_while_the_provider_wants_no_calls(database: Database) -> None:
    """Looking takes no place, and a clock that was set back keeps nobody."""
    assert pause(database, "main", at(0)) == 0.0
    postpone(database, "main", 30, at(0))
    assert [pause(database, "main", at(20)) for _ in range(2)] == [10.0, 10.0]
    assert pause(database, "main", at(31)) == 0.0
    assert pause(database, "main", at(-100_000)) == 0.0


def test_a_clock_that_was_set_back_stops_nobody(database: Database) -> None:
    """A place hours ahead is not waited for."""
    reserve(database, "main", 1, at(100_000))
    assert reserve(database, "main", 1, at(0)) == 0.0
    assert reserve(database, "main", 1, at(0)) == 1.0


def test_a_batch_is_tried_again_at_once_at_first_and_then_less_and_less_often() -> None:
    """The same few batches, so that no others are drawn into the doubt."""
    patience = Patience(first=1, longest=6)
    assert [patience.after(attempts) for attempts in range(1, 9)] == [0, 0, 0, 1, 2, 4, 6, 6]


def test_waits_double_and_end() -> None:
    """At most the longest, at least half of it."""
    fuse = Fuse(5, Patience(first=1, longest=6))
    waits = [fuse.fail(moment, moment) for moment in range(1, 6)]
    assert all(full / 2 <= wait <= full for wait, full in zip(waits, [1, 2, 4, 6, 6], strict=True))
    assert fuse.blown


def test_what_fails_together_counts_once() -> None:
    """Eight calls that were under way when the provider went down are one failure."""
    fuse = Fuse(2, Patience())
    for _ in range(8):
        fuse.fail(began=10, now=12)
    assert not fuse.blown
    fuse.fail(began=12, now=13)
    assert fuse.blown


def test_one_success_mends_a_fuse() -> None:
    """Only failures in a row count."""
    fuse = Fuse(2, Patience())
    fuse.fail(1, 1)
    fuse.mend()
    fuse.fail(2, 2)
    assert not fuse.blown


def test_a_mailing_has_one_sender(database: Database) -> None:
    """A second one is refused, another mailing is not; afterwards the right is free."""
    other = Mailing(2, "2024-08", ("monthly",), "main", MailingState.SENDING, make.NOW)
    with lane(database, MAILING):
        with pytest.raises(Refused) as caught, lane(database, MAILING):
            pass
        with lane(database, other):
            pass
    assert (caught.value.message, caught.value.fix) == (
        "issue 2024-07 is being sent by another newsletter command",
        "watch it with: newsletter status 2024-07",
    )
    with lane(database, MAILING):
        pass
    assert list(Path(str(database.engine.url.database)).parent.glob("*-sending-*")) == []


def test_whoever_waits_for_the_lane_holds_it_for_all_to_see(database: Database) -> None:
    """Who was in it takes the file away; one that is in no folder would hold off nobody."""
    free, seen = threading.Event(), []

    def wait() -> None:
        with lane(database, MAILING, patience=30):
            seen.append(attended(database, MAILING))
            free.wait(30)

    with lane(database, MAILING):
        other = threading.Thread(target=wait)
        other.start()
        time.sleep(0.7)
        assert seen == []
    until(lambda: seen)
    with pytest.raises(Refused), lane(database, MAILING):
        pass
    free.set()
    other.join()
    assert seen == [True]


def hold(folder: str) -> None:
    """Be the one sender, and never come to an end."""
    with make.database(Path(folder)) as database, lane(database, MAILING):
        print("alone", flush=True)
        time.sleep(60)


def test_a_killed_sender_leaves_its_right_at_once(database: Database, tmp_path: Path) -> None:
    """Nobody waits for a dead process."""
    with forked(hold, str(tmp_path)) as sender:
        assert sender.output.readline() == "alone\n"
        with pytest.raises(Refused), lane(database, MAILING):
            pass
    begin = time.monotonic()
    with lane(database, MAILING):
        assert time.monotonic() - begin < 30
