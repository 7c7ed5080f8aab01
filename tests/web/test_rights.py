"""The service with the rights that docs/readers.md gives it, on PostgreSQL."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import create_engine, make_url, text

from newsletter import audience
from newsletter.store import open_database, rotate_keys
from tests import factories as make
from tests.web.readers import ARCHIVED, NOW, World, hidden
from tests.web.sent import join, publish, send_issue

GUIDE = (Path(__file__).parents[2] / "docs" / "readers.md").read_text(encoding="utf-8")


@pytest.fixture
def limited(tmp_path: Path, postgresql_server: str) -> Iterator[tuple[World, World]]:
    """A world of the database's owner, and one of a role that has the rights of the guide alone."""
    name, role = f"test_{uuid4().hex}", f"readers_{uuid4().hex}"
    url = make_url(postgresql_server).set(drivername="postgresql+psycopg")
    server = create_engine(url, isolation_level="AUTOCOMMIT")
    own = url.set(drivername="postgresql", database=name)
    theirs = own.set(username=role, password="readers")
    with server.connect() as connection:
        connection.execute(text(f"CREATE DATABASE {name}"))
        connection.execute(text(f"CREATE ROLE {role} LOGIN PASSWORD 'readers'"))
        spaces = [
            make.workspace(tmp_path, lists=ARCHIVED, database=address.render_as_string(hide_password=False))
            for address in (own, theirs)
        ]
        with open_database(spaces[0]) as owners:
            rotate_keys(owners, now=NOW)
            grants = re.findall(r"^GRANT .*;$", GUIDE, re.MULTILINE)
            with owners.writing() as inside:
                for grant in grants:
                    inside.execute(text(grant.replace("TO readers", f"TO {role}")))
            with open_database(spaces[1]) as readers:
                yield World(spaces[0], owners), World(spaces[1], readers)
        connection.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))
        connection.execute(text(f"DROP ROLE {role}"))
    server.dispose()


def test_the_rights_of_the_guide_are_enough(limited: tuple[World, World]) -> None:
    """The whole way of a reader."""
    team, world = limited
    assert "You are subscribed" in world.confirmed().text
    path = world.preferences()
    page = world.visitor.get(path)
    answer = world.visitor.post(path, data=hidden(page.text) | {"list": ["monthly", "events"], "pause": "1"})
    assert answer.status_code == 303
    token = send_issue(team, "monthly")["anna@example.org"]
    assert world.visitor.get(f"/v/{token}").status_code == 200
    assert world.visitor.post(f"/u/{token}").status_code == 200
    assert world.words() == {"anna@example.org monthly": "unsubscribed", "anna@example.org events": "confirmed"}
    world.subscribe("stranger@example.org")
    (letter,) = [message for message in world.mail() if message["To"] == "stranger@example.org"]
    world.visitor.post("/u/" + letter["List-Unsubscribe"].strip("<>").rpartition("/")[2])
    world.clock.forward(days=40)
    audience.forget_signups(world.database, now=world.clock())
    assert world.rows("SELECT address FROM subscribers") == [("anna@example.org",)]


def test_without_the_right_to_add_events_readers_leave_all_the_same(
    limited: tuple[World, World], caplog: pytest.LogCaptureFixture
) -> None:
    """A role may have the rights of a guide before; the log says that nobody counted it."""
    team, world = limited
    join(team, "anna@example.org", "monthly")
    token = send_issue(team, "monthly")["anna@example.org"]
    role = world.rows("SELECT current_user")[0][0]
    with team.database.writing() as connection:
        connection.execute(text(f"REVOKE INSERT ON events FROM {role}"))
    assert world.visitor.post(f"/u/{token}").status_code == 200
    assert world.words() == {"anna@example.org monthly": "unsubscribed"}
    logged = [record for record in caplog.records if record.getMessage() == "leaving"]
    assert [vars(record)["data"]["outcome"] for record in logged] == ["not counted"]


def test_the_rights_of_the_guide_are_enough_for_the_archive(limited: tuple[World, World]) -> None:
    """All that it shows is in the ledger, which it only reads."""
    team, world = limited
    join(team, "anna@example.org", "monthly")
    publish(team)
    assert 'href="/issues/2024-07"' in world.visitor.get("/issues").text
    assert world.visitor.get("/issues/2024-07").status_code == 200
    assert world.visitor.get("/issues.atom").text.count("<entry") == 1


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE mailings SET state = 'sent'",
        "DELETE FROM deliveries",
        "UPDATE editions SET content = ''",
        "INSERT INTO keys (secret, created_at) VALUES ('x', now())",
        "DELETE FROM suppressions",
        "DROP TABLE subscribers",
    ],
)
def test_the_service_cannot_do_what_is_not_its_own(limited: tuple[World, World], statement: str) -> None:
    """Neither the ledger nor editions, keys or suppressions can be changed by whoever takes the service over."""
    _, world = limited
    with pytest.raises(Exception, match=r"permission denied|must be owner"), world.database.writing() as connection:
        connection.execute(text(statement))
