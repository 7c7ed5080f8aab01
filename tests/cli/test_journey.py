"""The whole way, from an empty folder to messages in an outbox, by the commands that a team types."""

from __future__ import annotations

import email
import email.policy
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.cli.conftest import Output, read


def totals(**counts: int) -> dict[str, int]:
    """Return the totals of `status --json` with these counts."""
    states = ("pending", "claimed", "accepted", "rejected", "suppressed", "unknown")
    return {"candidates": sum(counts.values())} | dict.fromkeys(states, 0) | counts


def test_a_new_newsletter_builds_lints_and_sends(space: Path, issue: str, capsys: Output) -> None:
    """Every message is in the outbox, whole, and the totals add up."""
    assert run(["lint"]) == 0
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    capsys.readouterr()
    (counted,) = read(capsys, "lists", "--json")["lists"]
    number = counted["confirmed"]
    assert number > 0
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", str(number)]) == 0
    capsys.readouterr()
    assert read(capsys, "status", issue, "--json") == {
        "schema": 1,
        "issue": issue,
        "mailing": 1,
        "state": "sent",
        "totals": totals(accepted=number),
        "why": "",
        "left_out": {},
        "rejected": [],
        "earlier": [],
        "corrected": [],
    }
    messages = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in space.glob(f".newsletter/outbox/{issue}/*.eml")
    ]
    assert len({message["To"] for message in messages}) == number
    for message in messages:
        assert not message.defects
        assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert message["List-Unsubscribe"].startswith("<https://")
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        link = message["List-Unsubscribe"].strip("<>")
        assert link in text.get_content()
        assert link in html.get_content()


def test_a_second_mailing_of_the_same_issue_is_refused(
    issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exit code 5, when the first started in the newsletter's own zone, and the way to see what happened."""
    monkeypatch.setenv("NEWSLETTER_ZONE", "Pacific/Kiritimati")
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    count = str(read_count(capsys))
    assert run(["send", issue, "--yes", "--expect", count]) == 0
    assert run(["send", issue, "--yes", "--expect", count]) == 5
    refusal = capsys.readouterr().err
    assert " Pacific/Kiritimati and is sent\n" in refusal
    assert f"newsletter status {issue}" in refusal
    capsys.readouterr()
    assert run(["resume", issue]) == 0
    assert "nothing is left to do" in capsys.readouterr().err


def read_count(capsys: Output) -> int:
    """Return how many confirmed subscribers the list has."""
    capsys.readouterr()
    return int(read(capsys, "lists", "--json")["lists"][0]["confirmed"])


@pytest.mark.parametrize("arguments", [["--yes", "--expect", "1000"], ["--yes"], []])
def test_nothing_is_sent_without_the_right_number(space: Path, issue: str, arguments: list[str]) -> None:
    """A wrong number, none, and nobody to ask: exit code 5, and no trace of a mailing."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    assert run(["send", issue, *arguments]) == 5
    assert run(["status", issue]) == 2
    assert not list(space.glob(".newsletter/outbox/**/*.eml"))


def test_a_dry_run_sends_and_records_nothing(space: Path, issue: str, capsys: Output) -> None:
    """The sentence is said, and that is all."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    number = read_count(capsys)
    assert run(["send", issue, "--dry-run"]) == 0
    assert f"goes to {number} people on Monthly newsletter" in capsys.readouterr().err
    assert run(["status", issue]) == 2


def test_a_mistake_found_by_the_checks_stops_the_mailing(space: Path, issue: str, capsys: Output) -> None:
    """Exit code 1, the finding with its place, and no mailing."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    welcome = next(space.glob("issues/entries/news/*-welcome.md"))
    text = welcome.read_text(encoding="utf-8")
    welcome.write_text(text.replace("summary: ", "summary: Dear *|FNAME|*, "), encoding="utf-8")
    assert run(["send", issue, "--yes", "--expect", str(read_count(capsys))]) == 1
    assert "error[SLT001]: readers would see *|FNAME|*" in capsys.readouterr().err
    assert run(["status", issue]) == 2


def test_building_twice_gives_the_same_bytes(space: Path, issue: str) -> None:
    """Every file, the manifest included."""
    for folder in ("one", "two"):
        assert run(["build", issue, "--out", folder]) == 0
    built = {
        folder: {path.relative_to(folder): path.read_bytes() for path in Path(folder).rglob("*") if path.is_file()}
        for folder in ("one", "two")
    }
    assert built["one"] == built["two"]
    assert {str(name) for name in built["one"]} >= {
        "issue.html",
        "issue.txt",
        "issue.eml",
        "issue.mjml",
        "selection.json",
        "manifest.json",
    }


def test_build_describes_what_it_wrote(issue: str, capsys: Output) -> None:
    """`build --json` names the files, and their sizes are true."""
    described = read(capsys, "build", issue, "--json")
    assert set(described) == {"schema", "issue", "digest", "editions"}
    (edition,) = described["editions"]
    assert set(edition) == {
        "language",
        "topics",
        "subject",
        "preheader",
        "html_bytes",
        "text_bytes",
        "digest",
        "files",
    }
    assert len(Path(edition["files"]["txt"]).read_bytes()) == edition["text_bytes"]
    manifest = json.loads(Path(edition["files"]["html"]).with_name("manifest.json").read_text(encoding="utf-8"))
    assert manifest["digest"] == described["digest"]


def test_a_broken_entry_stops_a_build_and_is_explained(space: Path, issue: str, capsys: Output) -> None:
    """Every problem of the file at once on stderr, exit code 1, and the selection lists the entry as invalid."""
    broken = space / "issues/entries/news/broken.md"
    broken.write_text("---\ntitel: Hello\ndate: 2026-13-01\n---\n", encoding="utf-8")
    assert run(["build", issue]) == 1
    said = capsys.readouterr().err
    assert "issues/entries/news/broken.md:2:1" in said
    assert "issues/entries/news/broken.md:3:7" in said
    selected = read(capsys, "select", issue, "--json", code=1)
    assert ("broken", "invalid") in [(left["id"], left["reason"]) for left in selected["out"]]
    assert not (space / "build").exists()


def test_what_is_unfinished_elsewhere_stops_no_issue(space: Path, issue: str, capsys: Output) -> None:
    """A draft may lack anything, and a later issue is not this one."""
    assert run(["new", "call", "Grant"]) == 0
    later = space / f"issues/{int(issue[:4]) + 1}-01"
    later.mkdir()
    (later / "issue.yaml").write_text("period: soon\n", encoding="utf-8")
    assert run(["build", issue]) == 0
    assert run(["lint", issue]) == 1
    assert "issues/entries/calls" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written_is_told_in_words(space: Path, issue: str, capsys: Output) -> None:
    """No traceback: exit code 2, the path and what to do."""
    (space / "taken").write_text("a file", encoding="utf-8")
    assert run(["build", issue, "--out", "taken/x"]) == 2
    assert "taken" in capsys.readouterr().err
    assert run(["subscribers", "export", "--list", "monthly", "--out", "nowhere/e.csv"]) == 2


def test_an_unknown_theme_is_a_finding_at_its_line(space: Path, issue: str, capsys: Output) -> None:
    """lint tells it with the rest, as JSON too."""
    plan = space / "issues" / issue / "issue.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "\ntheme: montly\n", encoding="utf-8")
    (finding,) = read(capsys, "lint", issue, "--output-format", "json", code=1)["findings"]
    assert (finding["code"], finding["message"]) == ("REN004", "there is no theme 'montly'; did you mean 'monthly'?")
    assert finding["line"] == len(plan.read_text(encoding="utf-8").splitlines())


def test_an_issue_for_no_list_is_not_sent(space: Path, issue: str, capsys: Output) -> None:
    """Even a dry run says that nobody would get it."""
    plan = space / "issues" / issue / "issue.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("\nlists: [monthly]", "\nlists: []"), encoding="utf-8")
    assert run(["send", issue, "--dry-run"]) == 1
    assert f"issue {issue} goes to no list" in capsys.readouterr().err


def test_a_replaced_database_is_noticed(space: Path, issue: str, capsys: Output) -> None:
    """Who has lost the ledger would write to everybody twice; the outbox still knows."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    run(["send", issue, "--yes", "--expect", str(read_count(capsys))])
    for file in space.glob(".newsletter/newsletter.db*"):
        file.unlink()
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    assert run(["send", issue, "--dry-run"]) == 0
    assert "already holds messages of this issue" in capsys.readouterr().err


def test_who_was_rejected_is_named_with_the_reason(space: Path, issue: str, capsys: Output) -> None:
    """An address that the provider cannot reach is no silence."""
    (space / "one.csv").write_text("email\nüser@example.org\n", encoding="utf-8")
    run(["subscribers", "import", "one.csv", "--list", "monthly"])
    assert run(["send", issue, "--yes", "--expect", "1"]) == 0
    assert "rejected: üser@example.org: " in capsys.readouterr().err


def test_the_unknown_of_an_earlier_mailing_are_not_forgotten(space: Path, issue: str, capsys: Output) -> None:
    """Another mailing to the rest neither hides them nor keeps them from being looked into."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    capsys.readouterr()
    number = read_count(capsys)
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", str(number)]) == 0
    with closing(sqlite3.connect(space / ".newsletter" / "newsletter.db")) as database, database:
        database.execute("UPDATE deliveries SET state = 'unknown' WHERE subscriber_id = 1")
        database.execute("UPDATE batches SET state = 'held'")
        database.execute("UPDATE mailings SET state = 'partly sent'")
    (space / "more.csv").write_text("email\nlate@example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "more.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--provider", "outbox", "--rest", "--yes", "--expect", "1"]) == 0
    capsys.readouterr()
    assert run(["status", issue]) == 0
    assert "of 1 person of an earlier mailing nobody can tell" in capsys.readouterr().err
    found = read(capsys, "reconcile", issue, "--json")
    assert (found["mailing"], found["totals"]["unknown"]) == (1, 1)
    assert [one["people"] for one in found["unknown"]] == [1]
    assert (found["found_sent"], found["found_not_sent"], found["sent_again"]) == (0, 0, 0)
    assert run(["reconcile", issue]) == 0
    assert capsys.readouterr().out.splitlines()[0] == f"{issue}: 1 still unknown"
    assert run(["reconcile", issue, "--resend"]) == 0
    assert capsys.readouterr().out == (f"{issue}: 1 wait to be sent to again by your word, although they may have it\n")
    assert run(["reconcile", issue]) == 0
    assert capsys.readouterr().out == f"{issue}: nobody is unknown\n"


def test_lint_prints_findings_as_json(space: Path, issue: str, capsys: Output) -> None:
    """Each finding has the keys that scripts depend on; an error makes the exit code 1."""
    welcome = next(space.glob("issues/entries/news/*-welcome.md"))
    lines = welcome.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines, 1) if line.startswith("image:"))
    lines[place - 1] = "image: {src: images/welcome.png}"
    welcome.write_text("\n".join(lines), encoding="utf-8")
    (finding,) = read(capsys, "lint", issue, "--output-format", "json", code=1)["findings"]
    assert (finding["code"], finding["severity"]) == ("IMG001", "error")
    assert (finding["file"], finding["line"]) == (welcome.relative_to(space).as_posix(), place)
    assert {"message", "column", "why", "fix"} <= set(finding)


def test_entries_are_listed_by_type_and_day(space: Path, issue: str, capsys: Output) -> None:
    """Filters work together."""
    listed = read(capsys, "entries", "--type", "news", "--from", f"{issue}-01", "--to", f"{issue}-05", "--json")
    assert [entry["id"] for entry in listed["entries"]] == [f"{issue}-03-welcome"]
    assert run(["entries", "--type", "newz"]) == 2
    assert run(["entries", "--from", f"{issue}-05", "--to", f"{issue}-01"]) == 2
    assert "did you mean news?" in capsys.readouterr().err


def test_a_proof_is_marked_and_leaves_no_mailing(space: Path, issue: str, capsys: Output) -> None:
    """The subject says that it is a proof, and the ledger knows nothing of it."""
    assert run(["proof", issue, "--to", "team@example.org"]) == 0
    (path,) = capsys.readouterr().out.splitlines()
    message = email.message_from_bytes(Path(path).read_bytes(), policy=email.policy.default)
    assert message["Subject"].startswith("[Proof] ")
    assert message["To"] == "team@example.org"
    assert run(["status", issue]) == 2


def test_a_proof_goes_the_way_of_the_lists_of_its_issue(space: Path, issue: str, capsys: Output) -> None:
    """What is looked at has come as readers' messages will; another way is named."""
    settings = space / "newsletter.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(written.replace("[lists.monthly]", '[lists.monthly]\nprovider = "null"'), encoding="utf-8")
    assert run(["proof", issue, "--to", "team@example.org"]) == 0
    assert capsys.readouterr().err.startswith("the proof went to team@example.org through null\n")
    assert run(["proof", issue, "--to", "team@example.org", "--provider", "outbox"]) == 0
    assert capsys.readouterr().err.startswith("the proof went to team@example.org through outbox\n")


def test_a_proof_says_which_editions_it_leaves_out(space: Path, issue: str, capsys: Output) -> None:
    """An approval covers them as well, so somebody should look at them."""
    plan = space / "issues" / issue / "issue.yaml"
    plan.write_text(plan.read_text(encoding="utf-8") + "languages: [en, de, tr]\n", encoding="utf-8")
    assert run(["proof", issue, "--to", "team@example.org"]) == 0
    note = (
        f"note: that was the edition in en alone; for the rest: newsletter proof {issue} --language de and "
        f"newsletter proof {issue} --language tr\n"
    )
    assert note in capsys.readouterr().err
    assert run(["proof", issue, "--to", "team@example.org", "--language", "de"]) == 0
    assert "alone" not in capsys.readouterr().err


def test_proofs_go_to_those_of_the_settings_where_nobody_is_named(
    space: Path, issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A team writes its addresses once; without any it is told how."""
    assert run(["proof", issue]) == 2
    assert capsys.readouterr().err == (
        "error: nobody gets the proof\n"
        "  why: no --to names anybody, and neither does `proof_to` in the settings\n"
        f"  fix: name somebody: newsletter proof {issue} --to you@example.org; or write those who always get it into "
        'newsletter.toml: proof_to = ["you@example.org"]\n'
    )
    settings = space / "newsletter.toml"
    written = settings.read_text(encoding="utf-8")
    settings.write_text(f'proof_to = ["anna@example.org", " ben@example.org"]\n{written}', encoding="utf-8")
    assert run(["proof", issue]) == 0
    assert "the proof went to anna@example.org, ben@example.org through outbox\n" in capsys.readouterr().err
    monkeypatch.setenv("NEWSLETTER_PROOF_TO", "carla@example.org, dan@example.org")
    assert run(["proof", issue]) == 0
    assert "the proof went to carla@example.org, dan@example.org through outbox\n" in capsys.readouterr().err
    monkeypatch.delenv("NEWSLETTER_PROOF_TO")
    assert run(["proof", issue, "--to", "team@example.org"]) == 0
    assert "the proof went to team@example.org through outbox\n" in capsys.readouterr().err
    settings.write_text(f'proof_to = ["anna@example.org", "Ben <ben@example.org>"]\n{written}', encoding="utf-8")
    assert run(["proof", issue]) == 2
    told = capsys.readouterr().err
    assert "'Ben <ben@example.org>' is not an address; write it alone, such as name@example.org" in told
    assert "--> newsletter.toml:1:1\n" in told


def test_who_unsubscribed_is_not_brought_back_by_an_import(space: Path, issue: str, capsys: Output) -> None:
    """Leaving is for good: the import says so, and the mailing passes them over."""
    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    before = read_count(capsys)
    run(["subscribers", "export", "--list", "monthly", "--out", "people.csv"])
    address = (space / "people.csv").read_text(encoding="utf-8-sig").splitlines()[1].split(",")[0]
    assert run(["subscribers", "unsubscribe", address]) == 0
    report = read(capsys, "subscribers", "import", "subscribers.csv", "--list", "monthly", "--json")
    assert (report["blocked"], report["added"]) == (1, 0)
    assert read_count(capsys) == before - 1
    held = read(capsys, "subscribers", "show", address)
    assert [(one["list"], one["consent"]) for one in held["lists"]] == [("monthly", "unsubscribed")]


def test_decisions_are_written_into_the_issue_with_its_comments_kept(space: Path, issue: str, capsys: Output) -> None:
    """pin, drop and move change what they must and say where the entry stands."""
    plan = space / "issues" / issue / "issue.yaml"
    comments = [line for line in plan.read_text(encoding="utf-8").splitlines() if line.lstrip().startswith("#")]
    names = [entry["id"] for entry in read(capsys, "entries", "--type", "news", "--json")["entries"]]
    assert run(["drop", issue, names[0], "--reason", "told last month"]) == 0
    assert f"{names[0]} is out: dropped, told last month" in capsys.readouterr().err
    assert run(["pin", issue, names[0]]) == 0
    assert f"{names[0]} is in" in capsys.readouterr().err
    assert run(["release", issue, names[0]]) == 0
    assert f"{names[0]} is in: number 1 of Lead story (in_period)" in capsys.readouterr().err
    assert run(["pin", issue, names[0] + "x"]) == 2
    written = plan.read_text(encoding="utf-8").splitlines()
    assert [line for line in written if line.lstrip().startswith("#")] == comments


def test_a_decision_about_an_entry_that_is_gone_can_be_taken_back(space: Path, issue: str, capsys: Output) -> None:
    """Whoever deletes a file that is pinned is told the command that mends the issue."""
    plan = space / "issues" / issue / "issue.yaml"
    before = plan.read_text(encoding="utf-8")
    (file,) = space.glob("issues/entries/news/*welcome.md")
    assert run(["pin", issue, file.stem]) == 0
    file.unlink()
    capsys.readouterr()
    assert run(["lint", issue]) == 1
    assert f"newsletter release {issue} {file.stem}" in capsys.readouterr().out
    assert run(["release", issue, file.stem]) == 0
    assert f"{file.stem} is no longer named in issue {issue}\n" in capsys.readouterr().err
    assert plan.read_text(encoding="utf-8") == before
    assert run(["release", issue, file.stem]) == 2


def test_a_broken_issue_is_told_once(space: Path, issue: str, capsys: Output) -> None:
    """What is wrong with the file of the issue that is asked for is not printed twice."""
    plan = space / "issues" / issue / "issue.yaml"
    plan.write_text(plan.read_text(encoding="utf-8").replace("number: 1", "number: one"), encoding="utf-8")
    assert run(["select", issue]) == 1
    told = capsys.readouterr().err
    assert told.count("`number` is 'one'") == 1
    assert "stay out" not in told
    assert f"error: issue {issue} cannot be used as it is written\n" in told
