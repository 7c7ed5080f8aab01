"""An issue that waits for its moment: what is changed meanwhile, and what becomes of it when it is taken back."""

from __future__ import annotations

import datetime as dt

from newsletter import config, sending, store
from tests.waiting import until
from tests.web.composer.studio import Studio, command
from tests.web.composer.test_reviewing import digest
from tests.web.composer.test_sending import PAGE, REPORT, SEND, STEER, addresses, confirm, shown, state


def scheduled(studio: Studio) -> None:
    """Schedule the issue for a day that is far away."""
    command(studio, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")


def test_what_is_changed_after_an_issue_was_scheduled_does_not_go_with_it(ready: Studio) -> None:
    """Which its pages and those of its entries say, because each change is answered with the word that it is saved."""
    names = ("entries", "words", "checks", "review", "send", "report")
    pages = ["/entries/wells?issue=2024-07", *(f"/issues/2024-07?panel={name}" for name in names)]
    told = (
        "It leaves as it was when it was scheduled. "
        "What is changed since goes with it only if you take it back and send it again."
    )
    assert [told in shown(ready.show(page), "<main") for page in pages[:-1]] == [False] * 6
    scheduled(ready)
    assert [told in shown(ready.show(page), "<main") for page in pages] == [True] * 7
    ready.press(STEER, do="stop", back=REPORT)
    assert [told in shown(ready.show(page), "<main") for page in pages] == [False] * 7


def test_what_was_taken_back_before_it_left_is_not_to_be_corrected(ready: Studio) -> None:
    """No reader has seen it, so there is nothing that they would see otherwise, nor a message that became anything."""
    scheduled(ready)
    ready.press(STEER, do="stop", back=REPORT)
    ready.write("issues/2024-07/issue.yaml", ready.plan.replace("this is July.", "this is June."))
    page = shown(ready.show(REPORT))
    assert "Stopped planned for Sunday 5 January 2031, 09:00, through outbox, to Monthly newsletter" in page
    assert "Nothing has left: it can be mended, and sent again." in page
    assert "Pending not reached when it was stopped 4 100.0%" in page
    assert "Something wrong in it?" not in page
    assert "What became of the messages" not in page


def test_what_is_scheduled_waits_in_its_process_and_can_be_taken_back(ready: Studio) -> None:
    """Whether somebody waits for it is what the lock says; after that the issue can be sent again."""
    assert confirm(ready, f"{PAGE}&at=2031-01-05T09:00") == "It leaves on Sunday 5 January 2031, 09:00 Europe/Vienna."
    space = config.load(ready.root)
    with store.open_database(space) as database:
        (mailing,) = sending.mailings_of(database, "2024-07")
        until(lambda: sending.attended(database, mailing))
    page = shown(ready.show(REPORT))
    assert "It leaves on Sunday 5 January 2031, 09:00 Europe/Vienna. Take it back" in page
    assert '<span class="chip ">Scheduled</span>' in ready.show(PAGE)
    confirm_again = ready.press(SEND, digest=digest(ready.show("/issues/2024-07?panel=review")), at="", count="4")
    assert (confirm_again.status_code, ready.told()[:40]) == (303, "Issue 2024-07 is already scheduled for m")
    ready.press(STEER, do="stop", back=REPORT)
    assert ready.told(REPORT) == "It is stopped; nothing has left."
    with store.open_database(space) as database:
        until(lambda: not sending.attended(database, mailing))
    assert "Type 4 to send it" in shown(ready.show(PAGE))
    assert addresses(ready) == []


def test_where_nobody_waits_for_it_that_is_said(ready: Studio) -> None:
    """A computer that was switched off sends nothing; the button lets this one wait."""
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    assert "Nothing on this computer waits for it" in shown(ready.show(REPORT))
    ready.press(STEER, do="resume", back=REPORT)
    assert ready.told(REPORT) == "This computer waits for it now."
    with store.open_database(config.load(ready.root)) as database:
        (mailing,) = sending.mailings_of(database, "2024-07")
        until(lambda: sending.attended(database, mailing))
        assert "Nothing on this computer waits" not in shown(ready.show(REPORT))
        sending.stop(database, mailing.id, "stopped by the test", mailing.started_at)
        until(lambda: not sending.attended(database, mailing))


def test_what_was_taken_back_has_not_left(ready: Studio) -> None:
    """So the page speaks of everybody, and of no earlier readers."""
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    ready.press(STEER, do="stop", back=REPORT)
    page = shown(ready.show(PAGE))
    assert "It was sent before" not in page
    assert "goes to 4 people on Monthly newsletter, from" in page


def test_a_moment_that_has_passed_is_told_as_such(ready: Studio) -> None:
    """The computer was off; what the button does then is no waiting."""
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    missed = "It was to leave on Monday 3 February 2020, 08:30 Europe/Vienna. Nothing ran that sends it"
    recently = dt.datetime.now(dt.UTC) - dt.timedelta(hours=2)
    for begins_at, told in (
        (f"{recently:%F %T}", "so it stays here, unless newsletter worker runs."),
        ("2020-02-03 07:30:00", f"{missed}, so it waits for your word."),
    ):
        with store.open_database(config.load(ready.root)) as database, database.writing() as connection:
            connection.exec_driver_sql(
                f"UPDATE mailings SET started_at = '2020-01-01 00:00:00', begins_at = '{begins_at}'"
            )
        assert f"{told} Take it back Send it now" in shown(ready.show(REPORT))
    ready.press(STEER, do="resume", back=REPORT)
    until(lambda: state(ready) == "sent")


def test_an_issue_that_was_renamed_meanwhile_is_still_looked_after(ready: Studio) -> None:
    """What has begun is not lost sight of, and can be taken back."""
    command(ready, "send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4")
    ready.root.joinpath("issues/2024-07").rename(ready.root / "issues/2024-08")
    assert 'href="/issues/2024-07?panel=report"' in ready.show("/")
    for address in (REPORT, PAGE, "/issues/2024-07"):
        assert "Take it back" in shown(ready.show(address))
    ready.press(STEER, do="stop", back=REPORT)
    assert ready.told(REPORT) == "It is stopped; nothing has left."
    assert "panel=report" not in ready.show("/")
