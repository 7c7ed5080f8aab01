"""The processes that send: they carry out what somebody has said, say nothing themselves, and outlive the studio."""

from __future__ import annotations

import os
import re
import signal
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from newsletter import config, sending, store
from newsletter.sending.lanes import lane
from newsletter.web.composer.senders import Senders
from tests.waiting import until
from tests.web.composer.studio import PEOPLE, Studio, command
from tests.web.composer.test_sending import REPORT, addresses, shown, state


@pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
def test_a_sender_belongs_to_no_terminal(ready: Studio) -> None:
    """Neither Ctrl-C nor a closed window reaches it; another for the same issue waits by itself for its end."""
    senders, space = Senders(), config.load(ready.root)
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    with store.open_database(space) as database:
        (mailing,) = sending.mailings_of(database, "2024-07")
        senders.deliver(space, "2024-07")
        until(lambda: sending.attended(database, mailing))
        (first,) = running("deliver", str(ready.root))
        assert os.getsid(first) == first
        senders.deliver(space, "2024-07")
        until(lambda: len(running("deliver", str(ready.root))) == 2)
        os.kill(first, signal.SIGKILL)
        until(lambda: first not in running("deliver", str(ready.root)))
        until(lambda: sending.attended(database, mailing))
        sending.stop(database, mailing.id, "stopped by the test", mailing.started_at)
    until(lambda: not senders.runs("2024-07"))
    assert running("deliver", str(ready.root)) == []


def running(*words: str) -> list[int]:
    """Return the processes with all these words on their command line."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            command = process.joinpath("cmdline").read_bytes().decode().split("\0")
            found += [int(process.name)] if {*words} <= {*command} else []
    return found


def test_what_stops_a_sender_is_told_and_kept_nowhere(ready: Studio) -> None:
    """It may name people; on the disk it would outlive their erasure."""
    before = set(ready.files())
    senders, space = Senders(), config.load(ready.root)
    assert senders.complaint("2024-07") == ""
    senders.deliver(space, "2024-07")
    until(lambda: not senders.runs("2024-07"))
    assert senders.complaint("2024-07") == "Issue 2024-07 has not been sent. Send it under Send."
    assert set(ready.files()) - before <= {".newsletter/newsletter.db-shm", ".newsletter/newsletter.db-wal"}


def test_looking_whether_somebody_sends_hinders_nobody(anywhere: Studio) -> None:
    """The page looks every two seconds, and whoever begins at that moment must not be refused."""
    command(anywhere, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    with store.open_database(config.load(anywhere.root)) as database:
        (mailing,) = sending.mailings_of(database, "2024-07")
        assert not sending.attended(database, mailing)
        with lane(database, mailing):
            assert sending.attended(database, mailing)
        assert not sending.attended(database, mailing)


def test_a_process_lets_nothing_go_on(ready: Studio) -> None:
    """Somebody may have paused it while the process was starting, and a worker may have sent it to the first ones."""
    senders, space = Senders(), config.load(ready.root)
    command(ready, "send", "2024-07", "--canary", "1", "--detach", "--yes", "--expect", "4")
    command(ready, "pause", "2024-07")
    senders.deliver(space, "2024-07")
    until(lambda: not senders.runs("2024-07"))
    assert (state(ready), addresses(ready)) == ("paused", [])
    command(ready, "resume", "2024-07")
    assert (state(ready), len(addresses(ready))) == ("paused", 1)
    senders.deliver(space, "2024-07")
    until(lambda: not senders.runs("2024-07"))
    assert (state(ready), len(addresses(ready))) == ("paused", 1)


def test_errors_name_pages_and_no_commands(ready: Studio) -> None:
    """Where a button does the same, nobody is sent to a terminal."""
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    ready.press("/issues/2024-07/mailing", do="others", back="/")
    assert "newsletter" not in ready.told()
    command(ready, "stop", "2024-07")
    ready.press("/issues/2024-07/mailing", do="resume", back="/")
    assert ready.told().endswith("Send it to those who have not got it under Send.")


def test_a_button_is_about_the_mailing_that_its_page_showed(ready: Studio) -> None:
    """A colleague has taken that one back meanwhile, and begun another."""
    later = ["send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4"]
    command(ready, *later)
    page = ready.show(REPORT)
    asked = re.search(r'name="mailing" value="(\d+)"', page)
    assert asked
    command(ready, "stop", "2024-07")
    command(ready, *later)
    for verb in ("stop", "pause", "resume"):
        ready.press("/issues/2024-07/mailing", do=verb, mailing=asked[1], back=REPORT)
        assert ready.told(REPORT).startswith("Nothing was done. Another mailing of the issue has begun since")
    assert state(ready) == "scheduled"


def test_where_everybody_is_left_out_nobody_is_told_to_import(ready: Studio) -> None:
    """The reasons stand there; more people are no remedy for them."""
    for name in PEOPLE:
        command(ready, "subscribers", "unsubscribe", f"{name}@example.org", "--list", "monthly")
    page = shown(ready.show("/issues/2024-07?panel=send"))
    assert "4 left out: unsubscribed" in page
    assert "Nobody would get it, for the reasons above: Readers." in page
    assert "subscribers import" not in page
