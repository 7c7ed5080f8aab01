from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content import document, filling, text
from newsletter.content.filling import FieldKind
from newsletter.errors import ContentError
from newsletter.model.entry import Call, Event, Figure, Study

WRITTEN = """\
---
# for the July issue
title: "Tenders: two"   # agreed
deadline: 2024-07-31
eligibility: >-
  Civil society,
  and others.
image:
  src: images/hub.png   # drawn by the team
  alt: A hub
topics:
  - youth
  - women
translations:
  de: {title: Zwei Ausschreibungen}
---

The *body*.
"""
LINE = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)
TEXT = st.lists(LINE, max_size=4).map("\n".join)


def fields(written: str) -> dict[str, Any]:
    """Return what the fields of a file say to the product."""
    parts = text.split(written)
    assert isinstance(parts, text.FrontMatter)
    read = document.read(parts.fields)
    assert not read.mistakes
    assert isinstance(read.value, dict)
    return read.value | {"body": parts.body}


def test_a_form_shows_what_the_file_says() -> None:
    """Lists one a line, a picture in its parts, and folded texts as they are read."""
    shown = filling.values(WRITTEN)
    shown.pop("translations.de")
    assert shown == {
        "title": "Tenders: two",
        "deadline": "2024-07-31",
        "eligibility": "Civil society, and others.",
        "image.src": "images/hub.png",
        "image.alt": "A hub",
        "topics": "youth\nwomen",
        "body": "The *body*.",
    }


def test_what_goes_into_one_line_is_shown_on_one() -> None:
    """A browser leaves line breaks out of such a field, which would glue the words on both sides together."""
    written = '---\ntitle: |\n  New wells\n  for twelve villages\nimage: {src: images/a.png, alt: "A\\nwell"}\n---\n'
    shown = filling.values(written, Call)
    assert (shown["title"], shown["image.alt"]) == ("New wells for twelve villages", "A well")


@pytest.mark.parametrize(
    ("written", "shown"), [("true", "true"), ("yes", "true"), ("on", "true"), ("no", ""), ("off", ""), ("perhaps", "")]
)
def test_a_tick_says_what_the_product_understands(written: str, shown: str) -> None:
    """In YAML 1.2 `no` is a text; a form that showed it as yes would write that."""
    assert filling.values(f"---\ntitle: T\nfeatured: {written}\n---\n", Study)["featured"] == shown


def test_blanks_that_a_language_wants_stay() -> None:
    """French puts a hard or a thin blank before some signs."""
    title = "Qui\u00a0? «\u202fMoi\u202f»"
    after = filling.fill(WRITTEN, Call, {"title": f"  {title}\t!", "image.alt": title}, file="call.md")
    assert (fields(after)["title"], fields(after)["image"]["alt"]) == (f"{title} !", title)


def test_a_remark_below_a_text_does_not_become_a_part_of_it() -> None:
    """Readers would see what colleagues have told each other."""
    written = "---\ntitle: T\nsummary: One.\n   # ask the field office first\ndate: 2024-07-26\n---\n"
    after = filling.fill(written, Call, {"summary": "One.\nTwo."}, file="call.md")
    assert after == written.replace("One.", '"One.\\nTwo."')


def test_every_type_has_a_form() -> None:
    """Fields stand in the order in which people fill them in; what is needed is marked."""
    found = [(blank.name, blank.kind) for blank in filling.blanks(Event)][:5]
    assert found == [
        ("title", FieldKind.LINE),
        ("date", FieldKind.MOMENT),
        ("start", FieldKind.MOMENT),
        ("end", FieldKind.MOMENT),
        ("place", FieldKind.LINE),
    ]
    assert [blank.name for blank in filling.blanks(Call) if blank.required] == ["title", "deadline"]
    assert {blank.kind for blank in filling.blanks(Study) if blank.name in {"cover", "featured"}} == {
        FieldKind.PICTURE,
        FieldKind.FLAG,
    }
    assert "title" not in {blank.name for blank in filling.blanks(Figure)}


def test_what_is_not_changed_stays_byte_for_byte() -> None:
    """Remarks, styles and translations of the others are none of the form's business."""
    after = filling.fill(WRITTEN, Call, {"title": "Tenders"}, file="call.md")
    assert after == WRITTEN.replace('"Tenders: two"   # agreed', "Tenders")
    after = filling.fill(WRITTEN, Call, {"image.alt": "A hub, drawn"}, file="call.md")
    assert after == WRITTEN.replace("alt: A hub\n", "alt: A hub, drawn\n")


def test_a_list_on_lines_of_its_own_changes_line_by_line() -> None:
    """Whoever takes one topic out does not take out what colleagues have noted on the others."""
    written = "---\ntitle: T\ntopics:\n  # as the board has them\n  - youth  # ours\n  - women\n  # - work\n---\n"
    after = filling.fill(written, Call, {"topics": "youth\nborders\n"}, file="call.md")
    assert after == written.replace("  - women\n  # - work\n", "  - borders\n  # - work\n")
    assert filling.fill(written, Call, {"topics": ""}, file="call.md") == "---\ntitle: T\ntopics:\n  # - work\n---\n"


def test_a_picture_that_was_nothing_but_its_file_keeps_its_remark() -> None:
    """What is said of the file, such as until when it may be used, holds when a description comes beside it."""
    written = "---\ntitle: T\nimage: images/hub.png   # until 2027\n---\n"
    assert filling.fill(written, Call, {"image.alt": "A hub"}, file="call.md") == written.replace(
        "images/hub.png ", "{src: images/hub.png, alt: A hub} "
    )
    assert filling.fill(written, Call, {"image.src": "images/b.png"}, file="call.md") == written.replace(
        "images/hub.png   # until 2027", "{src: images/b.png}"
    )


@pytest.mark.parametrize(
    ("written", "tick"), [('alt: ""', "true"), ("alt: ' '", "true"), ("alt:", ""), ("credit: Ana", ""), ("alt: A", "")]
)
def test_a_picture_is_decoration_where_its_alternative_text_is_empty(written: str, tick: str) -> None:
    """Where it has none at all, somebody has yet to say what it shows."""
    shown = filling.values(f"---\ntitle: T\nimage:\n  src: images/a.png\n  {written}\n---\n", Call)
    assert shown.get("image.decoration", "") == tick


@pytest.mark.parametrize(
    ("changes", "alt"),
    [
        ({"image.alt": ""}, ""),
        ({"image.decoration": "true"}, '  alt: ""\n'),
        ({"image.alt": "", "image.decoration": "true"}, '  alt: ""\n'),
        ({"image.alt": "Two hubs", "image.decoration": "true"}, "  alt: Two hubs\n"),
        ({"image.decoration": ""}, "  alt: A hub\n"),
    ],
)
def test_only_a_tick_makes_a_picture_decoration(changes: dict[str, str], alt: str) -> None:
    """Words that were taken out to be written anew are missing until then."""
    after = filling.fill(WRITTEN, Call, changes, file="call.md")
    assert after == WRITTEN.replace("  alt: A hub\n", alt)


@pytest.mark.parametrize(
    ("typed", "written"),
    [("4.5", "value: 4.5"), ("-3", "value: -3"), ("", "value:"), (" ", "value:"), ("many", "value: many")],
)
def test_a_number_is_written_as_one(typed: str, written: str) -> None:
    """What is no number stays as it was typed, so that the finding names it; nothing is no text without letters."""
    file = "---\nlabel: Projects\nvalue: 17\n---\n"
    assert filling.fill(file, Figure, {"value": typed}, file="a.md") == file.replace("value: 17", written)


@given(st.dictionaries(st.sampled_from(["title", "eligibility", "summary", "body", "topics", "image.alt"]), TEXT))
def test_whatever_is_typed_is_read_again(typed: dict[str, str]) -> None:
    """A value never becomes another field, markup of YAML, or the end of the file."""
    after = fields(filling.fill(WRITTEN, Call, typed, file="call.md"))
    before = fields(WRITTEN)
    for name in ("deadline", "translations", *({"title", "eligibility", "topics"} - set(typed))):
        assert after[name] == before[name]
    if "title" in typed:
        assert (after["title"] or "") == re.sub("[ \n]+", " ", typed["title"]).strip()
    if "topics" in typed:
        assert (after["topics"] or []) == [line.strip() for line in typed["topics"].split("\n") if line.strip()]
    if typed.get("eligibility", "").strip():
        assert after["eligibility"].split() == typed["eligibility"].split()
    if "body" in typed:
        assert after["body"].split() == typed["body"].split()


@pytest.mark.parametrize("written", ["no fields", "---\n{title: a}\n---\n", "---\ntitle: &a x\nsummary: *a\n---\n"])
def test_a_file_that_is_not_safe_to_change_is_not_changed(written: str) -> None:
    """What cannot be read for certain could get lost."""
    with pytest.raises(ContentError):
        filling.fill(written, Call, {"title": "b"}, file="call.md")


def test_countries_on_one_line_are_several() -> None:
    """As people write them; a code has no comma inside."""
    after = fields(filling.fill(WRITTEN, Call, {"countries": "AT, KE;UZ,\nGB"}, file="call.md"))
    assert after["countries"] == ["AT", "KE", "UZ", "GB"]
