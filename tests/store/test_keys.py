"""The keys that sign readers' links."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

from newsletter.store import delivery_id, open_database, read_delivery_id, rotate_keys, signing_keys
from tests import factories as make

NOW = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)


def test_the_first_key_is_made_once(tmp_path: Path) -> None:
    """Asking again, also after closing, gives the key that is there."""
    workspace = make.workspace(tmp_path)
    with open_database(workspace) as database:
        first = signing_keys(database, now=NOW)
    with open_database(workspace) as database:
        assert signing_keys(database, now=NOW) == first
    assert [key.id for key in first.all] == [1]
    assert len(first.newest.secret) == 32


def test_links_outlive_a_new_key(tmp_path: Path) -> None:
    """The newest key signs; what older keys signed is still read."""
    with open_database(make.workspace(tmp_path)) as database:
        before = delivery_id(3, 5, signing_keys(database, now=NOW).newest)
        keys = rotate_keys(database, now=NOW)
        assert keys == signing_keys(database, now=NOW)
    assert [key.id for key in keys.all] == [2, 1]
    assert keys.newest.secret != keys.all[1].secret
    assert delivery_id(3, 5, keys.newest) != before
    assert read_delivery_id(before, keys.all) == (3, 5)


def test_two_workspaces_have_different_keys(tmp_path: Path) -> None:
    """One team's links mean nothing to another's."""
    secrets = set()
    for name in ("one", "two"):
        with open_database(make.workspace(tmp_path / name)) as database:
            secrets.add(signing_keys(database, now=NOW).newest.secret)
    assert len(secrets) == 2
