"""What is under embargo is not sent before, which the last step tells in the place of the number."""

from __future__ import annotations

import html
import re

from tests.web.composer.studio import WELLS, Studio
from tests.web.composer.test_sending import PAGE, REPORT, SEND, hidden, shown, state

EMBARGO = WELLS.replace("topics:", "embargo: 2031-02-03T08:00:20\ntopics:")


def test_an_embargo_is_told_in_the_place_of_the_number(ready: Studio) -> None:
    """With the way to the first minute at which it may leave, and to the entries."""
    ready.write("issues/2024-07/issue.yaml", ready.plan + "send_at: 2031-02-03T08:30\n")
    ready.write("issues/entries/news/wells.md", EMBARGO)
    page = ready.show(f"{PAGE}&at=&first=2")
    assert "▲ “Border communities get new wells” is under embargo until 2031-02-03, 08:00" in shown(page)
    assert shown(page, '<div class="notice" id="held">').startswith(
        "It cannot leave now. An embargo is a promise: send it on Monday 3 February 2031, 08:01 at the earliest, or "
        "leave out what waits. Look at that time To the entries"
    )
    assert 'name="count"' not in page
    then = html.unescape(re.findall(r'href="([^"]+)">Look at that time', page)[0])
    assert then == f"{PAGE}&at=2031-02-03T08:01&first=2"
    assert "It cannot leave then." in ready.show(f"{PAGE}&at=2031-02-03T08:00")
    assert "Type 4 to schedule it" in shown(ready.show(then))


def test_what_is_under_embargo_holds_the_issue_and_leads_to_the_planned_time(ready: Studio) -> None:
    """Where that came after the page was shown; the field has another name on the page than in the file."""
    ready.write("issues/2024-07/issue.yaml", ready.plan + "send_at: 2031-02-03T08:30\n")
    fields = hidden(ready.show(f"{PAGE}&at="))
    ready.write("issues/entries/news/wells.md", EMBARGO)
    ready.press(SEND, **fields, count="4", back=PAGE)
    assert ready.told(REPORT).endswith(
        "Send it later, with a time; or say at “Goes out” under Words when it leaves: what waits stays out."
    )
    assert state(ready) == ""
