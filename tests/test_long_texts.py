"""Texts that somebody wrote to keep a machine busy: whatever they repeat, they take as long to read as they are."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter import config
from newsletter.checks import amount
from newsletter.checks.editorial import space_before_stop
from newsletter.checks.online import visiting
from newsletter.checks.subject import without_code
from newsletter.model import meant
from newsletter.tracking.bounces import reading

_MANY = 20_000
_RETURNED = b"From: postmaster@example.net\nTo: bounce+%b@example.org\n\n" % (b"A" * 28)


def _workspace(folder: Path, line: str) -> None:
    settings = 'title = "N"\nfrom = "n@example.org"\nzone = "UTC"\npostal_address = """\n'
    (folder / "newsletter.toml").write_text(f'{settings}{line}\n"""\n', encoding="utf-8")
    assert config.load(folder, {}).origin.value("title").line == 1


def _settings(line: str) -> Callable[[Path], object]:
    return lambda folder: _workspace(folder, line)


@pytest.mark.parametrize(
    "read",
    [
        lambda _: space_before_stop._PARTED.search("a" * 5 * _MANY),
        lambda _: amount.words("<-" * _MANY),
        lambda _: without_code("`" * 5 * _MANY + " x"),
        lambda _: without_code(" ".join("`" * number for number in range(1, 400))),
        lambda _: without_code("`` " + "` " * _MANY),
        lambda _: visiting._TITLE.search("<title>" * _MANY),
        lambda _: visiting._TITLE.search("<title" * _MANY),
        lambda _: meant.day("\tat " * _MANY),
        lambda _: reading._RETURNED_TEXT.split("-" * _MANY),
        lambda _: reading.read_mail(_RETURNED + b"," * 5 * _MANY, bool),
        _settings("[" * 3_000),
    ],
    ids=range(11),
)
def test_what_repeats_itself_is_read_soon(tmp_path: Path, read: Callable[[Path], object]) -> None:
    """A regular expression that tries again from each letter would take minutes."""
    begun = time.process_time()
    read(tmp_path)
    assert time.process_time() - begun < 1.5


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a `b` c", "a     c"),
        ("a ``b ` c`` d", "a           d"),
        ("a ` b `` c", "a ` b `` c"),
        ("a `b` `c` d `", "a         d `"),
        ("``` a ` b", "``` a ` b"),
        ("none", "none"),
    ],
)
def test_code_is_what_as_many_backticks_enclose(written: str, shown: str) -> None:
    """CommonMark §6.1."""
    assert without_code(written) == shown
