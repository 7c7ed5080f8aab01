"""Approvals as files."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from newsletter.approval import record
from newsletter.approval.judging import judge
from newsletter.config import ApprovalSettings, Workspace
from newsletter.errors import ContentError
from newsletter.model.approval import Approval, Person, Standing, State
from newsletter.model.outline import Outline
from tests import factories as make
from tests.model import outlines

AT = dt.datetime(2024, 7, 26, 10, 4, tzinfo=make.ZONE)
ANA, BEN = Person("Ana Example", "ana@example.org"), Person("Ben", "ben@example.org")
ANYBODY = ApprovalSettings()
ANOTHER = ApprovalSettings(not_author=True)


def outline(subject: str = "News") -> Outline:
    """Return an issue."""
    return outlines.outline(outlines.edition(outlines.section("News", outlines.entry("wells")), subject=subject))


def approval(of: Outline, **fields: object) -> Approval:
    """Return an approval by Ana."""
    values = {"issue": of.issue, "digest": of.digest, "by": ANA, "at": AT} | fields
    return Approval(**values)  # type: ignore[arg-type]


def written(root: Path, given: Approval, of: Outline) -> Workspace:
    """Write an approval into a workspace."""
    space = make.workspace(root)
    for name, content in record.files(given, of).items():
        path = space.issues / given.issue / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return space


def test_an_approval_is_a_file_that_people_read(tmp_path: Path) -> None:
    """YAML with a note above; it comes back as it was, with its place."""
    now = outline()
    given = approval(now, digest="3f2a", authors=(BEN,))
    assert record.files(given, now)["approval.yaml"].decode() == (
        "# Written by `newsletter approve 2024-07`. Any change of what readers get makes it void.\n"
        'issue: "2024-07"\n'
        'by: "Ana Example <ana@example.org>"\n'
        'at: "2024-07-26T10:04:00+02:00"\n'
        'digest: "3f2a"\n'
        'authors: ["Ben <ben@example.org>"]\n'
    )
    space = written(tmp_path, given, now)
    found = record.read(space, "2024-07")
    assert found == given
    assert found is not None
    assert str(found.place) == "issues/2024-07/approval.yaml:5"


def test_what_was_approved_is_kept_beside_it(tmp_path: Path) -> None:
    """Only for that digest: a lock of another approval says nothing."""
    now = outline()
    space = written(tmp_path, approval(now), now)
    assert record.read_outline(space, approval(now)) == now
    assert record.read_outline(space, approval(now, digest="other")) is None
    (space.issues / "2024-07/issue.lock").write_text("{", encoding="utf-8")
    assert record.read_outline(space, approval(now)) is None


def test_without_a_file_there_is_no_approval(tmp_path: Path) -> None:
    """That is no mistake."""
    assert record.read(make.workspace(tmp_path), "2024-07") is None


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("", 1, "it is empty"),
        ("[a]", 1, "its lines are not `name: value`"),
        ("by: Ana\nat: x", 1, "`issue` is missing"),
        ("# by hand\nissue: a\nby:", 3, "`by` is empty"),
        ("issue: a\n<<<<<<< HEAD\nby: A\n=======\nby: B\n>>>>>>> topic\n", 2, "git has left two approvals here"),
        ("issue: a\nby: {", 2, "it is not YAML: expected the node content, but found '<stream end>'"),
        ("issue: a\nby: Ana\nat: yesterday\ndigest: x", 3, "`at` is 'yesterday', which is no time"),
        ("issue: a\nby: Ana\nat: 2024-07-26\ndigest: x", 3, "`at` is '2024-07-26', which says no time zone"),
        ("issue: a\nby: [Ana]\nat: 2024-07-26T10:00+02:00\ndigest: x", 2, "`by` is not a text"),
        (
            "issue: a\nby: Ana\nat: 2024-07-26T10:00+02:00\ndigest: x\nauthors: {a: b}",
            5,
            "`authors` is not a list of names",
        ),
        (f"issue: {'[' * 50_000}", 0, "brackets stand within brackets without end"),
        ("issue: a\nby: Ana \udcff", 2, "the file is not UTF-8 text"),
    ],
)
def test_an_approval_that_somebody_has_damaged_is_a_finding(tmp_path: Path, text: str, line: int, message: str) -> None:
    """At its file and line, with what is wrong and the way out."""
    path = tmp_path / "issues/2024-07/approval.yaml"
    path.parent.mkdir(parents=True)
    path.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ContentError) as caught:
        record.read(make.workspace(tmp_path), "2024-07")
    (finding,) = caught.value.findings
    assert (finding.code, finding.place.file, finding.place.line) == ("APP001", "issues/2024-07/approval.yaml", line)
    assert finding.message == message
    assert finding.why
    assert finding.fix


@given(st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1).filter(str.strip))
def test_any_name_comes_back(name: str) -> None:
    """Quotes, colons and letters of any script are data."""
    given = approval(outline(), by=record.person(name), authors=(record.person(name),))
    values = yaml.safe_load(record.files(given, outline())["approval.yaml"])
    assert values["by"] == str(given.by)
    assert values["authors"] == [str(given.by)]


def test_an_approval_counts_for_its_issue_and_digest_alone() -> None:
    """Neither another issue's nor an earlier one."""
    given = approval(outline(), digest="3f2a")
    assert judge(None, "2024-07", "3f2a", ANYBODY) == Standing("2024-07", "3f2a", State.MISSING)
    assert judge(given, "2024-07", "3f2a", ANYBODY) == Standing("2024-07", "3f2a", State.APPROVED, given)
    assert judge(given, "2024-07", "3f2b", ANYBODY) == Standing("2024-07", "3f2b", State.CHANGED, given)
    assert judge(given, "2024-08", "3f2a", ANYBODY) == Standing("2024-08", "3f2a", State.CHANGED, given)


@pytest.mark.parametrize(
    ("authors", "rule", "state"),
    [
        ((BEN,), ANOTHER, State.APPROVED),
        ((BEN, ANA), ANOTHER, State.BY_AUTHOR),
        ((), ANOTHER, State.BY_AUTHOR),
        ((ANA,), ANYBODY, State.APPROVED),
    ],
)
def test_the_settings_may_want_another_person(
    authors: tuple[Person, ...], rule: ApprovalSettings, state: State
) -> None:
    """An approval that does not say who wrote the issue is none then."""
    given = approval(outline(), digest="3f2a", authors=authors)
    assert judge(given, "2024-07", "3f2a", rule).state is state
