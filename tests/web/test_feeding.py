"""The feed, as feed readers ask for it and take it apart."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from sqlalchemy import text

from newsletter import sending
from newsletter.model.slot import Context
from tests import factories as make
from tests.databases import open_ready
from tests.sending import making
from tests.web.readers import ARCHIVED, HOST, World
from tests.web.sent import join, publish

ATOM = "{http://www.w3.org/2005/Atom}"
FRENCH = {"languages": ["en", "fr"], "translations": {"fr": {"subject": "Juillet", "preheader": "Notre mois"}}}


def feed(world: World, query: str = "") -> ET.Element:
    """Return a feed."""
    answer = world.visitor.get(f"/issues.atom{query}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/atom+xml"
    return ET.fromstring(answer.content)


def told(element: ET.Element, *names: str) -> list[str | None]:
    """Return the texts of some of its parts."""
    return [element.findtext(f"{ATOM}{name}") for name in names]


def ids(world: World, query: str = "") -> list[str | None]:
    """Return the ids of a feed's entries."""
    return [entry.findtext(f"{ATOM}id") for entry in feed(world, query).iter(f"{ATOM}entry")]


def test_an_issue_is_in_the_feed_in_full(archive: World) -> None:
    """With everything that RFC 4287 asks for, and nothing that depends on where it is read."""
    publish(archive, subject="Borders & bridges")
    found = feed(archive)
    assert told(found, "id", "title", "updated") == [f"{HOST}/issues.atom", "ICMPD Newsletter", "2024-07-26T07:00:00Z"]
    assert [link.attrib for link in found.findall(f"{ATOM}link")] == [
        {"rel": "self", "type": "application/atom+xml", "href": f"{HOST}/issues.atom"},
        {"rel": "alternate", "type": "text/html", "href": f"{HOST}/issues"},
    ]
    assert found.findtext(f"{ATOM}author/{ATOM}name") == "ICMPD Newsletter"
    (entry,) = found.iter(f"{ATOM}entry")
    assert told(entry, "id", "title", "summary", "published", "updated") == [
        "tag:news.example.org,2024-07-26:/issues/2024-07/en",
        "Borders & bridges",
        "Our month in one mail",
        "2024-07-26T07:00:00Z",
        "2024-07-26T07:00:00Z",
    ]
    (link,) = entry.findall(f"{ATOM}link")
    assert link.attrib == {"rel": "alternate", "type": "text/html", "hreflang": "en", "href": f"{HOST}/issues/2024-07"}
    (category,) = entry.findall(f"{ATOM}category")
    assert category.attrib == {"term": "monthly", "label": "Monthly newsletter"}
    content = entry.findtext(f"{ATOM}content") or ""
    assert "<p>Dear reader,</p>" in content
    assert "Twelve projects for border communities in Central Asia" in content
    assert all(address.startswith("https://") for address in re.findall(r'(?:href|src)="([^"]*)"', content))
    for personal in ("Anna", "anna@example.org", "/u/", "/v/", "nsubscribe"):
        assert personal not in content


def test_the_newest_twenty_are_in_it(archive: World) -> None:
    """The newest first."""
    for year in (2023, 2024):
        for month in range(1, 13):
            publish(archive, f"{year}-{month:02}", at=f"{year}-{month:02}-15")
    found = [str(entry_id).split("/")[-2] for entry_id in ids(archive)]
    assert found == [f"2024-{month:02}" for month in range(12, 0, -1)] + [f"2023-{m:02}" for m in range(12, 4, -1)]


def test_each_list_and_each_language_has_a_feed(archive: World) -> None:
    """Without either, it is every list, and each issue in its first language."""
    publish(archive, "2024-06", "events", at="2024-06-01")
    publish(archive, "2024-07", **FRENCH)
    june, july = "tag:news.example.org,2024-06-01:/issues/2024-06", "tag:news.example.org,2024-07-26:/issues/2024-07"
    assert ids(archive) == [f"{july}/en", f"{june}/en"]
    assert ids(archive, "?list=events") == [f"{june}/en"]
    assert ids(archive, "?language=fr") == [f"{july}/fr", f"{june}/en"]
    assert ids(archive, "?language=nl") == ids(archive)
    own = feed(archive, "?list=events&language=fr-CA")
    assert told(own, "id", "title") == [f"{HOST}/issues.atom?list=events&language=fr", "ICMPD Newsletter – Events"]
    assert own.attrib == {"{http://www.w3.org/XML/1998/namespace}lang": "fr"}
    assert archive.visitor.get("/issues.atom?list=partners").status_code == 404


def test_an_id_never_changes(own_database: str | None, tmp_path: Path) -> None:
    """Whatever the service is called later: feed readers would show all issues as new."""
    known: set[tuple[str | None, ...]] = set()
    for host in (HOST, "https://post.example.org"):
        more = {"database": own_database} if own_database else {}
        workspace = make.workspace(tmp_path, lists=ARCHIVED, public_url=host, **more)
        with open_ready(workspace) as database:
            world = World(workspace, database)
            world.visitor = world.browser(host=host)
            if not known:
                join(world, "anna@example.org", "monthly")
                publish(world)
            known.add((*ids(world),))
    assert known == {("tag:news.example.org,2024-07-26:/issues/2024-07/en",)}


def test_an_id_tells_nothing_of_a_mailing_that_is_not_shown(archive: World) -> None:
    """Nobody learns from it when others had the issue before."""
    publish(archive, "2024-07", "partners", at="2024-07-01")
    join(archive, "ben@example.org", "monthly")
    publish(archive, "2024-07", at="2024-07-26")
    assert ids(archive) == ["tag:news.example.org,2024-07-26:/issues/2024-07/en"]


def test_no_character_makes_the_feed_unreadable(archive: World) -> None:
    """XML knows neither control characters nor noncharacters, and a team's own template may have one."""
    edition = making.edition(html=making.slotted(Context.HTML, "<p>One\x0b &amp; &lt;two&gt;\uffff</p>"))
    provider = sending.provider(archive.workspace)
    mailing = making.start(archive.database, provider, editions=[edition], now=archive.clock())
    sending.deliver(archive.database, mailing, provider)
    (entry,) = feed(archive).iter(f"{ATOM}entry")
    assert told(entry, "content") == ['<div lang="en" dir="ltr"><p>One &amp; &lt;two&gt;</p></div>']


def test_an_empty_feed_is_a_feed(archive: World) -> None:
    """Whoever follows it from the beginning gets the first issue."""
    assert told(feed(archive), "id", "updated") == [f"{HOST}/issues.atom", "1970-01-01T00:00:00Z"]
    assert ids(archive) == []


def test_a_web_site_may_read_it_by_a_script(archive: World) -> None:
    """To show the newest issues; there is nothing in it that not everybody may see."""
    headers = archive.visitor.get("/issues.atom").headers
    assert headers["access-control-allow-origin"] == "*"
    assert headers["cross-origin-resource-policy"] == "cross-origin"
    assert "access-control-allow-origin" not in archive.visitor.get("/issues").headers


@pytest.mark.parametrize("query", ["", "?list=monthly"])
def test_a_feed_is_made_once(archive: World, query: str) -> None:
    """A hundred readers that ask every five minutes cost no rendering."""
    publish(archive)
    first = archive.visitor.get(f"/issues.atom{query}").text
    with archive.database.writing() as connection:
        connection.execute(text("UPDATE editions SET content = ''"))
    assert archive.visitor.get(f"/issues.atom{query}").text == first
