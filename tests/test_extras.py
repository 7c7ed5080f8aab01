"""Parts that not everybody installs are added in the way in which newsletter was installed."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import extras


@pytest.mark.parametrize(
    ("mark", "part", "command"),
    [
        ("", "preview", 'pip install "newsletter[preview]"'),
        ("pipx_metadata.json", "preview", "pipx inject newsletter playwright watchfiles"),
        ("pipx_metadata.json", "postgresql", "pipx inject newsletter procrastinate 'psycopg[binary]'"),
        (
            "uv-receipt.toml",
            "webhooks",
            'uv tool install "newsletter[webhooks] @ …", with the place that you installed it from behind the @',
        ),
    ],
)
def test_a_part_is_added_as_newsletter_was_installed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mark: str, part: str, command: str
) -> None:
    """pipx and uv give a program an environment without pip; that of the system would be another one."""
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    if mark:
        (tmp_path / mark).touch()
    assert extras.command(part) == command
