"""What is in an issue and what is out, and why; entries are put in, moved and left out."""

from __future__ import annotations

import html
import re

import pytest

from tests.web.composer.studio import PLAN, SETTINGS, WELLS, Studio

ISSUE = "/issues/2024-07"


def test_the_page_says_why_each_entry_is_in_or_out(studio: Studio) -> None:
    """The composer explains the selection in the words of `newsletter select`."""
    page = studio.show(ISSUE)
    assert studio.entries() == ["wells", "forum"]
    out = re.findall(r'<li class="row" id="out-june".*?</li>', page, re.DOTALL)
    assert "outside the period: dated 2024-06-10; the issue covers 2024-07-01 to 2024-07-31" in html.unescape(out[0])


def test_what_readers_of_one_list_miss_stands_before_what_lies_far_outside(studio: Studio) -> None:
    """The team may want to put it in, which is one press."""
    studio.write("newsletter.toml", SETTINGS + '\n[lists.events]\ntitle = "Events"\n')
    june = PLAN.replace("July", "June").replace("[monthly]", "[monthly, events]")
    studio.write("issues/2024-05/issue.yaml", june.replace("2024-07", "2024-05"))
    studio.write("issues/2024-06/issue.yaml", june.replace("2024-07", "2024-06").replace(", events", ""))
    studio.write("issues/2024-07/issue.yaml", PLAN.replace("[monthly]", "[monthly, events]"))
    old = WELLS.replace("date: 2024-07-26", "date: 2024-06-20").replace("status: ready", "").replace("wells", "old")
    studio.write("issues/entries/studies/old.md", old)
    studio.write("issues/entries/news/far.md", old.replace("old", "far").replace("2024-06-20", "2024-08-20"))
    rows = re.findall(r'<li class="row" id="out-(\w+)".*?</li>', studio.show(ISSUE), re.DOTALL)
    assert rows == ["old", "june", "far"]
    assert "the issue covers 2024-07-01 to 2024-07-31; readers of events have not been shown it" in studio.show(ISSUE)


def test_after_years_the_page_shows_a_part_of_what_is_out_and_finds_the_rest(studio: Studio) -> None:
    """The newest first; a word finds any, and what was found stays found when the page is shown anew."""
    for number in range(150):
        day = f"20{10 + number // 12}-{number % 12 + 1:02}-15"
        text = (
            f"---\ntitle: Number {number} of old\ndate: {day}\nsummary: Long ago.\nurl: https://www.example.org/\n---\n"
        )
        (studio.root / "issues" / "entries" / "news" / f"old-{number}.md").write_text(text, "utf-8")

    def out(page: str) -> list[str]:
        return re.findall(r'<li class="row" id="out-([^"]*)"', page)

    page = studio.show(ISSUE)
    assert out(page) == ["june", *(f"old-{number}" for number in range(149, 50, -1))]
    assert '<h3>Out</h3><span class="number">151</span>' in page
    assert "These are the first 100. Write a word and press Enter to find others." in page
    page = studio.show(f"{ISSUE}?find=+NUMBER+77+")
    assert out(page) == ["old-77"]
    assert "These have “NUMBER 77”." in page
    assert f'<input type="hidden" name="back" value="{ISSUE}?find=+NUMBER+77+">' in page
    page = studio.show(f"{ISSUE}?find=%3Cb%3E")
    assert out(page) == []
    assert "Nothing that is out has “&lt;b&gt;” in its title, type or reason." in page


def test_what_is_put_in_is_written_into_the_issues_file(studio: Studio) -> None:
    """The file is the truth; its comments and order stay."""
    studio.press(f"{ISSUE}/decide", do="pin", entry="june", back=ISSUE)
    assert studio.plan == PLAN + "pin:\n  - june\n"
    assert studio.told() == "“What June brought” is put in."
    assert studio.entries() == ["wells", "forum", "june"]


def test_leaving_out_takes_a_reason(studio: Studio) -> None:
    """Colleagues read it in the list of what stays out."""
    assert studio.press(f"{ISSUE}/decide", do="drop", entry="wells", reason=" ", back=ISSUE).status_code == 303
    assert studio.plan == PLAN
    assert studio.told().startswith("No reason is given for dropping wells.")
    studio.press(f"{ISSUE}/decide", do="drop", entry="wells", reason="told in June, and again", back=ISSUE)
    assert studio.plan == PLAN + "drop:\n  wells: told in June, and again\n"
    assert "dropped by the team: told in June, and again" in studio.show(ISSUE)
    studio.press(f"{ISSUE}/decide", do="release", entry="wells", back=ISSUE)
    assert studio.entries() == ["wells", "forum"]


def test_moving_gives_another_place_in_the_section(studio: Studio) -> None:
    """What is moved is told, as screen readers need it."""
    studio.press(f"{ISSUE}/move", entry="forum", to="1", back=ISSUE)
    assert studio.told() == "“A forum in Tripoli” is number 1 of 2."
    assert studio.entries() == ["forum", "wells"]
    assert studio.plan == PLAN + "order:\n  - forum\n  - wells\n"


@pytest.mark.parametrize("to", ["", "first", "-1", "²"])
def test_a_place_that_is_none_moves_nothing(studio: Studio, to: str) -> None:
    """What is no number of the page is refused in words."""
    studio.press(f"{ISSUE}/move", entry="forum", to=to, back=ISSUE)
    assert (studio.plan, studio.told().startswith("“A forum in Tripoli” is not moved.")) == (PLAN, True)


def test_an_entry_that_is_out_by_now_is_not_moved(studio: Studio) -> None:
    """A colleague may have left it out while the page was open."""
    studio.press(f"{ISSUE}/move", entry="june", to="1", back=ISSUE)
    assert (studio.plan, studio.told().startswith("“What June brought” is not moved.")) == (PLAN, True)


def test_what_was_decided_about_an_entry_that_is_gone_can_be_taken_back(studio: Studio) -> None:
    """By the name that stands in the issue's file: nobody has its title any more."""
    studio.write("issues/2024-07/issue.yaml", PLAN + "pin:\n  - gone\n")
    studio.press(f"{ISSUE}/decide", do="release", entry="gone", back=ISSUE)
    assert (studio.plan, studio.told()) == (PLAN, "What was decided about “gone” is taken back.")


def test_only_what_a_pin_can_bring_in_is_offered_to_be_put_in(studio: Studio) -> None:
    """Not what is a draft, and not twice what somebody has pinned already."""
    studio.write("issues/entries/news/wells.md", WELLS.replace("topics:", "status: draft\ntopics:"))

    def offered() -> dict[str, bool]:
        rows = re.findall(r'<li class="row" id="out-(\w+)"(.*?)</li>', studio.show(ISSUE), re.DOTALL)
        return {name: 'value="pin"' in row for name, row in rows}

    assert offered() == {"wells": False, "june": True}
    studio.write("issues/2024-07/issue.yaml", PLAN + "drop:\n  june: told in June\n")
    assert offered() == {"wells": False, "june": False}
    studio.write("issues/entries/news/wells.md", WELLS.replace("topics:", "language: fr\ntopics:"))
    studio.write("issues/2024-07/issue.yaml", PLAN)
    assert offered() == {"wells": True, "june": True}
    studio.write("issues/2024-07/issue.yaml", PLAN + "untranslated: leave out\n")
    assert offered() == {"wells": False, "june": True}


def test_an_entry_that_does_not_exist_changes_nothing(studio: Studio) -> None:
    """It may have been renamed while the page was open."""
    studio.press(f"{ISSUE}/decide", do="pin", entry="nobody", back=ISSUE)
    assert (studio.plan, studio.told()[:30]) == (PLAN, "There is no entry 'nobody'. It")


def test_a_draft_that_is_put_in_still_stays_out_and_that_is_said(studio: Studio) -> None:
    """A button that seems to do nothing needs a word."""
    studio.write("issues/entries/news/wells.md", WELLS.replace("topics:", "status: draft\ntopics:"))
    studio.press(f"{ISSUE}/decide", do="pin", entry="wells", back=ISSUE)
    assert studio.told().startswith("“Border communities get new wells” is put in. It stays out: still a draft")
