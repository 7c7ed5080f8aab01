"""What commands say to whoever asks too early, for the wrong issue, or for the first time."""

from __future__ import annotations

import datetime as dt
import json
import re
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.cli.app import run
from newsletter.config import load
from newsletter.model.wording import clock
from tests.cli.conftest import Output, read
from tests.cli.test_journey import read_count


def test_a_mailing_that_waits_is_told_to_wait_already(space: Path, issue: str, capsys: Output) -> None:
    """And whoever sends without a terminal is told what to add, whatever else the command says."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--canary", "1"]) == 5
    assert "add to the command: --yes --expect 4\n" in capsys.readouterr().err
    assert run(["send", issue, "--canary", "1", "--yes", "--expect", "4"]) == 0
    assert run(["pause", issue]) == 5
    assert f"error: the mailing of issue {issue} is paused already\n" in capsys.readouterr().err


def test_who_names_no_list_is_told_which_there_are(space: Path, capsys: Output) -> None:
    """As with issues."""
    assert run(["subscribers", "import", "subscribers.csv"]) == 2
    assert capsys.readouterr().err.endswith(
        "Error: Missing option '--list'. The list's name in the settings. The lists are: monthly\n"
    )


def test_who_sends_to_the_outbox_is_told_that_nobody_gets_an_email(space: Path, issue: str, capsys: Output) -> None:
    """Before the number is typed: afterwards the issue counts as sent."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    told = "note: through outbox nobody gets an email{}; `provider` in the settings chooses one that sends\n"
    assert run(["proof", issue, "--to", "team@example.org"]) == 0
    assert told.format("") in capsys.readouterr().err
    assert run(["send", issue, "--dry-run"]) == 0
    assert told.format(", and the issue counts as sent all the same") in capsys.readouterr().err


def test_before_readers_get_links_that_lead_nowhere_that_is_said(space: Path, issue: str, capsys: Output) -> None:
    """Where the sender is the team's own; a warning of `lint` alone is easily passed over."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    settings = space / "newsletter.toml"
    own = settings.read_text(encoding="utf-8").replace("<news@example.org>", "<news@harbour-museum.org>")
    own = own.replace("Our organisation, Street 1, 1000 City, Country", "Harbour museum, Quay 7")
    mail = '[providers.mail]\nkind = "smtp"\nbase_url = "smtp://127.0.0.1:1"\n'
    settings.write_text(f'provider = "mail"\n{own}\n{mail}', encoding="utf-8")
    told = "note: readers' links lead to news.example.org, which is kept for examples and tests"
    capsys.readouterr()
    assert run(["send", issue, "--dry-run"]) == 0
    assert told in capsys.readouterr().err
    settings.write_text(
        f'provider = "mail"\n{own.replace("//news.example", "//news.museum")}\n{mail}', encoding="utf-8"
    )
    assert run(["send", issue, "--dry-run"]) == 0
    assert told not in capsys.readouterr().err


def test_a_rejected_address_is_named_once(space: Path, issue: str, capsys: Output) -> None:
    """The reason follows it."""
    (space / "one.csv").write_text("email\nbéla@example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "one.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--yes", "--expect", "1"]) == 0
    told = capsys.readouterr().err
    assert "rejected: béla@example.org: has letters before the @ that most mail servers do not take" in told


def test_doctor_finds_a_new_newsletter_well(issue: str, capsys: Output) -> None:
    """Nothing has failed; a browser may be missing."""
    checks = read(capsys, "doctor", "--json")["checks"]
    assert [check["subject"] for check in checks if check["state"] == "failed"] == []


def test_doctor_does_not_call_a_browser_well_that_nothing_can_speak_to(
    issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Installed without the extra part for pictures, `preview --ci` takes none, whatever browser there is."""
    program = tmp_path / "chromium"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setenv("NEWSLETTER_CHROMIUM", str(program))
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    (browser,) = [check for check in read(capsys, "doctor", "--json")["checks"] if check["subject"] == "browser"]
    assert browser["state"] == "note"
    assert "newsletter[preview]" in browser["fix"]


@pytest.mark.parametrize("verb", ["status", "pause", "resume", "stop", "reconcile", "report"])
def test_an_issue_that_does_not_exist_is_told_apart_from_one_that_has_not_left(
    verb: str, issue: str, capsys: Output
) -> None:
    """Nobody is told to send what there is not."""
    assert run([verb, "2019-13"]) == 2
    told = capsys.readouterr().err
    assert "there is no issue '2019-13'" in told
    assert "newsletter send" not in told
    assert run([verb, issue]) == 2
    assert f"issue {issue} has not been sent" in capsys.readouterr().err


def test_before_an_issue_leaves_its_status_says_whether_it_is_approved(
    space: Path, issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who looks why nothing has left sees what is still to do."""
    monkeypatch.setenv("NEWSLETTER_APPROVAL", "true")
    assert run(["status", issue]) == 2
    assert f"not approved yet; do it with: newsletter approve {issue}" in capsys.readouterr().err
    assert run(["approve", issue, "--by", "Ben Other"]) == 0
    capsys.readouterr()
    assert run(["status", issue]) == 2
    assert "approved by Ben Other" in capsys.readouterr().err


def test_when_the_rest_is_nobody_nobody_is_told_to_import(issue: str, capsys: Output) -> None:
    """Everybody has it: more subscribers are no remedy for that."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    count = str(read_count(capsys))
    assert run(["send", issue, "--yes", "--expect", count]) == 0
    capsys.readouterr()
    assert run(["send", issue, "--rest", "--yes", "--expect", "1"]) == 5
    told = capsys.readouterr().err
    assert "everybody on the lists is left out" in told
    assert "import" not in told


def test_one_person_is_spoken_of_as_one(space: Path, issue: str, capsys: Output) -> None:
    """In the sentence that is confirmed, of all places, nothing reads as if it were a mistake."""
    (space / "one.csv").write_text("email\none@example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "one.csv", "--list", "monthly"]) == 0
    assert "(of 1 row)" in capsys.readouterr().err
    run(["send", issue, "--rest", "--canary", "1"])
    told = capsys.readouterr().err
    assert "goes to 1 person on Monthly newsletter who has not got it yet" in told
    assert "the first one is everybody, so nobody waits until you have looked" in told
    (space / "two.csv").write_text("email\ntwo@example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "two.csv", "--list", "monthly"]) == 0
    run(["send", issue, "--canary", "1"])
    assert "The first one gets it then, the others after your word." in capsys.readouterr().err


def test_who_is_outside_the_segment_is_counted_before_sending(space: Path, issue: str, capsys: Output) -> None:
    """Nobody wonders where the others are, and nobody is told to import where the segment means none."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    number = read_count(capsys)
    plan = space / "issues" / issue / "issue.yaml"
    plan.write_text(plan.read_text("utf-8").replace("lists: [monthly]\n", "lists: [monthly]\nsegment: language=de\n"))
    assert run(["send", issue, "--yes", "--expect", str(number)]) == 5
    told = capsys.readouterr().err
    assert f"left out: {number}, reason: outside the segment" in told
    assert "import" not in told
    foreseen = read(capsys, "send", issue, "--dry-run", "--json")
    assert sum(foreseen["left_out"].values()) + foreseen["totals"]["pending"] == number


def test_a_segment_by_an_issue_that_nobody_got_is_sent_to_nobody(space: Path, issue: str, capsys: Output) -> None:
    """A slip in its name would mean everybody."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    number = read_count(capsys)
    plan = space / "issues" / issue / "issue.yaml"
    written = "lists: [monthly]\nsegment: not accepted in 2042-05\n"
    plan.write_text(plan.read_text("utf-8").replace("lists: [monthly]\n", written), encoding="utf-8")
    assert run(["send", issue, "--yes", "--expect", str(number)]) == 2
    told = capsys.readouterr().err
    assert "error: the segment asks who got the issue 2042-05, which has not been sent\n" in told
    assert run(["status", issue]) == 2


def test_what_goes_to_a_segment_is_known_as_such_ever_after(space: Path, issue: str, capsys: Output) -> None:
    """The archive shows nothing that was meant for some, and the issue's file may be gone by then."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    plan = space / "issues" / issue / "issue.yaml"
    written = "lists: [monthly]\nsegment: not language=xx\n"
    plan.write_text(plan.read_text("utf-8").replace("lists: [monthly]\n", written), encoding="utf-8")
    number = read(capsys, "send", issue, "--dry-run", "--json")["totals"]["pending"]
    assert run(["send", issue, "--yes", "--expect", str(number)]) == 0
    with closing(sqlite3.connect(space / ".newsletter" / "newsletter.db")) as database, database:
        ((envelope,),) = database.execute("SELECT envelope FROM mailings").fetchall()
    assert json.loads(envelope)["segment"] == '{"not":{"language":["xx"]}}'


def test_what_is_said_before_sending_reads_like_the_guide(space: Path, issue: str, capsys: Output) -> None:
    """Why somebody is left out is said as in a conversation, also later, and a neighbour once however often it left."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    run(["subscribers", "suppress", "reader.one@example.org", "--reason", "bounce"])
    number = read_count(capsys)
    run(["send", issue, "--yes", "--canary", "1", "--expect", str(number - 1)])
    run(["stop", issue])
    assert run(["send", issue, "--rest", "--yes", "--expect", str(number - 2)]) == 0
    capsys.readouterr()
    run(["status", issue])
    assert "\nleft out: 1, reason: bounced\n" in f"\n{capsys.readouterr().err}"
    other = space / "issues" / "special" / "issue.yaml"
    other.parent.mkdir()
    written = (space / "issues" / issue / "issue.yaml").read_text("utf-8")
    other.write_text(written.replace("number: 1\n", "number: 2\n"), encoding="utf-8")
    capsys.readouterr()
    run(["send", "special", "--dry-run"])
    told = capsys.readouterr().err
    assert "  left out: 1, reason: bounced\n" in told
    assert told.count(f"issue {issue} goes to Monthly newsletter on the same day") == 1


def test_an_issue_without_entries_is_doubted_before_it_leaves(space: Path, issue: str, capsys: Output) -> None:
    """It may be meant, as a greeting is; or somebody has chosen the wrong days."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    said = "it has no entries: all that readers get are the words of the issue itself"
    run(["send", issue, "--dry-run"])
    assert said not in capsys.readouterr().err
    plan = space / "issues" / issue / "issue.yaml"
    head = plan.read_text("utf-8").partition("sections:")[0]
    calls = f"{head}sections:\n  - {{heading: Calls, take: call}}\n"
    plan.write_text(re.sub("(?m)^period: .*$", "period: 2001-01", calls), encoding="utf-8")
    run(["send", issue, "--dry-run"])
    assert said in capsys.readouterr().err


def test_a_mailing_that_was_stopped_before_anything_left_is_no_neighbour(
    space: Path, issue: str, capsys: Output
) -> None:
    """Nobody gets a second message on that day."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    number = read_count(capsys)
    assert run(["send", issue, "--yes", "--expect", str(number), "--detach"]) == 0
    assert run(["stop", issue]) == 0
    other = space / "issues" / "special" / "issue.yaml"
    other.parent.mkdir()
    other.write_text((space / "issues" / issue / "issue.yaml").read_text("utf-8"), encoding="utf-8")
    capsys.readouterr()
    run(["send", "special", "--dry-run"])
    assert "on the same day" not in capsys.readouterr().err


def test_what_is_not_as_planned_is_told_before_sending(space: Path, issue: str, capsys: Output) -> None:
    """An issue that leaves days later shows calls as they were to be; a day more or less is nobody's mistake."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    plan = space / "issues" / issue / "issue.yaml"
    lines = [line for line in plan.read_text("utf-8").splitlines() if not line.startswith("send_at:")]
    lines += ["send_at: 2099-01-01T09:00", "pin: [open, over, late]"]
    plan.write_text("\n".join(lines), encoding="utf-8")
    for name, deadline in (("open", "2099-01-02T09:00"), ("over", "2099-01-01T10:00"), ("late", "2099-01-01T09:00")):
        call = f"---\ntitle: A call that is {name}\ndate: 2098-12-01\ndeadline: {deadline}\nsummary: Take part.\n---\n"
        (space / "issues/entries/calls" / f"{name}.md").write_text(call, encoding="utf-8")
    notes = {}
    for at in ("2099-01-01T09:00", "2099-01-02T09:00", "2099-01-02T09:01"):
        capsys.readouterr()
        assert run(["send", issue, "--dry-run", "--at", at]) == 0
        told = [line.removeprefix("note: ") for line in capsys.readouterr().err.splitlines() if "note: " in line]
        notes[at] = [line for line in told if "planned" in line or "closed on" in line]
    closed = [
        f"“A call that is {name}” will have closed on 2099-01-0{moment}"
        for name, moment in (("late", "1, 09:00"), ("over", "1, 10:00"), ("open", "2, 09:00"))
    ]
    planned = "it was planned for Thursday 1 January 2099, 09:00; days left and closed calls are told as of then, so "
    assert notes == {
        "2099-01-01T09:00": [],
        "2099-01-02T09:00": closed[:2],
        "2099-01-02T09:01": [f"{planned}correct `send_at:` first if that is wrong", *closed],
    }


def test_who_sends_before_the_planned_time_is_told_how_to_keep_to_it(space: Path, issue: str, capsys: Output) -> None:
    """A terminal sends at once, which somebody who wrote a time into the file may not expect; a moment is no matter."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    plan = space / "issues" / issue / "issue.yaml"
    head = re.sub("(?m)^send_at: .*\n", "", plan.read_text("utf-8"))
    now = dt.datetime.now(load(space).settings.zone)
    notes = {}
    for minutes in (-30, 3, 30, 23 * 60, 7 * 24 * 60):
        planned = now + dt.timedelta(minutes=minutes)
        plan.write_text(f"send_at: {planned:%Y-%m-%dT%H:%M}\n{head}", encoding="utf-8")
        capsys.readouterr()
        assert run(["send", issue, "--dry-run"]) == 0
        told = [line for line in capsys.readouterr().err.splitlines() if "was planned" in line]
        notes[minutes] = [line.replace(clock(planned), "TIME") for line in told]
        assert all(f"send it with `--at {planned:%Y-%m-%dT%H:%M}`" in line for line in told)
        assert run(["send", issue, "--dry-run", "--at", f"{now + dt.timedelta(minutes=60):%Y-%m-%dT%H:%M}"]) == 0
        assert "--at" not in capsys.readouterr().err
    near = "note: it was planned for TIME, and leaves now; to keep to that,"
    far = "note: it was planned for TIME; days left and closed calls are told as of then, so correct `send_at:` first "
    assert {minutes: [line.split(" send it")[0] for line in told] for minutes, told in notes.items()} == {
        -30: [],
        3: [],
        30: [near],
        23 * 60: [near],
        7 * 24 * 60: [f"{far}if that is wrong, or"],
    }


def test_without_a_planned_time_days_left_may_be_wrong(space: Path, issue: str, capsys: Output) -> None:
    """They are counted from the end of the period; where nothing closes, or it leaves then, nobody counts."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    plan = space / "issues" / issue / "issue.yaml"
    head = re.sub("(?m)^(period|send_at): .*\n", "", plan.read_text("utf-8"))
    call = "---\ntitle: A call\ndate: 2098-12-01\ndeadline: 2099-01-20\nsummary: Take part.\n---\n"
    (space / "issues/entries/calls/open.md").write_text(call, encoding="utf-8")
    notes = {}
    for decided, at in (
        ("pin: [open]", "2099-01-02"),
        ("pin: [open]", "2099-01-10"),
        ("drop: {open: x}", "2099-01-10"),
    ):
        plan.write_text(f"period: 2098-12\n{decided}\n{head}", encoding="utf-8")
        capsys.readouterr()
        assert run(["send", issue, "--dry-run", "--at", f"{at}T00:00"]) == 0
        told = capsys.readouterr().err.splitlines()
        notes[decided, at] = [line.removeprefix("note: ") for line in told if "days left" in line]
    said = (
        "days left are told as of Thursday 1 January 2099, 00:00, when its period has ended, because it has no "
        "`send_at:`; write one if that is wrong"
    )
    assert notes == {
        ("pin: [open]", "2099-01-02"): [],
        ("pin: [open]", "2099-01-10"): [said],
        ("drop: {open: x}", "2099-01-10"): [],
    }


@pytest.mark.parametrize(
    ("at", "planned", "told"),
    [
        ("2099-01-30T23:59", "", "its days go on until 31 January 2099: what is published in those to come will"),
        ("2099-01-01T00:00", "", "its days go on until 31 January 2099: what is published in those to come will"),
        ("2098-12-31T23:59", "", "it is the issue of days that begin on 1 January 2099: what is published in them"),
        ("2099-01-31T00:00", "", ""),
        ("2099-02-10T09:00", "", ""),
        ("2099-01-10T09:00", "send_at: 2099-02-01T09:00\n", "its days go on until 31 January 2099: what is published"),
        ("2099-01-10T09:00", "send_at: 2099-01-10T08:00\n", ""),
    ],
)
def test_days_that_are_not_over_are_told_before_sending(
    space: Path, issue: str, capsys: Output, at: str, planned: str, told: str
) -> None:
    """What is published in them reaches nobody. Of the planned time the rules have said so; the last day is known."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    plan = space / "issues" / issue / "issue.yaml"
    head = re.sub("(?m)^(period|send_at): .*\n", "", plan.read_text("utf-8"))
    plan.write_text(f"period: 2099-01\n{planned}{head}", encoding="utf-8")
    capsys.readouterr()
    assert run(["send", issue, "--dry-run", "--at", at]) == 0
    notes = [line for line in capsys.readouterr().err.splitlines() if "published" in line]
    assert len(notes) == bool(told)
    assert all(note.startswith(f"note: {told}") for note in notes)
    settings = space / "newsletter.toml"
    settings.write_text(settings.read_text("utf-8") + '\n[lint]\nlevels = {CNS005 = "off"}\n', encoding="utf-8")
    assert run(["send", issue, "--dry-run", "--at", at]) == 0
    assert "published" not in capsys.readouterr().err


def test_nothing_leaves_before_an_embargo_ends(space: Path, issue: str, capsys: Output) -> None:
    """An issue is put together for its planned time, at which it may tell more than today."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    plan = space / "issues" / issue / "issue.yaml"
    head = re.sub("(?m)^send_at: .*\n", "", plan.read_text("utf-8"))
    plan.write_text(f"send_at: 2099-01-02T09:00\npin: [secret]\n{head}", encoding="utf-8")
    entry = "---\ntitle: A prize\ndate: 2098-12-01\nsummary: We have won.\nembargo: 2099-01-02T08:00\n---\n"
    (space / "issues/entries/news/secret.md").write_text(entry, encoding="utf-8")
    number = read(capsys, "send", issue, "--dry-run", "--at", "2099-01-02T07:59", "--json")["totals"]["pending"]
    told = "“A prize” is under embargo until 2099-01-02, 08:00"
    run(["send", issue, "--dry-run", "--at", "2099-01-02T07:59"])
    assert f"note: {told}, so it cannot leave then\n" in capsys.readouterr().err
    run(["send", issue, "--dry-run"])
    assert f"note: {told}, so it cannot leave now\n" in capsys.readouterr().err
    assert run(["send", issue, "--yes", "--expect", str(number), "--at", "2099-01-02T07:59"]) == 5
    assert f"error: {told}, so nothing is sent\n" in capsys.readouterr().err
    assert run(["status", issue]) == 2
    assert run(["send", issue, "--yes", "--expect", str(number), "--at", "2099-01-02T08:00", "--detach"]) == 0
    assert "embargo" not in capsys.readouterr().err


def test_a_part_of_an_id_leads_to_the_whole(issue: str, capsys: Output) -> None:
    """Nobody remembers the day that an id begins with."""
    assert run(["pin", issue, "Welcome"]) == 2
    assert f"did you mean '{issue}-03-welcome'?" in capsys.readouterr().err
