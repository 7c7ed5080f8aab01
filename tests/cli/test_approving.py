"""Somebody answers for an issue, and nothing else is sent."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from newsletter.cli.app import run
from tests.approval.repository import Repository, needs_git
from tests.cli.conftest import Output

BEN = "Ben Other <ben@example.org>"


@pytest.fixture
def space(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A new newsletter with subscribers, as the current folder; git knows nobody here."""
    for name in ("NEWSLETTER_DATABASE", "NEWSLETTER_STATE", "NEWSLETTER_PROVIDER", "NEWSLETTER_APPROVAL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    folder = tmp_path / "our newsletter"
    assert run(["init", str(folder)]) == 0
    monkeypatch.chdir(folder)
    assert run(["subscribers", "import", "subscribers.csv", "--list", "monthly"]) == 0
    return folder


def want(space: Path, setting: str) -> None:
    """Put a setting about approval first."""
    file = space / "newsletter.toml"
    file.write_text(f"approval = {setting}\n" + file.read_text(encoding="utf-8"), encoding="utf-8")


def edit(path: Path, old: str, new: str) -> None:
    """Replace the line that begins with `old`."""
    text = path.read_text(encoding="utf-8")
    changed = re.sub(rf"(?m)^{old}.*$", new, text)
    assert changed != text
    path.write_text(changed, encoding="utf-8")


def said(capsys: Output) -> str:
    """Return what was said since the last look."""
    return capsys.readouterr().err


def test_only_what_was_approved_is_sent(space: Path, issue: str, capsys: Output) -> None:
    """Without an approval and after a change: exit code 5, no message, and the change in words."""
    want(space, "true")
    send = ["send", issue, "--yes", "--expect", "4"]
    assert run(send) == 5
    assert f"error: {issue} is not approved" in said(capsys)
    assert run(["approve", issue, "--by", BEN]) == 0
    assert f"{BEN} approves {issue}, “Welcome to our newsletter” (en), from" in said(capsys)
    edit(space / f"issues/{issue}/issue.yaml", "subject:", "subject: Another subject")
    assert run(send) == 5
    told = said(capsys)
    assert "  The subject was “Welcome to our newsletter” and is now “Another subject”.\n" in told
    assert f"error: {issue} is not what {BEN} approved on " in told
    assert not list(space.glob(".newsletter/outbox/**/*.eml"))
    assert run(["approve", issue, "--by", "Cy"]) == 0
    assert "The subject was" in said(capsys), "who approves again sees what is new"
    assert run(send) == 0
    assert "approved by Cy on " in said(capsys)
    assert len(list(space.glob(f".newsletter/outbox/{issue}/*.eml"))) == 4
    assert run(["status", issue]) == 0
    assert "approved by Cy on " in said(capsys)


@pytest.mark.parametrize(
    ("file", "old", "new", "sentence"),
    [
        ("newsletter.toml", "from =", 'from = "Other <other@example.org>"', "The From was"),
        ("newsletter.toml", "public_url =", 'public_url = "https://other.example.org"', "The address of readers'"),
        ("newsletter.toml", "title = \"Monthly", 'title = "Weekly letter"', "The list's title was"),
        ("issues/{}/issue.yaml", "preheader:", "preheader: Something else", "The preheader was"),
        ("issues/{}/issue.yaml", "theme:", "theme: digest", "The templates or the colours have changed."),
        ("newsletter.toml", 'title = "Our newsletter"', 'title = "Letters"', "The newsletter’s title was “Our"),
        ("newsletter.toml", "color =", 'tagline = "From Vienna"', "The tagline is new: “From Vienna”."),
        ("newsletter.toml", "color =", 'color = "#770000"', "The templates or the colours have changed."),
    ],
)  # fmt: skip
def test_whatever_reaches_readers_voids_an_approval(
    space: Path, issue: str, capsys: Output, file: str, old: str, new: str, sentence: str
) -> None:
    """Words, sender, links, lists and looks."""
    plan = space / f"issues/{issue}/issue.yaml"
    if old == "theme:" and "theme:" not in plan.read_text(encoding="utf-8"):
        plan.write_text(plan.read_text(encoding="utf-8") + "theme: monthly\n", encoding="utf-8")
    assert run(["approve", issue, "--by", BEN]) == 0
    edit(space / file.format(issue), old, new)
    assert run(["approve", issue, "--check"]) == 5
    assert f"  {sentence}" in said(capsys)


def test_an_entry_that_comes_late_voids_an_approval(space: Path, issue: str, capsys: Output) -> None:
    """It would slip into the issue unseen, because its date is inside the period."""
    assert run(["approve", issue, "--by", BEN]) == 0
    late = "---\ntitle: Late news\ndate: {}-05\nsummary: It came late.\nurl: https://www.example.org/late\n---\n"
    (space / "issues/entries/news/late.md").write_text(late.format(issue), encoding="utf-8")
    assert run(["approve", issue, "--check"]) == 5
    assert re.search(r"(?m)^  “Late news” was added to “.+”\.$", said(capsys))


def test_what_reaches_nobody_leaves_an_approval_alone(space: Path, issue: str) -> None:
    """Comments, drafts, another provider, and what is kept beside the issue."""
    assert run(["approve", issue, "--by", BEN]) == 0
    plan = space / f"issues/{issue}/issue.yaml"
    plan.write_text("# a note\n" + plan.read_text(encoding="utf-8"), encoding="utf-8")
    (space / "issues/entries/news/draft.md").write_text(
        "---\ntitle: A draft\ndate: 2020-01-01\nstatus: draft\n---\n", encoding="utf-8"
    )
    want(space, "true")
    assert run(["approve", issue, "--check"]) == 0
    assert run(["send", issue, "--dry-run"]) == 0


def test_approving_twice_changes_nothing(space: Path, issue: str, capsys: Output) -> None:
    """The first approval stays, whoever comes second."""
    assert run(["approve", issue, "--by", BEN]) == 0
    before = {path.name: path.read_bytes() for path in (space / "issues" / issue).iterdir()}
    assert run(["approve", issue, "--by", "Cy"]) == 0
    assert "nothing has changed since" in said(capsys)
    assert {path.name: path.read_bytes() for path in (space / "issues" / issue).iterdir()} == before
    assert set(before) == {"issue.yaml", "issue.lock", "approval.yaml"}


def test_errors_are_not_approved(space: Path, issue: str) -> None:
    """What could not be sent is nothing to answer for."""
    edit(space / f"issues/{issue}/issue.yaml", "preheader:", "preheader: Hello {first_nme}")
    assert run(["approve", issue, "--by", BEN]) == 1
    assert not (space / f"issues/{issue}/approval.yaml").exists()


def test_the_state_is_data_for_scripts(space: Path, issue: str, capsys: Output) -> None:
    """Exit code 5 and JSON where nothing matches, 0 where it does."""
    assert run(["approve", issue, "--check", "--json"]) == 5
    missing = json.loads(capsys.readouterr().out)
    assert run(["build", issue, "--json"]) == 0
    digest = json.loads(capsys.readouterr().out)["digest"]
    assert missing == {
        "schema": 1,
        "issue": issue,
        "state": "missing",
        "digest": digest,
        "approval": None,
        "difference": None,
    }
    assert run(["approve", issue, "--by", BEN]) == 0
    capsys.readouterr()
    assert run(["approve", issue, "--check", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["state"], found["approval"]["by"], found["approval"]["digest"]) == ("approved", BEN, digest)


def test_build_and_proof_name_what_may_be_approved(space: Path, issue: str, capsys: Output) -> None:
    """The digest on the proof is the one in the approval; a part of the issue has no approval."""
    assert run(["proof", issue, "--to", "team@example.org"]) == 0
    digest = re.search(r"with the digest ([0-9a-f]{64}); approve that with", said(capsys))
    assert run(["approve", issue, "--by", BEN]) == 0
    assert digest is not None
    assert digest[1] in (space / f"issues/{issue}/approval.yaml").read_text(encoding="utf-8")
    capsys.readouterr()
    assert run(["build", issue]) == 0
    assert f"approved by {BEN} on " in said(capsys)
    assert run(["build", issue, "--language", "en"]) == 0
    assert "approved" not in said(capsys)


def test_an_approval_can_be_taken_back(space: Path, issue: str) -> None:
    """Both files go; where there is none, exit code 2."""
    assert run(["approve", issue, "--by", BEN]) == 0
    assert run(["approve", issue, "--withdraw"]) == 0
    assert [path.name for path in (space / "issues" / issue).iterdir()] == ["issue.yaml"]
    assert run(["approve", issue, "--withdraw"]) == 2
    (space / "approval.yaml").touch()
    assert run(["approve", "..", "--withdraw"]) == 2
    assert (space / "approval.yaml").exists()


@pytest.mark.parametrize("arguments", [[], ["--by", ""], ["--by", "A\x07"], ["--by", "Ana", "--check"], ["--json"]])
def test_an_approval_has_a_name(issue: str, arguments: list[str], space: Path) -> None:
    """Exit code 2 where nobody gives one, and for options that contradict each other."""
    assert run(["approve", issue, *arguments]) == 2
    assert not (space / f"issues/{issue}/approval.yaml").exists()


@needs_git
def test_the_author_cannot_approve_where_the_settings_want_another_person(
    space: Path, issue: str, capsys: Output
) -> None:
    """By name or address, given or from git's settings; a colleague can."""
    want(space, "{not_author = true}")
    repository = Repository(space)
    repository.commit("the first issue")
    repository.git("config", "user.name", "Ana Example")
    repository.git("config", "user.email", "other@example.org")
    assert run(["approve", issue]) == 5
    told = said(capsys)
    assert "Ana Example <ana@example.org> made its last change" in told
    assert "ask a colleague to look at it and to approve it" in told
    assert run(["approve", issue, "--by", "A. E. <ANA@example.org>"]) == 5
    assert run(["send", issue, "--yes", "--expect", "4"]) == 5
    assert run(["approve", issue, "--by", BEN]) == 0
    repository.commit("approved", by=BEN)
    assert run(["approve", issue, "--check"]) == 0
    assert run(["send", issue, "--yes", "--expect", "4"]) == 0


@needs_git
def test_an_author_whom_git_does_not_know_is_not_another_person(space: Path, issue: str, capsys: Output) -> None:
    """Of what git passes over anybody could have written it."""
    want(space, "{not_author = true}")
    (space / ".gitignore").write_text("issues/\n", encoding="utf-8")
    Repository(space).commit("all but the issues")
    assert run(["approve", issue, "--by", BEN]) == 5
    told = said(capsys)
    assert "git knows nobody who has written it" in told
    assert "commit the issue and its entries first" in told


@needs_git
def test_an_approval_from_before_the_rule_does_not_count(space: Path, issue: str, capsys: Output) -> None:
    """Nobody had looked who wrote the issue."""
    repository = Repository(space)
    repository.commit("the first issue")
    assert run(["approve", issue, "--by", BEN]) == 0
    want(space, "{required = true, not_author = true}")
    assert run(["approve", issue, "--check"]) == 5
    assert "does not say who had made the last change" in said(capsys)
    assert run(["approve", issue, "--by", BEN]) == 0
    assert run(["approve", issue, "--check"]) == 0


def test_without_git_the_author_is_not_known(space: Path, issue: str, capsys: Output) -> None:
    """Exit code 5 rather than an approval that means less than it says."""
    want(space, "{not_author = true}")
    assert run(["approve", issue, "--by", BEN]) == 5
    assert "who changed the issue last is not known" in said(capsys)


def test_a_damaged_approval_ends_in_a_sentence(space: Path, issue: str, capsys: Output) -> None:
    """It is never taken for a match."""
    want(space, "true")
    (space / f"issues/{issue}/approval.yaml").write_text("by: [", encoding="utf-8")
    assert run(["send", issue, "--yes", "--expect", "4"]) == 1
    assert "error[APP001]" in said(capsys)


def test_nobody_is_asked_for_an_approval_that_the_settings_do_not_want(
    space: Path, issue: str, capsys: Output, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever builds for the first time is not sent on an errand."""
    assert run(["build", issue]) == 0
    assert "not approved; the settings ask for no approval" in capsys.readouterr().err
    monkeypatch.setenv("NEWSLETTER_APPROVAL", "true")
    assert run(["build", issue]) == 0
    assert f"not approved yet; do it with: newsletter approve {issue}" in capsys.readouterr().err


def test_another_name_does_not_replace_an_approval_unasked(space: Path, issue: str, capsys: Output) -> None:
    """Who has answered stays written there; how it is changed is told to whoever wants that."""
    assert run(["approve", issue, "--by", BEN]) == 0
    assert run(["approve", issue, "--by", BEN]) == 0
    assert said(capsys).endswith("nothing has changed since, so nothing is left to do\n")
    assert run(["approve", issue, "--by", "Cy"]) == 0
    assert said(capsys).endswith(
        "nothing has changed since, so nothing is left to do\n"
        f"for another name take it back first: newsletter approve {issue} --withdraw\n"
    )


def test_what_has_left_is_not_to_be_approved_anew(space: Path, issue: str, capsys: Output) -> None:
    """A changed template or colour differs from what was approved, and nobody is going to send that."""

    def stale() -> list[str]:
        capsys.readouterr()
        assert run(["lint", "--json"]) == 0
        return [one["code"] for one in json.loads(capsys.readouterr().out)["findings"] if one["code"] == "CNS004"]

    want(space, "true")
    assert run(["approve", issue, "--by", BEN]) == 0
    edit(space / "newsletter.toml", "color = ", 'color = "#123456"')
    assert stale() == ["CNS004"]
    assert run(["approve", issue, "--by", BEN]) == 0
    send = ["send", issue, "--yes", "--expect", "4"]
    assert run([*send, "--at", "2031-01-05T09:00", "--detach"]) == 0
    edit(space / "newsletter.toml", "color = ", 'color = "#654321"')
    assert stale() == ["CNS004"]
    assert run(["stop", issue]) == 0
    assert run(["approve", issue, "--by", BEN]) == 0
    assert run(send) == 0
    edit(space / "newsletter.toml", "color = ", 'color = "#162534"')
    assert stale() == []
