"""`correct`: what an issue's pages show is put right after it has left."""

from __future__ import annotations

import datetime as dt
import json
import re
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from newsletter import approval
from newsletter.cli.app import run
from newsletter.content import document
from newsletter.rendering.shipping import shipped
from tests.cli.conftest import Output

WRONG, RIGHT = "This is the sample issue.", "This is the first issue."
KEPT = (
    "4 people keep the email that they got; where they should know, tell them in the next issue, or in an issue of its "
    "own: newsletter new issue NAME"
)
NOTE = "An earlier version spoke of a sample: it is the first issue."


@pytest.fixture
def sent(space: Path, issue: str, capsys: Output) -> str:
    """An issue that its readers have got, and whose mistake has been mended in the file since."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly", "--yes"]) == 0
    assert run(["send", issue, "--yes", "--expect", "4"]) == 0
    change(space, issue, WRONG, RIGHT)
    capsys.readouterr()
    return issue


def plan(space: Path, issue: str) -> Path:
    """Return an issue's file."""
    return space / "issues" / issue / "issue.yaml"


def change(space: Path, issue: str, before: str, after: str) -> None:
    """Edit an issue's file."""
    text = plan(space, issue).read_text(encoding="utf-8")
    assert before in text
    plan(space, issue).write_text(text.replace(before, after), encoding="utf-8")


def told(capsys: Output, *arguments: str, code: int = 0) -> list[str]:
    """Run a command and return what it says, line by line."""
    assert run(list(arguments)) == code
    return capsys.readouterr().err.splitlines()


def noted() -> list[str]:
    """Return how today's note reads in the email."""
    today = dt.datetime.now(ZoneInfo("Europe/Vienna"))
    return [f"  + Corrected on {today.day} {today:%B %Y}: {NOTE}"]


CHANGED = [
    f"  - {WRONG} Its entries lie in issues/entries/.",
    f"  + {RIGHT} Its entries lie in issues/entries/.",
]


def test_what_came_after_the_issue_had_left_is_named(space: Path, sent: str, capsys: Output) -> None:
    """Its day lies in the period, so it would slip in; whoever has only a new title was there."""
    file = space / "issues" / "entries" / "news" / "late.md"
    file.write_text(f"---\ntitle: A late piece of news\ndate: {sent}-05\n---\nIt came late.\n", encoding="utf-8")
    welcome = space / "issues" / "entries" / "news" / f"{sent}-03-welcome.md"
    written = welcome.read_text(encoding="utf-8")
    title = next(line for line in written.splitlines() if line.startswith("title: "))
    welcome.write_text(written.replace(title, "title: Another title"), encoding="utf-8")
    named = (
        "note: late came after the issue had left, or has another title since; to leave it out: "
        f"newsletter drop {sent} late --reason …"
    )
    said = told(capsys, "correct", sent, "--dry-run")
    assert [line for line in said if line.startswith("note:")] == [named]


def test_what_readers_of_another_language_got_is_not_called_late(space: Path, issue: str, capsys: Output) -> None:
    """It stands in their edition alone, which may stay as it is."""
    entries = space / "issues" / "entries" / "news"
    for tongue, title in (("en", "Of borders"), ("de", "Von Grenzen")):
        text = f"---\ntitle: {title}\ndate: {issue}-05\nlanguage: {tongue}\n---\n{title}.\n"
        (entries / f"{tongue}.md").write_text(text, encoding="utf-8")
    plan(space, issue).write_text(
        plan(space, issue).read_text(encoding="utf-8") + "languages: [en, de]\nuntranslated: leave out\n", "utf-8"
    )
    readers = space / "readers.csv"
    readers.write_text("email,language\na@example.org,en\nb@example.org,de\n", encoding="utf-8")
    assert run(["subscribers", "import", "readers.csv", "--list", "monthly", "--yes"]) == 0
    assert run(["send", issue, "--yes", "--expect", "2"]) == 0
    file = entries / "en.md"
    file.write_text(file.read_text(encoding="utf-8").replace("borders.", "all borders."), encoding="utf-8")
    capsys.readouterr()
    assert told(capsys, "correct", issue, "--dry-run") == [
        "what changes in the edition in 'en':",
        "  - Of borders.",
        "  + Of all borders.",
        "dry run: nothing was changed",
    ]


def test_a_correction_tells_nothing_before_its_embargo_ends(space: Path, sent: str, capsys: Output) -> None:
    """Who sends before the planned time may have an entry since that is to be told at that time, not today."""
    text = re.sub("(?m)^send_at: .*\n", "", plan(space, sent).read_text("utf-8"))
    plan(space, sent).write_text(f"send_at: 2099-01-02T09:00\n{text}", encoding="utf-8")
    file = space / "issues" / "entries" / "news" / "secret.md"
    entry = f"title: A prize\ndate: {sent}-05\nembargo: 2099-01-02T08:00\n"
    file.write_text(f"---\n{entry}---\nWe have won.\n", encoding="utf-8")
    refused = "error: “A prize” is under embargo until 2099-01-02, 08:00, so nothing is corrected"
    assert refused in told(capsys, "correct", sent, "--no-note", "--yes", code=5)
    assert "corrected" not in " ".join(told(capsys, "status", sent))
    file.unlink()
    assert run(["correct", sent, "--no-note", "--yes"]) == 0


def test_a_correction_with_its_note_is_shown_from_then_on(space: Path, sent: str, capsys: Output) -> None:
    """The note goes into the issue's file, the changes are told, and `status` remembers both."""
    assert told(capsys, "correct", sent, "--note", NOTE, "--yes") == [
        f"the note is in issues/{sent}/issue.yaml, below `corrections:`",
        "what changes in the edition in 'en':",
        *noted(),
        *CHANGED,
        f"readers are told: {NOTE}",
        f"{sent} is corrected: 1 edition (en)",
        "whoever opens it in the browser sees it so from now on",
        KEPT,
    ]
    assert told(capsys, "correct", sent) == [f"{sent} is shown as its files are now, so there is nothing to correct"]
    assert f"by {approval.user()}: {NOTE}" in told(capsys, "status", sent)[-1]
    assert run(["status", sent, "--json"]) == 0
    (correction,) = json.loads(capsys.readouterr().out)["corrected"]
    assert (correction["by"], correction["note"]) == (approval.user(), NOTE)


def test_nobody_waits_for_a_mailing_that_was_stopped(space: Path, issue: str, capsys: Output) -> None:
    """Whoever has not got it would get the corrected one; only of a mailing that goes on that is not so."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly", "--yes"]) == 0
    assert run(["send", issue, "--canary", "1", "--yes", "--expect", "4"]) == 0
    change(space, issue, WRONG, RIGHT)
    waiting = (
        "3 people wait for it and will get it as it was; to send them the corrected one: "
        f"newsletter stop {issue}, then newsletter send {issue} --rest"
    )
    kept = f"1 person keeps the email that they got{KEPT.partition('got')[2]}"
    capsys.readouterr()
    assert told(capsys, "correct", issue, "--no-note", "--yes")[-2:] == [waiting, kept]
    assert run(["stop", issue]) == 0
    change(space, issue, RIGHT, WRONG)
    capsys.readouterr()
    assert waiting not in told(capsys, "correct", issue, "--no-note", "--yes")


def test_nothing_is_corrected_without_a_word(space: Path, sent: str, capsys: Output) -> None:
    """Neither by looking nor by a script that forgot to say so, and what is wrong is said first."""
    looked = ["what changes in the edition in 'en':", *CHANGED]
    assert told(capsys, "correct", sent, "--dry-run") == [*looked, "dry run: nothing was changed"]
    assert told(capsys, "correct", sent, "--yes", code=5) == [
        *looked,
        f"error: nobody says what was wrong in {sent}, so nothing was changed",
        "  why: readers who have read it before should learn what they can no longer see",
        f"  fix: say it in a sentence: newsletter correct {sent} --note '…'; for a slip: --no-note",
    ]
    assert told(capsys, "correct", sent, "--no-note", code=5)[-1] == (
        f"  fix: look at the changes above, then: newsletter correct {sent} --yes"
    )
    assert told(capsys, "correct", sent, "--no-note", "--yes")[-3] == f"{sent} is corrected: 1 edition (en)"
    assert told(capsys, "status", sent)[-1].endswith(": a slip, of which readers are not told")


def test_what_has_not_left_is_not_corrected(space: Path, issue: str, capsys: Output) -> None:
    """It can still be mended; an issue of another name is none."""
    assert told(capsys, "correct", issue, code=2)[0] == f"error: issue {issue} has not been sent"
    assert told(capsys, "correct", "1999-12", code=2)[0] == "error: there is no issue '1999-12'"
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly", "--yes"]) == 0
    assert run(["send", issue, "--yes", "--expect", "4", "--at", "2099-01-01T09:00", "--detach"]) == 0
    capsys.readouterr()
    assert told(capsys, "correct", issue, "--note", NOTE, code=5)[0] == (
        f"error: issue {issue} has not left yet, so there is nothing to correct"
    )
    assert "corrections" not in plan(space, issue).read_text(encoding="utf-8")


def test_the_same_checks_stand_before_a_correction(space: Path, sent: str, capsys: Output) -> None:
    """What may not be sent may not be shown instead."""
    change(space, sent, RIGHT, f"{RIGHT} [Here](http://localhost/)")
    found = told(capsys, "correct", sent, "--note", NOTE, "--yes", code=1)
    assert "error: the checks found 1 error, so nothing is corrected" in found


def test_an_approval_covers_the_corrected_issue(space: Path, sent: str, capsys: Output) -> None:
    """The note as well: it is in the file by the time that somebody looks."""
    settings = space / "newsletter.toml"
    settings.write_text(f"approval = true\n{settings.read_text(encoding='utf-8')}", encoding="utf-8")
    found = told(capsys, "correct", sent, "--note", NOTE, "--yes", code=5)
    assert f"error: {sent} is not approved" in found
    assert run(["approve", sent, "--by", "Ana <ana@example.org>"]) == 0
    capsys.readouterr()
    assert f"{sent} is corrected: 1 edition (en)" in told(capsys, "correct", sent, "--yes")


def test_a_theme_that_hides_the_note_is_refused(space: Path, sent: str, capsys: Output) -> None:
    """A copy from before there were corrections would show what has changed, and not that it has."""
    own = space / "templates" / "themes"
    own.mkdir(parents=True)
    shutil.copy(shipped() / "themes" / "monthly.mjml.j2", own)
    theme = own / "monthly.mjml.j2"
    line = '{% include "parts/corrections.mjml.j2" %}'
    whole = theme.read_text(encoding="utf-8")
    assert line in whole
    theme.write_text(whole.replace(line, ""), encoding="utf-8")
    assert told(capsys, "correct", sent, "--note", NOTE, "--yes", code=5)[-3:] == [
        f"error: the theme monthly does not show the note “{NOTE}”",
        "  why: templates/themes/monthly.mjml.j2 is your own, and older than corrections",
        f"  fix: add {line} below the masthead",
    ]
    theme.write_text(whole, encoding="utf-8")
    assert f"{sent} is corrected: 1 edition (en)" in told(capsys, "correct", sent, "--yes")


def test_a_note_is_said_in_each_language_of_the_issue(space: Path, sent: str, capsys: Output) -> None:
    """One that the issue does not have is told, and nothing is written."""
    before = plan(space, sent).read_bytes()
    told_in = ("--note-in", "fr", "Toutes : c’est dit.")
    said = f"Error: Invalid value for --note-in: {sent} is not translated into 'fr'; it has one language alone"
    assert told(capsys, "correct", sent, "--note", NOTE, *told_in, code=2)[-1] == said
    assert told(capsys, "correct", sent, *told_in, code=2)[-1].startswith("Error: --note-in says the note in another")
    assert plan(space, sent).read_bytes() == before
    plan(space, sent).write_bytes(b"languages: [en, fr]\n" + before)
    told(capsys, "correct", sent, "--note", NOTE, *told_in, "--dry-run", code=2)
    assert run(["correct", sent, "--note", NOTE, *told_in, "--yes"]) == 0
    (noted,) = document.read(plan(space, sent).read_text("utf-8")).value["corrections"]
    assert (noted["note"], noted["translations"]) == (NOTE, {"fr": {"note": "Toutes : c’est dit."}})


def test_a_note_that_no_file_can_hold_is_not_written(space: Path, sent: str, capsys: Output) -> None:
    """The issue could not be read any more; nor is one written into a file that cannot be read now."""
    before = plan(space, sent).read_bytes()
    hidden = "contains the invisible control character U+202E after “turned”"
    for note, why in {"": "is empty", " ": "is empty", "turned \u202e round": hidden}.items():
        said = f"Error: Invalid value for --note: the note {why}"
        assert told(capsys, "correct", sent, "--note", note, code=2)[-1] == said
    assert plan(space, sent).read_bytes() == before
    plan(space, sent).write_bytes(before.replace(b"subject:", b"subject: \xe9"))
    assert f"error: issue {sent} cannot be used as it is written" in told(
        capsys, "correct", sent, "--note", NOTE, code=1
    )
    assert b"corrections" not in plan(space, sent).read_bytes()


def test_options_that_contradict_one_another_are_refused(space: Path, sent: str, capsys: Output) -> None:
    """Before anything is written."""
    assert told(capsys, "correct", sent, "--note", NOTE, "--dry-run", code=2)[-1].startswith("Error: --note writes")
    assert "corrections" not in plan(space, sent).read_text(encoding="utf-8")
