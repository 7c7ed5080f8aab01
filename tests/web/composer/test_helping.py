"""The manual in the studio."""

from __future__ import annotations

import html
import re

from newsletter import manual
from tests.web.composer.studio import Studio


def test_help_leads_to_every_page_of_the_manual(studio: Studio) -> None:
    """Whoever was given the studio alone reads there how things are done."""
    page = studio.show("/help")
    assert '<a href="/help" aria-current="true">Help</a>' in page
    found = re.findall(r'<li><a href="/help/([^"]+)">([^<]+)</a><p>([^<]+)</p>', page)
    told = [tuple(map(html.unescape, row)) for row in found]
    assert told == [(one.name, one.title, one.lead) for one in manual.pages().values()]


def test_a_page_is_shown_with_headings_that_links_lead_to(studio: Studio) -> None:
    """And with links to other pages, in the place of files."""
    page = studio.show("/help/issues")
    assert '<h2 id="its-name-and-the-next-one">Its name, and the next one</h2>' in page
    assert '<a href="/help/audience#segments-a-part-of-a-list">parts of a list</a>' in page
    assert "<table>" in page


def test_a_page_that_is_none_is_told(studio: Studio) -> None:
    """An old link of a colleague, perhaps."""
    answer = studio.browser.get("/help/nothing")
    assert answer.status_code == 404
    assert "There is no page 'nothing'" in html.unescape(answer.text)
