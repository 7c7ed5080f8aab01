"""`lint --fix` changes what it must, and no other byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.checks.mending import edits, mend
from newsletter.cli.app import run
from newsletter.model.finding import Edit, Finding, Place, Severity
from tests.checks.workspace import FILES, NEWS, lint, write

FAULTY = """\
---
# Comments stay, and so does the odd    spacing of this one.
title:   "Twelve  projects begin"   # written twice
date: 2024-07-26
summary: >-
  Organisations from five\u00ad countries start
  their  work.
url: https://www.example.org/news?id=7&fbclid=IwAR0&utm_source=x   # pasted
---
"""
MENDED = """\
---
# Comments stay, and so does the odd    spacing of this one.
title:   "Twelve projects begin"   # written twice
date: 2024-07-26
summary: >-
  Organisations from five countries start
  their work.
url: https://www.example.org/news?id=7   # pasted
---
"""


@pytest.mark.parametrize(("ends", "mark"), [("\n", ""), ("\r\n", ""), ("\n", "\ufeff")])
def test_what_can_be_mended_is(ends: str, mark: str, tmp_path: Path) -> None:
    """Comments, quotes, line ends and the byte order mark stay; a second time there is nothing to do."""
    write(tmp_path, {NEWS: mark + FAULTY.replace("\n", ends)})
    assert run(["-C", str(tmp_path), "lint", "--fix"]) == 0
    assert (tmp_path / NEWS).read_bytes().decode() == mark + MENDED.replace("\n", ends)
    assert lint(tmp_path) == ()


def test_once_is_enough_for_doubled_spaces(tmp_path: Path) -> None:
    """Short words between them, and the same two words with a single space before, hide none."""
    write(tmp_path, {NEWS: "---\ntitle: It is up to us  to  us  all\ndate: 2024-07-26\nsummary: Short.\n---\n"})
    run(["-C", str(tmp_path), "lint", "--fix"])
    assert "title: It is up to us to us all\n" in (tmp_path / NEWS).read_text(encoding="utf-8")


def test_what_other_programs_made_of_a_text_is_undone(tmp_path: Path) -> None:
    """Letters and addresses come back, a comma goes to its word, and what cannot be known stays."""
    outlook = (
        "https://eur01.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fa%3Fb%3D1%26c%3D2&data=05"
    )
    proofpoint = "https://urldefense.com/v3/__https://example.org/*a__;Iw!!x"
    fields = f"date: 2024-07-26\nsummary: Books , [Zoë]({proofpoint}) and ZoÃ« too .\nurl: {outlook}\n"
    write(tmp_path, {NEWS: f"---\ntitle: CafÃ©s begin\n{fields}---\n"})
    run(["-C", str(tmp_path), "lint", "--fix"])
    fields = f"date: 2024-07-26\nsummary: Books, [Zoë]({proofpoint}) and Zoë too.\nurl: https://example.org/a?b=1&c=2\n"
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == f"---\ntitle: Cafés begin\n{fields}---\n"


def test_bullets_of_a_word_processor_become_a_list(tmp_path: Path) -> None:
    """Signs, those of its fonts for symbols, and a second level; a text within a field is left to whoever wrote it."""
    head = f"{FILES[NEWS].rstrip()}\n"
    body = "They agreed on:\n  •\tbooks,\nold and new\no\tnovels\n\uf0b7 films\n \t•talks\n\nAnd:\n– walks\n– songs\n"
    write(tmp_path, {NEWS: head + body})
    run(["-C", str(tmp_path), "lint", "--fix"])
    listed = "They agreed on:\n  - books,\nold and new\n  - novels\n  - films\n- talks\n\nAnd:\n- walks\n- songs\n"
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == head + listed
    field = "---\ntitle: Wells\ndate: 2024-07-26\nsummary: |\n  They agreed on:\n  • books\n  • films\n---\n"
    write(tmp_path, {NEWS: field})
    run(["-C", str(tmp_path), "lint", "--fix"])
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == field
    (left,) = lint(tmp_path)
    assert (left.code, left.place.line, left.place.column) == ("EDT036", 6, 3)


def test_fields_of_other_tools_get_our_names(tmp_path: Path) -> None:
    """What a slip of the keys may mean, what is written already, and a caption, are left to whoever wrote them."""
    written = "---\ntitle: Wells\npublishDate: 2024-07-26\ndraft: {}\ntags: [borders] # ours\n{}---\n"
    left = "categories: [wells]\nsumary: B\nimage: {src: a.png, caption: C}\n"
    write(tmp_path, {NEWS: written.format("true", f"description: It is about wells.\n{left}")})
    run(["-C", str(tmp_path), "lint", "--fix"])
    expected = written.replace("publishDate", "date").replace("draft: {}", "status: draft").replace("tags", "topics")
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == expected.format(f"summary: It is about wells.\n{left}")
    assert [finding.code for finding in lint(tmp_path)] == ["ENT004"] * 3


def test_what_a_field_of_another_tool_may_well_mean_otherwise_is_left_as_it_is(tmp_path: Path) -> None:
    """A time of day would take the place of the day, a region that of a project's phase, a summary that of a title."""
    event = "---\ntitle: Forum\ndate: 2024-07-26\nstart_time: 18:00\nstart_date: 2024-08-03\nend_time: 20:00\n---\n"
    project = "---\ntitle: Wells\ncountries: [AT]\nstate: Tyrol\ntranslations:\n  fr: Douze puits.\n---\n"
    files = {"issues/entries/events/forum.md": event, "issues/entries/projects/wells.md": project}
    write(tmp_path, files)
    run(["-C", str(tmp_path), "lint", "--fix"])
    assert {file: (tmp_path / file).read_text(encoding="utf-8") for file in files} == files


def test_what_a_first_change_brings_to_light_is_mended_too(tmp_path: Path) -> None:
    """The value of a field that had another name."""
    written = "---\ntitle: Wells\ndate: 2024-07-26\nsummary: Twelve of them.\n{}\n---\n"
    write(tmp_path, {NEWS: written.format("featured_image: https://www.example.org/a.png")})
    run(["-C", str(tmp_path), "lint", "--fix"])
    expected = written.format('image: {src: "https://www.example.org/a.png"}')
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == expected


def test_the_path_of_a_picture_becomes_a_picture(tmp_path: Path) -> None:
    """What it shows nobody has said, which is told; what stands in quotes is left to whoever wrote it."""
    written = "---\ntitle: Wells\ndate: 2024-07-26\nsummary: Twelve of them.\nimage: {}   # ours\n---\n"
    for old, new in [("https://example.org/a,b.png", '{src: "https://example.org/a,b.png"}'), ("'a.png'", "'a.png'")]:
        write(tmp_path, {NEWS: written.format(old)})
        run(["-C", str(tmp_path), "lint", "--fix"])
        assert (tmp_path / NEWS).read_text(encoding="utf-8") == written.format(new)
    assert [(finding.code, finding.edit) for finding in lint(tmp_path)] == [("ENT006", None)]


def test_a_date_that_stands_in_the_name_alone_is_written(tmp_path: Path) -> None:
    """As in Jekyll, whose files may have no other one; in a file of several entries it is indented like the title."""
    write(tmp_path, {"issues/entries/news/2024-07-26-wells.md": "---\nsummary: Why?\n# ours,\ntitle: Wells\n---\n"})
    write(tmp_path, {"issues/entries/news/more.yaml": "2024-07-27-school:\n  title: School\n  summary: It opens.\n"})
    run(["-C", str(tmp_path), "lint", "--fix"])
    folder = tmp_path / "issues/entries/news"
    wells = "---\nsummary: Why?\n# ours,\ndate: 2024-07-26\ntitle: Wells\n---\n"
    assert (folder / "2024-07-26-wells.md").read_text(encoding="utf-8") == wells
    school = "2024-07-27-school:\n  date: 2024-07-27\n  title: School\n  summary: It opens.\n"
    assert (folder / "more.yaml").read_text(encoding="utf-8") == school
    assert [finding.code for finding in lint(tmp_path) if finding.code.startswith("ENT")] == []


@pytest.mark.parametrize(
    "fields",
    [
        "{title: Wells, summary: Twelve.}",
        "{summary: Twelve., # ours\n\n title: Wells}",
        "{\n  title: Wells,\n  summary: Twelve.\n}",
        "? title\n: Wells\nsummary: Twelve.",
        "?\n  title\n: Wells\nsummary: Twelve.",
        "&a title: Wells\nsummary: Twelve.",
    ],
)
def test_a_date_is_written_only_where_a_line_can_be_put(fields: str, tmp_path: Path) -> None:
    """Between braces it would want a comma, and the entry could no longer be read; it is told all the same."""
    file = tmp_path / "issues/entries/news/2024-07-26-wells.md"
    write(tmp_path, {"issues/entries/news/2024-07-26-wells.md": f"---\n{fields}\n---\n"})
    run(["-C", str(tmp_path), "lint", "--fix"])
    assert file.read_text(encoding="utf-8") == f"---\n{fields}\n---\n"
    assert "ENT016" in {finding.code for finding in lint(tmp_path)}


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        ("https://www.google.at/url?sa=t&q=wells&url=https%3A%2F%2Fexample.org%2Fa", "https://example.org/a"),
        ("https://www.google.com/url?q=https://example.org/a&sa=D", "https://example.org/a"),
        ("https://l.facebook.com/l.php?u=https%253A%252F%252Fexample.org%252Fa&h=AT0", "https://example.org/a"),
        ("https://slack-redir.net/link?url=https%3A%2F%2Fexample.org%2Fa%22b", ""),
        ("https://secure-web.cisco.com/1abc/https%3A%2F%2Fexample.org", ""),
    ],
)
def test_the_page_behind_a_service_is_written_where_it_can_be_read(pasted: str, kept: str, tmp_path: Path) -> None:
    """Otherwise the address stays, and is told."""
    fields = "---\ntitle: Wells\ndate: 2024-07-26\nsummary: Twelve of them.\nurl: {}\n---\n"
    write(tmp_path, {NEWS: fields.format(pasted)})
    assert [finding.code for finding in lint(tmp_path)] == ["LNK016"]
    run(["-C", str(tmp_path), "lint", "--fix"])
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == fields.format(kept or pasted)


def test_what_was_lost_is_not_made_up(tmp_path: Path) -> None:
    """A line break of another kind becomes a space, and the sign for a letter that is lost stays and is told."""
    write(tmp_path, {NEWS: '---\ntitle: Cafés begin\ndate: 2024-07-26\nsummary: "Caf\ufffd owners\u2028start."\n---\n'})
    run(["-C", str(tmp_path), "lint", "--fix"])
    assert 'summary: "Caf\ufffd owners start."' in (tmp_path / NEWS).read_text(encoding="utf-8")
    (left,) = (finding for finding in lint(tmp_path) if finding.code == "EDT025")
    assert left.fix == "type what stood there before it was lost"


def test_lint_alone_changes_nothing(tmp_path: Path) -> None:
    """It says what `--fix` would mend."""
    write(tmp_path, {NEWS: FAULTY})
    assert run(["-C", str(tmp_path), "lint"]) == 0
    assert (tmp_path / NEWS).read_text(encoding="utf-8") == FAULTY
    assert {finding.code for finding in lint(tmp_path) if finding.edit} == {"EDT024", "EDT025", "LNK005"}


def test_a_change_whose_words_are_gone_is_left_out() -> None:
    """Somebody was faster."""
    assert mend("one two", [Edit(Place("a", 1, 5), "three", "3")]) == ("one two", 0)


def test_of_two_changes_that_overlap_the_first_is_made() -> None:
    """The second may be right, but not at that place any more."""
    both = [Edit(Place("a", 1, 1), "one two", "1 2"), Edit(Place("a", 1, 5), "two", "II")]
    found = [Finding("X", Severity.NOTE, "", edit=edit) for edit in both]
    assert mend("one two", edits(found)["a"]) == ("1 2", 1)


@given(st.lists(st.sampled_from(["a", "bb", " ", "\n"]), max_size=30), st.data())
def test_every_other_byte_stays(words: list[str], data: st.DataObject) -> None:
    """Changes to some words leave all others as they are."""
    text = "".join(words)
    places, line, column = [], 1, 1
    for word in words:
        places.append(Place("a", line, column))
        line, column = (line + 1, 1) if word == "\n" else (line, column + len(word))
    chosen = [number for number, word in enumerate(words) if word == "bb" and data.draw(st.booleans())]
    changed, made = mend(text, [Edit(places[number], "bb", "<c>") for number in chosen])
    assert made == len(chosen)
    assert changed == "".join("<c>" if number in chosen else word for number, word in enumerate(words))
