"""What one person prefers, by the command that a team types."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.cli.app import run

Output = pytest.CaptureFixture[str]
ANNA = ("subscribers", "prefer", "anna@example.org")


def test_a_topic_that_nothing_has_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> None:
    """Whoever is misspelt into another topic would get a thin issue, and nobody would know why."""
    for name in ("NEWSLETTER_DATABASE", "NEWSLETTER_STATE", "NEWSLETTER_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    run(["init", str(tmp_path)])
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[readers]\ntopics = ["Diaspora"]\n')
    added = (
        "subscribers",
        "add",
        "anna@example.org",
        "--list",
        "monthly",
        "--consent-evidence",
        "2024-07-20",
        "letter",
    )
    run(added)
    capsys.readouterr()
    assert run([*ANNA, "--topic", "diaspora"]) == 0
    assert capsys.readouterr().err == "anna@example.org: topics changed\n"
    assert run([*ANNA, "--topic", "Diaspora", "--topic", "Bordres"]) == 0
    assert capsys.readouterr().err == (
        "anna@example.org: topics changed\n"
        "note: nothing here has the topic “bordres”: whoever chose no other gets only what has no topic; write it as "
        "your entries do\n"
    )
