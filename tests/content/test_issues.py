from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.model.finding import Place
from tests.content import tree

ISSUE = "title: July\nperiod: 2024-07\nsubject: A\nsections:\n  - {heading: News, take: news}\n"
ENTRY = "---\ntitle: A\n---\n"


def test_an_issue_has_all_that_its_file_says(tmp_path: Path) -> None:
    """The name is the folder's, and every field knows where it stands."""
    read = tree.load(tmp_path, {"2024-07/issue.yaml": "\ufeff" + ISSUE.replace("\n", "\r\n")})
    issue = read.issues["2024-07"]
    assert issue.model_dump(mode="json", exclude_defaults=True, by_alias=True) == {
        "name": "2024-07",
        "title": "July",
        "period": {"from": "2024-07-01", "to": "2024-07-31"},
        "subject": "A",
        "sections": [{"heading": "News", "take": ["news"]}],
    }
    assert issue.origin.value("sections", 0, "take", 0) == Place("issues/2024-07/issue.yaml", 5, 27)
    assert read.findings == ()


def test_issues_come_sorted_by_name(tmp_path: Path) -> None:
    """The order of folders on disk never matters, and the ninth comes before the tenth."""
    read = tree.load(tmp_path, {f"{name}/issue.yaml": ISSUE for name in ("2024-10", "2023-12", "2024-9")})
    assert list(read.issues) == ["2023-12", "2024-9", "2024-10"]


def test_other_folders_and_files_are_no_issues(tmp_path: Path) -> None:
    """Pictures, lists, notes and approvals lie beside issues as they like."""
    files = dict.fromkeys(("images/a.png", "subscribers.csv", "2024-07/notes.txt", "2024-06/approval.yaml"), "")
    read = tree.load(tmp_path, {**files, "2024-07/issue.yaml": ISSUE, ".git/config.yaml": ""})
    assert (list(read.issues), read.findings) == (["2024-07"], ())


def test_a_plan_by_another_name_is_noted(tmp_path: Path) -> None:
    """A misnamed issue would otherwise simply not exist."""
    read = tree.load(tmp_path, {"2024-07/issue.yml": ISSUE, "2024-08.yaml": ISSUE})
    assert [(str(found.severity), str(found.place), found.fix) for found in read.findings] == [
        ("note", "issues/2024-07/issue.yml", "rename issue.yml to issue.yaml"),
        ("note", "issues/2024-08.yaml", "if it is an issue, move it to 2024-08/issue.yaml"),
    ]


def test_an_entry_that_cannot_be_read_still_exists(tmp_path: Path) -> None:
    """A pinned entry with a mistake is one problem, not two."""
    read = tree.load(tmp_path, {"2024-07/issue.yaml": ISSUE + "pin: [a]\n", "entries/news/a.md": "---\ntitle:\n---\n"})
    assert [finding.code for finding in read.findings] == ["ENT005"]


def test_an_issue_with_mistakes_in_its_names_is_still_an_issue(tmp_path: Path) -> None:
    """Selection can show the rest while one id is being mended."""
    read = tree.load(tmp_path, {"2024-07/issue.yaml": ISSUE + "pin: [b]\n", "entries/news/a.md": ENTRY})
    assert (list(read.issues), [finding.code for finding in read.findings]) == (["2024-07"], ["ISS010"])


def test_entries_are_named_however_accents_are_written(tmp_path: Path) -> None:
    """macOS takes them apart in the names of files; what an issue says is for the entry all the same."""
    apart = "u\u0308ber"
    plan = f"{ISSUE}pin: {apart}\norder: [a, {apart}]\ndrop: {{{apart}2: x}}\n"
    files = {f"entries/news/{name}.md": ENTRY for name in ("a", "über", f"{apart}2")}
    read = tree.load(tmp_path, {**files, "2024-07/issue.yaml": plan})
    issue = read.issues["2024-07"]
    assert (issue.pin, issue.order, issue.drop) == (("über",), ("a", "über"), {"über2": "x"})
    assert read.findings == ()


def test_an_issue_that_cannot_be_read_is_no_issue(tmp_path: Path) -> None:
    """A plan that means something else than it says is not carried out."""
    for written in (ISSUE + "subject: B\n", ISSUE + "name: July\n", "- a\n", "title: A: B\n", b"\xff\xfe"):
        read = tree.load(tmp_path, {"2024-07/issue.yaml": written})
        assert (dict(read.issues), len(read.errors)) == ({}, 1)


def test_two_issues_with_one_number_are_told(tmp_path: Path) -> None:
    """The number was probably copied along with the rest of the file."""
    read = tree.load(tmp_path, {f"{name}/issue.yaml": ISSUE + "number: 7\n" for name in ("2024-07", "2024-08")})
    assert tree.told(read) == [
        "issues/2024-08/issue.yaml:6:9 ISS007 issue 2024-07 has the number 7 too → count on from the last issue"
    ]


def test_letters_to_different_lists_count_their_own_numbers(tmp_path: Path) -> None:
    """Nobody who quotes one has read the other."""
    lists = {name: {"title": name} for name in ("monthly", "press")}
    files = {f"{name}/issue.yaml": ISSUE + f"lists: {name}\nnumber: 7\n" for name in lists}
    assert tree.told(tree.load(tmp_path, files, lists=lists)) == []


def test_without_lists_a_list_cannot_be_named(tmp_path: Path) -> None:
    """The settings decide which lists there are."""
    read = tree.load(tmp_path, {"2024-07/issue.yaml": ISSUE + "lists: weekly\n"}, lists={})
    assert [(str(found.place), found.message, found.why) for found in read.findings] == [
        ("issues/2024-07/issue.yaml:6:8", "there is no list 'weekly'", "newsletter.toml has no lists")
    ]


def test_an_issue_behind_a_link_is_reported(tmp_path: Path) -> None:
    """What colleagues review lies in the workspace, under the name that it has."""
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "issue.yaml").write_text(ISSUE)
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2024-07").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    (tmp_path / "issues" / "2024-08").mkdir()
    (tmp_path / "issues" / "2024-08" / "issue.yaml").symlink_to(tmp_path.parent / "secret.yaml")
    fix = "put the real file here instead of the link"
    assert tree.told(tree.load(tmp_path, {})) == [
        f"issues/2024-07 ISS009 this is a link to a folder → {fix}",
        f"issues/2024-08/issue.yaml ISS009 this is a link that leads nowhere → {fix}",
    ]


@pytest.mark.parametrize(
    ("period", "fix"),
    [
        ("2026-W41", "write {from: 2026-10-05, to: 2026-10-11}"),
        ("2026-KW53", "write {from: 2026-12-28, to: 2027-01-03}"),
        ("Oktober 2026", "write 2026-10"),
    ],
)
def test_the_days_of_a_week_are_told_where_a_period_names_one(tmp_path: Path, period: str, fix: str) -> None:
    """Which day a team's week begins on is theirs to say; the calendar's is where to begin."""
    written = ISSUE.replace("period: 2024-07", f"period: {period}")
    (found,) = tree.load(tmp_path, {"2026-W41/issue.yaml": written}).findings
    assert found.fix == fix
