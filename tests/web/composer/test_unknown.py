"""Those of whom nobody can tell whether they have it: the provider is asked, or somebody says to send once more."""

from __future__ import annotations

import shutil

from newsletter import config, store
from tests.waiting import until
from tests.web.composer.studio import PEOPLE, Studio
from tests.web.composer.test_sending import PAGE, REPORT, STEER, addresses, confirm, shown, state


def doubt(studio: Studio, state: str) -> None:
    """Let nobody be able to tell of a mailing's messages, none of which can be found any more."""
    with store.open_database(config.load(studio.root)) as database, database.writing() as connection:
        connection.exec_driver_sql(f"UPDATE mailings SET state = '{state}'")
        connection.exec_driver_sql("UPDATE batches SET state = 'held'")
        connection.exec_driver_sql("UPDATE deliveries SET state = 'unknown'")
    shutil.rmtree(studio.root / ".newsletter/outbox")


def test_what_is_unknown_is_asked_of_the_provider(ready: Studio) -> None:
    """By the same process as on the command line; nobody is written to again."""
    confirm(ready)
    until(lambda: state(ready) == "sent")
    doubt(ready, "partly sent")
    page = shown(ready.show(REPORT))
    assert "Of 4 people nobody can tell whether they have it." in page
    ready.press(STEER, do="reconcile", back=REPORT)
    assert ready.told(REPORT) == "The provider is being asked."
    until(lambda: "Ask the provider" in shown(ready.show(REPORT)) or state(ready) == "sent")
    assert len(addresses(ready)) == 4


def test_what_stays_unknown_is_sent_once_more_by_somebodys_word(ready: Studio) -> None:
    """Who has typed how many they are; without that nobody is written to twice."""
    confirm(ready)
    until(lambda: state(ready) == "sent")
    doubt(ready, "partly sent")
    until(lambda: "Type 4 to send it once more" in shown(ready.show(REPORT)))
    page = shown(ready.show(REPORT))
    assert "Who has it already gets it twice. Ask the provider first." in page
    for typed in ("", "3"):
        ready.press(STEER, do="again", count=typed, back=REPORT)
        assert ready.told(REPORT).startswith("Nothing is sent.")
    assert state(ready) == "partly sent"
    ready.press(STEER, do="again", count="4", back=REPORT)
    assert ready.told(REPORT) == "It is sent to them once more."
    until(lambda: state(ready) == "sent")
    assert addresses(ready) == [f"{name}@example.org" for name in PEOPLE]
    ready.press(STEER, do="again", count="4", back=REPORT)
    assert ready.told(REPORT).startswith("Of nobody it is unknown any more.")


def test_of_a_stopped_mailing_they_are_sent_to_with_the_others(ready: Studio) -> None:
    """A mailing that was stopped for good never sends again; the next one goes to whoever it did not reach."""
    confirm(ready)
    until(lambda: state(ready) == "sent")
    doubt(ready, "stopped")
    until(lambda: "Type 4 to send it once more" in shown(ready.show(REPORT)))
    ready.press(STEER, do="again", count="4", back=REPORT)
    assert ready.told(REPORT) == "They count as not reached now: send it to them on the page Send."
    assert "goes to 4 people on Monthly newsletter" in shown(ready.show(PAGE))
    assert not (ready.root / ".newsletter/outbox").exists()
