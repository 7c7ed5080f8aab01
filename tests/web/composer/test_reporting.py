"""What the studio tells of an issue that has left: the numbers of the command line, and what to do next."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from collections.abc import Collection
from pathlib import Path

import pytest

from newsletter import config, sending, store, tracking
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.sending import ledger
from newsletter.sending.lanes import lane
from tests.web.composer.studio import SETTINGS, Studio
from tests.web.composer.test_reviewing import cli

PAGE = "/issues/2024-07?panel=report"
PEOPLE = ("anna", "ben", "cleo", "dora")


def words(page: str) -> str:
    """Return what a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]*>", " ", page[page.index('id="panel-report"') :]).split())


@pytest.fixture(scope="module")
def archetype(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a newsletter whose issue went to four people, into files."""
    studio = Studio(tmp_path_factory.mktemp("sent") / "our newsletter")
    studio.write("people.csv", "email\n" + "".join(f"{name}@example.org\n" for name in PEOPLE))
    assert cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly").returncode == 0
    done = cli(studio, "send", "2024-07", "--yes", "--expect", str(len(PEOPLE)))
    assert done.returncode == 0, done.stderr
    return studio.root


@pytest.fixture
def sent(archetype: Path, tmp_path: Path) -> Studio:
    """A studio of its own over such a newsletter."""
    shutil.copytree(archetype, tmp_path / "our newsletter")
    return Studio(tmp_path / "our newsletter")


def tell(studio: Studio, *told: tuple[str, EventKind, Bounce | None, str], programs: Collection[int] = ()) -> None:
    """Record what a provider says of people: the reason, or the link of a click; and which of it `programs` did."""
    space = config.load(studio.root)
    now = dt.datetime.now(dt.UTC)
    with store.open_database(space) as database:
        mailing = sending.status(database, "2024-07").mailing.id
        key = ledger.load(database, mailing).key
        with database.reading() as connection:
            rows = connection.exec_driver_sql("SELECT address, subscriber_id FROM deliveries")
            numbers: dict[str, int] = {row[0]: row[1] for row in rows}
        events = [
            Event(
                kind,
                key=f"event {number}",
                delivery=store.delivery_id(mailing, numbers[f"{name}@example.org"], key),
                at=now,
                bounce=bounce,
                code="5.1.1" if bounce else "",
                reason="" if kind is EventKind.CLICKED else reason,
                link=reason if kind is EventKind.CLICKED else "",
                by_machine=number in programs,
            )
            for number, (name, kind, bounce, reason) in enumerate(told)
        ]
        tracking.record_events(database, "outbox", events, space.settings.tracking, now=now)


def test_of_a_database_that_has_moved_nothing_is_said_but_that(sent: Studio) -> None:
    """Its readers are not gone, and the issue has been sent: another database knows them now."""
    file = sent.root / ".newsletter/newsletter.db"
    file.rename(file.with_name("newsletter.db-moved"))
    told = "what was in .newsletter/newsletter.db has moved into another database"
    for page in (PAGE, "/issues/2024-07?panel=send", "/readers", "/settings"):
        assert told in sent.show(page).replace("What was", "what was")
    assert not file.exists()


def test_what_has_not_left_has_no_report(studio: Studio) -> None:
    """The tab appears with the mailing; an old address says what is missing."""
    assert 'id="tab-report"' not in studio.show("/issues/2024-07")
    before = studio.files()
    assert "Issue 2024-07 has not been sent." in words(studio.show(PAGE))
    assert studio.files() == before


def test_the_totals_are_those_of_status(sent: Studio) -> None:
    """Everybody who was a candidate stands in one line, and the lines add up."""
    assert 'id="tab-report"' in sent.show("/issues/2024-07")
    assert '<a href="/issues/2024-07?panel=report">What became of it</a>' in sent.show("/issues/2024-07?panel=review")
    totals = json.loads(cli(sent, "status", "2024-07", "--json").stdout)["totals"]
    assert totals == {
        "candidates": 4,
        "pending": 0,
        "claimed": 0,
        "accepted": 4,
        "rejected": 0,
        "suppressed": 0,
        "unknown": 0,
    }
    page = words(sent.show(PAGE))
    assert "4 people when it began Accepted the provider has taken the message 4 100.0%" in page
    assert "Readers got no email: what goes through outbox does not leave this computer." in page
    with store.open_database(config.load(sent.root)) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailings SET provider = 'main'")
    assert "Nothing was told about it yet." in words(sent.show(PAGE))


def test_calls_of_a_sender_that_was_killed_are_not_under_way(sent: Studio) -> None:
    """The same number means another thing while somebody is sending."""
    with store.open_database(config.load(sent.root)) as database:
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE mailings SET state = 'sending'")
            connection.exec_driver_sql("UPDATE deliveries SET state = 'claimed'")
        assert "Claimed under way when their sender ended 4 100.0%" in words(sent.show(PAGE))
        with lane(database, sending.status(database, "2024-07").mailing):
            assert "Claimed under way just now 4 100.0%" in words(sent.show(PAGE))


def test_how_fast_it_goes_is_told_while_somebody_sends(sent: Studio) -> None:
    """From the last minutes; without a sender nobody knows how long it takes."""
    begun = (dt.datetime.now(dt.UTC) - dt.timedelta(seconds=60)).strftime("%Y-%m-%d %H:%M:%S.%f")
    with store.open_database(config.load(sent.root)) as database:
        with database.writing() as connection:
            connection.exec_driver_sql("UPDATE mailings SET state = 'sending'")
            connection.exec_driver_sql("UPDATE batches SET claimed_at = ?", (begun,))
            connection.exec_driver_sql("UPDATE deliveries SET state = 'pending' WHERE address LIKE 'dora@%'")
        assert "a minute" not in words(sent.show(PAGE))
        with lane(database, sending.status(database, "2024-07").mailing):
            assert re.search(r"[34] people a minute; about \d\d seconds left", words(sent.show(PAGE)))


def test_what_became_of_the_messages_is_that_of_report(sent: Studio) -> None:
    """The same words and numbers as in the terminal; what a server says never becomes markup."""
    tell(
        sent,
        ("anna", EventKind.DELIVERED, None, ""),
        ("anna", EventKind.OPENED, None, ""),
        ("ben", EventKind.BOUNCED, Bounce.HARD, "550 5.1.1 <script>no</script> such user"),
        ("cleo", EventKind.COMPLAINED, None, ""),
    )
    printed = " ".join(cli(sent, "report", "2024-07").stdout.split())
    page = sent.show(PAGE)
    assert "<script>no</script>" not in page
    for row, percent in (
        ("delivered, by the provider's word 1", "25.0%"),
        ("accepted, not yet delivered 1", "25.0%"),
        ("came back for good, no such address 1", "25.0%"),
        ("nothing told yet 1", "25.0%"),
    ):
        assert f"{row} {percent}" in printed
        assert f"{row[:1].upper()}{row[1:]} {percent}".replace("'", "&#39;") in words(page)
    assert "1 × hard 5.1.1 550 5.1.1 &lt;script&gt;no&lt;/script&gt; such user" in words(page)
    assert "Called it spam 1" in words(page)
    assert "Opens, an estimate 1" in words(page)


def test_a_second_mailing_hides_nothing_of_the_first(sent: Studio) -> None:
    """Whoever joined later got it in another one; what readers read is of both, as in the terminal."""
    tell(
        sent,
        ("anna", EventKind.CLICKED, None, "https://www.example.org/elsewhere"),
        ("ben", EventKind.CLICKED, None, ""),
    )
    sent.write("late.csv", "email\nlate@example.org\n")
    cli(sent, "subscribers", "import", str(sent.root / "late.csv"), "--list", "monthly")
    done = cli(sent, "send", "2024-07", "--rest", "--yes", "--expect", "1")
    assert done.returncode == 0, done.stderr
    page = words(sent.show(PAGE))
    assert "Of all 2 mailings of the issue together." in page
    assert "Delivered, by the provider&#39;s word 2 40.0%" in page
    assert "https://www.example.org/elsewhere 1 click" in page
    assert "1 more click was on readers&#39; own links, or on none that was told." in page.replace("'", "&#39;")


def test_a_mailing_that_waits_says_what_to_do(studio: Studio) -> None:
    """When it leaves, how far it is, and how it is held; after a stop, that nothing has left."""
    studio.write("people.csv", "email\nanna@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    soon = f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=3):%Y-%m-%d 09:00}"
    cli(studio, "send", "2024-07", "--at", soon, "--detach", "--yes", "--expect", "1")
    page = studio.show(PAGE)
    assert '<span class="chip ">Scheduled</span>' in page
    assert '<progress class="done" data-moving max="1" value="0"' in page
    assert "Nothing on this computer waits for it, so it would stay here, unless newsletter worker runs" in words(page)
    assert "What became of the messages" not in words(page)
    cli(studio, "stop", "2024-07")
    page = studio.show(PAGE)
    assert '<span class="chip warn">Stopped</span>' in page
    assert "Nothing has left: it can be mended, and sent again ." in words(page)
    assert "<progress" not in page


def test_a_rest_that_was_stopped_is_not_all_of_the_issue(sent: Studio) -> None:
    """Most have it from the mailing before, so it cannot be sent again as if nothing had left."""
    sent.write("late.csv", "email\nlate@example.org\n")
    cli(sent, "subscribers", "import", str(sent.root / "late.csv"), "--list", "monthly")
    assert cli(sent, "send", "2024-07", "--rest", "--detach", "--yes", "--expect", "1").returncode == 0
    assert cli(sent, "stop", "2024-07").returncode == 0
    page = words(sent.show(PAGE))
    assert "Nothing has left" not in page
    assert "The others have not got it: send it to them ." in page


def test_who_must_not_be_written_to_is_no_progress_of_what_has_not_begun(studio: Studio) -> None:
    """Nothing has left, so the bar is empty."""
    studio.write("people.csv", "email\nanna@example.org\nben@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    cli(studio, "subscribers", "suppress", "ben@example.org")
    soon = f"{dt.datetime.now(dt.UTC) + dt.timedelta(days=3):%Y-%m-%d 09:00}"
    cli(studio, "send", "2024-07", "--at", soon, "--detach", "--yes", "--expect", "1")
    assert '<progress class="done" data-moving max="2" value="0"' in studio.show(PAGE)


def test_what_readers_read_is_told_by_entry(sent: Studio) -> None:
    """Most first, each leading to its form; a link that leads to no entry is told as it is."""
    wells, other = "https://www.example.org/news/wells", "https://elsewhere.example/<b>"
    clicks = [("anna", wells), ("ben", wells), ("cleo", other)]
    tell(sent, *((name, EventKind.CLICKED, None, link) for name, link in clicks))
    page = sent.show(PAGE)
    told = (
        "What they read on Border communities get new wells news 2 clicks https://elsewhere.example/&lt;b&gt; 1 click"
    )
    assert told in words(page)
    assert '<a href="/entries/wells?issue=2024-07">Border communities get new wells</a>' in page


def test_what_programs_did_is_counted_alike_everywhere(sent: Studio) -> None:
    """Opens and clicks are people's, on all faces and side by side with other issues; programs' stand beside them."""
    wells = "https://www.example.org/news/wells"
    clicks = [("anna", wells), ("ben", wells), ("cleo", wells), ("dora", ""), ("anna", "")]
    told = [(name, EventKind.CLICKED, None, link) for name, link in clicks]
    opens = [(name, EventKind.OPENED, None, "") for name in ("anna", "ben")]
    tell(sent, *told, *opens, programs={1, 4, 6})
    alone = json.loads(cli(sent, "report", "2024-07", "--json").stdout)
    beside = json.loads(cli(sent, "report", "--json").stdout)
    for found in (alone["tracking"], beside["issues"][0]):
        assert (found["opens"], found["clicks"]) == (1, 3)
    assert alone["tracking"]["events_by_machines"] == {"opened": 1, "clicked": 2}
    assert [(one["clicks"], one["by_machines"]) for one in alone["read"]] == [(2, 1)]
    assert beside["issues"][0]["read"] == alone["read"]
    assert beside["types"] == [{"type": "news", "entries": 2, "clicks": 2}]
    printed = " ".join(cli(sent, "report", "2024-07").stdout.split())
    assert printed.endswith(
        "opens, an estimate 1; 1 more by programs, says the provider "
        "clicks, an estimate 3; 2 more by programs, says the provider "
        "read on type clicks Border communities get new wells news 2 readers' own links, and what was not told – 1"
    )
    (row,) = [line for line in cli(sent, "report").stdout.splitlines() if line.startswith("2024-07")]
    assert row.split()[-2:] == ["1", "3"]
    page = words(sent.show(PAGE))
    assert "Opens, an estimate 1; 1 more by programs, says the provider" in page
    assert "Clicks, an estimate 3; 2 more by programs, says the provider" in page
    assert "Border communities get new wells news 2 clicks" in page
    assert "1 more click was on readers' own links" in page


def test_who_is_left_out_is_told_with_the_reason(sent: Studio) -> None:
    """Who has it from an earlier mailing is no less welcome than anybody else."""
    assert cli(sent, "subscribers", "unsubscribe", "dora@example.org", "--list", "monthly").returncode == 0
    sent.write("people.csv", "email\nemil@example.org\n")
    assert cli(sent, "subscribers", "import", str(sent.root / "people.csv"), "--list", "monthly").returncode == 0
    assert cli(sent, "send", "2024-07", "--rest", "--yes", "--expect", "1").returncode == 0
    assert "Suppressed got this issue before, or may have 3 75.0%" in words(sent.show(PAGE))
    with store.open_database(config.load(sent.root)) as database, database.writing() as connection:
        connection.exec_driver_sql(
            "UPDATE deliveries SET detail = 'bounce' WHERE state = 'suppressed' AND address LIKE 'anna%'"
        )
    assert "Suppressed 2 got this issue before, or may have; 1 bounced 3 75.0%" in words(sent.show(PAGE))


def test_a_provider_that_cannot_be_asked_has_no_button_for_it(sent: Studio) -> None:
    """Pressing it would find out nothing."""
    with store.open_database(config.load(sent.root)) as database, database.writing() as connection:
        connection.exec_driver_sql("UPDATE mailings SET state = 'partly sent', provider = 'post'")
        connection.exec_driver_sql("UPDATE deliveries SET state = 'unknown'")
    sent.write("newsletter.toml", f'{SETTINGS}\n[providers.post]\nkind = "smtp"\nbase_url = "smtp://127.0.0.1:9"\n')
    page = words(sent.show(PAGE))
    assert (
        "Of 4 people nobody can tell whether they have it. The provider cannot be asked; what it tells by itself may "
        "show it; unless you say so, nobody is written to twice."
    ) in page
    assert "Ask the provider" not in page


def test_a_mailing_is_found_although_its_issue_cannot_be_read(sent: Studio) -> None:
    """A slip in the file hides nothing that is under way."""
    sent.write("issues/2024-07/issue.yaml", "title: [")
    assert '<a href="/issues/2024-07?panel=report">its mailing is sent</a>' in sent.show("/")
    assert "4 people when it began" in words(sent.show(PAGE))
