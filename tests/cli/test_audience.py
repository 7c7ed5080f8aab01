"""What a team does with its lists, by the commands that it types."""

from __future__ import annotations

import datetime as dt
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.cli.conftest import Output, read

FILE = (
    "E-Mail;Vorname;Land;Themen\n"
    "anna@example.org;Anna;at;Diaspora\n"
    "bo@example.org;Bo;DE;\n"
    "cleo@example.org;Cleo;Austria;\n"
)


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Output) -> Path:
    """A new newsletter that knows countries, as the current folder, with a file of readers."""
    for name in ("NEWSLETTER_DATABASE", "NEWSLETTER_STATE", "NEWSLETTER_PROVIDER"):
        monkeypatch.delenv(name, raising=False)
    assert run(["init", str(tmp_path)]) == 0
    monkeypatch.chdir(tmp_path)
    with (tmp_path / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[attributes.country]\ntype = "country"\n\n[retention]\nunsubscribed = "2 years"\n')
    (tmp_path / "readers.csv").write_text(FILE, encoding="utf-8")
    capsys.readouterr()
    return tmp_path


def test_a_file_is_planned_and_the_plan_is_done(space: Path, capsys: Output) -> None:
    """Rows that cannot be used are named and give exit code 1; another plan gives 5; columns may be told."""
    told = ["subscribers", "import", "readers.csv", "--list", "monthly", "--map", 'country="Land"']
    planned = read(capsys, *told, "--plan", "--json", code=1)
    assert (planned["added"], planned["invalid"], planned["planned"]) == (2, 1, True)
    assert run([*told, "--plan"]) == 1
    out, err = capsys.readouterr()
    assert out == "readers.csv:4: in the column Land: 'Austria' is not a country code; did you mean AT?\n"
    assert "would import into monthly: 2 added, 1 invalid (of 3 rows)" in err
    assert "\ncolumns: 'Land' is country, 'E-Mail' is email, 'Vorname' is first_name, 'Themen' is topics\n" in err
    assert f"--expect {planned['digest'][:12]}" in err
    assert run([*told, "--expect", "0" * 12]) == 5
    assert run([*told, "--expect", planned["digest"][:12]]) == 1
    capsys.readouterr()
    assert read(capsys, "lists", "show", "monthly", "--segment", "country=AT", "--json") == {
        "schema": 1,
        "name": "monthly",
        "title": "Monthly newsletter",
        "confirmed": 2,
        "pending": 0,
        "unsubscribed": 0,
        "suppressed": 0,
        "segment": 1,
    }


def test_topics_that_nothing_has_and_addresses_that_few_take_are_told(space: Path, capsys: Output) -> None:
    """Whose topics are another program's words would get a thin issue, and nobody would know why."""
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[readers]\ntopics = ["Diaspora"]\n')
    rows = "béla@example.org,DIASPORA\nbo@example.org,newsletter; fish\ncleo@example.org,\n"
    (space / "others.csv").write_text(f"email,topics\n{rows}", encoding="utf-8")
    assert run(["subscribers", "import", "others.csv", "--list", "monthly"]) == 0
    assert capsys.readouterr().err == (
        "imported into monthly: 3 added (of 3 rows)\n"
        "note: 1 address has letters before the @ that most mail servers refuse, such as é\n"
        "note: nothing here has the topic “fish”: whoever chose no other gets only what has no topic; write your own "
        "topics into the file and import it again\n"
    )
    assert run(["subscribers", "import", "readers.csv", "--list", "monthly"]) == 0
    assert "nothing here has the topic" not in capsys.readouterr().err


def test_an_import_that_is_stopped_or_killed_is_made_again_by_the_same_command(
    space: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it was done, the plan still holds, and nobody is added twice."""
    rows = 10_001
    (space / "many.csv").write_text("email\n" + "".join(f"a{number}@example.org\n" for number in range(rows)))
    told = ["subscribers", "import", "many.csv", "--list", "monthly"]
    planned = read(capsys, *told, "--plan", "--json")
    exactly = [*told, "--expect", planned["digest"][:12]]

    @contextmanager
    def stopped(_verb: str) -> Iterator[Callable[[int, int], None]]:
        def stop(_done: int, _total: int) -> None:
            raise KeyboardInterrupt

        yield stop

    with monkeypatch.context() as patched:
        patched.setattr("newsletter.cli.output.progress", stopped)
        assert run(exactly) == 130
    assert "nothing was imported; give the same command again" in capsys.readouterr().err

    [file] = space.rglob("newsletter.db")
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        # Whoever writes just now keeps the import from coming to its end.
        other.execute("BEGIN IMMEDIATE")
        killed = subprocess.Popen([sys.executable, "-m", "newsletter", *exactly], stdout=subprocess.PIPE)
        time.sleep(1)
        killed.kill()
        assert killed.communicate()[0] == b""
    done = read(capsys, *exactly, "--json")
    assert (done["added"], done["digest"]) == (rows, planned["digest"])
    again = read(capsys, *told, "--json")
    assert (again["added"], again["unchanged"]) == (0, rows)


def test_a_column_that_may_say_who_has_left_is_asked_about(space: Path, capsys: Output) -> None:
    """The plan warns with exit code 1 and offers no digest, the import refuses, an answer settles it."""
    (space / "doubtful.csv").write_text("email,Do not email\na@example.org,yes\nb@example.org,\n")
    told = ["subscribers", "import", "doubtful.csv", "--list", "monthly"]
    assert run([*told, "--plan"]) == 1
    said = capsys.readouterr().err
    assert "the column 'Do not email' is not used, and seems to say so in 1 row\n" in said
    assert ('--map left="Do not email"' in said, "--expect" in said) == (True, False)
    assert run(told) == 2
    capsys.readouterr()
    assert read(capsys, *told, "--map", "left=Do not email", "--json")["unsubscribed"] == 1


def test_what_numbers_mean_is_said_on_the_command_line(space: Path, capsys: Output) -> None:
    """Nothing is imported before it is said; who has not confirmed is counted, and an unknown word leads there too."""
    (space / "numbers.csv").write_text("email,status\na@example.org,1\nb@example.org,2\nc@example.org,0\n")
    told = ["subscribers", "import", "numbers.csv", "--list", "monthly"]
    assert run(told) == 2
    assert "say it, as in --means 2=unsubscribed (it can be pending, confirmed," in capsys.readouterr().err
    assert run([*told, "--means", "1=confirmed", "--means", "2=unsubscribed", "--means", "0=pending"]) == 0
    assert capsys.readouterr().err == (
        "imported into monthly: 2 added, 1 unsubscribed by the file (of 3 rows)\n"
        "note: 1 row is of somebody who, by the file, has not confirmed: nothing is sent to them\n"
    )
    assert run([*told, "--means", "2=gone"]) == 2
    assert "'2=gone' does not say what a word means" in capsys.readouterr().err
    (space / "numbers.csv").write_text("email,status\na@example.org,gold\n")
    assert run(told) == 1
    assert 'can be said, as in --means "gold=unsubscribed"; it can be pending, confirmed,' in capsys.readouterr().err


def test_what_a_file_contradicts_is_told_in_words(space: Path, capsys: Output) -> None:
    """Of two rows the stricter one counts; who is confirmed here stays so whatever a later file has not heard of."""
    told = ["subscribers", "import", "people.csv", "--list", "monthly"]
    head = "email,status\n"
    (space / "people.csv").write_text(f"{head}a@example.org,confirmed\nb@example.org,active\nb@example.org,pending\n")
    assert run(told) == 0
    out, err = capsys.readouterr()
    assert out == "people.csv:3: the same address as in row 4, by which they have not confirmed, and which so counts\n"
    assert err == (
        "imported into monthly: 2 added, 1 duplicate (of 3 rows)\n"
        "note: 1 duplicate says otherwise than another row whether somebody may be written to: the stricter row "
        "counts\n"
        "note: 1 row is of somebody who, by the file, has not confirmed: nothing is sent to them\n"
    )
    (space / "people.csv").write_text(f"{head}a@example.org,pending\n")
    assert run(told) == 0
    assert capsys.readouterr().err == (
        "imported into monthly: 1 unchanged (of 1 row)\n"
        "note: 1 row is of somebody who, by the file, has not confirmed, but is confirmed here, and still written to; "
        "a file that says 'unsubscribed' takes them off\n"
    )


def test_mistakes_are_told_and_give_exit_code_2(space: Path, capsys: Output) -> None:
    """A segment, a mapping and evidence that are not understood."""
    for arguments, message in (
        (["lists", "show", "monthly", "--segment", "county=AT"], "did you mean 'country'?"),
        (["lists", "show", "weekly"], "there is no list called 'weekly'"),
        (["subscribers", "import", "readers.csv", "--list", "monthly", "--map", "Land"], "does not say which column"),
        (
            ["subscribers", "import", "readers.csv", "--list", "monthly", "--consent-evidence", "2150-01-01", "x"],
            "a day that has been",
        ),
        (
            ["subscribers", "import", "readers.csv", "--list", "monthly", "--consent-evidence", "soon", "x"],
            "'soon' is not a date",
        ),
    ):
        assert run(arguments) == 2
        assert message in capsys.readouterr().err


def test_who_left_comes_back_with_evidence_and_who_is_erased_does_not(space: Path, capsys: Output) -> None:
    """Nothing of an erased person stays but a hash, and their message leaves the outbox."""
    bring = ["subscribers", "import", "readers.csv", "--list", "monthly", "--json"]
    assert read(capsys, *bring)["added"] == 3
    assert run(["subscribers", "unsubscribe", "bo@example.org"]) == 0
    capsys.readouterr()
    again = read(capsys, *bring, "--consent-evidence", "2020-01-01", "paper")
    assert (again["would_resubscribe"], again["problems"][0]["kind"]) == (1, "would resubscribe")
    (plan,) = space.glob("issues/*/issue.yaml")
    plan.write_text(plan.read_text("utf-8") + "\nsegment: topic=diaspora and not language=xx\n", "utf-8")
    assert run(["send", plan.parent.name, "--provider", "outbox", "--yes", "--expect", "2"]) == 0
    capsys.readouterr()
    assert len(list(space.glob(".newsletter/outbox/*/*.eml"))) == 2
    erased = read(capsys, "subscribers", "erase", "anna@example.org", "--json")
    assert erased == {
        "schema": 1,
        "consents": 1,
        "deliveries": 1,
        "erased_before": False,
        "remnants": None,
        "files": 1,
    }
    (space / "readers.csv").unlink()
    left = [path for path in space.rglob("*") if path.is_file() and b"anna@example.org" in path.read_bytes()]
    assert left == []
    (space / "readers.csv").write_text(FILE, encoding="utf-8")
    assert read(capsys, *bring)["blocked"] == 2
    shown = read(capsys, "subscribers", "show", "anna@example.org")
    assert (shown["erased"], shown["created_at"], shown["lists"]) == ("erasure", None, [])
    assert run(["subscribers", "unsuppress", "anna@example.org"]) == 5


def test_one_person_is_added_with_what_is_known_of_them(space: Path, capsys: Output) -> None:
    """The proof is asked for; what is wrong is told before anything is kept."""
    told = ["subscribers", "add", "anna@example.org", "--list", "monthly"]
    assert run(told) == 2
    assert "Missing option '--consent-evidence'" in capsys.readouterr().err
    proven = [*told, "--consent-evidence", "2024-07-20", "email to the press office"]
    assert run([*proven, "--attribute", "country"]) == 2
    assert "'country' is not NAME=VALUE, such as country=AT" in capsys.readouterr().err
    full = [*proven, "--name", "Anna", "--language", "de", "--topic", "Borders", "--attribute", "Country=at"]
    unspelt = (
        "note: nothing here has the topic “borders”: whoever chose no other gets only what has no topic; write it as "
        "your entries do\n"
    )
    assert run(full) == 0
    assert capsys.readouterr().err == f"anna@example.org is on monthly\n{unspelt}"
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[readers]\ntopics = ["Borders"]\n')
    assert run(full) == 0
    assert capsys.readouterr().err == "anna@example.org was on monthly already; nothing changed\n"
    assert run([*proven, "--name", "Anna Berg"]) == 0
    assert capsys.readouterr().err == "anna@example.org was on monthly already; what is new of them is kept\n"
    held = read(capsys, "subscribers", "show", "anna@example.org")
    assert (held["name"], held["language"], held["topics"], held["attributes"]) == (
        "Anna Berg",
        "de",
        ["borders"],
        {"country": "AT"},
    )
    assert (held["lists"][0]["source"], held["lists"][0]["proof"]) == ("command line", "email to the press office")
    run(["subscribers", "unsubscribe", "anna@example.org"])
    capsys.readouterr()
    assert run(proven) == 5
    assert "anna@example.org is not put on monthly\n" in capsys.readouterr().err
    now = dt.datetime.now(dt.UTC).isoformat()
    assert run([*told, "--consent-evidence", now, "phone call"]) == 0
    assert capsys.readouterr().err == "anna@example.org had left, and is on monthly again\n"


def test_an_address_is_added_as_a_mail_program_copies_it(space: Path, capsys: Output) -> None:
    """The name comes along; several mistakes are told one after the other."""
    proven = ["--list", "monthly", "--consent-evidence", "2024-07-20", "email to the press office"]
    assert run(["subscribers", "add", '"Berg, Anna" <anna@example.org>', *proven]) == 0
    assert capsys.readouterr().err == "anna@example.org is on monthly\n"
    assert read(capsys, "subscribers", "show", "anna@example.org")["name"] == "Berg, Anna"
    assert run(["subscribers", "add", "Anna <anna>", *proven, "--language", "Elvish"]) == 2
    assert capsys.readouterr().err == (
        "error: 'anna' is not an address\n"
        "  why: An email address must have an @-sign.\n"
        "  fix: write it as in reader@example.org\n"
        "error: 'Elvish' is not a language; use a code such as en, fr or ar\n"
    )


def test_an_address_is_suppressed_and_released(space: Path, capsys: Output) -> None:
    """Both say what they did; a second time says that it was so before."""
    assert run(["subscribers", "suppress", "a@example.org", "--reason", "complaint", "--source", "phone"]) == 0
    assert run(["subscribers", "suppress", "a@example.org"]) == 0
    assert "was suppressed before" in capsys.readouterr().err
    assert run(["subscribers", "unsuppress", "a@example.org"]) == 0
    assert "because of: complaint" in capsys.readouterr().err
    assert run(["subscribers", "unsuppress", "a@example.org"]) == 2


def test_what_is_not_kept_is_told_before_it_goes(space: Path, capsys: Output) -> None:
    """`tidy` counts with --dry-run what it then removes."""
    assert read(capsys, "subscribers", "tidy", "--dry-run", "--json") == {
        "schema": 1,
        "planned": True,
        "unconfirmed": 0,
        "unsubscribed": 0,
        "deliveries": 0,
        "events": 0,
        "remnants": "",
        "messages": 0,
    }
    assert run(["subscribers", "tidy"]) == 0
    assert "people who have left every list: removed 0 older than 2 years" in capsys.readouterr().err


def test_messages_as_files_are_kept_as_long_as_the_settings_say(space: Path, capsys: Output) -> None:
    """Those of the outbox, letters, proofs and samples alike: they hold names and addresses. Nothing else goes."""
    state = space / ".newsletter"
    old = [
        state / "outbox" / "2024-07" / "a.eml",
        state / "outbox" / "2024-07" / ".b.eml.part",
        state / "outbox" / "2024-07-proof" / "c.eml",
        state / "outbox" / "letter-confirm" / "d.eml",
        state / "samples" / "2024-07" / "e.eml",
    ]
    stays = [state / "outbox" / "2024-08" / "f.eml", state / "samples" / "2024-08" / "g.eml"]
    others = [state / "images" / "h.png", state / "outbox" / "notes.txt"]
    long_ago = time.time() - 100 * 86_400
    for file in (*old, *stays, *others):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("To: anna@example.org\n", encoding="utf-8")
        os.utime(file, (time.time(), time.time() - 80 * 86_400) if file in stays else (long_ago, long_ago))
    assert run(["subscribers", "tidy"]) == 0
    assert "files with messages: kept for ever" in capsys.readouterr().err
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('messages = "90 days"\n')
    assert run(["subscribers", "tidy", "--dry-run"]) == 0
    assert "files with messages: would remove 5 older than 90 days" in capsys.readouterr().err
    assert all(file.exists() for file in (*old, *stays, *others))
    assert read(capsys, "subscribers", "tidy", "--json")["messages"] == 5
    assert [file.exists() for file in (*old, *stays, *others)] == [False] * 5 + [True] * 4
    assert run(["subscribers", "tidy"]) == 0
    assert "files with messages: removed 0 older than 90 days" in capsys.readouterr().err


def test_a_segment_is_checked_where_it_is_written(space: Path, capsys: Output) -> None:
    """With line and column of the value, as everything in an issue."""
    (plan,) = space.glob("issues/*/issue.yaml")
    text = plan.read_text("utf-8")
    line = len(text.splitlines()) + 1
    written = text.rstrip("\n") + "\nsegment:\n  attributes:\n    county: AT\n  topic: diaspora\n  langauge: de\n"
    plan.write_text(written, "utf-8")
    run(["lint", plan.parent.name, "--output-format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [(one["code"], one["line"], one["column"]) for one in findings if "segment" in one["field"]] == [
        ("ISS004", line + 4, 3)
    ]
    plan.write_text(written.replace("  langauge: de\n", ""), "utf-8")
    run(["lint", plan.parent.name, "--output-format", "json"])
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert [
        (one["code"], one["line"], one["column"], one["message"]) for one in findings if one["code"] == "ISS014"
    ] == [("ISS014", line + 2, 13, "`segment`: no attribute is called 'county'; did you mean 'country'?")]


def test_a_page_after_a_number_that_no_database_takes_is_a_slip(space: Path, capsys: Output) -> None:
    """It is told, as any other number out of range."""
    assert run(["lists", "show", "monthly", "--people", "--after", "9" * 22]) == 2
    assert "is too large; the most is" in capsys.readouterr().err


def test_after_rows_that_cannot_be_used_the_next_step_is_said(space: Path, capsys: Output) -> None:
    """Whoever sees which rows are wrong also learns what to do with the file."""
    (space / "some.csv").write_text("email\nana@example.org\nbob at example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "some.csv", "--list", "monthly"]) == 1
    told = capsys.readouterr()
    assert "some.csv:3: " in told.out
    assert "correct the rows that are invalid and import the file again" in told.err


def test_an_export_into_no_folder_names_the_folder(space: Path, capsys: Output) -> None:
    """And not a file that nobody has asked for."""
    assert run(["subscribers", "export", "--list", "monthly", "--out", "none/monthly.csv"]) == 2
    told = capsys.readouterr().err
    assert "there is no folder none" in told
    assert ".part" not in told


@pytest.mark.skipif(sys.platform == "win32", reason="files there have no such rights")
def test_an_export_is_for_its_owner_alone(space: Path) -> None:
    """It holds addresses, as the database does; one that takes the place of a file may be read by the same people."""
    file, modes = space / "people.csv", []
    for _ in range(2):
        assert run(["subscribers", "export", "--list", "monthly", "--out", "people.csv"]) == 0
        modes.append(file.stat().st_mode & 0o777)
        file.chmod(0o640)
    assert (*modes, file.stat().st_mode & 0o777) == (0o600, 0o640, 0o640)


def test_an_export_that_comes_to_nothing_leaves_nothing(space: Path, capsys: Output) -> None:
    """Half a file of addresses would lie about unseen."""
    assert run(["subscribers", "export", "--list", "unknown", "--out", "people.csv"]) == 2
    assert "there is no list called 'unknown'" in capsys.readouterr().err
    assert [*space.glob("*people*")] == []
