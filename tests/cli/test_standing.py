"""What `status` tells of a mailing beside its totals."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from newsletter import sending
from newsletter.cli.app import run
from tests.cli.conftest import Output


def test_who_was_left_out_and_what_came_before_is_told(space: Path, issue: str, capsys: Output) -> None:
    """A mailing to the rest shows why it is so small, in words and as JSON."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    capsys.readouterr()
    assert run(["lists", "--json"]) == 0
    number = json.loads(capsys.readouterr().out)["lists"][0]["confirmed"]
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", str(number)]) == 0
    (space / "more.csv").write_text("email\nlate@example.org\nüber@example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "more.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--provider", "outbox", "--rest", "--yes", "--expect", "2"]) == 0
    capsys.readouterr()

    assert run(["status", issue]) == 0
    told = capsys.readouterr()
    assert told.out == f"{issue}: sent; {number + 2} candidates = 1 accepted + 1 rejected + {number} suppressed\n"
    assert f"left out: {number}, reason: got this issue before, or may have\n" in told.err
    assert f"an earlier mailing of it: sent; {number} candidates = {number} accepted\n" in told.err

    assert run(["status", issue, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    states = dict.fromkeys(("pending", "claimed", "accepted", "rejected", "suppressed", "unknown"), 0)
    (rejected,) = found.pop("rejected")
    assert rejected["address"] == "über@example.org"
    assert found == {
        "schema": 1,
        "issue": issue,
        "mailing": 2,
        "state": "sent",
        "totals": {"candidates": number + 2, **states, "accepted": 1, "rejected": 1, "suppressed": number},
        "why": "",
        "left_out": {"got this issue before, or may have": number},
        "earlier": [
            {
                "issue": issue,
                "mailing": 1,
                "state": "sent",
                "totals": {"candidates": number, **states, "accepted": number},
            }
        ],
        "corrected": [],
    }


def test_of_whom_nothing_is_kept_any_more_the_number_alone_is_told(space: Path, issue: str, capsys: Output) -> None:
    """No line ends in a colon, as of an address and a reason that are there and empty."""
    (space / "some.csv").write_text("email\nada@example.org\nüber@example.org\n", encoding="utf-8")
    (space / "none.csv").write_text("email,status\nben@example.org,confirmed\n", encoding="utf-8")
    for file in ("some.csv", "none.csv"):
        assert run(["subscribers", "import", file, "--list", "monthly"]) == 0
    assert run(["subscribers", "suppress", "ben@example.org"]) == 0
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", "2"]) == 0
    for address in ("ben@example.org", "über@example.org"):
        assert run(["subscribers", "erase", address, "--yes"]) == 0
    capsys.readouterr()
    assert run(["status", issue]) == 0
    told = capsys.readouterr()
    assert told.out == f"{issue}: sent; 3 candidates = 1 accepted + 1 rejected + 1 suppressed\n"
    assert told.err == ("left out: 1, reason: not kept any more\nrejected: 1, whose addresses are not kept any more\n")


def test_who_leaves_a_send_that_waits_is_told_that_it_stays_scheduled(
    space: Path, issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ctrl-C ends the command alone, and the last word is not that for a mailing that has been ended for good."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    run(["subscribers", "import", "subscribers.csv", "--list", "monthly"])
    monkeypatch.setattr(sending, "deliver", interrupted)
    capsys.readouterr()
    assert run(["send", issue, "--at", "2199-01-02T09:00", "--yes", "--expect", "4"]) == 130
    told = capsys.readouterr()
    assert told.out.startswith(f"{issue}: scheduled; 4 candidates = 4 pending\n")
    assert f"where newsletter worker or newsletter resume {issue} runs then\n" in told.err
    assert told.err.endswith("\ninterrupted\n")


def test_what_is_stopped_before_it_left_is_mended_only_where_nothing_left_before(
    space: Path, issue: str, capsys: Output
) -> None:
    """Whoever has it from an earlier mailing does not get it again, so a plain `send` would be refused."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    capsys.readouterr()
    assert run(["lists", "--json"]) == 0
    number = json.loads(capsys.readouterr().out)["lists"][0]["confirmed"]
    to_all = ["send", issue, "--yes", "--detach", "--expect", str(number)]
    assert run(to_all) == 0
    capsys.readouterr()
    assert run(["stop", issue]) == 0
    assert capsys.readouterr().err == "nothing has left; the issue can be mended and sent again\n"
    assert run(["status", issue]) == 0
    assert capsys.readouterr().err.endswith("nothing has left; the issue can be mended and sent again\n")
    assert run(["send", issue, "--yes", "--canary", "1", "--expect", str(number)]) == 0
    assert run(["stop", issue]) == 0
    assert run(["send", issue, "--rest", "--yes", "--detach", "--expect", str(number - 1)]) == 0
    capsys.readouterr()
    assert run(["stop", issue]) == 0
    assert capsys.readouterr().err == f"send it to the others with: newsletter send {issue} --rest\n"
    assert run(["status", issue]) == 0
    assert capsys.readouterr().err.endswith(f"send it to the others with: newsletter send {issue} --rest\n")
    assert run(to_all) == 5


def test_after_a_mailing_that_everybody_was_refused_the_rest_is_advised(
    space: Path, issue: str, capsys: Output
) -> None:
    """Nothing has left, and yet a plain `send` would be refused."""
    (space / "one.csv").write_text("email\nüber@example.org\n", encoding="utf-8")
    assert run(["subscribers", "import", "one.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--provider", "outbox", "--yes", "--expect", "1"]) == 0
    assert run(["send", issue, "--rest", "--yes", "--detach", "--expect", "1"]) == 0
    capsys.readouterr()
    assert run(["stop", issue]) == 0
    assert capsys.readouterr().err == f"send it to the others with: newsletter send {issue} --rest\n"
    assert run(["status", issue]) == 0
    assert capsys.readouterr().err.endswith(f"send it to the others with: newsletter send {issue} --rest\n")
    assert run(["send", issue, "--yes", "--expect", "1"]) == 5


def test_a_broken_type_of_entries_hides_no_report(space: Path, issue: str, capsys: Output) -> None:
    """What became of an issue is in the ledger; only what its links belong to is not known then."""
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    assert run(["send", issue, "--yes", "--expect", "4"]) == 0
    with (space / "newsletter.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[types]\npodcast = "team:Podcast"\n')
    capsys.readouterr()
    assert run(["report", issue, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["totals"]["accepted"] == 4
    assert run(["report"]) == 0
    assert f"{issue}  " in capsys.readouterr().out
