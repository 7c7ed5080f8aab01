"""What feed readers show of an edition."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

from newsletter import rendering
from newsletter.model.edition import Edition, InlineImage
from newsletter.model.entry import Entry
from newsletter.model.issue import Section
from newsletter.model.slot import Context, Slot
from newsletter.web.public.fulltext import full_text
from tests import factories as make
from tests.sending import making
from tests.web.readers import World

ADDRESS = "https://news.example.org/issues/2024-07"


def shown(world: World, html: str, **fields: object) -> str:
    """Return the full text of an edition with this HTML, without the element around it."""
    before, _, after = html.partition("UNSUBSCRIBE")
    parts = (before, Slot("unsubscribe_url"), after) if after else (html,)
    edition = making.edition(html=making.slotted(Context.HTML, *parts), **fields)
    found = full_text(world.service, edition, ADDRESS)
    assert found.startswith('<div lang="en" dir="ltr">')
    return found.removeprefix('<div lang="en" dir="ltr">').removesuffix("</div>")


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>One <b>and</b> <a href='https://www.example.org/a?b=1&amp;c=2' style='x' onclick='y'>two</a></p>",
         '<p>One <b>and</b> <a href="https://www.example.org/a?b=1&amp;c=2">two</a></p>'),
        ("<table role=presentation><tr><td>One</td><td><h3>Two</h3>Three</td></tr></table>",
         "<p>One</p>\n<h3>Two</h3>\n<p>Three</p>"),
        ("<table role=presentation><tr><td><p>26</p><p>Jul</p></td></tr></table>", "<p>26 Jul</p>"),
        ("<table><thead><tr><th>a</th></tr></thead><tr><td>1 <i>2</i></td></tr></table>",
         "<table><tr><th>a</th></tr><tr><td>1 <i>2</i></td></tr></table>"),
        ("<ul style='x'><li>One</li><li><p>Two</p><ol start=3><li>Three</li></ol></li></ul>",
         '<ul><li>One</li><li><p>Two</p>\n<ol start="3"><li>Three</li></ol></li></ul>'),
        ("<blockquote class=quote><p>One</p><p>Two</p></blockquote>",
         "<blockquote><p>One</p>\n<p>Two</p></blockquote>"),
        ("<pre style='x'>a\n   &lt;b&gt;</pre>", "<pre>a\n   &lt;b&gt;</pre>"),
        ("<div>One<div>Two</div>Three</div>", "<p>One</p>\n<p>Two</p>\n<p>Three</p>"),
        ("<h2>A <span style='display:block'>B</span>C</h2><hr><p>D<br>E</p>",
         "<h2>A B C</h2>\n<hr>\n<p>D<br>E</p>"),
        ("<p>One &lt;b&gt; &amp; 2</p>", "<p>One &lt;b&gt; &amp; 2</p>"),
        ("<p style='display: none'>filling</p><p hidden>x</p><p aria-hidden=true>y</p><p>One</p>", "<p>One</p>"),
        ("<!--[if mso]><p>Outlook</p><![endif]--><style>p{}</style><script>alert(1)</script><p>One</p>", "<p>One</p>"),
        ("<p><img src=https://www.example.org/a.png alt='A \"b\"' width=600 onerror=x><img src=x width=1></p>",
         '<p><img src="https://www.example.org/a.png" alt="A &quot;b&quot;"></p>'),
        ("<p><a href='javascript:alert(1)'>One</a> <a href='/two'>Two</a></p>", "<p>One Two</p>"),
        ("<h1>The title</h1><div class=band><p>No. 7</p></div><p>One</p>", "<p>One</p>"),
        ("<div><h2>A</h2><p>One</p></div><div><p>Sender</p><p><a href='UNSUBSCRIBE'>Leave</a></p></div>",
         "<h2>A</h2>\n<p>One</p>"),
        ("<p>One <a href='UNSUBSCRIBE'>Leave</a></p>", "<p>One</p>"),
        ("", ""),
    ],
)  # fmt: skip
def test_words_remain_and_layout_goes(archive: World, html: str, text: str) -> None:
    """Headings, paragraphs, lists, quotations, tables of data, links and pictures; nothing else, and nothing active."""
    assert shown(archive, html) == text


def test_pictures_that_travel_inside_are_fetched_from_the_service(archive: World) -> None:
    """A feed reader knows nothing of the message."""
    image = InlineImage(f"{'ab' * 10}.png", "image/png", b"x")
    html = shown(archive, f'<p><img src="cid:{image.content_id}" alt="A"></p>', images=(image,))
    assert html == f'<p><img src="https://news.example.org/images/{image.name}" alt="A"></p>'


def test_arabic_is_read_from_the_right(archive: World) -> None:
    """Feed readers go by the element."""
    edition = making.edition(language="ar", direction="rtl")
    assert full_text(archive.service, edition, ADDRESS).startswith('<div lang="ar" dir="rtl">')


def complete(folder: Path, theme: str, language: str) -> Edition:
    """Render one entry of every type in every layout."""
    sections: list[tuple[Section, Sequence[Entry]]] = [
        (make.section("Study", "study", layout="hero"), [make.study()]),
        (make.section("Cards", layout="cards"), [make.news(id="2024-07-01-a", title="A"), make.news()]),
        (make.section("List", layout="list"), [make.news(id="2024-07-02-b", title="B", body="**Bold** words.")]),
        (make.section("Calls", "call"), [make.call(eligibility="- Youth\n- Women")]),
        (make.section("Events", "event"), [make.event()]),
        (make.section("Map", "project", layout="map"), [make.project()]),
        (make.section("Figures", "figure", layout="figures"), [make.figure()]),
    ]
    of = make.issue(theme=theme, sections=[plan for plan, _ in sections], intro="Hello {first_name|reader}")
    return rendering.render(make.selection(*sections, of=of), make.workspace(folder), language)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_every_heading_and_every_link_is_in_it(archive: World, tmp_path: Path, theme: str, language: str) -> None:
    """In each theme: whoever reads the feed misses nothing but the way out of a list that they are not on."""
    edition = complete(tmp_path, theme, language)
    html = full_text(archive.service, edition, ADDRESS)
    mail = edition.html.fill({"view_url": ADDRESS, "unsubscribe_url": "https://leave.example/"}).decode()
    # An arrow behind a title is hidden from screen readers, and says nothing in a feed either.
    body = re.sub(
        r'<!--.*?-->|<span [^>]*aria-hidden="true"[^>]*>.*?</span>', "", mail.partition("<body")[2], flags=re.DOTALL
    )
    around = {ADDRESS, "https://leave.example/", "https://www.example.org"}
    assert set(re.findall(r'href="([^"]+)"', html)) == set(re.findall(r'<a [^>]*href="([^"]+)"', body)) - around
    headings = [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<h[23][^>]*>(.*?)</h[23]>", body)]
    assert [re.sub(r"<[^>]+>", "", each).strip() for each in re.findall(r"<h[23]>(.*?)</h[23]>", html)] == headings
    assert not re.search(r"style=|class=|<table|<td|<span|<font", html)
