"""What one person prefers, by the command that a team types."""

from __future__ import annotations

from pathlib import Path

from newsletter.cli.app import run
from tests.cli.conftest import Output, read

ANNA = ("subscribers", "prefer", "anna@example.org")
ADDED = ("subscribers", "add", "anna@example.org", "--list", "monthly", "--consent-evidence", "2024-07-20", "letter")


def test_a_topic_that_nothing_has_is_told(space: Path, capsys: Output) -> None:
    """Whoever is misspelt into another topic would get a thin issue, and nobody would know why."""
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[readers]\ntopics = ["Diaspora"]\n')
    run(ADDED)
    capsys.readouterr()
    assert run([*ANNA, "--topic", "diaspora"]) == 0
    assert capsys.readouterr().err == "anna@example.org: topics changed\n"
    assert read(capsys, "subscribers", "show", "anna@example.org")["preferences_source"] == "command line"
    assert run([*ANNA, "--topic", "Diaspora", "--topic", "Bordres"]) == 0
    assert capsys.readouterr().err == (
        "anna@example.org: topics changed\n"
        "note: nothing here has the topic “bordres”: whoever chose no other gets only what has no topic; write it as "
        "your entries do\n"
    )


def test_a_topic_may_have_a_comma(space: Path, capsys: Output) -> None:
    """It is one topic for somebody who is added, as for somebody who prefers it, and comes back from an export."""
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[readers]\ntopics = ["Integration, jobs", "Borders"]\n')
    wished = ("--topic", "Integration, jobs", "--topic", "Borders")
    assert run([*ADDED, *wished]) == 0
    assert capsys.readouterr().err == "anna@example.org is on monthly\n"
    assert run([*ANNA, *wished]) == 0
    assert capsys.readouterr().err == "anna@example.org has it so already; nothing changed\n"
    assert run(["subscribers", "export", "--list", "monthly", "--out", "monthly.csv"]) == 0
    assert run(["subscribers", "import", "monthly.csv", "--list", "monthly", "--yes"]) == 0
    assert "1 unchanged" in capsys.readouterr().err


def test_what_is_done_is_no_failure_where_the_entries_cannot_be_read(space: Path, capsys: Output) -> None:
    """A team's own type may be broken: adding, preferring and importing are done, and say what they do not know."""
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[types]\npodcast = "team:Podcast"\n')
    (space / "readers.csv").write_text("email,topics\nben@example.org,borders\n", encoding="utf-8")
    unknown = "note: whether anything here has these topics is not known, because the entries cannot be read\n"
    for command, done in (
        ([*ADDED, "--topic", "borders"], "anna@example.org is on monthly\n"),
        ([*ANNA, "--topic", "work"], "anna@example.org: topics changed\n"),
        (["subscribers", "import", "readers.csv", "--list", "monthly"], "imported into monthly: 1 added (of 1 row)\n"),
    ):
        capsys.readouterr()
        assert run(command) == 0
        told = capsys.readouterr().err
        assert told.startswith(
            f"{done}{unknown}error: the entry type 'podcast' in newsletter.toml: there is no module team\n"
        )
