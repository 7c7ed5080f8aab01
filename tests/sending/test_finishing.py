"""How a mailing stands when one of its senders ends while others are still at it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from newsletter.model.mailing import MailingState, Totals
from newsletter.sending import lanes, ledger
from newsletter.sending.ledger import reading
from newsletter.sending.providers.contract import Because, NotTaken, Outcome, Verdict, accepted, unsure
from tests.sending import making as make
from tests.sending.book import Book, good


@pytest.mark.parametrize("left", ["accepted", "unknown"])
def test_what_another_sender_writes_down_meanwhile_is_not_left_out(
    left: str, postgresql_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody says that all is sent and counts fewer, or that nobody is unknown who is."""
    with make.database(tmp_path, database=postgresql_address) as database:
        book = Book(database, readers=4)
        claim = book.claimed()
        outcomes: tuple[Outcome, ...] = (
            accepted(claim.batch, "abcd") if left == "accepted" else unsure(claim.batch, "lost")
        )

        answers = [Verdict(outcomes, final=True)]

        def then_record(ask: Callable[..., Any]) -> Callable[..., Any]:
            def asked(*args: Any, **named: Any) -> Any:
                answer = ask(*args, **named)
                if answers:
                    book.record(claim, answers.pop())
                return answer

            return asked

        for name in ("totals", "open_batches"):
            monkeypatch.setattr(reading, name, then_record(getattr(reading, name)))
        state, totals = ledger.finish(database, book.mailing.id, now=book.at(1), reason="", lane=1)
        monkeypatch.undo()
        whole = Totals(accepted=4) if left == "accepted" else Totals(unknown=4)
        assert state is MailingState.SENDING or totals == whole
        # The other one ends as well, and says how it is.
        state, totals = ledger.finish(database, book.mailing.id, now=book.at(2), reason="", lane=0)
        assert totals == whole
        assert state is (MailingState.SENT if left == "accepted" else MailingState.PARTLY_SENT)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize(("failing_since", "state"), [(5, MailingState.SENDING), (15, MailingState.PAUSED)])
def test_a_machine_without_a_way_to_the_provider_does_not_pause_the_others(
    failing_since: float, whole: bool, state: MailingState, postgresql_address: str, tmp_path: Path
) -> None:
    """It ends alone while their calls come through; where none of theirs did meanwhile, it is the provider."""
    with make.database(tmp_path, database=postgresql_address) as database:
        book = Book(database)
        with lanes.lane(database, book.mailing) as other, lanes.lane(database, book.mailing) as lane:
            assert (other.number, lane.number) == (0, 1)
            claim = book.claimed()
            verdict = good(claim)
            if not whole:
                last = verdict.outcomes[-1].delivery_id
                verdict = Verdict((*verdict.outcomes[:-1], NotTaken(last, "452 4.2.2 full", Because.MAILBOX)))
            book.record(claim, verdict, after=10)
            found, totals = ledger.finish(
                database,
                book.mailing.id,
                now=book.at(20),
                reason="the provider does not take our calls",
                lane=lane.number,
                failing_since=book.at(failing_since),
            )
        assert (found, totals) == (state, Totals(pending=8, accepted=2) if whole else Totals(pending=9, accepted=1))
