"""Feeds as web sites write them: WordPress, Drupal, Jekyll, old and broken ones."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest

from newsletter.content.sources import feeds
from newsletter.model.offer import Offer

VIENNA = ZoneInfo("Europe/Vienna")
AT = "https://www.example.org/feed/"

WORDPRESS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Example</title><link>https://www.example.org</link><language>en-GB</language>
<item>
  <title>Border communities get new wells &#8211; &#038; more</title>
  <link>https://www.example.org/news/wells/?utm_source=rss&#038;utm_medium=rss&#038;lang=en</link>
  <dc:creator><![CDATA[Press]]></dc:creator>
  <pubDate>Fri, 26 Jul 2024 22:30:00 +0000</pubDate>
  <category><![CDATA[Borders]]></category><category><![CDATA[Uncategorized]]></category><category domain="x"/>
  <guid isPermaLink="false">https://www.example.org/?p=7</guid>
  <description><![CDATA[<p>Twelve villages have drinking water again.
  &#8220;It works&#8221;, says the mayor. [&#8230;]</p>
<p>The post <a href="x">Wells</a> first appeared on <a href="y">Example</a>.</p>]]></description>
  <content:encoded><![CDATA[<p><img width="1" height="1" src="https://stats.example/pixel.gif" alt=""><img
    src="/uploads/wells.jpg" alt="A woman at a well" width="1200"></p>]]></content:encoded>
</item>
</channel></rss>"""

ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Exemple</title><id>tag:example.org,2024:f</id>
<updated>2024-07-20T10:00:00Z</updated>
<entry><title type="html">Un &lt;em&gt;nouveau&lt;/em&gt; puits</title><id>tag:example.org,2024:1</id>
<link rel="alternate" href="/actualites/puits"/><updated>2024-07-20T10:00:00+02:00</updated>
<summary type="html">&lt;p&gt;De l'eau.&lt;/p&gt;</summary></entry></feed>"""

MEDIA = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title>
<item><title>One</title><link>https://www.example.org/1</link>
<media:content url="https://www.example.org/1.mp4" medium="video"/>
<media:content url="https://www.example.org/1.jpg" medium="image"/></item>
<item><title>Two</title><link>https://www.example.org/2</link>
<enclosure url="https://www.example.org/2.mp3" type="audio/mpeg" length="1"/>
<enclosure url="https://www.example.org/2.png" type="image/png" length="1"/></item>
<item><title>Three</title><link>https://www.example.org/3</link><media:thumbnail url="/3"/></item>
</channel></rss>"""


def read(feed: str | bytes, media_type: str = "application/rss+xml", zone: ZoneInfo = VIENNA) -> tuple[Offer, ...]:
    """Return what a feed offers that is one."""
    content = feed.encode() if isinstance(feed, str) else feed
    found = feeds.read(content, AT, media_type, zone)
    assert found is not None
    return found


def test_what_wordpress_writes_becomes_plain_words() -> None:
    """Entities, tracking, the tail of every excerpt and pixels that count are no part of what is said."""
    assert read(WORDPRESS) == (
        Offer(
            "https://www.example.org/news/wells/?lang=en",
            "Border communities get new wells – & more",
            date(2024, 7, 27),
            "Twelve villages have drinking water again. “It works”, says the mayor…",
            "https://www.example.org/uploads/wells.jpg",
            "A woman at a well",
            ("Borders", "Uncategorized"),
            "en-GB",
        ),
    )


def test_atom_tells_its_language_and_relative_links() -> None:
    """A title may be HTML, and an address is meant from where the feed is."""
    assert read(ATOM, "application/atom+xml") == (
        Offer(
            "https://www.example.org/actualites/puits",
            "Un nouveau puits",
            date(2024, 7, 20),
            "De l'eau.",
            language="fr",
        ),
    )


def test_a_picture_is_what_the_feed_itself_names_as_one() -> None:
    """Films and sounds are no pictures; a thumbnail is one, whatever its name."""
    assert [offer.picture for offer in read(MEDIA)] == [
        "https://www.example.org/1.jpg",
        "https://www.example.org/2.png",
        "https://www.example.org/3",
    ]


def test_an_episode_has_its_cover_and_a_picture_the_words_that_it_has_elsewhere() -> None:
    """Podcasts name it in a field of their own; Ghost and others tell in the text what the picture shows."""
    feed = """<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"
    xmlns:media="http://search.yahoo.com/mrss/" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel>
    <title>x</title><item><title>One</title><link>https://www.example.org/1</link>
    <enclosure url="https://www.example.org/1.mp3" type="audio/mpeg" length="1"/>
    <itunes:image href="https://www.example.org/1.jpg"/></item>
    <item><title>Two</title><link>https://www.example.org/2</link>
    <media:content url="https://www.example.org/2.jpg" medium="image"/>
    <content:encoded>&lt;img src="/2.jpg?w=300" alt="A well"&gt;&lt;img src="/3.jpg" alt="Hay"&gt;</content:encoded>
    </item></channel></rss>"""
    assert [(offer.picture, offer.alt) for offer in read(feed)] == [
        ("https://www.example.org/1.jpg", ""),
        ("https://www.example.org/2.jpg", "A well"),
    ]


def test_a_tiny_thumbnail_comes_after_the_picture_in_the_text() -> None:
    """Blogger's has 72 pixels; it is taken where there is no other one."""
    item = """<item><title>One</title><link>https://www.example.org/1</link>
    <media:thumbnail url="/s72/wells.jpg" width="72" height="72"/><description>{}</description></item>"""
    feed = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title>{}{}</channel></rss>"""
    found = read(feed.format(item.format('&lt;img src="/s320/wells.jpg"&gt;'), item.format("")))
    assert [offer.picture for offer in found] == [
        "https://www.example.org/s320/wells.jpg",
        "https://www.example.org/s72/wells.jpg",
    ]


def test_a_face_and_an_emoji_are_no_pictures_of_a_page() -> None:
    """WordPress puts the author's first, and makes pictures of emoji; one that loads late has a placeholder."""
    feed = """<rss version="2.0" xmlns:media="http://search.yahoo.com/mrss/"><channel><title>x</title>
    <item><title>One</title><link>https://www.example.org/1</link>
    <media:content url="https://0.gravatar.com/avatar/ce748a?s=96" medium="image"/>
    <description><![CDATA[<img src="https://s.w.org/images/core/emoji/14.0.0/72x72/1f600.png" alt="x">
    <img src="https://avatars3.githubusercontent.com/u/8?v=4"><img src="/blank.gif" data-src="/wells.jpg"
    alt="A well">]]></description></item></channel></rss>"""
    assert [(offer.picture, offer.alt) for offer in read(feed)] == [("https://www.example.org/wells.jpg", "A well")]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"<html><title>A page</title></html>", "text/html"),
        (b"{}", "application/json"),
        (b"", "application/rss+xml"),
        (b"%PDF-1.7", "application/pdf"),
        (b"\xff\xfe\x00", "text/plain"),
        ('<?xml version="1.0" encoding="undefined"?><rss version="2.0"><channel>ü</rss>'.encode(), "text/xml"),
        (
            b'<rss version="2.0"><channel><item><title>A</title><link>//a.b/</link><links>x</links></item>',
            "text/xml",
        ),
    ],
)
def test_anything_else_is_no_feed(content: bytes, kind: str) -> None:
    """Then the caller looks for the feed that a page names."""
    assert feeds.read(content, AT, kind, VIENNA) is None


def test_a_post_without_a_title_is_offered_by_how_it_begins() -> None:
    """Feeds of social networks have no titles, and what they tell would be missing without a word."""
    feed = """<rss version="2.0"><channel><title>x</title><item><link>https://social.example.org/@us/1</link>
    <description>&lt;p&gt;The well is open.&lt;/p&gt; Come and see.</description></item></channel></rss>"""
    assert [(offer.title, offer.summary) for offer in read(feed)] == [("The well is open", "Come and see.")]


def test_what_has_neither_title_nor_address_is_left_out() -> None:
    """An entry begins with both; an address of another kind leads readers nowhere."""
    feed = """<rss version="2.0"><channel><title>x</title>
    <item><link>https://www.example.org/1</link></item>
    <item><title>No link</title></item>
    <item><title>Script</title><link>javascript:alert(1)</link></item>
    <item><title>Mail</title><link>mailto:a@example.org</link></item>
    <item><title>Broken</title><link>http://[::1</link></item>
    <item><title>Good</title><link>https://www.example.org/2</link></item></channel></rss>"""
    assert [offer.title for offer in read(feed)] == ["Good"]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ('<p>Said. <a href="/1/">Lire la suite<span> de « Puits »</span></a></p>', "Said."),
        ('<p>Said.</p><p>Der Beitrag <a href="/1?utm_source=rss">Puits</a> erschien zuerst auf <a>X</a>.</p>', "Said."),
        ("&lt;p&gt;L&amp;rsquo;eau &lt;a href=&quot;/2&quot;&gt;arrive&lt;/a&gt;.&lt;/p&gt;", "L’eau arrive."),
        ("&lt;p&gt; begins a paragraph, and &lt;b&gt; is bold.", "<p> begins a paragraph, and <b> is bold."),
        ('<h2><a href="https://www.example.org/1">Puits</a></h2><p>Said.</p>', "Said."),
        ('<p>Said in <a href="/2">a report</a>, <a href="#n">1</a>.</p>', "Said in a report, 1."),
        (
            """<span class="field--name-uid">admin</span><span>Fri, 07/26/2024 - 10:00</span>
            <div class="text-formatted field field--name-body"><p>Said.</p></div><a href="/x">Add new comment</a>""",
            "Said.",
        ),
        (
            """<span class="field field--name-title">Puits</span><span class="field--type-entity-reference"><b>
            admin</b></span><div class="text-formatted field field--name-field-text"><p>Said.</p></div><div
            class="field field--label-above"><div class="field__label">Place</div> Wien</div><ul class="links inline">
            <li><a href="/x">More</a></li></ul>""",
            "Said. Wien",
        ),
        ('<div class="field field--type-entity-reference-revisions"><p>Said.</p></div>', "Said."),
        ('<div class="tag country">Country: X</div><div class="date closing">30 Oct</div><p>Said.</p>', "Said."),
        (
            '<div><b>Body:</b> <div class="ExternalClass0"><p>Said.</p></div></div><div><b>Category:</b> X</div>',
            "Said.",
        ),
        ('<div class="field field-name-body field-label-hidden"><p>Said.</p></div><div>Topic: x</div>', "Said."),
    ],
)
def test_what_leads_to_the_page_or_stands_around_its_body_is_no_summary(written: str, said: str) -> None:
    """Whatever the language of the button; Drupal and others write the author, the date and more; some escape twice."""
    feed = f"""<rss version="2.0"><channel><title>x</title><item><title>Puits</title><link>https://www.example.org/1</link>
    <description><![CDATA[{written}]]></description></item></channel></rss>"""
    assert [offer.summary for offer in read(feed)] == [said]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2024/07/26 10:00", date(2024, 7, 26)),
        ("2024-07-26", date(2024, 7, 26)),
        ("26 July 2024", date(2024, 7, 26)),
        ("&lt;time datetime='2024-07-26T22:30:00Z' class='datetime'&gt;07/26/2024&lt;/time&gt;", date(2024, 7, 27)),
        *((text, None) for text in ("1721980800", "07/26/2024", "2024-07", "Jeu, 26 juil 2024 10:00:00 +0200")),
    ],
)
def test_a_day_is_read_and_not_guessed(written: str, day: date | None) -> None:
    """A wrong one puts an entry into another issue, and nobody sees it."""
    feed = f"""<rss version="2.0"><channel><title>x</title><item><title>A</title><link>https://www.example.org/1</link>
    <pubDate>{written}</pubDate></item></channel></rss>"""
    assert [offer.day for offer in read(feed)] == [day]


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("Sun, 01 Dec 2024 00:00:00 +0000", date(2024, 12, 1)),
        ("01 Dec 2024 00:00 GMT", date(2024, 12, 1)),
        ("2024-12-01T00:00:00Z", date(2024, 12, 1)),
        ("2024-12-01T00:00:00+00:00", date(2024, 12, 1)),
        ("Sun, 01 Dec 2024 00:00:01 +0000", date(2024, 11, 30)),
        ("Sat, 30 Nov 2024 20:30:00 -0330", date(2024, 11, 30)),
        ("2024-12-01T00:00:00+01:00", date(2024, 11, 30)),
    ],
)
def test_midnight_in_utc_is_a_day_alone(written: str, day: date) -> None:
    """As static sites write it; west of Greenwich it would be the day before, and in another issue."""
    feed = f"""<rss version="2.0"><channel><title>x</title><item><title>A</title><link>https://www.example.org/1</link>
    <pubDate>{written}</pubDate></item></channel></rss>"""
    assert [offer.day for offer in read(feed, zone=ZoneInfo("America/St_Johns"))] == [day]


def test_dates_that_make_no_sense_are_none() -> None:
    """A draft without a date is asked for one; a wrong one would put it into the wrong issue."""
    feed = """<rss version="2.0"><channel><title>x</title>
    <item><title>A</title><link>https://www.example.org/1</link><pubDate>soon</pubDate></item>
    <item><title>B</title><link>https://www.example.org/2</link><pubDate>Thu, 01 Jan 99999 00:00:00 GMT</pubDate></item>
    <item><title>C</title><link>https://www.example.org/3</link></item></channel></rss>"""
    assert [offer.day for offer in read(feed)] == [None, None, None]


def test_a_day_that_nobody_means_is_none() -> None:
    """The year 1 is what some systems write where they know none."""
    feed = """<rss version="2.0"><channel><title>x</title><item><title>A</title><link>https://www.example.org/1</link>
    <pubDate>0001-01-01T00:00:00Z</pubDate></item></channel></rss>"""
    assert [offer.day for offer in read(feed)] == [None]


@pytest.mark.parametrize("broken", ["&#xD83D;&#xDE00;", "&#55357;", "&#x110000;", "&#99999999;"])
def test_half_an_emoji_breaks_no_feed(broken: str) -> None:
    """A reference to no character is left out, and everything else is read."""
    feed = f"""<rss version="2.0"><channel><title>x</title><item><title>New{broken} wells &#8211; &#x1F600;</title>
    <link>https://www.example.org/1</link></item></channel></rss>"""
    assert [offer.title for offer in read(feed)] == ["New wells – 😀"]


def test_encodings_are_what_the_feed_or_the_server_says() -> None:
    """Umlauts of an old feed are umlauts."""
    feed = """<?xml version="1.0" encoding="ISO-8859-1"?><rss version="2.0"><channel><title>x</title>
    <item><title>Brünn öffnet</title><link>https://www.example.org/1</link></item></channel></rss>"""
    assert [offer.title for offer in read(feed.encode("latin-1"))] == ["Brünn öffnet"]
    bare = feed.partition("?>")[2]
    assert [offer.title for offer in read(bare.encode("cp1250"), "text/xml; charset=windows-1250")] == ["Brünn öffnet"]


@pytest.mark.parametrize(
    ("declared", "written", "title"),
    [
        ("Shift_JIS", "cp932", "①夏～髙橋"),
        ("euc-kr", "cp949", "이민 똠방"),
        ("Big5", "big5hkscs", "移民嗰啲"),
        ("Shift_JIS", "utf-8", "①夏"),
        ("no-such-thing", "utf-8", "夏"),
    ],
)
@pytest.mark.parametrize("kind", ["application/rss+xml", "text/xml; charset={}"])
def test_eastern_encodings_have_what_windows_added_to_them(declared: str, written: str, title: str, kind: str) -> None:
    """One such character does not garble the whole feed; one in UTF-8 that says otherwise is read as well."""
    feed = f"""<?xml version="1.0" encoding="{declared}"?><rss version="2.0"><channel><title>x</title>
    <item><title>{title}</title><link>https://www.example.org/1</link></item></channel></rss>"""
    assert [offer.title for offer in read(feed.encode(written), kind.format(declared))] == [title]


def test_an_entry_may_be_in_another_language_than_its_feed() -> None:
    """As Atom says by `xml:lang`."""
    feed = """<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="de"><title>x</title>
    <entry xml:lang="fr"><title>Puits</title><link href="/1"/></entry>
    <entry><title>Brunnen</title><link href="/2"/></entry></feed>"""
    assert [offer.language for offer in read(feed)] == ["fr", "de"]


def test_a_feed_opens_no_file_and_no_address() -> None:
    """Neither entities of XML nor a text that looks like a path leads anywhere."""
    feed = """<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd"><!ENTITY a "aaaaaaaaaa">
    <!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>
    <rss version="2.0"><channel><title>x</title><item><title>A&x;&b;</title><link>https://www.example.org/1</link>
    </item></channel></rss>"""
    titles = [offer.title for offer in feeds.read(feed.encode(), AT, "application/rss+xml", VIENNA) or ()]
    assert all("root:" not in title for title in titles)
    assert feeds.read(b"/etc/hostname", AT, "text/plain", VIENNA) is None


def test_markup_of_a_stranger_is_text() -> None:
    """What would run in a page is what people read here, or nothing."""
    feed = """<rss version="2.0"><channel><title>x</title><item><link>https://www.example.org/1</link>
    <title>&lt;script&gt;alert(1)&lt;/script&gt;Wells {{ 7*7 }} &lt;b&gt;now&lt;/b&gt;</title>
    <description>&lt;img src=x onerror=alert(1)&gt;Said.</description></item></channel></rss>"""
    (offer,) = read(feed)
    assert (offer.title, offer.summary, offer.picture) == (
        "Wells {{ 7*7 }} now",
        "Said.",
        "https://www.example.org/feed/x",
    )


def test_a_title_is_no_text() -> None:
    """Some systems have the whole message for one; a title holds as much as a summary."""
    feed = f"""<rss version="2.0"><channel><title>x</title><item><link>https://www.example.org/1</link>
    <title>{"word " * 20_000}</title></item></channel></rss>"""
    assert [offer.title for offer in read(feed)] == ["word " * 63 + "word…"]


def test_an_address_may_have_spaces() -> None:
    """As files of offices have; browsers open them, too."""
    feed = """<rss version="2.0"><channel><title>x</title><item><link>https://www.example.org/Annual Report.pdf</link>
    <title>Report</title><description>&lt;img src="/My photo.jpg"&gt;</description></item>
    <item><link>https://www.exa mple.org/</link><title>No host</title></item></channel></rss>"""
    assert [(offer.url, offer.picture) for offer in read(feed)] == [
        ("https://www.example.org/Annual%20Report.pdf", "https://www.example.org/My%20photo.jpg")
    ]


def test_a_summary_that_repeats_the_title_is_none() -> None:
    """Some sites have nothing else to say, and readers need no title twice."""
    feed = """<rss version="2.0"><channel><title>x</title><item><link>https://www.example.org/1</link>
    <title>New wells</title><description>New wells.</description></item></channel></rss>"""
    assert [offer.summary for offer in read(feed)] == [""]


def test_a_summary_does_not_begin_with_the_title_on_a_line_of_its_own() -> None:
    """DSpace writes title, authors and abstract below each other; a sentence that begins with the title stays.

    Authors are told as such where the feed names them.
    """
    feed = """<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title><entry><title>Wells</title>
    <link href="https://www.example.org/handle/1/2"/><summary>Wells
    Example, Ada; Example, Bo
    Where they are dug.
    </summary></entry><entry><title>Water</title><link href="https://www.example.org/handle/1/3"/>
    <summary>Water is
    scarce.</summary></entry><entry><title>Wells</title><link href="https://www.example.org/handle/1/4"/>
    <author><name>Example, Ada</name></author><author><name>Example, Bo</name></author><summary>Wells
    Example, Ada; Example, Bo
    Where they are dug.</summary></entry></feed>"""
    assert [offer.summary for offer in read(feed)] == [
        "Example, Ada; Example, Bo Where they are dug.",
        "Water is scarce.",
        "Where they are dug.",
    ]


def test_what_medium_puts_around_a_story_is_no_part_of_it() -> None:
    """Its links count who comes from the feed, and its last line says where the story appeared."""
    feed = """<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"><channel><title>x</title><item>
    <title>Our year</title><link>https://medium.com/example/our-year-1?source=rss----2---4</link>
    <content:encoded>&lt;p&gt;We dug wells.&lt;/p&gt;&lt;hr&gt;&lt;p&gt;&lt;a
    href="https://medium.com/example/our-year-1"&gt;Our year&lt;/a&gt; was originally published in &lt;a
    href="https://medium.com/example"&gt;Example&lt;/a&gt; on Medium.&lt;/p&gt;</content:encoded>
    </item></channel></rss>"""
    assert [(offer.url, offer.summary) for offer in read(feed)] == [
        ("https://medium.com/example/our-year-1", "We dug wells.")
    ]
