"""Findings as terminals, CI servers and scripts read them, whole texts compared."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.checks import formats
from newsletter.model.finding import Edit, Finding, Place, Severity

NEWS = "issues/entries/news/größe, 50%.md"
ERROR = Finding(
    "LNK003",
    Severity.ERROR,
    "www.a.example is no complete address: 100%",
    Place(NEWS, 3, 14),
    why="the link is broken",
    fix="write https://www.a.example\nor delete it",
    entry="größe",
    docs="docs/rules.md#lnk003",
    edit=Edit(Place(NEWS, 3, 14), "www.a.example", "https://www.a.example"),
)
NOTE = Finding("EDT024", Severity.NOTE, "there are 2 spaces", Place("issues/2024-07/issue.yaml", 4))
WARNING = Finding("DLV006", Severity.WARNING, "no postal address", Place())
ALL = (ERROR, NOTE, WARNING)
SOURCES = {
    NEWS: "---\ntitle: 日本 a\nsummary: Go www.a.example now.\n---\n",
    "issues/2024-07/issue.yaml": "a\nb\nc\nd  e\n",
}
SCHEMA = json.loads((Path(__file__).parent / "schemas/sarif-2.1.0-rtm.5.json").read_text(encoding="utf-8"))


def test_text_points_at_the_word() -> None:
    """The line, a caret under each letter of the word, why and fix."""
    assert formats.write(ALL, "text", sources=SOURCES) == (
        "error[LNK003]: www.a.example is no complete address: 100%\n"
        f"  --> {NEWS}:3:14\n"
        "  |\n"
        "3 | summary: Go www.a.example now.\n"
        "  |              ^^^^^^^^^^^^\n"
        "   = why: the link is broken\n"
        "   = fix: write https://www.a.example or delete it (`newsletter lint --fix` does it)\n"
        "\n"
        "note[EDT024]: there are 2 spaces\n"
        "  --> issues/2024-07/issue.yaml:4\n"
        "  |\n"
        "4 | d  e\n"
        "\n"
        "warning[DLV006]: no postal address\n"
        "\n"
    )


def test_a_terminal_is_told_nothing_by_names_and_values() -> None:
    """Names of files may hold what changes its title or clipboard, and a line with two colons that GitHub obeys."""
    hostile = "\x1b]52;c;eA==\x07\n::add-mask::\u202ex"
    finding = Finding("ENT009", Severity.ERROR, hostile, Place(f"issues/{hostile}.md"), why=hostile, fix=hostile)
    shown = "\ufffd]52;c;eA==\ufffd ::add-mask::\ufffdx"
    assert formats.write([finding], "text", sources={}) == (
        f"error[ENT009]: {shown}\n  --> issues/{shown}.md\n   = why: {shown}\n   = fix: {shown}\n\n"
    )


def test_carets_stand_under_wide_letters() -> None:
    """A Japanese letter takes two columns of a terminal."""
    finding = Finding("EDT007", Severity.NOTE, "long", Place(NEWS, 2, 8))
    assert "2 | title: 日本 a\n  |        ^^^^\n" in formats.write([finding], "text", sources=SOURCES)


def test_the_line_is_the_one_that_is_counted() -> None:
    """Separators of other systems end no line here, and nothing is shown that a terminal would obey."""
    finding = Finding("EDT001", Severity.ERROR, "m", Place("a.md", 3, 4))
    source = "one\u2028two\x0bthree\x85four\r\n\nsix \x1b[2J\u202eseven\n"
    shown = formats.write([finding], "text", sources={"a.md": source})
    assert "3 | six \ufffd[2J\ufffdseven" in shown.splitlines()
    assert "3 |" not in formats.write([finding], "text", sources={"a.md": "one\n\n"})


def test_json_has_the_keys_that_scripts_depend_on() -> None:
    """One object with a version."""
    value = json.loads(formats.write(ALL, "json"))
    assert value == {"schema": 1, "findings": [finding.as_json() for finding in ALL]}
    assert set(value["findings"][0]) >= {"code", "severity", "message", "file", "line", "column", "why", "fix"}


def test_github_gets_errors_first_and_its_own_escapes() -> None:
    """Percent signs and line breaks everywhere, commas and colons in properties."""
    assert formats.write((NOTE, WARNING, ERROR), "github") == (
        "::error file=issues/entries/news/größe%2C 50%25.md,line=3,col=14,"
        "title=LNK003 www.a.example is no complete address%3A 100%25::"
        "www.a.example is no complete address: 100%25%0Awhy: the link is broken%0A"
        "fix: write https://www.a.example%0Aor delete it\n"
        "::warning title=DLV006 no postal address::no postal address\n"
        "::notice file=issues/2024-07/issue.yaml,line=4,title=EDT024 there are 2 spaces::there are 2 spaces\n"
    )


@pytest.mark.parametrize(
    ("count", "lines", "last"), [(9, 9, None), (10, 10, "1 more error;"), (40, 10, "31 more errors;")]
)
def test_github_gets_at_most_ten_of_a_level(count: int, lines: int, last: str | None) -> None:
    """GitHub drops what is beyond ten without a word, so the tenth says how many there are."""
    many = [replace(ERROR, place=Place(NEWS, number + 1, 1)) for number in range(count)]
    written = formats.write([*many, WARNING], "github").splitlines()
    assert len(written) == lines + 1
    assert written[-1].startswith("::warning ")
    if last:
        assert written[lines - 1].startswith(f"::error title=newsletter lint::{last}")


def test_gitlab_gets_a_code_quality_report() -> None:
    """A list with what GitLab asks for; a finding without a file is about the workspace."""
    (first, second, third) = json.loads(formats.write(ALL, "gitlab"))
    assert {key: first[key] for key in ("description", "check_name", "severity", "location")} == {
        "description": "www.a.example is no complete address: 100% – the link is broken",
        "check_name": "LNK003",
        "severity": "critical",
        "location": {"path": NEWS, "lines": {"begin": 3}},
    }
    assert (second["severity"], second["location"]["lines"]["begin"]) == ("info", 4)
    assert (third["severity"], third["location"]) == ("minor", {"path": ".", "lines": {"begin": 1}})


def test_a_fingerprint_outlives_lines_that_come_and_go() -> None:
    """The same fault further down is the same; two alike in one file are two."""
    lower = replace(ERROR, place=Place(NEWS, 30, 1))
    once, twice = (
        [item["fingerprint"] for item in json.loads(formats.write(found, "gitlab"))]
        for found in ([ERROR], [lower, ERROR])
    )
    assert once[0] == twice[0]
    assert len({*twice}) == 2


def sarif(findings: tuple[Finding, ...]) -> dict[str, Any]:
    """Return a SARIF log that the schema accepts."""
    log: dict[str, Any] = json.loads(formats.write(findings, "sarif"))
    jsonschema.validate(log, SCHEMA)
    return log


def test_sarif_is_valid_and_offers_the_fix() -> None:
    """Rules with their titles, places in the repository, replacements to the column."""
    (run,) = sarif(ALL)["runs"]
    assert [rule["id"] for rule in run["tool"]["driver"]["rules"]] == ["DLV006", "EDT024", "LNK003"]
    result = run["results"][0]
    location = {
        "artifactLocation": {"uri": "issues/entries/news/gr%C3%B6%C3%9Fe%2C%2050%25.md", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 3, "startColumn": 14},
    }
    assert (result["ruleId"], result["ruleIndex"], result["level"]) == ("LNK003", 2, "error")
    assert result["locations"] == [{"physicalLocation": location}]
    (change,) = result["fixes"][0]["artifactChanges"]
    assert change["replacements"] == [
        {
            "deletedRegion": {"startLine": 3, "startColumn": 14, "endColumn": 27},
            "insertedContent": {"text": "https://www.a.example"},
        }
    ]
    assert "locations" not in run["results"][2]


def test_sarif_without_findings_is_valid() -> None:
    """A run that found nothing says so."""
    assert sarif(())["runs"][0]["results"] == []


def test_junit_counts_errors_and_warnings_as_failures() -> None:
    """A suite a file, a case a finding; a note is told and does not fail."""
    root = ET.fromstring(formats.write(ALL, "junit"))
    assert (root.get("tests"), root.get("failures")) == ("3", "2")
    suites = {suite.get("name"): suite for suite in root}
    assert set(suites) == {"newsletter", NEWS, "issues/2024-07/issue.yaml"}
    (case,) = suites[NEWS]
    assert (case.get("name"), case.get("file"), case.get("line")) == (f"LNK003 {NEWS}:3:14", NEWS, "3")
    (failure,) = case
    assert (failure.get("type"), failure.get("message")) == ("error", ERROR.message)
    assert suites["issues/2024-07/issue.yaml"][0].find("failure") is None


def test_junit_without_findings_has_a_case_that_passed() -> None:
    """A report without cases is an error to some servers."""
    root = ET.fromstring(formats.write((), "junit"))
    assert (root.get("tests"), root.get("failures"), len(root[0])) == ("1", "0", 1)


ANY = st.text(st.characters(codec="utf-8"), max_size=40)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY, ANY, st.integers(0, 9), st.integers(0, 9))
def test_no_text_breaks_a_format(message: str, why: str, file: str, line: int, column: int) -> None:
    """Whatever stands in an entry: JSON and XML parse, SARIF is valid, and an annotation stays on its line."""
    finding = Finding("EDT001", Severity.WARNING, message, Place(file, line, column), why=why)
    json.loads(formats.write([finding], "json"))
    json.loads(formats.write([finding], "gitlab"))
    jsonschema.validate(json.loads(formats.write([finding], "sarif")), SCHEMA)
    ET.fromstring(formats.write([finding], "junit").encode())
    (annotation, rest) = formats.write([finding], "github").split("\n")
    assert annotation.startswith("::warning ")
    assert rest == ""
