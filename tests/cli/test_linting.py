"""`lint` and `rule` as people and CI call them."""

from __future__ import annotations

import gc
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from newsletter import pipeline
from newsletter.cli.app import run
from newsletter.config import Workspace
from newsletter.model.selection import Selection
from tests.checks.workspace import FILES, ISSUE, MORE, NEWS, PLAN, SETTINGS, write
from tests.cli.conftest import Output

SHORT = {NEWS: "---\ntitle: Twelve projects begin\ndate: 2024-07-26\n---\n"}


def lint(root: Path, *arguments: str) -> int:
    """Run `newsletter lint` in a workspace."""
    return run(["-C", str(root), "lint", *arguments])


@pytest.mark.parametrize(("limit", "code"), [("error", 0), ("warning", 1)])
def test_from_which_severity_on_it_fails(limit: str, code: int, tmp_path: Path) -> None:
    """A warning stops nobody who has not asked for it."""
    write(tmp_path, SHORT)
    assert lint(tmp_path, "--fail-on", limit) == code


def test_what_fails_is_printed_last(tmp_path: Path, capsys: Output) -> None:
    """Of many findings a terminal still shows the last ones."""
    unready = FILES[NEWS].replace("summary: ", "summary: TODO ", 1)
    write(tmp_path, {NEWS: unready, MORE: FILES[MORE].replace("https:", "http:", 1)})
    assert lint(tmp_path) == 1
    severities = [line.partition("[")[0] for line in capsys.readouterr().out.splitlines() if re.match(r"\w+\[", line)]
    assert list(dict.fromkeys(severities)) == ["warning", "error"]


def test_formats_are_data_and_the_summary_is_talk(tmp_path: Path, capsys: Output) -> None:
    """What a machine reads goes to standard output and nothing else does."""
    write(tmp_path, SHORT)
    parsed = {}
    for name in ("json", "gitlab", "sarif"):
        assert lint(tmp_path, "--output-format", name) == 0
        captured = capsys.readouterr()
        parsed[name] = json.loads(captured.out)
        assert captured.err == "1 warning\n"
    assert [item["code"] for item in parsed["json"]["findings"]] == ["EDT001"]
    assert parsed["gitlab"][0]["check_name"] == "EDT001"
    assert parsed["sarif"]["runs"][0]["results"][0]["ruleId"] == "EDT001"
    assert lint(tmp_path, "--json") == 0
    assert json.loads(capsys.readouterr().out) == parsed["json"]
    assert lint(tmp_path, "--output-format", "junit") == 0
    assert ET.fromstring(capsys.readouterr().out).get("failures") == "1"
    assert lint(tmp_path, "--output-format", "github") == 0
    assert capsys.readouterr().out.startswith(f"::warning file={NEWS},line=2,col=1,title=EDT001 ")


@pytest.mark.parametrize("name", ["github", "gitlab", "sarif", "junit"])
def test_ci_finds_the_file_from_the_top_of_the_repository(name: str, tmp_path: Path, capsys: Output) -> None:
    """Where the newsletter is a folder of it; people still read the name that they have."""
    root = tmp_path / "our letter"
    write(root, {NEWS: FILES[NEWS].replace("Twelve", "Twelve  ", 1)})
    told = {}
    for top in (root, tmp_path):
        (top / ".git").mkdir()
        for form in (name, "json"):
            assert lint(root, "--output-format", form) == 0
            told[top, form] = capsys.readouterr().out
        (top / ".git").rmdir()
    escaped = "our%20letter" if name == "sarif" else "our letter"
    found = told[root, name].count(NEWS)
    assert found >= 1
    assert told[tmp_path, name].count(NEWS) == told[tmp_path, name].count(f"{escaped}/{NEWS}") == found
    assert told[tmp_path, "json"] == told[root, "json"]


def test_in_a_new_newsletter_the_addresses_of_the_sample_are_told(tmp_path: Path, capsys: Output) -> None:
    """With the sender of the sample there is nothing to find; with one of their own no other may be forgotten."""
    assert run(["init", str(tmp_path)]) == 0
    assert lint(tmp_path) == 0
    settings = tmp_path / "newsletter.toml"
    written = settings.read_text(encoding="utf-8").replace("<news@example.org>", "<news@harbour-museum.org>")
    settings.write_text(written, encoding="utf-8")
    capsys.readouterr()
    assert lint(tmp_path, "--json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    errors = [(one["code"], one["file"]) for one in found if one["severity"] == "error"]
    assert errors == [("DLV006", "newsletter.toml")]
    others = [one["code"] for one in found if one["severity"] != "error"]
    assert others.count("DLV017") == 3
    # Every sample that leads somewhere is told, so that none is forgotten.
    assert set(others) == {"DLV017", "LNK028"}


def test_all_pictures_that_cannot_be_used_are_told_at_once(tmp_path: Path, capsys: Output) -> None:
    """And one that is not there is told once, where its path is written."""
    entry = "---\ntitle: Story {0}\ndate: 2024-07-26\nsummary: S.\nimage: {{src: images/{0}.jpg, alt: B}}\n---\n"
    write(tmp_path, {f"issues/entries/news/{name}.md": entry.format(name) for name in ("gone", "void", "word")})
    for name, data in (("void", b""), ("word", b"hello")):
        path = tmp_path / "issues/images" / f"{name}.jpg"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
    assert lint(tmp_path, "--output-format", "json") == 1
    found = json.loads(capsys.readouterr().out)["findings"]
    assert [(item["code"], item["message"]) for item in found if item["severity"] == "error"] == [
        ("ENT010", "there is no picture 'images/gone.jpg'"),
        ("REN003", "images/void.jpg is not a picture that mails can show"),
        ("REN003", "images/word.jpg is not a picture that mails can show"),
    ]


def test_settings_of_rules_that_cannot_be_used_are_a_mistake_of_the_settings(tmp_path: Path, capsys: Output) -> None:
    """Exit code 2, as for every other setting; with the line."""
    write(tmp_path, {SETTINGS: FILES[SETTINGS] + '\n[lint.levels]\nEDT999 = "off"\n'})
    assert lint(tmp_path) == 2
    assert "error[CFG004]: there is no rule EDT999" in capsys.readouterr().err


def test_a_faulty_issue_does_not_hide_the_findings_of_others(tmp_path: Path, capsys: Output) -> None:
    """A theme that does not exist is told with the rest."""
    june = "issues/2024-06/issue.yaml"
    write(
        tmp_path,
        SHORT
        | {
            june: FILES[PLAN]
            .replace("2024-07", "2024-06")
            .replace("number: 7", "number: 6")
            .replace("2024-08-01", "2024-07-01")
            + "theme: montly\n"
        },
    )
    assert lint(tmp_path, "--output-format", "json") == 1
    found = {item["code"] for item in json.loads(capsys.readouterr().out)["findings"]}
    assert {"REN004", "EDT001"} <= found


def test_a_list_that_the_settings_do_not_have_does_not_hide_the_findings_of_others(
    tmp_path: Path, capsys: Output
) -> None:
    """A misspelt list is told at its line, and programs that read the findings get all of them."""
    write(tmp_path, SHORT | {PLAN: FILES[PLAN].replace("lists: [monthly]", "lists: [monthy]")})
    assert lint(tmp_path, "--output-format", "json") == 1
    found = {item["code"]: item for item in json.loads(capsys.readouterr().out)["findings"]}
    assert (found["ISS012"]["file"], found["ISS012"]["line"]) == (PLAN, 7)
    assert "ISS015" not in found


TALK = """
from typing import ClassVar, Literal
from newsletter.model.entry import News

class Talk(News):
    folder: ClassVar[str] = "talks"
    type: Literal["talk"] = "talk"

    def more_facts(self, words):
        return (self.summary[1000],)
"""


def test_code_of_the_teams_own_that_fails_does_not_hide_the_findings_of_others(tmp_path: Path, capsys: Output) -> None:
    """It is told at its line with the rest, and programs that read the findings get all of them."""
    talk = FILES[NEWS].replace("url: https://www.example.org/news/border\n", "")
    june = FILES[PLAN].replace("2024-07", "2024-06").replace("take: news", "take: talk").replace("7\n", "6\n", 1)
    files = {
        "team_talks.py": TALK,
        SETTINGS: FILES[SETTINGS] + '\n[types]\ntalk = "team_talks:Talk"\n',
        "issues/entries/talks/a.md": talk.replace("2024-07", "2024-06"),
        "issues/2024-06/issue.yaml": june,
    }
    write(tmp_path, SHORT | files)
    assert lint(tmp_path, "--output-format", "json") == 1
    found = {item["code"]: item["file"] for item in json.loads(capsys.readouterr().out)["findings"]}
    assert (found["ENT015"], found["EDT001"]) == ("team_talks.py", NEWS)


def test_an_issue_that_does_not_exist_is_refused(tmp_path: Path, capsys: Output) -> None:
    """With what was probably meant."""
    write(tmp_path, {})
    assert lint(tmp_path, "2024-7") == 2
    assert "there is no issue '2024-7'" in capsys.readouterr().err


def test_checking_makes_no_database(tmp_path: Path) -> None:
    """A checkout in CI stays as it is."""
    write(tmp_path, {})
    assert lint(tmp_path, ISSUE) == 0
    assert not (tmp_path / ".newsletter").exists()


def test_links_are_not_followed_without_a_network(
    tmp_path: Path, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is said, and nothing fails."""
    monkeypatch.setattr("newsletter.checks.online.visit", lambda *_, **__: {})
    write(tmp_path, {})
    assert lint(tmp_path, "--online") == 0
    assert "no network: 5 of 5 links are not followed\n" in capsys.readouterr().err
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert lint(tmp_path, "--online") == 0
    assert 'this computer has a proxy; to use it, write `proxy = "system"`' in capsys.readouterr().err


def test_what_the_ledger_has_sent_is_compared(tmp_path: Path, capsys: Output) -> None:
    """An entry that came after its issue had left is found by the issue that follows."""
    june = (
        FILES[PLAN]
        .replace("2024-07", "2024-06")
        .replace("number: 7", "number: 6")
        .replace("2024-08-01T09:00", "2024-07-01T09:00")
        .replace("subject: Twelve projects begin", "subject: June was warm")
        .replace("preheader: Plus a forum in Tripoli", "preheader: Plus a look back at the year")
    )
    first = "issues/entries/news/june.md"
    told = "---\ntitle: June was warm\ndate: 2024-06-10\nsummary: It was, and nobody minded that at all.\n---\n"
    write(tmp_path, {"issues/2024-06/issue.yaml": june, first: told})
    people = tmp_path / "people.csv"
    people.write_text("email,confirmed_at,source\nana@example.org,2024-01-01,form\n", encoding="utf-8")
    assert run(["-C", str(tmp_path), "subscribers", "import", str(people), "--list", "monthly"]) == 0
    assert run(["-C", str(tmp_path), "send", "2024-06", "--yes", "--expect", "1"]) == 0
    write(
        tmp_path,
        {"issues/2024-06/issue.yaml": june, first: told, first.replace("june", "late"): told.replace("warm", "wet")},
    )
    capsys.readouterr()
    lint(tmp_path, ISSUE, "--output-format", "json")
    found = [(item["code"], item["entry"]) for item in json.loads(capsys.readouterr().out)["findings"]]
    assert found == [("CNS003", "late")]
    # However many letters to others have left since, and some of earlier days to the same readers.
    (tmp_path / SETTINGS).write_text(FILES[SETTINGS] + '[lists.press]\ntitle = "Press"\n', encoding="utf-8")
    assert run(["-C", str(tmp_path), "subscribers", "import", str(people), "--list", "press"]) == 0
    plan = june.replace("number: 6\n", "")
    to_press, of_may = plan.replace("[monthly]", "[press]"), plan.replace("period: 2024-06", "period: 2024-05")
    for name, other in (
        *((f"2024-06-{letter}", to_press) for letter in "abc"),
        *((f"2024-05-{n}", of_may) for n in "abc"),
    ):
        write(tmp_path, {SETTINGS: None, f"issues/{name}/issue.yaml": other})
        assert run(["-C", str(tmp_path), "send", name, "--yes", "--expect", "1"]) == 0
    capsys.readouterr()
    lint(tmp_path, ISSUE, "--output-format", "json")
    found = [(item["code"], item["entry"]) for item in json.loads(capsys.readouterr().out)["findings"]]
    assert found == [("CNS003", "late")]


def test_many_issues_are_checked_one_after_the_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What each leaves out, nearly every entry of ten years, is in memory for one issue at a time."""
    plans = {
        f"issues/2024-{month:02}/issue.yaml": FILES[PLAN].replace("period: 2024-07", f"period: 2024-{month:02}")
        for month in range(1, 7)
    }
    write(tmp_path, plans)
    of_others = _left_out_in_memory()
    held: list[int] = []
    render = pipeline.render

    def watched(space: Workspace, chosen: Selection, **more: Any) -> pipeline.Build:
        held.append(_left_out_in_memory() - of_others)
        return render(space, chosen, **more)

    monkeypatch.setattr(pipeline, "render", watched, raising=False)
    lint(tmp_path)
    assert len(held) == 7
    assert max(held) <= 2


def _left_out_in_memory() -> int:
    """Return how many selections there are that say what they leave out."""
    gc.collect()
    return sum(isinstance(one, Selection) and bool(one.out) for one in gc.get_objects())
