"""Links followed from the studio: what comes of it stands among the findings, and stays there."""

from __future__ import annotations

import re
from functools import partial

import pytest

from newsletter.checks.online import Visitor
from tests.checks.test_online import loopback, resolving, site
from tests.web.composer.studio import WELLS, Studio
from tests.web.composer.test_sending import shown

__all__ = ["site"]
CHECKS = "/issues/2024-07?panel=checks"
REVIEW = "/issues/2024-07?panel=review"
LINKS = "/issues/2024-07/links"


@pytest.fixture
def linked(studio: Studio, site: str, monkeypatch: pytest.MonkeyPatch) -> Studio:
    """A studio whose two entries lead to a web server on this machine, one of them to a page that is gone."""
    resolving(monkeypatch, ["127.0.0.1"])
    monkeypatch.setattr("newsletter.checks.online.Visitor", partial(Visitor, loopback))
    address = f"http://wells.example:{site.rpartition(':')[2]}"
    forum = studio.read("issues/entries/news/forum.md")
    studio.write("issues/entries/news/forum.md", forum.replace("https://www.example.org/news", address))
    gone = WELLS.replace("https://www.example.org/news/wells", f"{address}/status/404")
    studio.write("issues/entries/news/wells.md", gone)
    return studio


def codes(studio: Studio) -> list[str]:
    """Return the codes of the findings about what came of following links."""
    return re.findall(r"<code>(LNK02\d)</code>", studio.show(CHECKS))


def test_a_page_that_is_gone_forbids_sending_until_the_link_is_right(linked: Studio) -> None:
    """Nobody's server is asked before somebody presses; what was found stays after other changes."""
    assert codes(linked) == []
    assert "Links none of 2 followed · follow them" in shown(linked.show(REVIEW))
    answer = linked.press(LINKS, back=CHECKS)
    assert (answer.status_code, answer.headers["location"]) == (303, CHECKS)
    assert linked.told(CHECKS) == "2 links followed: 1 finding about them."
    assert codes(linked) == ["LNK020"]
    assert "/status/404 does not exist (status 404)" in shown(linked.show(CHECKS))
    assert "The checks find 1 error." in shown(linked.show("/issues/2024-07?panel=send"))
    linked.write("issues/2024-07/issue.yaml", linked.plan.replace("preheader: Wells", "preheader: Water"))
    assert codes(linked) == ["LNK020"]
    assert "Links 2 followed; 1 finding · look" in shown(linked.show(REVIEW))
    wells = linked.read("issues/entries/news/wells.md")
    linked.write("issues/entries/news/wells.md", wells.replace("status/404", "page"))
    assert codes(linked) == []
    assert "Links 1 of 2 followed · follow them" in shown(linked.show(REVIEW))
    linked.press(LINKS, back=CHECKS)
    assert linked.told(CHECKS) == "2 links followed: nothing is wrong with them."
    assert "Links 2 followed" in shown(linked.show(REVIEW))


def test_without_a_network_it_is_said(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """That says nothing about the links; a proxy that this computer has is named."""
    monkeypatch.setattr("newsletter.checks.online.visit", lambda *_, **__: {})
    studio.press(LINKS, back=CHECKS)
    assert studio.told(CHECKS) == "No network: 2 of 2 links are not followed. Try again when there is one."
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    studio.press(LINKS, back=CHECKS)
    assert "This computer has a proxy" in studio.told(CHECKS)


def test_an_issue_that_cannot_be_used_has_no_links_to_follow(studio: Studio) -> None:
    """What stands in the way is told first."""
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("period: 2024-07", "period: July"))
    assert 'id="links"' not in studio.show(CHECKS)
    studio.press(LINKS, back=CHECKS)
    assert studio.told(CHECKS).startswith("Issue 2024-07 cannot be used")
