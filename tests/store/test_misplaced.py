"""Files that are not what their names say are left as they are, and told."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.errors import ConfigurationError
from newsletter.store import misplaced, moving, open_database
from tests import factories as make
from tests.sending import making

LOG = "beside .newsletter/newsletter.db lies the log of another database, newsletter.db-wal"
EMPTY = "the database .newsletter/newsletter.db is an empty file"


@pytest.mark.parametrize(
    ("file", "log", "message"),
    [("copy", True, LOG), ("empty", True, LOG), ("gone", True, LOG), ("empty", False, EMPTY)],
)
def test_what_would_be_lost_or_damaged_is_told(
    file: str, log: bool, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The log of the file that was there goes into a copy that is put back, or is deleted with an empty one."""
    monkeypatch.setattr(misplaced, "_BEGUN_WITHIN", 0.05)
    with making.database(tmp_path / "old") as database:
        making.subscribe(database, making.addresses(3))
        moving.copy(database, tmp_path / "copy.db")
        written = (tmp_path / "old" / ".newsletter" / "newsletter.db-wal").read_bytes()
    held = {"copy": (tmp_path / "copy.db").read_bytes(), "empty": b"", "gone": None}[file]
    folder = tmp_path / "new" / ".newsletter"
    folder.mkdir(parents=True)
    before = {}
    if held is not None:
        before["newsletter.db"] = held
    if log:
        assert len(written) > 10_000
        before["newsletter.db-wal"] = written
    for name, content in before.items():
        (folder / name).write_bytes(content)
    with pytest.raises(ConfigurationError) as caught:
        open_database(make.workspace(tmp_path / "new"))
    assert caught.value.message == message
    assert {found.name: found.read_bytes() for found in folder.iterdir()} == before


def test_what_a_killed_command_has_left_in_the_log_is_taken(tmp_path: Path) -> None:
    """The log is the file's own then, and holds what was written last."""
    folders = tmp_path / "old" / ".newsletter", tmp_path / "new" / ".newsletter"
    folders[1].mkdir(parents=True)
    with making.database(tmp_path / "old") as database:
        making.subscribe(database, making.addresses(3))
        for name in ("newsletter.db", "newsletter.db-wal"):
            (folders[1] / name).write_bytes((folders[0] / name).read_bytes())
    with open_database(make.workspace(tmp_path / "new")) as opened, opened.reading() as connection:
        assert connection.exec_driver_sql("SELECT count(*) FROM subscribers").scalar() == 3


def test_a_log_beside_a_copy_does_not_move_with_it(tmp_path: Path) -> None:
    """It would be written into the copy first."""
    with making.database(tmp_path / "old") as database:
        moving.copy(database, tmp_path / "copy.db")
        (tmp_path / "copy.db-wal").write_bytes(b"something")
        with pytest.raises(ConfigurationError, match=r"lies the log of another database, copy\.db-wal$"):
            moving.move(tmp_path / "copy.db", database)
