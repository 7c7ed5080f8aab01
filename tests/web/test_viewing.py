"""Issues in the browser, pictures and calendar files."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from newsletter import rendering, sending
from newsletter.model.edition import InlineImage
from tests import factories as make
from tests.databases import open_ready
from tests.web.readers import LISTS, World, path_of
from tests.web.sent import publish, send_issue

PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 40


@pytest.fixture
def token(world: World) -> str:
    """The token of the issue that Anna got."""
    world.put_on("anna@example.org", name="Anna Berg")
    return send_issue(world, "monthly")["anna@example.org"]


def test_an_issue_is_shown_without_the_person(world: World, token: str) -> None:
    """Neither name nor address nor the reader's own token is in the page, so that it may be passed on."""
    page = world.visitor.get(f"/v/{token}")
    assert page.status_code == 200
    assert "Twelve projects for border communities" in page.text
    assert "Dear reader," in page.text
    for personal in ("Anna", "anna@example.org", token):
        assert personal not in page.text


def test_everybody_sees_the_same_page(world: World, token: str) -> None:
    """The address inside the page knows no person, and shows the page itself."""
    page = world.visitor.get(f"/v/{token}").text
    own = page.split('<link rel="canonical" href="https://news.example.org')[1].split('"')[0]
    assert own != f"/v/{token}"
    assert world.visitor.get(own).text == page
    assert world.visitor.post(own.replace("/v/", "/u/")).status_code == 404


def test_each_reader_sees_the_edition_that_they_got(world: World) -> None:
    """A mailing has editions in several languages; whose link it is decides."""
    world.put_on("anna@example.org", language="en")
    world.put_on("bea@example.org", language="fr")
    publish(world, languages=("en", "fr"))
    seen = {}
    for message in world.mail():
        way = path_of(message["List-Unsubscribe"].strip("<>")).replace("/u/", "/v/")
        seen[message["To"]] = world.visitor.get(way).headers["content-language"]
    assert seen == {"anna@example.org": "en", "bea@example.org": "fr"}


def test_nothing_in_an_issue_can_act(world: World, token: str) -> None:
    """No scripts, no forms, no frames, an origin of its own; styles are the mail's."""
    policy = world.visitor.get(f"/v/{token}").headers["content-security-policy"]
    assert policy == (
        "default-src 'none'; img-src 'self' https:; style-src 'unsafe-inline'; font-src 'none'; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'none'; sandbox allow-popups allow-popups-to-escape-sandbox "
        "allow-top-navigation-by-user-activation"
    )


def test_an_issue_is_shown_after_its_reader_has_gone(world: World, token: str) -> None:
    """The ledger keeps what was sent."""
    with world.database.writing() as connection:
        connection.exec_driver_sql("DELETE FROM subscribers")
    assert world.visitor.get(f"/v/{token}").status_code == 200


def illustrated(world: World, *, hosted: bool) -> InlineImage:
    """Send an issue with a picture and a calendar file, and return the picture."""
    image = InlineImage(f"{'ab' * 10}.png", "image/png", PNG)
    calendar = InlineImage(f"{'cd' * 10}.ics", "text/calendar", b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")
    edition = rendering.render(make.selection(), world.workspace, "en")
    address = f"https://news.example.org/images/{image.name}" if hosted else f"cid:{image.content_id}"
    chunks = (
        edition.html.chunks[0].replace(b"</head>", f'</head><img src="{address}">'.encode()),
        *edition.html.chunks[1:],
    )
    edition = replace(
        edition,
        html=replace(edition.html, chunks=chunks),
        images=() if hosted else (image,),
        hosted=(image, calendar) if hosted else (calendar,),
    )
    settings = world.workspace.settings
    world.put_on("anna@example.org")
    sending.start(
        world.database,
        issue="2024-07",
        lists=["monthly"],
        editions=[edition],
        envelope=sending.envelope(settings, ["monthly"]),
        provider=sending.provider(world.workspace),
        expect=None,
        now=world.clock(),
    )
    return image


@pytest.mark.parametrize("hosted", [True, False])
def test_pictures_of_what_was_sent_are_shown(world: World, hosted: bool) -> None:
    """Linked ones are fetched by mail programs, those inside are shown with the issue in the browser."""
    image = illustrated(world, hosted=hosted)
    answer = world.visitor.get(f"/images/{image.name}")
    assert (answer.status_code, answer.content) == (200, PNG)
    assert answer.headers["content-type"] == "image/png"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    from newsletter.store import Subject

    own = world.service.link("/v", Subject.EDITION, 1, 0).removeprefix("https://news.example.org")
    assert f'<img src="/images/{image.name}">' in world.visitor.get(own).text


def test_calendar_files_are_handed_out_as_files(world: World) -> None:
    """A browser does not show them as a page."""
    illustrated(world, hosted=True)
    answer = world.visitor.get(f"/images/{'cd' * 10}.ics")
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["content-disposition"].startswith("attachment")


def test_pictures_sent_later_are_found(world: World) -> None:
    """The service looks again when it is asked for a name that it does not know."""
    assert world.visitor.get(f"/images/{'ab' * 10}.png").status_code == 404
    image = illustrated(world, hosted=True)
    assert world.visitor.get(f"/images/{image.name}").status_code == 200


def test_pictures_of_a_proof_are_shown_before_anything_is_sent(world: World) -> None:
    """What was built lies in the state folder until the ledger has it."""
    folder = world.workspace.state / "images"
    folder.mkdir(parents=True)
    (folder / f"{'ef' * 10}.png").write_bytes(PNG)
    assert world.visitor.get(f"/images/{'ef' * 10}.png").content == PNG


@pytest.mark.parametrize(
    "name",
    ["../newsletter.db", "..%2Fnewsletter.db", "%2e%2e/newsletter.db", "x.svg", "a" * 20 + ".html", "newsletter.db"],
)
def test_no_other_file_is_handed_out(world: World, name: str) -> None:
    """Names are made of hexadecimal digits and a known ending; nothing else reaches the disk."""
    (world.workspace.state / "images").mkdir(parents=True)
    (world.workspace.state / "images" / ("a" * 20 + ".html")).write_text("<script>")
    assert world.visitor.get(f"/images/{name}").status_code == 404


def test_the_sign_of_the_sender_is_shown(tmp_path: Path, own_database: str | None) -> None:
    """From the workspace's own file, fitted as in mails."""
    from PIL import Image

    (tmp_path / "issues").mkdir()
    Image.new("RGB", (640, 160), "#004b87").save(tmp_path / "issues" / "logo.png")
    brand = {"color": "#004b87", "logo": {"src": "logo.png", "alt": "ICMPD", "width": 160}}
    more: dict[str, Any] = {"database": own_database} if own_database else {}
    workspace = make.workspace(tmp_path, lists=LISTS, brand=brand, **more)
    with open_ready(workspace) as database:
        world = World(workspace, database)
        page = world.visitor.get("/").text
        src = page.split('<img src="')[1].split('"')[0]
        assert 'alt="ICMPD" width="160"' in page
        assert world.visitor.get(src).headers["content-type"] == "image/png"
        Image.new("RGB", (160, 640), "#004b87").save(tmp_path / "issues" / "logo.png")
        assert 'alt="ICMPD" width="60"' in World(workspace, database).visitor.get("/").text


@pytest.mark.parametrize(
    ("letters", "color", "ground"),
    [
        ("#101820", "#004b87", ' class="plate"'),
        ("#ffffff", "#004b87", ' class="on-band"'),
        ("#ffffff", "#ffd400", ' class="on-ink"'),
        ("#8a6d3b", "#004b87", ""),
    ],
)
def test_a_sign_without_a_ground_is_never_lost(letters: str, color: str, ground: str, tmp_path: Path) -> None:
    """Dark letters have white behind them in the dark, white ones the masthead's colour, or ink."""
    from PIL import Image

    (tmp_path / "issues").mkdir()
    sign = Image.new("RGBA", (640, 160))
    sign.paste(letters, (0, 40, 640, 120))
    sign.save(tmp_path / "issues" / "logo.png")
    brand = {"color": color, "logo": {"src": "logo.png", "alt": "ICMPD", "width": 160}}
    workspace = make.workspace(tmp_path, lists=LISTS, brand=brand)
    with open_ready(workspace) as database:
        assert f'<img{ground} src="/images/' in World(workspace, database).visitor.get("/").text


def test_old_issues_stay(world: World, token: str) -> None:
    """Links in mails are for years."""
    world.clock.now += dt.timedelta(days=3650)
    assert world.visitor.get(f"/v/{token}").status_code == 200
