from __future__ import annotations

import io
import re
import subprocess
from contextlib import redirect_stderr, redirect_stdout

import pytest

from newsletter.cli.app import run
from tests.web.composer.studio import SETTINGS, Studio, command

PAGE = "/issues/2024-07?panel=review"


def cli(studio: Studio, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in the same newsletter, in this process: it begins sooner."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run(["-C", str(studio.root), *arguments])
    return subprocess.CompletedProcess(arguments, code, out.getvalue(), err.getvalue())


def digest(page: str) -> str:
    """Return the digest that a press of the button would approve."""
    found = re.search(r'name="digest" value="([0-9a-f]{64})"', page)
    assert found
    return found[1]


def test_an_approval_is_the_one_that_send_asks_for(studio: Studio) -> None:
    """The composer and the command line share one record."""
    studio.write("newsletter.toml", "approval = true\n" + SETTINGS)
    page = studio.show(PAGE)
    assert "is wanted before it is sent" in page
    studio.press("/issues/2024-07/approve", by="Anna Berg <anna@example.org>", digest=digest(page), back=PAGE)
    assert studio.told(PAGE).startswith("Anna Berg <anna@example.org> has approved it.")
    assert "Take the approval back" in studio.show(PAGE)
    done = cli(studio, "approve", "2024-07", "--check")
    assert (done.returncode, "approved by Anna Berg" in done.stderr) == (0, True)
    studio.press("/issues/2024-07/decide", do="pin", entry="june")
    page = studio.show(PAGE)
    assert "and it has changed since" in page
    assert "What June brought" in page
    assert cli(studio, "approve", "2024-07", "--check").returncode == 5
    studio.press("/issues/2024-07/withdraw", back=PAGE)
    assert "issues/2024-07/approval.yaml" not in studio.files()


def test_only_who_has_git_is_asked_to_commit(studio: Studio) -> None:
    """Others would not know what is meant."""
    seen = digest(studio.show(PAGE))
    studio.press("/issues/2024-07/approve", by="Anna Berg", digest=seen, back=PAGE)
    assert studio.told(PAGE) == "Anna Berg has approved it."
    subprocess.run(["git", "init", "-q", str(studio.root)], check=True)
    studio.press("/issues/2024-07/approve", by="Anna Berg", digest=seen, back=PAGE)
    assert studio.told(PAGE).startswith("Anna Berg has approved it. Commit approval.yaml and issue.lock")


def test_what_nobody_has_seen_is_not_approved(studio: Studio) -> None:
    """A page that stood open while a colleague changed a word approves nothing."""
    seen = digest(studio.show(PAGE))
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("What July brought", "Another subject"))
    studio.press("/issues/2024-07/approve", by="Anna Berg", digest=seen, back=PAGE)
    assert studio.told(PAGE).startswith("Nothing is approved. The issue has changed since the page was shown")
    assert "issues/2024-07/approval.yaml" not in studio.files()


def test_an_approval_needs_a_name(studio: Studio) -> None:
    """It says who answers for the issue."""
    studio.press("/issues/2024-07/approve", by="  ", digest=digest(studio.show(PAGE)), back=PAGE)
    assert studio.told(PAGE).startswith("An approval needs a name.")


def test_a_proof_goes_to_those_who_are_named(studio: Studio) -> None:
    """It is marked as a proof, and nobody else gets anything."""
    studio.press("/issues/2024-07/proof", to="anna@example.org, ben@example.org", back=PAGE)
    assert studio.told(PAGE) == (
        "The proof for anna@example.org, ben@example.org lies in .newsletter/outbox as a file; nobody gets an email."
    )
    letters = [data for name, data in studio.files().items() if name.endswith(".eml")]
    assert sorted(re.findall(rb"(?m)^To: (\S+)\r?$", b"\n".join(letters))) == [b"anna@example.org", b"ben@example.org"]
    assert all(b"\r\nSubject: [Proof" in letter for letter in letters)
    studio.press("/issues/2024-07/proof", to="nobody", back=PAGE)
    assert "nobody" in studio.told(PAGE)


def test_a_proof_goes_the_way_that_its_issue_will_go(studio: Studio) -> None:
    """The list's own provider, which the panel names."""
    studio.write(
        "newsletter.toml",
        studio.read("newsletter.toml").replace("[lists.monthly]", '[lists.monthly]\nprovider = "null"'),
    )
    studio.press("/issues/2024-07/proof", to="anna@example.org", back=PAGE)
    assert studio.told(PAGE) == (
        "The proof for anna@example.org is made, "
        "but through null nobody gets an email; provider in the settings chooses one that sends."
    )
    assert "Nobody gets it: " in studio.show(PAGE)


def test_a_proof_for_lists_of_two_providers_goes_through_the_one_that_is_chosen(studio: Studio) -> None:
    """The page asks; nothing is proofed through one that somebody has not chosen, or that none of the lists has."""
    one = studio.read("newsletter.toml")
    studio.write("newsletter.toml", f'{one}\n[lists.press]\ntitle = "Press"\nprovider = "null"\n')
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("lists: [monthly]", "lists: [monthly, press]"))
    page = studio.show(PAGE)
    offered = re.findall(r'name="provider" value="([^"]+)" required( checked)?', page)
    assert offered == [("outbox", " checked"), ("null", "")]
    assert "--provider" not in page
    for name, told in (("null", "is made, but through null"), ("outbox", "lies in .newsletter/outbox")):
        studio.press("/issues/2024-07/proof", to="anna@example.org", provider=name, back=PAGE)
        assert studio.told(PAGE).startswith(f"The proof for anna@example.org {told}")
    for name in ("", "smtp"):
        studio.press("/issues/2024-07/proof", to="anna@example.org", provider=name, back=PAGE)
        assert studio.told(PAGE) == (
            "No proof was sent. The lists are sent through different providers: null, outbox. "
            "Choose one of them below the addresses."
        )


@pytest.mark.parametrize(
    ("lists", "begins"),
    [
        ({"press": "null", "monthly": "files", "events": "main"}, ["main", "files", "null"]),
        ({"press": "one", "monthly": "main", "events": "null"}, ["one", "main", "null"]),
        ({"press": "null", "monthly": "nothing", "events": "null"}, ["", "null", "nothing"]),
    ],
)
def test_a_proof_begins_with_a_provider_that_reaches_the_team(
    studio: Studio, lists: dict[str, str], begins: list[str]
) -> None:
    """That of the first list, whatever its name begins with; through one that sends nothing it goes only if chosen."""
    kinds = {"main": "smtp", "one": "smtp", "files": "outbox", "nothing": "null"}
    own = studio.read("newsletter.toml").partition("[lists")[0]
    own += "".join(f'[lists.{name}]\ntitle = "{name}"\nprovider = "{provider}"\n' for name, provider in lists.items())
    own += "".join(f'[providers.{name}]\nkind = "{kind}"\n' for name, kind in kinds.items())
    studio.write("newsletter.toml", own)
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("[monthly]", f"[{', '.join(lists)}]"))
    offered = re.findall(r'name="provider" value="([^"]+)" required( checked)?', studio.show(PAGE))
    assert [name for name, checked in offered if checked] == [name for name in begins[:1] if name]
    assert [name for name, _ in offered] == [name for name in begins if name]


def test_the_field_for_proofs_holds_those_of_the_settings(studio: Studio) -> None:
    """Nobody types ten addresses each month."""
    studio.write(
        "newsletter.toml", 'proof_to = ["anna@example.org", "ben@example.org"]\n' + studio.read("newsletter.toml")
    )
    assert 'name="to" type="text" inputmode="email" value="anna@example.org, ben@example.org"' in studio.show(PAGE)


def test_the_number_of_readers_is_that_of_send(studio: Studio) -> None:
    """The page asks the ledger the question that `send` will ask."""
    assert "there are no subscribers yet" in studio.show(PAGE)
    studio.write("people.csv", "email\nanna@example.org\nben@example.org\n")
    assert cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly").returncode == 0
    cli(studio, "subscribers", "unsubscribe", "ben@example.org", "--list", "monthly")
    foreseen = cli(studio, "send", "2024-07", "--dry-run", "--json").stdout
    people = re.search(r'"pending": (\d+)', foreseen)
    assert people
    assert f"goes to {people[1]} pe" in " ".join(studio.show(PAGE).split())
    assert cli(studio, "send", "2024-07", "--yes", "--expect", people[1]).returncode == 0
    assert "the mailing is sent" in studio.show(PAGE)
    assert ">Sent<" in studio.show("/")


def test_the_list_says_what_an_approval_is_worth(studio: Studio) -> None:
    """Approved, changed since, or not to be built: each is another thing to do."""
    studio.press("/issues/2024-07/approve", by="Anna Berg", digest=digest(studio.show(PAGE)))
    assert ">Approved by Anna Berg<" in studio.show("/")
    studio.press("/issues/2024-07/decide", do="pin", entry="june")
    assert ">Changed since Anna Berg approved it<" in studio.show("/")
    studio.write("issues/2024-07/issue.yaml", studio.plan.replace("What July brought", "For {nobody}"))
    assert ">Cannot be built<" in studio.show("/")


def test_an_entry_that_came_too_late_for_a_sent_issue_is_found(studio: Studio) -> None:
    """As `lint` finds it: it belongs to a period that has gone out without it."""
    studio.write("people.csv", "email\nanna@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    assert cli(studio, "send", "2024-07", "--yes", "--expect", "1").returncode == 0
    late = "---\ntitle: Late news\ndate: 2024-07-28\nsummary: Too late.\nurl: https://www.example.org/late\n---\n"
    studio.write("issues/entries/news/late.md", late)
    studio.press("/issues", name="2024-08")
    found = re.findall(r"[A-Z]{3}\d{3}", cli(studio, "lint", "2024-08").stdout)
    assert "CNS003" in found
    assert re.findall(r"<code>([A-Z]{3}\d{3})</code>", studio.show("/issues/2024-08?panel=checks")) == found


def test_nothing_came_too_late_for_an_issue_that_was_stopped_before_it_left(studio: Studio) -> None:
    """It has not left, and what is dated in its days goes with it when it is sent again."""
    studio.write("people.csv", "email\nanna@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    assert (
        cli(studio, "send", "2024-07", "--yes", "--expect", "1", "--at", "2031-01-05T09:00", "--detach").returncode == 0
    )
    studio.write(
        "issues/entries/news/late.md",
        "---\ntitle: Late news\ndate: 2024-07-28\nsummary: Late.\nurl: https://www.example.org/late\n---\n",
    )
    studio.press("/issues", name="2024-08")
    assert "CNS003" in cli(studio, "lint", "2024-08").stdout
    assert cli(studio, "stop", "2024-07").returncode == 0
    assert "CNS003" not in cli(studio, "lint", "2024-08").stdout


def test_an_issue_that_has_left_is_not_to_be_approved_anew(studio: Studio) -> None:
    """As `lint` has it: what changed since is looked at by whoever wants to correct it."""
    studio.write("people.csv", "email\nanna@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    studio.press("/issues/2024-07/approve", by="Anna Berg", digest=digest(studio.show(PAGE)))
    studio.press("/issues/2024-07/decide", do="pin", entry="june")
    assert "CNS004" in studio.show("/issues/2024-07?panel=checks")
    assert cli(studio, "send", "2024-07", "--yes", "--expect", "1").returncode == 0
    studio.press("/issues/2024-07/decide", do="release", entry="june")
    studio.press("/issues/2024-07/decide", do="pin", entry="june")
    assert "CNS004" not in studio.show("/issues/2024-07?panel=checks")


def test_the_way_to_the_last_step_is_there_until_it_has_left(studio: Studio) -> None:
    """Where it is said once more what goes to whom; from then on what became of it."""
    assert '<a class="button small" href="/issues/2024-07?panel=send">To the last step</a>' in studio.show(PAGE)
    studio.write("people.csv", "email\nanna@example.org\n")
    cli(studio, "subscribers", "import", str(studio.root / "people.csv"), "--list", "monthly")
    assert cli(studio, "send", "2024-07", "--yes", "--expect", "1").returncode == 0
    assert "To the last step" not in studio.show(PAGE)


def test_what_was_taken_back_is_reviewed_as_before(ready: Studio) -> None:
    """Nothing has left, so who would get it is asked again."""
    later = ["send", "2024-07", "--at", "2031-01-05T09:00", "--detach", "--yes", "--expect", "4"]
    command(ready, *later)
    assert "the mailing is scheduled" in ready.show(PAGE)
    command(ready, "stop", "2024-07")
    page = ready.show(PAGE)
    assert "4 people on Monthly newsletter" in page
    assert '<a class="button small" href="/issues/2024-07?panel=send">To the last step</a>' in page


def test_only_a_time_that_somebody_has_planned_is_told(studio: Studio) -> None:
    """Without one the issue leaves as soon as it is sent, and so it does where that time is over."""
    assert "It is planned for" not in studio.show(PAGE)
    plan = studio.plan
    studio.write("issues/2024-07/issue.yaml", f"{plan}send_at: 2024-08-01T09:00\n")
    assert "It is planned for" not in studio.show(PAGE)
    studio.write("issues/2024-07/issue.yaml", f"{plan}send_at: 2031-01-05T09:00\n")
    assert "It is planned for Sunday 5 January 2031, 09:00 Europe/Vienna." in studio.show(PAGE)


def test_what_cannot_be_built_yet_says_so_at_every_step(studio: Studio) -> None:
    """No heading stands above nothing."""
    studio.press("/issues/2024-07/words", field="subject", value="{nobody}", was="What July brought")
    page = studio.show(PAGE)
    assert page.count('<p class="hint">As soon as it can be built.</p>') == page.count("<h3>") == 3


def test_an_issue_without_entries_counts_no_sections(studio: Studio) -> None:
    """What it lacks is said once."""
    for name in ("wells", "forum", "june"):
        (studio.root / f"issues/entries/news/{name}.md").unlink()
    assert "<b>Content</b> no entries</div>" in studio.show(PAGE)
    entries = studio.show("/issues/2024-07")
    assert ("There is no entry yet." in entries, "Every entry is in." in entries) == (True, False)
    listed = studio.show("/entries")
    assert ("No entry yet" in listed, "Find an entry" in listed) == (True, False)
