"""Putting right what an issue's pages show after it has left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter import sending
from newsletter.errors import Refused
from newsletter.model.edition import Edition
from newsletter.model.slot import Context
from newsletter.sending import Corrected, Replacement
from newsletter.sending.ledger import load
from newsletter.store import Database
from tests import factories
from tests.databases import open_ready
from tests.sending import making as make
from tests.sending.test_freezing import start

LATER = make.NOW + dt.timedelta(days=3)
WRONG = make.edition()


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database with two readers of the list."""
    named = request.param == "postgresql"
    settings = {"database": request.getfixturevalue("postgresql_address")} if named else {}
    with open_ready(factories.workspace(tmp_path, **settings)) as opened:
        make.subscribe(opened, make.addresses(2))
        yield opened


def worded(text: str, **fields: Any) -> Edition:
    """Return an edition that says something."""
    return make.edition(text=make.slotted(Context.PLAIN, text), **fields)


def correct(database: Database, *editions: Edition, note: str = "", at: dt.datetime = LATER) -> tuple[Replacement, ...]:
    """Correct the July issue."""
    found = sending.replacements(sending.shown_editions(database, "2024-07"), editions)
    return sending.correct(database, found, note=note, by="Ana", now=at)


def shown(database: Database) -> list[tuple[int, int, Edition]]:
    """Return what the pages of the July issue show."""
    return list(sending.shown_editions(database, "2024-07"))


def test_a_correction_is_shown_and_what_was_sent_stays_on_record(database: Database) -> None:
    """Whoever asks later what readers got is told the truth."""
    mailing = start(database, editions=[WRONG])
    right, better = worded("right"), worded("better")
    assert [one.becomes for one in correct(database, right, note="It was wrong.")] == [right]
    assert shown(database) == [(mailing.id, 0, right)]
    correct(database, better, at=LATER + dt.timedelta(hours=1))
    assert shown(database) == [(mailing.id, 0, better)]
    assert load(database, mailing.id).editions == (WRONG,)
    assert sending.corrected(database, "2024-07") == (
        Corrected(LATER, "Ana", "It was wrong."),
        Corrected(LATER + dt.timedelta(hours=1), "Ana", ""),
    )
    assert sending.corrected(database, "2024-06") == ()


def test_what_is_shown_already_is_not_corrected(database: Database) -> None:
    """A command that is repeated changes nothing."""
    start(database, editions=[WRONG])
    assert correct(database, WRONG, note="Nothing.") == ()
    assert sending.corrected(database, "2024-07") == ()


def test_each_language_and_choice_of_topics_gets_its_own(database: Database) -> None:
    """Of what changes in one, the others show nothing; one correction of several editions is told once."""
    whole, some = WRONG, worded("borders", topics=("borders",))
    french = worded("français", language="fr")
    mailing = start(database, editions=[whole, some, french])
    new_some, new_french = worded("borders, right", topics=("borders",)), worded("mieux", language="fr")
    correct(database, whole, new_some, new_french, note="Two were wrong.")
    assert shown(database) == [(mailing.id, 0, whole), (mailing.id, 1, new_some), (mailing.id, 2, new_french)]
    assert len(sending.corrected(database, "2024-07")) == 1


def test_whose_topics_show_nothing_any_more_is_shown_everything(database: Database) -> None:
    """As when it is sent: nobody is shown an empty letter."""
    mailing = start(database, editions=[WRONG, worded("borders", topics=("borders",))])
    right = worded("right")
    correct(database, right)
    assert shown(database) == [(mailing.id, 0, right), (mailing.id, 1, right)]


def test_a_language_that_readers_got_cannot_be_left_out(database: Database) -> None:
    """Its page would show what was wrong for ever."""
    start(database, editions=[WRONG, worded("français", language="fr")])
    with pytest.raises(Refused, match="no edition in 'fr' any more") as caught:
        correct(database, worded("right"))
    assert caught.value.fix == "add 'fr' to `languages:` in its issue.yaml again"
    assert sending.corrected(database, "2024-07") == ()


def test_of_two_who_correct_at_once_the_later_one_looks_again(database: Database) -> None:
    """What they were shown is no longer what readers see."""
    start(database, editions=[WRONG])
    seen = sending.shown_editions(database, "2024-07")
    correct(database, worded("by one"))
    with pytest.raises(Refused, match="somebody else has just corrected issue 2024-07"):
        sending.correct(database, sending.replacements(seen, [worded("by another")]), note="", by="Bea", now=LATER)
    assert [edition for _, _, edition in shown(database)] == [worded("by one")]


def test_every_mailing_of_the_issue_is_corrected(database: Database) -> None:
    """Whoever joined later opens another copy of the same mistake."""
    first = start(database, editions=[WRONG])
    sending.stop(database, first.id, "", make.NOW)
    make.subscribe(database, ["late@example.org"])
    second = start(database, editions=[WRONG], plan=replace(sending.AT_ONCE, rest=True))
    right = worded("right")
    assert len(correct(database, right)) == 2
    assert shown(database) == [(first.id, 0, right), (second.id, 0, right)]


def test_what_is_only_scheduled_is_not_shown(database: Database) -> None:
    """It can be taken back and mended before anybody has it."""
    start(database, editions=[WRONG], plan=replace(sending.AT_ONCE, begins_at=LATER))
    assert shown(database) == []
