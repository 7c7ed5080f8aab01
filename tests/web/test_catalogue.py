"""Which issues the archive holds, by what became of their mailings."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsletter import sending
from newsletter.model.mailing import Mailing
from tests.web.archived import listed, names, write
from tests.web.conftest import opened
from tests.web.readers import ARCHIVED, World
from tests.web.sent import join, publish, start


def scheduled(world: World) -> None:
    """Nothing has left."""
    start(world, plan=sending.Plan(begins_at=world.clock() + dt.timedelta(days=1)))


def only_begun(world: World) -> None:
    """Nobody has it."""
    start(world)


def canary(world: World) -> Mailing:
    """The first has it, and the others wait for a person's word."""
    join(world, "berta@example.org", "monthly")
    join(world, "cora@example.org", "monthly")
    return publish(world, plan=sending.Plan(canary=1))


def stopped_canary(world: World) -> None:
    """The first has it, and that person has said no."""
    sending.stop(world.database, canary(world).id, "a wrong link", world.clock())


def stopped_before_anybody(world: World) -> None:
    """Nobody has it."""
    sending.stop(world.database, start(world).id, "a wrong link", world.clock())


def refused_by_all(world: World) -> None:
    """Nobody has it."""
    publish(world)
    write(world, "UPDATE deliveries SET state = 'rejected'")


def elsewhere(world: World) -> None:
    """A list without an archive."""
    publish(world, "2024-07", "partners")


def also_elsewhere(world: World) -> None:
    """One of its lists has none."""
    publish(world, "2024-07", "monthly", "partners")


def to_some(world: World) -> None:
    """A part of the list was meant."""
    publish(world, plan=sending.Plan(segment='{"country":["AT"]}'))


@pytest.mark.parametrize(
    "mail",
    [
        scheduled,
        only_begun,
        canary,
        stopped_canary,
        stopped_before_anybody,
        refused_by_all,
        elsewhere,
        also_elsewhere,
        to_some,
    ],
)
def test_what_not_every_subscriber_was_to_have_is_not_shown(archive: World, mail: object) -> None:
    """Nor what the team may still stop."""
    assert callable(mail)
    mail(archive)
    assert names(archive) == []
    assert archive.visitor.get("/issues/2024-07").status_code == 404
    assert "<entry" not in archive.visitor.get("/issues.atom").text


def test_what_most_readers_have_is_shown_although_its_mailing_goes_on(archive: World) -> None:
    """For days, at a slow pace; or again, when somebody looks into what is unknown."""
    publish(archive)
    write(archive, "UPDATE mailings SET state = 'paused', finished_at = NULL")
    assert names(archive) == ["2024-07"]
    write(archive, "UPDATE batches SET state = 'pending'")
    assert names(archive) == []


def test_what_was_stopped_after_somebody_has_it_is_shown(archive: World) -> None:
    """It is in their mailboxes."""
    publish(archive)
    write(archive, "UPDATE mailings SET state = 'stopped'")
    assert names(archive) == ["2024-07"]


def test_a_canary_larger_than_its_list_hides_nothing(archive: World) -> None:
    """Everybody has it."""
    publish(archive, plan=sending.Plan(canary=50))
    assert names(archive) == ["2024-07"]


def test_several_mailings_are_one_issue(archive: World) -> None:
    """What most readers got is shown: the first mailing, unless it was stopped and mended."""
    publish(archive, subject="First", at="2024-07-26")
    join(archive, "late@example.org", "monthly")
    publish(archive, subject="To the rest", at="2024-07-27", plan=sending.Plan(rest=True))
    assert [item[:2] for item in listed(archive.visitor.get("/issues"))] == [("26 July 2024", "First")]
    write(archive, "UPDATE mailings SET state = 'stopped' WHERE id = 1")
    assert [item[:2] for item in listed(archive.visitor.get("/issues"))] == [("27 July 2024", "To the rest")]
    write(archive, "UPDATE mailings SET state = 'stopped'")
    assert [item[:2] for item in listed(archive.visitor.get("/issues"))] == [("27 July 2024", "To the rest")]


def test_what_nobody_got_an_email_of_is_shown_while_newsletter_is_tried_out(
    own_database: str | None, tmp_path: Path
) -> None:
    """What went to files is no past issue of a team that sends, unless the list itself goes to files alone."""
    office = {"provider": "office", "providers": {"office": {"kind": "smtp", "base_url": "smtp://127.0.0.1:1"}}}
    trial = {**ARCHIVED, "events": {**ARCHIVED["events"], "provider": "outbox"}}
    with opened(tmp_path, own_database, lists=ARCHIVED) as world:
        join(world, "anna@example.org", "monthly", "events")
        for number, name in enumerate(("monthly", "events"), 7):
            publish(world, f"2024-0{number}", name, at=f"2024-0{number}-26")
        assert names(world) == ["2024-08", "2024-07"]
    with opened(tmp_path, own_database, lists=trial, **office) as world:
        assert names(world) == ["2024-08"]
        assert world.visitor.get("/issues/2024-07").status_code == 404
        assert world.visitor.get("/issues.atom").text.count("<entry") == 1
        for sender in ("office", "one that the settings had once"):
            write(world, f"UPDATE mailings SET provider = '{sender}' WHERE issue = '2024-07'")
            assert names(world) == ["2024-08", "2024-07"]
