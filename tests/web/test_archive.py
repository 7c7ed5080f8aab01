"""The archive: which issues everybody may read, where, and how little it costs."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter import audience, sending
from newsletter.model.edition import InlineImage
from newsletter.store import Subject, rotate_keys
from newsletter.web.public.viewing import EDITION_POLICY
from tests import factories as make
from tests.databases import open_ready
from tests.web.archived import listed, names, write
from tests.web.conftest import opened
from tests.web.readers import ARCHIVED, HOST, World
from tests.web.sent import editions, join, publish, send_issue
from tests.web.serving import SETTINGS, served

FRENCH: dict[str, Any] = {
    "languages": ["en", "fr"],
    "translations": {"fr": {"subject": "Juillet", "preheader": "Notre mois"}},
}


def test_without_a_list_that_has_one_there_is_no_archive(world: World) -> None:
    """Nobody finds published what was meant for subscribers."""
    join(world, "anna@example.org", "monthly")
    publish(world)
    for path in ("/issues", "/issues/2024-07", "/issues/2024-07/en", "/issues.atom"):
        assert world.visitor.get(path).status_code == 404
    assert "/issues" not in world.visitor.get("/subscribe").text


def test_past_issues_are_listed_the_newest_first(archive: World) -> None:
    """With date, list, subject and preheader, by year."""
    publish(archive, "2023-12", "events", at="2023-12-31", subject="Winter & more", preheader="Cold")
    publish(archive, "2024-07", at="2024-07-26")
    publish(archive, "2024-06", at="2024-06-28", subject="June")
    page = archive.visitor.get("/issues")
    assert page.status_code == 200
    assert re.findall(r"<h2[^>]*>(\d+)</h2>", page.text) == ["2024", "2023"]
    assert listed(page) == [
        (
            "26 July 2024 · Monthly newsletter",
            "Border communities, a new commentary and an open call",
            "Our month in one mail",
            "/issues/2024-07",
        ),
        ("28 June 2024 · Monthly newsletter", "June", "Our month in one mail", "/issues/2024-06"),
        ("31 December 2023 · Events", "Winter & more", "Cold", "/issues/2023-12"),
    ]


def test_years_are_in_the_digits_of_the_page(own_database: str | None, tmp_path: Path) -> None:
    """As its dates are; the addresses keep the digits that every keyboard has."""
    with opened(tmp_path, own_database, lists=ARCHIVED, readers={"languages": ["en", "fa"]}) as archive:
        join(archive, "anna@example.org", "monthly")
        publish(archive, "2024-07", at="2024-07-26")
        page = archive.visitor.get("/issues?language=fa").text
    assert re.findall(r'<h2 id="([^"]+)">(.+)</h2>', page) == [("year-2024", "۲۰۲۴")]
    assert '<time datetime="2024-07-26">۲۶ ژوئیه ۲۰۲۴</time>' in page
    assert '<html lang="fa" dir="rtl">' in page


def test_before_the_first_issue_the_page_says_so(archive: World) -> None:
    """And shows how to subscribe."""
    page = archive.visitor.get("/issues").text
    assert "The first issue will be here once it has been sent." in page
    assert 'href="/subscribe"' in page


def test_the_page_speaks_the_readers_language(archive: World) -> None:
    """Dates as well, and each issue in it where there is an edition, or else in its own."""
    publish(archive, "2024-07", **FRENCH)
    publish(archive, "2024-06", at="2024-06-01", subject="June")
    page = archive.visitor.get("/issues", headers={"Accept-Language": "fr-CA"})
    assert page.headers["vary"] == "Accept-Language"
    assert "<h1>Numéros précédents</h1>" in page.text
    assert listed(page) == [
        ("26 juillet 2024", "Juillet", "Notre mois", "/issues/2024-07/fr"),
        ("1er juin 2024", "June", "Our month in one mail", "/issues/2024-06"),
    ]
    assert '<bdi lang="en" dir="ltr">June</bdi>' in page.text
    own = f"{HOST}/issues?language=fr"
    for address, canonical in (("/issues", f"{HOST}/issues"), ("/issues?language=fr", own)):
        head = archive.visitor.get(address).text.partition("</head>")[0]
        assert f'<link rel="canonical" href="{canonical}">' in head
        assert f'<link rel="alternate" hreflang="fr" href="{own}">' in head
        assert f'<link rel="alternate" hreflang="x-default" href="{HOST}/issues">' in head


def test_one_list_or_one_year_can_be_looked_at(archive: World) -> None:
    """By addresses that may be linked to; what is no list with an archive and no year is nothing."""
    publish(archive, "2023-12", "events", at="2023-12-31")
    publish(archive, "2024-07")
    visitor = archive.visitor
    assert [item[-1] for item in listed(visitor.get("/issues?list=events"))] == ["/issues/2023-12"]
    assert [item[-1] for item in listed(visitor.get("/issues?year=2024"))] == ["/issues/2024-07"]
    page = visitor.get("/issues?list=events&year=2023").text
    assert '<link rel="canonical" href="https://news.example.org/issues?list=events&amp;year=2023">' in page
    assert 'href="?list=events&amp;year=2023&amp;language=fr"' in page
    for path in ("?list=partners", "?list=none", "?year=2022", "?year=x", "?list=events&year=2024"):
        assert visitor.get(f"/issues{path}").status_code == 404


def test_choices_are_shown_where_there_is_something_to_choose(archive: World) -> None:
    """Lists once two have issues, and years once they are not all on the page."""
    publish(archive, "2023-12", at="2023-12-31")
    publish(archive, "2024-07")
    assert 'class="choose"' not in archive.visitor.get("/issues").text
    publish(archive, "2024-08", "events", at="2024-07-27")
    page = archive.visitor.get("/issues").text
    assert page.count('class="choose"') == 1
    ways = re.findall(r'<a href="(/issues[^"]*)"( aria-current="true")?><bdi>([^<]*)', page)
    assert ways == [
        ("/issues", ' aria-current="true"', "All"),
        ("/issues?list=monthly", "", "Monthly newsletter"),
        ("/issues?list=events", "", "Events"),
    ]


def test_many_years_are_on_pages_of_their_own(archive: World) -> None:
    """The first page has the newest years, as many as make two dozen issues, and leads to the others."""
    for year in (2022, 2023, 2024):
        for month in range(1, 13):
            publish(archive, f"{year}-{month:02}", at=f"{year}-{month:02}-15")
    page = archive.visitor.get("/issues")
    assert len(listed(page)) == 24
    assert re.findall(r'href="/issues\?year=(\d+)"', page.text) == ["2024", "2023", "2022"]
    older = archive.visitor.get("/issues?year=2022")
    assert [item[-1] for item in listed(older)] == [f"/issues/2022-{month:02}" for month in range(12, 0, -1)]


def test_an_issue_is_shown_as_nobodys_own(archive: World) -> None:
    """No name, no token; the greeting falls back, and leaving leads to where anybody asks for their preferences."""
    token = send_issue(archive, "monthly")["anna@example.org"]
    page = archive.visitor.get("/issues/2024-07")
    assert page.status_code == 200
    assert "Dear reader," in page.text
    assert '<a href="https://news.example.org/preferences"' in page.text
    assert '<a href="https://news.example.org/issues/2024-07"' in page.text
    for personal in ("Anna", "anna@example.org", token, "/u/", "/v/"):
        assert personal not in page.text
    assert page.headers["content-security-policy"] == EDITION_POLICY


def test_search_engines_and_sites_find_what_they_look_for(archive: World) -> None:
    """Address, languages, title and description; the archive alone may be listed by them."""
    publish(archive, **FRENCH)
    page = archive.visitor.get("/issues/2024-07/fr")
    assert page.headers["content-language"] == "fr"
    assert "x-robots-tag" not in page.headers
    assert "x-robots-tag" not in archive.visitor.get("/issues").headers
    assert "noindex" not in archive.visitor.get("/issues").text
    assert archive.visitor.get("/subscribe").headers["x-robots-tag"] == "noindex"
    head = page.text.partition("</head>")[0]
    assert re.findall(
        r'<link rel="(\w+)"(?: type="[^"]+")?(?: title="[^"]+")?(?: hreflang="(\S+)")? href="([^"]+)">', head
    ) == [
        ("canonical", "", f"{HOST}/issues/2024-07/fr"),
        ("alternate", "en", f"{HOST}/issues/2024-07"),
        ("alternate", "fr", f"{HOST}/issues/2024-07/fr"),
        ("alternate", "x-default", f"{HOST}/issues/2024-07"),
        ("alternate", "", "/issues.atom?language=fr"),
    ]
    assert dict(re.findall(r'<meta property="og:(\w+)" content="([^"]+)">', head)) == {
        "type": "article",
        "site_name": "ICMPD Newsletter",
        "title": "Juillet",
        "description": "Notre mois",
        "url": f"{HOST}/issues/2024-07/fr",
    }
    assert re.findall(r'<meta name="description" content="([^"]+)">', head) == ["Notre mois"]


def test_above_an_issue_are_the_ways_on(archive: World) -> None:
    """To the others, to subscribing and to its other languages, in its own."""
    publish(archive, **FRENCH)
    page = archive.visitor.get("/issues/2024-07/fr").text
    bar = page.partition('<nav class="ways-on"')[2].partition("</nav>")[0]
    assert re.findall(r'href="([^"]+)"[^>]*>([^<]+)<', bar) == [
        ("/issues?language=fr", "Numéros précédents"),
        ("/subscribe?language=fr", "S’abonner"),
        ("/issues/2024-07", "English"),
    ]


def test_the_first_language_has_one_address(archive: World) -> None:
    """Its longer one shows the same, and names the other; a language that there is not leads nowhere."""
    publish(archive, **FRENCH)
    visitor = archive.visitor
    assert visitor.get("/issues/2024-07/en").text == visitor.get("/issues/2024-07").text
    for path in ("2024-07/de", "2024-07/fr/x", "2024-08", "2024-08/en"):
        assert visitor.get(f"/issues/{path}").status_code == 404


def test_a_readers_own_link_names_the_archive(archive: World) -> None:
    """It goes on working, and search engines are sent to the address that everybody has."""
    token = send_issue(archive, "monthly")["anna@example.org"]
    own = archive.service.link("/v", Subject.EDITION, 1, 0).removeprefix(HOST)
    for path in (f"/v/{token}", own):
        page = archive.visitor.get(path)
        assert page.headers["x-robots-tag"] == "noindex"
        assert '<meta name="robots" content="noindex">' in page.text
        assert f'<link rel="canonical" href="{HOST}/issues/2024-07">' in page.text
    send_issue(archive, "partners", name="2024-08")
    hidden = archive.service.link("/v", Subject.EDITION, 2, 0)
    assert f'<link rel="canonical" href="{hidden}">' in archive.visitor.get(hidden.removeprefix(HOST)).text


def test_a_withdrawn_issue_is_gone(own_database: str | None, tmp_path: Path) -> None:
    """From the page, from the feed and from its address, which says so; who got it may still open their own link."""
    with opened(tmp_path, own_database, lists=ARCHIVED, readers={"withdrawn": ["2024-07"]}) as world:
        join(world, "anna@example.org", "monthly")
        token = send_issue(world, "monthly")["anna@example.org"]
        publish(world, "2024-08", at="2024-08-28")
        assert names(world) == ["2024-08"]
        assert world.visitor.get("/issues.atom").text.count("<entry") == 1
        for path in ("/issues/2024-07", "/issues/2024-07/en"):
            page = world.visitor.get(path)
            assert page.status_code == 410
            assert "<h1>This issue is no longer shown</h1>" in page.text
        assert f"{HOST}/issues/2024-07" not in world.visitor.get(f"/v/{token}").text


def test_that_an_issue_is_withdrawn_is_told_only_where_it_was_for_everybody(
    own_database: str | None, tmp_path: Path
) -> None:
    """Nobody learns from it what partners got, or what is still to come."""
    withdrawn = ["for-partners", "to-come"]
    with opened(tmp_path, own_database, lists=ARCHIVED, readers={"withdrawn": withdrawn}) as world:
        join(world, "anna@example.org", "monthly", "partners")
        publish(world, "for-partners", "partners")
        for name in (*withdrawn, "never"):
            assert world.visitor.get(f"/issues/{name}").status_code == 404


def test_the_archive_knows_neither_people_nor_keys_nor_folders(archive: World) -> None:
    """It shows what was sent, from the ledger: after ten years, erasures and new keys."""
    publish(archive)
    before = archive.visitor.get("/issues/2024-07").text
    audience.erase(archive.database, "anna@example.org", now=archive.clock())
    rotate_keys(archive.database, now=archive.clock())
    archive.clock.now += dt.timedelta(days=3650)
    assert names(archive) == ["2024-07"]
    assert archive.visitor.get("/issues/2024-07").text == before


def test_a_list_of_issues_reads_none_of_them(archive: World) -> None:
    """Only where their subjects stand, and that once."""
    publish(archive)
    write(archive, "UPDATE editions SET content = substr(content, 1, 2048)")
    first = archive.visitor.get("/issues").text
    assert "Border communities, a new commentary" in first
    write(archive, "UPDATE editions SET content = ''")
    assert archive.visitor.get("/issues").text == first


def test_an_issue_is_made_once(archive: World) -> None:
    """However many ask for it."""
    publish(archive)
    first = archive.visitor.get("/issues/2024-07").text
    write(archive, "UPDATE editions SET content = ''")
    assert archive.visitor.get("/issues/2024-07").text == first


def test_pictures_of_an_old_issue_are_not_looked_for_among_all(archive: World) -> None:
    """Whoever shows an issue knows where its pictures are, be there ten years of newer ones."""
    image = InlineImage(f"{'ab' * 10}.png", "image/png", b"\x89PNG")
    (edition,) = editions(archive)
    mailing = sending.start(
        archive.database,
        issue="2024-07",
        lists=["monthly"],
        editions=[replace(edition, images=(image,))],
        envelope=sending.envelope(archive.workspace.settings, ["monthly"]),
        provider=sending.provider(archive.workspace),
        expect=None,
        now=archive.clock(),
    )
    sending.deliver(archive.database, mailing, sending.provider(archive.workspace))
    publish(archive, "2024-08", at="2024-08-28")
    write(archive, "UPDATE editions SET content = '' WHERE mailing_id = 2")
    archive.visitor.get("/issues/2024-07")
    assert archive.visitor.get(f"/images/{image.name}").content == b"\x89PNG"


@pytest.mark.parametrize("path", ["/issues", "/issues/2024-07", "/issues.atom"])
def test_who_has_it_already_is_told_so(archive: World, path: str) -> None:
    """By its tag, also as a proxy weakens or renames it, or by its date; a tag counts more, and tells what changes."""
    publish(archive)
    visitor = archive.visitor
    whole = visitor.get(path)
    assert whole.headers["cache-control"] == "public, max-age=300"
    tag, date = whole.headers["etag"], whole.headers["last-modified"]
    compressed = f'{tag[:-1]}-gzip"'
    for known in ({"If-None-Match": f'"x", W/{tag}'}, {"If-None-Match": compressed}, {"If-Modified-Since": date}):
        answer = visitor.get(path, headers=known)
        assert (answer.status_code, answer.content, answer.headers["etag"]) == (304, b"", tag)
    for other in ({"If-None-Match": '"x"', "If-Modified-Since": date}, {"If-Modified-Since": "yesterday"}):
        assert visitor.get(path, headers=other).status_code == 200
    head = visitor.head(path)
    assert (head.status_code, head.content, head.headers["etag"]) == (200, b"", tag)
    publish(archive, "2024-08", at="2024-08-28")
    fresh = visitor.get(path, headers={"If-None-Match": tag}).status_code
    assert fresh == (304 if path.endswith("2024-07") else 200)


def test_every_page_leads_to_the_archive(archive: World) -> None:
    """The form before one subscribes, the page after one has, and all others at their end."""
    assert "Or look at past issues first." in archive.visitor.get("/subscribe").text
    assert 'href="/issues"' in archive.visitor.get("/preferences").text
    confirmed = archive.confirmed("berta@example.org").text
    assert '<a class="way" href="/issues">Past issues</a>' in confirmed
    assert (
        '<link rel="alternate" type="application/atom+xml" title="ICMPD Newsletter" href="/issues.atom">' in confirmed
    )


def test_the_archive_lies_below_the_services_own_path(tmp_path: Path) -> None:
    """Where the public address has one."""
    workspace = make.workspace(tmp_path, lists=ARCHIVED, public_url="https://www.example.org/news")
    with open_ready(workspace) as database:
        world = World(workspace, database)
        join(world, "anna@example.org", "monthly")
        publish(world)
        visitor = world.browser(host="https://www.example.org")
        assert [item[-1] for item in listed(visitor.get("/news/issues"))] == ["/news/issues/2024-07"]
        page = visitor.get("/news/issues/2024-07").text
        assert '<link rel="canonical" href="https://www.example.org/news/issues/2024-07">' in page
        assert 'href="/news/subscribe?language=en"' in page
        feed = visitor.get("/news/issues.atom").text
        assert "<id>tag:www.example.org,2024-07-26:/news/issues/2024-07/en</id>" in feed


def test_a_withdrawn_issue_that_nobody_knows_is_told(tmp_path: Path) -> None:
    """A misspelt name would go on showing what the team wants to hide."""
    settings = SETTINGS.replace("[readers]", '[readers]\nwithdrawn = ["2024-7"]')
    with served(tmp_path, settings) as running:
        told = running.log.read_text()
    assert "note: `withdrawn` names the issue 2024-7, which was never sent; look how it is spelt\n" in told
