"""What web sites have published, in the studio: seen after a press, taken one by one."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.content.sources.website import Website, picture, website
from tests.waiting import until
from tests.web.composer.studio import BASE, Studio

FEED = """<rss version="2.0"><channel><title>x</title>
<item><title>Pumps &amp; wells &lt; 5</title><link>/pumps</link><pubDate>Sat, 27 Jul 2024 10:00:00 GMT</pubDate>
<description>Said {{ here }}.</description><enclosure url="/pumps.png" type="image/png" length="1"/></item>
<item><title>June</title><link>https://www.example.org/news/june</link>
<pubDate>Mon, 10 Jun 2024 10:00:00 GMT</pubDate></item>
</channel></rss>"""


@pytest.fixture
def site() -> Iterator[Website]:
    """A web site on this machine."""
    with website() as made:
        made.put("/feed", FEED, "text/xml")
        made.put("/pumps.png", picture(), "image/png")
        yield made


@pytest.fixture
def following(studio: Studio, site: Website) -> Studio:
    """A studio whose newsletter has a source."""
    settings = studio.read("newsletter.toml")
    studio.write("newsletter.toml", f'{settings}\n[sources.website]\nurl = "{site.address}/feed"\nprivate = true\n')
    return studio


def press(studio: Studio, path: str, **fields: str) -> str:
    """Press a button of the page; return the page that follows."""
    answer = studio.browser.post(
        path, data={"back": "/fetch"} | fields, headers={"Origin": BASE}, follow_redirects=True
    )
    assert answer.status_code == 200, answer.text
    return re.sub(r"</?strong>|(?<= ) ", "", answer.text)


def test_looking_at_the_page_asks_no_web_site(following: Studio, site: Website) -> None:
    """Only a press does; the page says where the newest issue begins."""
    page = following.show("/fetch")
    assert 'name="since" type="date" value="2024-07-01"' in page
    assert "Issue 2024-07 begins on that day." in page
    assert site.asked == []


def test_what_is_new_is_shown_and_taken_one_by_one(following: Studio, site: Website) -> None:
    """With the words of the web site as words; what is taken leads to its entry, and can be undone."""
    before = following.files()
    page = press(following, "/fetch", since="2024-07-01")
    assert "Pumps &amp; wells &lt; 5" in page
    assert "Said {{ here }}." in page
    assert "June" not in page
    page = press(following, "/fetch/take", url=f"{site.address}/pumps")
    assert "“Pumps &amp; wells &lt; 5” is a draft. Read it, then set its status to ready." in page
    assert 'href="/entries/2024-07-27-pumps-wells-5"' in page
    assert following.read("issues/entries/news/2024-07-27-pumps-wells-5.md").startswith(
        '---\ntitle: "Pumps & wells < 5"\ndate: 2024-07-27    # decides which issue takes it\nsummary: '
    )
    press(following, "/undo")
    picture_alone = {"issues/images/pumps-wells-5.png": picture()}
    assert following.files() == before | picture_alone


def test_an_earlier_day_shows_more(following: Studio) -> None:
    """What is an entry already leads there instead of being taken twice."""
    page = press(following, "/fetch", since="2024-06-01")
    assert 'href="/entries/june"' in page
    page = press(following, "/fetch/take", url="https://www.example.org/news/june")
    assert "“What June brought” leads to that page already. Change that entry." in page


def test_a_draft_that_lacks_something_is_not_taken_twice(following: Studio) -> None:
    """A call needs a deadline, which no feed tells: until then it cannot be used, and is a draft all the same."""
    following.write("newsletter.toml", following.read("newsletter.toml") + 'type = "call"\n')
    press(following, "/fetch", since="2024-07-01")
    page = press(following, "/fetch/take", url=re.findall(r'name="url" value="([^"]+)"', following.show("/fetch"))[0])
    assert 'href="/entries/2024-07-27-pumps-wells-5">Fill it in<' in page
    listed = following.show("/entries")
    assert '>Pumps &amp; wells &lt; 5</a><span class="quiet"><code>deadline</code> is empty</span>' in listed
    assert "Draft, not finished" in listed
    assert "Cannot be read" not in listed


@pytest.mark.parametrize(
    "entry",
    [
        "---\ntitle: Pumps\ndate: 2024-07-27\ntranslations: {{fr: {{title: Pompes, url: '{page}'}}}}\n---\n",
        "---\ntitle: Pumps\ndate: never\nurl: {page}\nlink: https://x:99999/\n---\n",
    ],
)
def test_no_page_is_taken_twice_in_another_language_or_beside_a_broken_file(
    following: Studio, site: Website, entry: str
) -> None:
    """It leads to the entry that there is, which a person corrects."""
    following.write("issues/entries/news/other.md", entry.format(page=f"{site.address}/pumps"))
    page = press(following, "/fetch", since="2024-07-01")
    assert 'href="/entries/other"' in page
    assert following.show("/entries/other")
    assert "leads to that page already" in press(following, "/fetch/take", url=f"{site.address}/pumps")


def test_two_tabs_take_a_page_once(following: Studio, site: Website) -> None:
    """Both saw it when it was new; whoever comes second is told so."""
    press(following, "/fetch", since="2024-07-01")
    site.hold = threading.Event()
    with ThreadPoolExecutor(2) as tabs:
        answers = [tabs.submit(press, following, "/fetch/take", url=f"{site.address}/pumps") for _ in range(2)]
        until(lambda: site.asked.count("/pumps.png") >= 2 or any(answer.done() for answer in answers))
        site.hold.set()
    assert sum("leads to that page already" in answer.result() for answer in answers) == 1
    assert [name for name in following.files() if "pumps" in name and name.endswith(".md")] == [
        "issues/entries/news/2024-07-27-pumps-wells-5.md"
    ]


def test_nothing_can_be_taken_that_was_not_seen(following: Studio, site: Website) -> None:
    """The page of another tab may be old."""
    page = press(following, "/fetch/take", url=f"{site.address}/pumps")
    assert "This is not among what was seen last. Look what is new once more." in page


def test_a_page_becomes_an_entry_to_fill_in(following: Studio, site: Website) -> None:
    """Of the type that was chosen, opened as a form."""
    page = press(following, "/fetch/page", address=site.put("/new", "<title>A new study</title>"), type="study")
    assert 'value="A new study"' in page
    assert following.read("issues/entries/studies/a-new-study.md").startswith("---\ntitle: A new study\n")
    for address in ("https://", "http://[::1", "www.example.org/x", "file:///etc/passwd"):
        page = press(following, "/fetch/page", address=address)
        assert page.count("cannot be reached. It is no address of a page.") == 1
    page = press(following, "/fetch/page", address=site.put("/other", "<title>Other</title>"), type="studdy")
    assert "There is no type &#39;studdy&#39;; did you mean study?" in page


def test_what_stands_in_the_way_is_told(following: Studio, site: Website) -> None:
    """A feed that is gone, a day that is none."""
    site.put("/feed", "gone", status=404)
    page = press(following, "/fetch", since="")
    assert f"{site.address}/feed cannot be read. There is no such page." in page
    assert "The date &#39;soon&#39; is not a date" in press(following, "/fetch", since="soon")


def test_a_newsletter_without_sources_is_told_how_to_have_one(studio: Studio) -> None:
    """A page by its address works without any."""
    page = studio.show("/fetch")
    assert "[sources.website]" in page
    assert 'action="/fetch/page"' in page
    assert "The settings name no source." in press(studio, "/fetch", since="2024-07-01")
