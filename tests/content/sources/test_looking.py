"""What sources offer, and what of it is no entry yet: real servers, real files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.config import Workspace
from newsletter.content import sources
from newsletter.content.sources import Looked
from newsletter.errors import ConfigurationError, NotFound, SourceError
from newsletter.model.offer import Offer
from tests.content.sources.website import Website, on_this_machine

SETTINGS = """title = "Our newsletter"
from = "Our organisation <news@example.org>"
zone = "Europe/Vienna"
postal_address = "Vienna"
"""


def space(root: Path, **files: str) -> Workspace:
    """Return a workspace with these entries of the type news."""
    (root / "newsletter.toml").write_text(SETTINGS, encoding="utf-8")
    folder = root / "issues/entries/news"
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / f"{name}.md").write_text(text, encoding="utf-8")
    return config.load(root)


def with_source(root: Path, url: str, more: str = "") -> Workspace:
    """Return a workspace with a source."""
    space(root)
    with (root / "newsletter.toml").open("a", encoding="utf-8") as file:
        file.write(f'\n[sources.website]\nurl = "{url}"\n{more}')
    return config.load(root)


def feed(*items: tuple[str, str, str]) -> str:
    """Return a feed of titles, addresses and days."""
    told = "".join(
        f"<item><title>{title}</title><link>{url}</link><pubDate>{day}</pubDate></item>" for title, url, day in items
    )
    return f'<rss version="2.0"><channel><title>x</title>{told}</channel></rss>'


def test_a_source_tells_what_is_new_with_what_the_settings_add(tmp_path: Path, site: Website) -> None:
    """The newest first, of the type and with the topics and language that are set."""
    url = site.put(
        "/feed",
        feed(
            ("Old", "/old", "Mon, 01 Jul 2024 10:00:00 GMT"),
            ("New", "/new", "Fri, 26 Jul 2024 10:00:00 GMT"),
        ),
        "text/xml",
    )
    workspace = with_source(tmp_path, url, 'type = "study"\ntopics = ["borders"]\nlanguage = "fr"\n')
    assert sources.look(workspace, opener=on_this_machine) == (
        Looked(
            "website",
            (
                Offer(
                    f"{site.address}/new", "New", date(2024, 7, 26), topics=("borders",), language="fr", type="study"
                ),
                Offer(f"{site.address}/old", "Old", date(2024, 7, 1), topics=("borders",), language="fr", type="study"),
            ),
        ),
    )


def test_what_says_that_it_is_an_event_is_one_among_the_news(tmp_path: Path, site: Website) -> None:
    """Many sites have both in one feed; where the settings say something else, that is what it is."""
    told = feed(("News", "/1", "Mon, 01 Jul 2024 10:00:00 GMT"), ("Event", "/2", "Mon, 01 Jul 2024 09:00:00 GMT"))
    start = '<ev:startdate xmlns:ev="http://purl.org/rss/1.0/modules/event/">2024-09-10</ev:startdate></item></channel>'
    url = site.put("/feed", told.replace("</item></channel>", start), "text/xml")
    for more, types in (("", ["news", "event"]), ('type = "call"\n', ["call", "call"])):
        (looked,) = sources.look(with_source(tmp_path, url, more), opener=on_this_machine)
        assert [offer.type for offer in looked.offers] == types


@pytest.mark.parametrize("kind", ["application/feed+json", "application/json; charset=utf-8", "text/plain"])
def test_a_json_feed_is_a_source_too(tmp_path: Path, site: Website, kind: str) -> None:
    """Whatever the server calls it, and where a page names it; what programs read beside it is no feed."""
    told = {
        "version": "https://jsonfeed.org/version/1.1",
        "items": [
            {"id": "1", "url": "/old", "title": "Old", "date_published": "2024-07-01T10:00:00Z"},
            {"id": "2", "url": "/new", "title": "New", "date_published": "2024-07-26T10:00:00Z", "tags": ["wells"]},
        ],
    }
    url = site.put("/feed.json", json.dumps(told), kind)
    home = site.put(
        "/",
        '<title>Home</title><link rel="alternate" type="application/json" href="/wp-json/wp/v2/pages/1">'
        '<link rel="alternate" type="application/feed+json" href="/feed.json">',
    )
    for address in (url, home):
        (looked,) = sources.look(with_source(tmp_path, address), opener=on_this_machine)
        assert looked.offers == (
            Offer(f"{site.address}/new", "New", date(2024, 7, 26), topics=("wells",), type="news"),
            Offer(f"{site.address}/old", "Old", date(2024, 7, 1), type="news"),
        )
    assert site.asked == ["/feed.json", "/", "/feed.json"]


def test_a_page_leads_to_the_feed_that_it_names(tmp_path: Path, site: Website) -> None:
    """Nobody knows the address of a feed; everybody knows that of the web site."""
    site.put("/feed", feed(("New", "/new", "")), "text/xml")
    home = site.put("/", '<title>Home</title><link rel="alternate" type="application/rss+xml" href="/feed">')
    (looked,) = sources.look(with_source(tmp_path, home), opener=on_this_machine)
    assert [offer.title for offer in looked.offers] == ["New"]


def test_a_source_that_cannot_be_read_keeps_no_other_from_being_read(tmp_path: Path, site: Website) -> None:
    """Each tells its own trouble."""
    plain = site.put("/plain", "<title>No feed</title>")
    with_source(
        tmp_path, plain, f'\n[sources.other]\nurl = "{site.put("/feed", feed(("New", "/new", "")), "text/xml")}"\n'
    )
    first, second = sources.look(config.load(tmp_path), opener=on_this_machine)
    assert first.trouble is not None
    assert first.trouble.message == f"{plain} is no feed, and names none"
    assert [offer.title for offer in second.offers] == ["New"]


def test_names_that_there_are_not_are_told(tmp_path: Path) -> None:
    """With the one that was meant, or with what to write into the settings."""
    with pytest.raises(ConfigurationError, match="the settings name no source") as caught:
        sources.look(space(tmp_path))
    assert "[sources.website]" in caught.value.fix
    with pytest.raises(NotFound, match=r"there is no source 'web-site'; did you mean 'website'\?"):
        sources.look(with_source(tmp_path, "https://www.example.org"), ["web-site"])


def test_an_offer_that_an_entry_leads_to_is_not_new(tmp_path: Path) -> None:
    """Whatever its state, its language and the spelling of its address; a file that nobody can read counts as well."""
    workspace = space(
        tmp_path,
        draft="---\ntitle: A\ndate: 2024-07-01\nurl: http://example.org/a/?utm_source=x\nstatus: draft\n---\n",
        translated="---\ntitle: B\ndate: 2024-07-01\nurl: https://example.org/b\n"
        "translations: {fr: {title: B, url: 'https://www.example.org/fr/b'}}\n---\n",
        broken="---\ntitle: C\ndate: never\nurl: https://www.example.org/c\nlink: https://x:99999/\n---\n",
    )
    offers = [Offer(f"https://www.example.org/{path}", path) for path in ("a", "b", "fr/b", "c", "d", "d/", "e")]
    content = pipeline.read(workspace)
    assert [item.id for item in content.unreadable] == ["broken"]
    assert [offer.title for offer in sources.fresh(offers, content, workspace)] == ["d", "e"]


def test_days_bound_what_is_offered() -> None:
    """Both days are included; what has no day may belong anywhere; the first source of a page counts."""
    days = [date(2024, 6, 30), date(2024, 7, 1), date(2024, 7, 31), date(2024, 8, 1), None]
    offers = tuple(Offer(f"https://example.org/{number}", str(day), day) for number, day in enumerate(days))
    found = sources.offered((Looked("a", offers), Looked("b", offers)), date(2024, 7, 1), date(2024, 7, 31))
    assert [(name, offer.title) for name, offer in found] == [("a", "2024-07-01"), ("a", "2024-07-31"), ("a", "None")]


def test_a_single_page_is_read(tmp_path: Path, site: Website) -> None:
    """And what is no page with a title is told."""
    page = site.put("/page", "<title>One page</title>")
    assert sources.page(space(tmp_path), page, on_this_machine) == Offer(page, "One page", type="news")
    file = site.put("/file", b"%PDF-1.7", "application/pdf")
    with pytest.raises(SourceError, match=f"{file} is no page with a title"):
        sources.page(space(tmp_path), file, on_this_machine)


def test_a_feed_in_place_of_a_page_is_told_as_one(tmp_path: Path, site: Website) -> None:
    """With what to write, so that it is one."""
    url = site.put("/feed", feed(("A", "https://example.org/a", "")), "application/rss+xml")
    with pytest.raises(SourceError, match=f"{url} is a feed, and no page") as caught:
        sources.page(space(tmp_path), url, on_this_machine)
    written = f'write into the settings, below [sources.website]: url = "{url}"; then newsletter fetch shows it'
    assert caught.value.fix == written


def test_what_is_no_address_is_told(tmp_path: Path) -> None:
    """As a sentence, whatever is typed."""
    with pytest.raises(SourceError, match="cannot be reached"):
        sources.page(space(tmp_path), "http://[::1")


def test_a_page_behind_a_password_is_told(tmp_path: Path, site: Website) -> None:
    """Where one is led to a form to log in, that form is no entry; a form on the page itself is no hindrance."""
    form = '<title>Log in</title><input type="password">'
    site.put("/login", form)
    page = site.put("/inside", "", status=302, Location="/login")
    with pytest.raises(SourceError, match=f"{page} cannot be read") as caught:
        sources.page(space(tmp_path), page, on_this_machine)
    assert caught.value.why == "the web site wants a password"
    assert sources.page(space(tmp_path), site.put("/open", form), on_this_machine).title == "Log in"


def test_only_a_source_that_is_said_to_be_private_may_be(tmp_path: Path, site: Website) -> None:
    """Its own pages and pictures, then, and nothing else of that network."""
    url = site.put("/feed", feed(("New", "/new", "")), "text/xml")
    (refused,) = sources.look(with_source(tmp_path, url))
    assert refused.trouble is not None
    assert refused.trouble.message == f"{url} is not on the public internet"
    workspace = with_source(tmp_path, url, "private = true\n")
    (looked,) = sources.look(workspace)
    assert [offer.title for offer in looked.offers] == ["New"]
    page = site.put("/page", "<title>One page</title>")
    assert sources.page(workspace, page).title == "One page"
    with pytest.raises(SourceError, match="is not on the public internet"):
        sources.page(workspace, page.replace("127.0.0.1", "localhost"))
