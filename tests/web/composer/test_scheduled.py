"""An issue that waits for its moment: what is changed meanwhile, and what becomes of it when it is taken back."""

from __future__ import annotations

from tests.web.composer.studio import Studio, command
from tests.web.composer.test_sending import REPORT, STEER, shown


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
