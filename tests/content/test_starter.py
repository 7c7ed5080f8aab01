from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.content import starter
from newsletter.model.entry import SHIPPED_TYPES


def unpack(root: Path, today: dt.date) -> config.Workspace:
    """Write a new newsletter below `root`."""
    for name, content in starter.files(today).items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return config.load(root, {})


@pytest.mark.parametrize("today", [dt.date(2024, 2, 29), dt.date(2024, 12, 31), dt.date(2026, 11, 1)])
def test_a_new_newsletter_builds_without_a_finding(tmp_path: Path, today: dt.date) -> None:
    """Whatever the day, the first `build` and the first `lint` succeed, and nothing stays out."""
    built = pipeline.build(unpack(tmp_path, today), f"{today:%Y-%m}")
    assert (built.findings, built.selection.out) == ((), ())
    assert {entry.type for entry in built.selection.entries} == {
        model.model_fields["type"].default for model in SHIPPED_TYPES
    }


def test_a_new_newsletter_keeps_readers_out_of_git() -> None:
    """The database and the outbox hold addresses, and so do files that are imported."""
    ignored = starter.files(dt.date(2024, 7, 1))[".gitignore"].splitlines()
    assert [line for line in ignored if not line.startswith(b"#")] == [
        b".newsletter/",
        b"build/",
        b"*.csv",
        b"*.xlsx",
    ]


def test_no_placeholder_is_left() -> None:
    """Every mark in the files stands for a date of the month."""
    for name, content in starter.files(dt.date(2024, 7, 1)).items():
        assert "@" not in name
        if not name.endswith(".png"):
            assert not starter.TOKEN.search(content.decode()), name


def test_addresses_are_reserved_ones() -> None:
    """A first `send` in earnest must not reach anybody."""
    lines = starter.files(dt.date(2024, 7, 1))["subscribers.csv"].decode().splitlines()[1:]
    domains = {line.partition(",")[0].partition("@")[2] for line in lines}
    assert {
        domain for domain in domains if not domain.endswith((".example", "example.org", "example.com", "example.net"))
    } == set()
