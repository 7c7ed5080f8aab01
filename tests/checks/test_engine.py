"""Levels, parameters, mutes: how much a rule matters is the workspace's to say, and reasons are never left out."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.checks import RULES
from newsletter.cli.app import run
from newsletter.errors import ConfigurationError
from newsletter.model.finding import Severity
from tests.checks.workspace import FILES, ISSUE, MORE, NEWS, PLAN, SETTINGS, add, lint, swap, write

SHORT = {NEWS: "---\ntitle: Twelve projects begin\ndate: 2024-07-26\n---\n"}
"""An entry without a summary: EDT001, a warning."""


def settings(lines: str) -> dict[str, str]:
    """Return the settings with some more."""
    return {SETTINGS: f"{FILES[SETTINGS]}\n{lines}\n"}


def said(root: Path) -> list[tuple[str, str]]:
    """Return code and severity of every finding."""
    return [(finding.code, str(finding.severity)) for finding in lint(root)]


def refused(root: Path) -> list[tuple[str, str, str]]:
    """Return code, place and message of what is wrong with the settings."""
    with pytest.raises(ConfigurationError) as caught:
        lint(root)
    return [(finding.code, str(finding.place), finding.message) for finding in caught.value.findings]


def test_every_rule_is_complete() -> None:
    """Each has a code of its own, and says why and what to do."""
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert len(RULES) >= 60
    for rule in RULES:
        assert rule.title
        assert rule.why
        assert rule.fix
        assert rule.code[:3].isalpha()
        assert rule.code[3:].isdigit()
        assert not rule.why.endswith(".")


def test_only_what_harms_readers_forbids_sending() -> None:
    """An error stops a build, so each one is listed here on purpose."""
    errors = {rule.code for rule in RULES if rule.severity is Severity.ERROR}
    assert errors == set(
        """
        ACC011 CLT007 DLV001 DLV003 DLV006 DLV007 DLV015 EDT012 EDT016 EDT017 IMG001 IMG005 IMG012 LNK002 LNK003
        LNK004 LNK011 LNK014 LNK020 LNK023 LNK027 SIZ002 SLT001
        """.split()
    )


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("off", []),
        ("note", [("EDT001", "note")]),
        ("warning", [("EDT001", "warning")]),
        ("error", [("EDT001", "error")]),
    ],
)
def test_levels_say_how_much_a_rule_matters(level: str, expected: list[tuple[str, str]], tmp_path: Path) -> None:
    """A rule that is off finds nothing; one that is an error stops a build."""
    write(tmp_path, SHORT | settings(f'[lint]\nlevels = {{EDT001 = "{level}"}}'))
    assert said(tmp_path) == expected


def test_parameters_change_what_a_rule_asks(tmp_path: Path) -> None:
    """A workspace with longer subjects says so."""
    long = {PLAN: FILES[PLAN].replace("and a call is open", "and a call is open for everybody who is under thirty")}
    write(tmp_path, long)
    assert said(tmp_path) == [("EDT002", "warning")]
    write(tmp_path, settings("[lint.parameters.EDT002]\nlongest = 90"))
    assert said(tmp_path) == []


def test_codes_and_parameters_that_do_not_exist_are_told_at_their_line(tmp_path: Path) -> None:
    """All of them at once, with what was probably meant."""
    first = len(FILES[SETTINGS].splitlines()) + 2
    write(tmp_path, settings('[lint]\nlevels = {EDT001 = "off", EDT1 = "off"}'))
    assert refused(tmp_path) == [
        ("CFG004", f"{SETTINGS}:{first + 1}:27", "there is no rule EDT1; did you mean EDT001?")
    ]
    write(tmp_path, settings('[lint.parameters.EDT002]\nlongst = 90\n[lint.parameters.EDT005]\nshortest = "ten"'))
    assert refused(tmp_path) == [
        ("CFG004", f"{SETTINGS}:{first + 1}:1", "EDT002 has no parameter 'longst'; did you mean 'longest'?"),
        ("CFG006", f"{SETTINGS}:{first + 3}:1", "`shortest` of EDT005 is 'ten'; it must be a number"),
    ]


def test_a_level_that_does_not_exist_is_told(tmp_path: Path) -> None:
    """The settings' own validation says it, at the line."""
    write(tmp_path, settings('[lint.levels]\nEDT001 = "of"'))
    (found,) = refused(tmp_path)
    assert found[2] == "`lint.levels.EDT001` is 'of', which is not one of its values; did you mean 'off'?"


def test_mail_clients_that_do_not_exist_are_told(tmp_path: Path) -> None:
    """A family that is misspelt would silence all of its rules."""
    write(tmp_path, settings('[lint]\nclients = ["gmial.*"]'))
    (found,) = refused(tmp_path)
    assert found[2] == "there is no mail client 'gmial.*'; did you mean 'gmail.*'?"


def test_an_entry_mutes_a_rule_with_a_reason(tmp_path: Path) -> None:
    """Its own findings go, those of others stay."""
    write(tmp_path, {NEWS: "---\ntitle: Twelve begin\ndate: 2024-07-26\nlint: {EDT001: a picture story}\n---\n"})
    assert said(tmp_path) == []


@pytest.mark.parametrize(
    ("muting", "others"),
    [((NEWS,), ["forum"]), ((MORE,), ["border"]), ((NEWS, MORE), [])],
    ids=["one", "other", "both"],
)
@pytest.mark.parametrize(
    ("code", "style"),
    [("ACC007", "color:#aaaaaa"), ("ACC010", "display:inline-block;line-height:14px"), ("ACC015", "font-size:9px")],
)
def test_what_one_line_of_a_template_does_to_two_entries_is_muted_for_each(
    code: str, style: str, muting: tuple[str, ...], others: list[str], tmp_path: Path
) -> None:
    """Whichever of them comes first, the other one's finding stays, and no mute is told to silence nothing."""
    link = f'<a href="https://www.example.org/a" style="{style}">{{{{ entry.title }}}}</a>'
    card = f'<mj-text>{{% if entry.type == "news" %}}{link}{{% endif %}}</mj-text>\n'
    files = {"templates/parts/card.mjml.j2": card} | swap(PLAN, "take: news", "take: news\n    layout: cards")
    for each in muting:
        files |= add(each, f"lint: {{{code}: as in every issue}}")
    write(tmp_path, files)
    found = [(each.code, each.entry) for each in lint(tmp_path) if each.code in {code, "LNT002"}]
    assert found == [(code, other) for other in others]


def test_an_issue_mutes_a_rule_for_all_its_entries(tmp_path: Path) -> None:
    """One reason for the whole issue."""
    write(tmp_path, SHORT | add(PLAN, "lint: {EDT001: this month's stories are told by their pictures}"))
    assert said(tmp_path) == []


def test_a_mute_needs_its_reason(tmp_path: Path) -> None:
    """Who reads the file later must learn why."""
    write(tmp_path, {NEWS: "---\ntitle: Twelve begin\ndate: 2024-07-26\nlint: {EDT001: ''}\n---\n"})
    space = config.load(tmp_path, environment={})
    (finding,) = pipeline.read(space).findings
    assert (finding.code, finding.message) == ("ENT006", "`lint EDT001` is empty")


def test_a_finding_says_which_entry_it_is_about_and_where_its_rule_is_explained(tmp_path: Path) -> None:
    """So that a preview can show the block, and a person can read on."""
    write(tmp_path, SHORT)
    (finding,) = lint(tmp_path)
    assert finding.as_json() == {
        "code": "EDT001",
        "severity": "warning",
        "message": "“Twelve projects begin” has no summary",
        "file": NEWS,
        "line": 2,
        "column": 1,
        "field": "summary",
        "why": "a title alone gives readers no reason to click",
        "fix": "add a line `summary: …` with one or two sentences",
        "entry": "border",
        "docs": "docs/rules.md#edt001",
        "fixable": False,
    }


def test_checking_twice_finds_the_same(tmp_path: Path) -> None:
    """Nothing is remembered from one check to the next."""
    write(tmp_path, SHORT)
    space = config.load(tmp_path, environment={})
    read = pipeline.read(space)
    chosen = pipeline.choose(space, ISSUE, read)
    assert pipeline.render(space, chosen).findings == pipeline.render(space, chosen).findings


def test_an_approval_is_compared_with_what_would_be_sent_now(tmp_path: Path) -> None:
    """A change after the approval is found where the approval stands; a part of the languages is no change."""
    write(tmp_path, {})
    assert run(["-C", str(tmp_path), "approve", ISSUE, "--by", "Ana Example <ana@example.org>"]) == 0
    assert said(tmp_path) == []
    write(tmp_path, {NEWS: FILES[NEWS].replace("five countries", "six countries")})
    (finding,) = lint(tmp_path)
    assert (finding.code, finding.place.file) == ("CNS004", f"issues/{ISSUE}/approval.yaml")
    space = config.load(tmp_path, environment={})
    assert pipeline.render(space, pipeline.choose(space, ISSUE, pipeline.read(space)), ["en"]).findings == ()


@pytest.mark.parametrize(
    ("lists", "at", "found"),
    [
        ("monthly", "2024-08-30T10:00:00+02:00", []),
        ("monthly", "2024-07-30T10:00:00+02:00", ["CNS004"]),
        ("press", "2024-08-30T10:00:00+02:00", ["CNS004"]),
    ],
    ids=["later", "both ahead", "other readers"],
)
def test_an_issue_is_not_to_be_approved_anew_once_the_next_one_was_after_its_time(
    tmp_path: Path, lists: str, at: str, found: list[str]
) -> None:
    """A new template changes every issue there was; files alone tell that much of which have left."""
    given = "issue: '{}'\nby: Ana\nat: '{}'\ndigest: '0123456789abcdef'\n".format
    write(
        tmp_path,
        {
            f"issues/{ISSUE}/approval.yaml": given(ISSUE, "2024-07-29T10:00:00+02:00"),
            "issues/2024-08/issue.yaml": FILES[PLAN].replace("2024-07", "2024-08").replace("[monthly]", f"[{lists}]"),
            "issues/2024-08/approval.yaml": given("2024-08", at),
        },
    )
    assert [finding.code for finding in lint(tmp_path) if finding.code == "CNS004"] == found
