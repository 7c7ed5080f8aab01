from __future__ import annotations

import html
import os
from pathlib import Path

import pytest

from newsletter.config import Workspace
from newsletter.content import judging, line_ends
from newsletter.files import replace_file
from newsletter.model.finding import Finding
from tests.web.composer.studio import BASE, PLAN, WELLS, Studio

WELLS_FILE = "issues/entries/news/wells.md"
PLAN_FILE = "issues/2024-07/issue.yaml"
SUMMARY = "Twelve villages have drinking water again."


def resummed(studio: Studio, new: str = "New.") -> int:
    """Save another summary of the entry about wells."""
    return studio.press("/entries/wells", **{"f.summary": new, "was.summary": SUMMARY}).status_code


@pytest.mark.parametrize(
    ("written", "after", "restored"),
    [
        ("a\nb\n", "a\nc\n", "a\nc\n"),
        ("\ufeffa\r\nb\r\n", "a\nc\n", "\ufeffa\r\nc\r\n"),
        ("a\rb\r", "a\nc\n", "a\rc\r"),
        ("a\r\nb\nc\r\nd", "a\nB\nc\nd", "a\r\nB\r\nc\r\nd"),
        ("\ufeffa\nb\r\nc\r\n", "a\nB\nc\n", "\ufeffa\nB\r\nc\r\n"),
        ("a\r\nb\nc\r\nd\n", "a\nnew\nb\nc\nd\n", "a\r\nnew\r\nb\nc\r\nd\n"),
        ("", "a\n", "a\n"),
    ],
)
def test_each_line_that_stays_keeps_its_end(written: str, after: str, restored: str) -> None:
    """Two people's editors may have written one file."""
    assert line_ends.restored(written, after) == restored


def test_a_file_with_several_line_ends_changes_in_one_line(studio: Studio) -> None:
    """Whatever somebody's editor has left is not tidied up unasked."""
    mixed = WELLS.replace("date: 2024-07-26\n", "date: 2024-07-26\r\n").replace("The body.\n", "The body.\r\n")
    studio.write(WELLS_FILE, mixed)
    assert resummed(studio) == 303
    assert studio.read(WELLS_FILE) == mixed.replace(SUMMARY, "New.")
    studio.write(PLAN_FILE, PLAN.replace("period: 2024-07\n", "period: 2024-07\r\n"))
    studio.press("/issues/2024-07/words", field="subject", value="New", was="What July brought")
    changed = PLAN.replace("What July brought", "New").replace("period: 2024-07\n", "period: 2024-07\r\n")
    assert studio.plan == changed


@pytest.mark.parametrize("text", [PLAN + "\n\n", PLAN.rstrip("\n"), PLAN.replace("\n", "\r\n", 3)])
def test_a_text_that_nobody_changed_is_not_written(studio: Studio, text: str) -> None:
    """Pressing Save tidies nothing."""
    studio.write(PLAN_FILE, text)
    shown = line_ends.plain(text)
    assert studio.press("/issues/2024-07/file", text=shown, was=shown).status_code == 303
    assert studio.plan == text


def test_one_part_of_a_picture_changes_alone(studio: Studio) -> None:
    """Remarks beside the other parts stay."""
    picture = "image:\n  src: https://www.example.org/a.png   # from the archive\n  alt: Old\n  credit: Ana\n"
    studio.write(WELLS_FILE, WELLS.replace("topics:", f"{picture}topics:"))
    was = {"was.image.alt": "Old", "was.image.credit": "Ana"}
    answer = studio.press("/entries/wells", **was | {"f.image.alt": "A well: new", "f.image.credit": ""})
    assert answer.status_code == 303
    told = picture.replace("alt: Old", 'alt: "A well: new"').replace("  credit: Ana\n", "")
    assert studio.read(WELLS_FILE) == WELLS.replace("topics:", f"{told}topics:")


def test_a_picture_written_as_its_file_alone_is_not_lost(studio: Studio) -> None:
    """Telling what it shows keeps the file."""
    studio.write(WELLS_FILE, WELLS.replace("topics:", "image: https://www.example.org/a.png\ntopics:"))
    assert 'name="f.image.src" value="https://www.example.org/a.png"' in studio.show("/entries/wells")
    studio.press("/entries/wells", **{"f.image.alt": "A well", "was.image.alt": ""})
    assert 'image: {src: "https://www.example.org/a.png", alt: A well}\n' in studio.read(WELLS_FILE)


def test_a_choice_that_is_none_is_shown_and_kept(studio: Studio) -> None:
    """A slip of the pen does not become something else by saving."""
    studio.write(WELLS_FILE, WELLS.replace("topics:", "status: redy\ntopics:"))
    assert "<option selected>redy</option>" in studio.show("/entries/wells")


def test_what_is_wrong_elsewhere_does_not_keep_from_mending(studio: Studio) -> None:
    """Of two mistakes one can be corrected first; a new one cannot be made."""
    studio.write(WELLS_FILE, WELLS.replace("2024-07-26", "26.7.").replace("https://www", "www"))
    assert studio.press("/entries/wells", **{"f.date": "2024-07-26", "was.date": "26.7."}).status_code == 303
    assert "date: 2024-07-26\n" in studio.read(WELLS_FILE)
    assert studio.press("/entries/wells", **{"f.date": "27.7.", "was.date": "2024-07-26"}).status_code == 422


def test_a_file_that_may_be_read_only_is_not_replaced(studio: Studio) -> None:
    """Somebody has locked it on purpose."""
    (studio.root / WELLS_FILE).chmod(0o444)
    assert resummed(studio) == 303
    assert studio.told() == (
        "wells.md is not changed. It is a file that may be read only. "
        "Ask whoever keeps it, or allow changes in the file's properties."
    )
    assert studio.read(WELLS_FILE) == WELLS


def test_what_the_system_refuses_is_told_in_plain_words(studio: Studio) -> None:
    """A full disk or a locked folder is no fault of the product."""
    (studio.root / f"issues/entries/news/.wells.md.{os.getpid()}.part").mkdir()
    assert resummed(studio) == 303
    assert "wells.md cannot be read or written. The system says:" in studio.told()
    assert studio.read(WELLS_FILE) == WELLS


def test_a_file_that_is_no_text_is_told(studio: Studio) -> None:
    """Its form is not shown, and a form from before does not overwrite it."""
    (studio.root / WELLS_FILE).write_bytes(b"\xff\xfe\x00")
    assert "cannot be shown" in html.unescape(studio.show("/entries/wells"))
    assert resummed(studio) == 303
    assert (studio.root / WELLS_FILE).read_bytes() == b"\xff\xfe\x00"


def test_a_link_stays_a_link_and_rights_stay(tmp_path: Path) -> None:
    """What is written is the file that the link leads to, for those who could read it before."""
    real, link = tmp_path / "real.md", tmp_path / "link.md"
    real.write_text("old")
    real.chmod(0o640)
    link.symlink_to(real)
    replace_file(link, b"new")
    assert (link.is_symlink(), real.read_text(), real.stat().st_mode & 0o777) == (True, "new", 0o640)


def test_a_link_where_the_new_file_is_written_first_leads_nowhere(tmp_path: Path) -> None:
    """Files that somebody else has made, such as those of a pull request, reach no file elsewhere."""
    other = tmp_path / "other.txt"
    other.write_text("theirs")
    for name in (".a.md.part", f".a.md.{os.getpid()}.part"):
        (tmp_path / name).symlink_to(other)
    replace_file(tmp_path / "a.md", b"new")
    assert ((tmp_path / "a.md").is_symlink(), (tmp_path / "a.md").read_bytes()) == (False, b"new")
    assert other.read_text() == "theirs"


def test_a_link_that_leads_back_to_itself_is_replaced(tmp_path: Path) -> None:
    """Nothing can be written through it."""
    (tmp_path / "a.md").symlink_to("a.md")
    replace_file(tmp_path / "a.md", b"new")
    assert (tmp_path / "a.md").read_bytes() == b"new"


@pytest.mark.parametrize("to", ["issue.yaml", "../../../outside.yaml"])
def test_a_new_issue_is_not_written_through_a_link(studio: Studio, to: str) -> None:
    """What is there already is not written over, and a link that leads nowhere is there."""
    folder = studio.root / "issues/2024-08"
    folder.mkdir()
    (folder / "issue.yaml").symlink_to(to)
    studio.press("/issues", name="2024-08", back="/")
    assert "is there already" in studio.told()
    assert not (studio.root / "../outside.yaml").exists()


def test_a_change_that_cannot_be_taken_back_now_can_be_later(studio: Studio) -> None:
    """A disk that is full is made room on."""
    assert resummed(studio) == 303
    part = studio.root / f"issues/entries/news/.wells.md.{os.getpid()}.part"
    part.mkdir()
    studio.press("/undo")
    assert "wells.md cannot be read or written" in studio.told()
    part.rmdir()
    studio.press("/undo")
    assert studio.read(WELLS_FILE) == WELLS


def test_nothing_is_left_of_a_write_that_failed(tmp_path: Path) -> None:
    """A half-written file beside the entries would confuse people."""
    (tmp_path / "a.md").mkdir()
    with pytest.raises(OSError):
        replace_file(tmp_path / "a.md", b"new")
    assert [path.name for path in tmp_path.iterdir()] == ["a.md"]


def test_a_text_that_could_not_be_read_again_is_not_written(studio: Studio) -> None:
    """A file beyond the largest that is read would be an entry lost."""
    longest = "\N{MATHEMATICAL BOLD CAPITAL A}" * 99_999
    was = {"title": "Border communities get new wells", "summary": SUMMARY, "body": "The body."}
    form = {f"f.{name}": longest for name in was} | {f"was.{name}": words for name, words in was.items()}
    assert studio.press("/entries/wells", **form).status_code == 303
    assert studio.told().startswith("wells.md is not changed. It would have 1.2 MB")
    assert studio.read(WELLS_FILE) == WELLS


def test_a_text_that_is_longer_than_an_email_is_told_at_its_field(studio: Studio) -> None:
    """It stays in the form, to be shortened."""
    form = {"f.summary": "word " * 25_000, "was.summary": SUMMARY}
    answer = studio.press("/entries/wells", **form)
    assert answer.status_code == 422
    assert "has 124,999 characters; at most 100,000 are possible" in answer.text
    assert studio.read(WELLS_FILE) == WELLS


@pytest.mark.parametrize("path", ["/undo", "/issues/2024-07/words"])
def test_where_a_form_goes_to_is_no_page(studio: Studio, path: str) -> None:
    """Its address stays in the browser where something was refused without scripts; it leads on all the same."""
    answer = studio.browser.get(path)
    assert (answer.status_code, "There is no such page." in answer.text) == (404, True)


def test_what_a_colleague_saves_at_the_same_moment_is_not_written_over(
    studio: Studio, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between reading a file and writing it lies a moment, in which an editor or git may write it, too."""
    judge = judging.judge_entry

    def meanwhile(workspace: Workspace, path: Path, text: str) -> tuple[Finding, ...]:
        studio.write(WELLS_FILE, WELLS.replace("Twelve", "Ten"))
        return judge(workspace, path, text)

    monkeypatch.setattr(judging, "judge_entry", meanwhile)
    assert resummed(studio) == 303
    assert studio.told().startswith("wells.md is not changed. Somebody else has changed it at the same moment.")
    assert "Ten villages" in studio.read(WELLS_FILE)


def test_a_form_with_too_many_fields_is_refused(studio: Studio) -> None:
    """No page of the studio sends a thousand."""
    fields = {f"x{number}": "1" for number in range(1500)}
    answer = studio.browser.post("/undo", data=fields, headers={"Origin": BASE})
    assert (answer.status_code, "nothing was saved" in answer.text) == (413, True)


@pytest.mark.parametrize("odd", ["a\u00a0b", "a\tb", "\U0001f468\u200d\U0001f469", "soft\u00adhyphen"])
def test_a_pasted_text_stays_lines_that_colleagues_can_read(studio: Studio, odd: str) -> None:
    """Word processors paste hard blanks; the file must not become one line of escapes for it."""
    studio.press(
        "/issues/2024-07/words",
        field="intro",
        value=f"One {odd}\n\nTwo",
        was="Dear {first_name|reader},\n\nthis is July.",
    )
    assert f"intro: |\n  One {odd}\n\n  Two\n" in studio.plan
    assert f"One {odd}\n\nTwo</textarea>" in studio.show("/issues/2024-07?panel=words")
