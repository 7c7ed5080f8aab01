from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.composer.studio import PLAN, WELLS, Studio

PLAN_PAGE, ENTRY_PAGE = "/issues/2024-07/file", "/entries/wells/file"


def test_a_file_is_saved_as_it_was_typed(studio: Studio) -> None:
    """The text is the file's, remarks included."""
    typed = PLAN.replace("Studies, take: study", "Studies, take: study, limit: 2")
    answer = studio.press(PLAN_PAGE, text=typed.replace("\n", "\r\n"), was=PLAN)
    assert (answer.status_code, answer.headers["location"], studio.plan) == (303, "/issues/2024-07", typed)


@pytest.mark.parametrize(("mark", "ends"), [("", "\r\n"), ("\ufeff", "\n")])
def test_line_ends_and_byte_order_mark_stay(studio: Studio, mark: str, ends: str) -> None:
    """A browser sends its own line ends; the file keeps those of the team's editor."""
    studio.write("issues/entries/news/wells.md", mark + WELLS.replace("\n", ends))
    studio.press(ENTRY_PAGE, text=WELLS.replace("Twelve", "Ten"), was=WELLS)
    assert studio.read("issues/entries/news/wells.md") == mark + WELLS.replace("Twelve", "Ten").replace("\n", ends)


@pytest.mark.parametrize(
    ("page", "typed", "was", "said"),
    [
        (PLAN_PAGE, "title: [\n", PLAN, "ISS"),
        (PLAN_PAGE, PLAN.replace("2024-07", "July"), PLAN, "is not a period"),
        (ENTRY_PAGE, "no fields", WELLS, "the file has no fields"),
        (ENTRY_PAGE, WELLS.replace("2024-07-26", "soon"), WELLS, "is not a date"),
    ],
)
def test_what_could_not_be_read_any_more_is_not_saved(
    studio: Studio, page: str, typed: str, was: str, said: str
) -> None:
    """The file stays usable, and what was typed stays on the page, with what is wrong and where."""
    before = studio.files()
    answer = studio.press(page, text=typed, was=was)
    assert (answer.status_code, studio.files()) == (422, before)
    assert said in answer.text.replace("&#39;", "'")
    assert typed.splitlines()[0].replace("'", "&#39;") in answer.text


def test_a_colleagues_text_is_not_written_over_unasked(studio: Studio) -> None:
    """Saving once more, after a word of warning, does."""
    theirs = PLAN.replace("What July brought", "Theirs")
    studio.write("issues/2024-07/issue.yaml", theirs)
    mine = PLAN.replace("What July brought", "Mine")
    answer = studio.press(PLAN_PAGE, text=mine, was=PLAN)
    assert (answer.status_code, studio.plan) == (409, theirs)
    assert "changed elsewhere meanwhile" in answer.text
    studio.press(PLAN_PAGE, text=mine, was=theirs)
    assert studio.plan == mine


def test_a_plan_that_links_out_of_the_workspace_is_neither_shown_nor_written(studio: Studio, tmp_path: Path) -> None:
    """It may come with somebody else's change, and lead to any file of the person who looks at it."""
    outside = tmp_path / "secret.txt"
    outside.write_text("password: hunter2\n", encoding="utf-8")
    folder = studio.root / "issues" / "2031-01"
    folder.mkdir()
    (folder / "issue.yaml").symlink_to(outside)
    shown = studio.browser.get("/issues/2031-01/file")
    studio.press("/issues/2031-01/file", text="title: x\n", was="password: hunter2\n")
    assert ("hunter2" in shown.text, "a link out of the workspace" in shown.text) == (False, True)
    assert (studio.told()[:13], outside.read_text(encoding="utf-8")) == ("issues/2031-0", "password: hunter2\n")
