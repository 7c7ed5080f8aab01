"""What a rule says of itself, at the terminal and in the documentation."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsletter.checks import RULES, explaining
from newsletter.cli.app import run
from newsletter.errors import NotFound

PAGE = Path(__file__).parents[2] / "docs/rules.md"


def test_the_page_is_current() -> None:
    """`make rules` writes it anew."""
    assert PAGE.read_text(encoding="utf-8") == explaining.page()


def test_every_rule_has_an_anchor_that_its_findings_name() -> None:
    """A finding's address leads to a heading of the page."""
    headings = re.findall(r"^### (.+)$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {f"docs/rules.md#{heading.lower()}" for heading in headings} == {rule.docs for rule in RULES}
    assert len(headings) == len(RULES)


def test_a_rule_is_explained(capsys: pytest.CaptureFixture[str]) -> None:
    """Why, fix, an example, and how to set it otherwise; the letters of the code may be small."""
    assert run(["rule", "edt005"]) == 0
    assert capsys.readouterr().out == (
        "EDT005 preheader too short or too long (warning, editorial)\n"
        "\n"
        "why: phones show about 40 characters of it, desktops up to 110\n"
        "fix: write one sentence that goes on where the subject ends\n"
        "\n"
        "instead of\n"
        "    preheader: News\n"
        "write\n"
        "    preheader: Plus new resource centres in Iraq and Pakistan, and a call open until 31 July\n"
        "\n"
        "in newsletter.toml:\n"
        "    [lint.levels]\n"
        '    EDT005 = "off"\n'
        "    [lint.parameters.EDT005]\n"
        "    shortest = 30\n"
        "    longest = 120\n"
        "\n"
        "for one entry or one issue, at its top or in its issue.yaml:\n"
        "    lint: {EDT005: why it is no fault here}\n"
        "\n"
        "docs: docs/rules.md#edt005\n"
    )


def test_rules_are_listed_as_json(capsys: pytest.CaptureFixture[str]) -> None:
    """Each with its parameters."""
    assert run(["rule", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["schema"] == 1
    assert [rule["code"] for rule in listed["rules"]] == [rule.code for rule in RULES]
    (kinds,) = [rule["parameters"] for rule in listed["rules"] if rule["code"] == "EDT015"]
    assert kinds == {"kinds": ["report", "working paper", "data"]}


@pytest.mark.parametrize(
    ("written", "hint", "fix"),
    [
        ("EDT04", "; did you mean EDT004?", ""),
        ("edt4", "; did you mean EDT004?", ""),
        ("EDT0005", "; did you mean EDT005?", ""),
        ("EDT-5", "; did you mean EDT005?", ""),
        ("ETD005", "; did you mean EDT005?", ""),
        ("EDT", "", "those that begin with EDT are EDT001 to EDT037; "),
        ("EDT999", "", "those that begin with EDT are EDT001 to EDT037; "),
        ("picture", "", ""),
    ],
)
def test_a_code_that_no_rule_has_is_refused(
    capsys: pytest.CaptureFixture[str], written: str, hint: str, fix: str
) -> None:
    """With the rule of that number, or the rules of those letters: a number that looks alike was not meant."""
    assert run(["rule", written]) == 2
    assert capsys.readouterr().err == (
        f"error: there is no rule {written}{hint}\n  fix: {fix}`newsletter rule` lists the rules\n"
    )


def test_a_code_of_reading_is_told_where_it_comes_from() -> None:
    """ENT, ISS and the like are no rules that could be muted."""
    with pytest.raises(NotFound) as caught:
        explaining.find("ENT010")
    assert caught.value.why.startswith("codes with these letters come from reading files")
