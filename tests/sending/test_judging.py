"""How long a run waits with readers who are put off, by a clock of its own: half an hour passes at once."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from unittest.mock import patch

from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.errors import NewsletterError
from newsletter.sending.judging import Judge
from newsletter.sending.ledger import Claim
from newsletter.sending.patience import Patience
from newsletter.sending.providers.contract import Accepted, Batch, Because, NotTaken, Rejected, Verdict, WireRequest

GREYLISTED = "450 4.2.0 Greylisted"
REQUEST = WireRequest("SEND", "smtp://mail.example.org", (), b"")
BEGIN, SECONDS = 1_000.0, 0.5
"""When a run begins, and how long a call takes."""
NUMBERS, AT_ONCE = st.integers(1, 1_500), st.integers(1, 8)


@dataclass(eq=False)
class Call:
    """A call that waits, as the ledger keeps it."""

    number: int
    due: float = BEGIN
    put_off: int = 0
    first: float | None = None
    """When it was first made."""

    def claim(self) -> Claim:
        """Return it as it is claimed."""
        then = datetime.fromtimestamp(BEGIN, UTC)
        return Claim(self.number, Batch("", ()), REQUEST, (), then, False, 1, put_off=self.put_off)


@dataclass
class Run:
    """How a run went."""

    accepted: int = 0
    rejected: int = 0
    tried: int = 0
    minutes: float = 0.0
    why: str = ""


def run(number: int, at_once: int, takes: Callable[[float, int], bool]) -> Run:
    """Make so many calls, some of them at once.

    `takes` tells whether the server takes one, from the seconds since it first heard of it, and from how many it took.
    """
    clock, waiting, ended, told = BEGIN, [Call(one) for one in range(number)], list[NewsletterError](), Run()

    def stop(error: NewsletterError) -> bool:
        ended.append(error)
        return len(ended) == 1

    def now() -> datetime:
        return datetime.fromtimestamp(clock, UTC)

    with patch.object(time, "monotonic", lambda: clock):
        judge = Judge("main", Patience(), now=now, tell=None, zone=UTC, stop=stop)
        while waiting and not ended:
            clock += max(0.0, judge.closed_for(), min(call.due for call in waiting) - clock)
            began, calls = clock, [call for call in waiting if call.due <= clock][:at_once]
            clock += SECONDS
            for call in calls:
                told.tried += call.first is None
                call.first = began if call.first is None else call.first
                taken = takes(began - call.first, told.accepted)
                said = Accepted("") if taken else NotTaken("", GREYLISTED, Because.MAILBOX)
                verdict, wait = judge.judge(call.claim(), Verdict((said,)), began, 0.0)
                (outcome,) = verdict.outcomes
                told.accepted += isinstance(outcome, Accepted)
                told.rejected += isinstance(outcome, Rejected)
                if isinstance(outcome, NotTaken):
                    call.put_off += outcome.because is Because.MAILBOX
                    call.due = clock + wait
                else:
                    waiting.remove(call)
    told.minutes = (clock - BEGIN) / 60
    told.why = ended[0].message if ended else ""
    return told


@settings(max_examples=40, deadline=None)
@given(number=NUMBERS, at_once=AT_ONCE, seconds=st.integers(1, 1_500))
def test_whatever_time_a_server_greylists_for_everybody_comes_through(number: int, at_once: int, seconds: int) -> None:
    """As long as it is less than what a single reader is waited for; nobody is given up, and nothing pauses."""
    told = run(number, at_once, lambda known, _: known >= seconds)
    assert (told.accepted, told.rejected, told.tried, told.why) == (number, 0, number, "")


@settings(max_examples=40, deadline=None)
@given(number=st.integers(700, 1_500), at_once=AT_ONCE, well=st.integers(0, 300))
def test_a_server_that_takes_nobody_any_more_pauses_after_half_an_hour(number: int, at_once: int, well: int) -> None:
    """Whenever it began, with nobody given up, and after calls to a few: what it says is the same for all of them."""
    told = run(number, at_once, lambda _, accepted: accepted < well)
    what = (
        "the provider puts off one reader after the other" if well else "every reader is put off by their mail server"
    )
    assert (told.accepted, told.rejected, told.why) == (well, 0, f"{what}: {GREYLISTED}")
    assert told.tried <= well + 100
    assert told.minutes < 35 + well * SECONDS / 60


def test_the_more_came_through_the_more_are_tried_at_once() -> None:
    """Ten thousand readers of a server that greylists for five minutes have theirs within an hour."""
    told = run(1_000, 4, lambda known, _: known >= 300)
    assert (told.accepted, round(told.minutes)) == (1_000, 40)
