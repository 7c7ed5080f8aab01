"""How often a form may be sent, by whom and about whom."""

from __future__ import annotations

import pytest

from newsletter.web.public.limits import network_of
from tests.web.readers import World, hidden


def test_a_network_that_asks_too_often_waits(world: World) -> None:
    """Sixty forms an hour; others are not concerned, and a new process forgets nothing."""
    answers = [world.subscribe(f"reader{number}@example.org") for number in range(90)]
    refused = [answer for answer in answers if answer.status_code == 429]
    # Five seconds pass before each form, and one a minute is given back.
    assert len(refused) == 90 - 60 - 90 * 5 // 60
    assert 0 < int(refused[0].headers["Retry-After"]) <= 60
    assert "Please try again in 1 minute." in refused[0].text
    again = World(world.workspace, world.database, world.clock)
    assert again.visitor.post("/subscribe", data=hidden(again.visitor.get("/subscribe").text)).status_code != 429
    assert again.subscribe("more@example.org").status_code == 429
    other = again.browser(("198.51.100.8", 1))
    assert again.fill_in(visitor=other, email="other@example.org", list="monthly").status_code == 200
    again.clock.forward(hours=1)
    assert again.subscribe("more@example.org").status_code == 200


@pytest.mark.parametrize(
    "addresses",
    [
        [f"anna+{number}@example.org" for number in range(30)],
        [f"{'.'.join('annamaria'[:number])}{'annamaria'[number:]}+{number}@gmail.com" for number in range(1, 9)] * 4,
        [f"annamaria+{number}@{domain}" for number in range(15) for domain in ("gmail.com", "googlemail.com")],
    ],
)
def test_no_mailbox_is_flooded_by_its_other_names(world: World, addresses: list[str]) -> None:
    """Whatever follows a plus, and dots and the other name of Gmail, reach the same person: ten forms a day in all."""
    for number, address in enumerate(addresses):
        visitor = world.browser((f"203.0.113.{number}", 1))
        assert world.fill_in(visitor=visitor, email=address, list="monthly").status_code == 200
    assert world.rows("SELECT count(*) FROM signups") == [(10,)]


def test_one_line_of_ipv6_is_one_network(world: World) -> None:
    """Its owner has 2⁶⁴ addresses."""
    for number in range(70):
        visitor = world.browser((f"2001:db8:1:2::{number:x}", 1))
        answer = world.fill_in(visitor=visitor, email=f"reader{number}@example.org", list="monthly")
    assert answer.status_code == 429
    elsewhere = world.browser(("2001:db8:1:3::1", 1))
    assert world.fill_in(visitor=elsewhere, email="other@example.org", list="monthly").status_code == 200


def test_neither_networks_nor_addresses_are_kept_for_the_limits(world: World) -> None:
    """Only keyed hashes, and those for an hour or a day."""
    world.subscribe()
    keys = [key for (key,) in world.rows("SELECT key FROM limits")]
    assert [len(key) for key in keys] == [64, 64]


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2::1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", "unknown"),
        (None, "unknown"),
        ("testclient", "unknown"),
    ],
)
def test_a_network_is_what_one_line_has(client: str | None, network: str) -> None:
    """A whole /64 of IPv6; where a server takes both kinds, all of IPv4 is not one network."""
    assert network_of(client) == network
