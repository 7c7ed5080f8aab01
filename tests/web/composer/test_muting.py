"""Findings that are right as they are: a press silences the rule for one entry or one issue, with a reason."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.composer.studio import WELLS, Studio, command

CHECKS = "/issues/2024-07?panel=checks"
MUTE = "/issues/2024-07/mute"
FILE = "issues/entries/news/wells.md"
SHOUTED = WELLS.replace("title: Border communities get new wells", "title: BORDER COMMUNITIES GET THE NEW WELLS")


def mutable(studio: Studio) -> list[tuple[str, str]]:
    """Return code and entry of the findings that can be silenced."""
    page = studio.show(CHECKS)
    forms = re.findall(rf'<form method="post" action="{MUTE}"[^>]*>(.*?)</form>', page, re.DOTALL)
    found = []
    for form in forms:
        fields = dict(re.findall(r'<input type="hidden" name="(entry|code)" value="([^"]*)">', form))
        found.append((fields["code"], html.unescape(fields.get("entry", ""))))
    return found


def codes(studio: Studio) -> list[str]:
    """Return the codes of all findings."""
    return re.findall(r"<strong>\w+</strong> <code>(\w+)</code>", studio.show(CHECKS))


def test_a_form_stays_that_of_its_finding(studio: Studio) -> None:
    """A colleague mends what stood before it: a reason that is being typed goes to no other entry."""
    forum = "issues/entries/news/forum.md"
    calm = studio.read(forum)
    studio.write(FILE, SHOUTED)
    studio.write(forum, calm.replace("A forum in Tripoli", "A FORUM OF THE MEDITERRANEAN IN TRIPOLI"))
    called = r'<input id="(why-EDT026-\S+)"'
    assert re.findall(called, studio.show(CHECKS)) == ["why-EDT026-1-forum", "why-EDT026-1-wells"]
    studio.write(forum, calm)
    assert re.findall(called, studio.show(CHECKS)) == ["why-EDT026-1-wells"]


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_rule_is_silent_for_one_entry(studio: Studio, ends: str) -> None:
    """The reason is written into its file, which keeps all else; the command line reads it, and undo takes it back."""
    studio.write(FILE, SHOUTED.replace("\n", ends))
    assert ("EDT026", "wells") in mutable(studio)
    answer = studio.press(MUTE, code="EDT026", entry="wells", reason=" the name of a\nprogramme: ours ", back=CHECKS)
    assert answer.headers["location"] == CHECKS
    assert studio.told(CHECKS) == "EDT026 says nothing more of it. The reason stands in wells.md."
    muted = SHOUTED.replace(
        "topics: [borders]\n", 'topics: [borders]\nlint:\n  EDT026: "the name of a programme: ours"\n'
    )
    assert studio.read(FILE) == muted.replace("\n", ends)
    assert "EDT026" not in codes(studio)
    command(studio, "lint", "2024-07")
    studio.press("/undo", back=CHECKS)
    assert studio.read(FILE) == SHOUTED.replace("\n", ends)


def test_a_rule_is_silent_for_the_issue(studio: Studio) -> None:
    """What is about no entry stands in the issue's file, beside what was silenced before."""
    studio.write(
        "issues/2024-07/issue.yaml", studio.plan.replace("preheader: Wells, a study and a call", "preheader: Hi")
    )
    studio.press(MUTE, code="EDT005", reason="we like it short", back=CHECKS)
    assert studio.told(CHECKS) == "EDT005 says nothing more of it. The reason stands in issue.yaml."
    assert studio.plan.endswith("lint:\n  EDT005: we like it short\n")
    assert "EDT005" not in codes(studio)


def test_neither_an_error_nor_what_is_gone_is_silenced(studio: Studio) -> None:
    """Nor anything without a reason; the files stay as they are."""
    studio.write(
        FILE, SHOUTED.replace("summary: Twelve villages have drinking water again.", "summary: lorem ipsum dolor")
    )
    assert "EDT017" in codes(studio)
    before = studio.files()
    assert "EDT017" not in {code for code, _ in mutable(studio)}
    for code, entry in (("EDT017", "wells"), ("EDT026", "forum"), ("EDT026", ""), ("NONE01", "wells")):
        studio.press(MUTE, code=code, entry=entry, reason="so", back=CHECKS)
        assert studio.told(CHECKS).startswith("Nothing is silenced.")
    studio.press(MUTE, code="EDT026", entry="wells", reason=" ", back=CHECKS)
    assert studio.told(CHECKS).startswith("No reason is given why EDT026 is to be silent.")
    assert studio.files() == before
