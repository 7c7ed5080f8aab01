"""Words in other languages: written at their place, and nothing else in the file changes."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content import document, filling, translating
from newsletter.errors import ContentError

ENTRY = """\
title: Wells   # agreed
translations:
  fr:   # by the office in Tunis
    title: Puits   # t
    summary: |
      Un

      deux
  # Arabic
  ar: {title: "آبار"}
status: ready
"""
ISSUE = """\
title: T
sections:
  - heading: News   # what happened
    take: news
  # only what is new
  - {heading: Studies, take: study}
  - take: call
    heading: Calls
    translations:
      fr: {heading: Appels}
      # German
      de:
        heading: Rufe
        intro: |
          eins
lists: [monthly]
"""
OTHERS = (
    ENTRY,
    "title: T\n",
    "title: T\ntranslations:\nstatus: ready\n",
    "title: T\ntranslations: {fr: {title: a}, de: {title: b, summary: c}}\n",
    "title: T\ntranslations:\n   fr:\n       title: |-\n         a\n       # said\n       summary: >\n         x\n",
    "title: T\ntranslations:\n  fr:\n    summary: a\n    # below\nstatus: ready\n",
)
WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=25)
TAGS = st.sampled_from(["fr", "ar", "de", "no", "pt-BR"])


@pytest.mark.parametrize(
    ("tag", "changes", "before", "after"),
    [
        ("fr", {"title": "Deux: puits"}, "Puits   # t", '"Deux: puits"'),
        ("fr", {"summary": ""}, "    summary: |\n      Un\n\n      deux\n", ""),
        ("fr", {"place": "Tunis"}, "      deux\n", "      deux\n    place: Tunis\n"),
        ("ar", {"summary": "واحد\nاثنان"}, '"آبار"}', '"آبار", summary: "واحد\\nاثنان"}'),
        ("ar", {"title": ""}, '  ar: {title: "آبار"}\n', ""),
        ("de", {"title": "Brunnen"}, "}\nstatus", "}\n  de:\n    title: Brunnen\nstatus"),
    ],
)
def test_a_word_is_changed_at_its_place(tag: str, changes: dict[str, str], before: str, after: str) -> None:
    """Remarks, order and style of everything else stay."""
    assert translating.translate(ENTRY, tag, changes, file="a.md") == ENTRY.replace(before, after)


def test_the_first_language_begins_the_group() -> None:
    """Below everything else; `no` stays a text."""
    changed = translating.translate("title: T\n", "no", {"title": "Brønner", "summary": "En\n\nto"}, file="a.md")
    assert changed == "title: T\ntranslations:\n  no:\n    title: Brønner\n    summary: |\n      En\n\n      to\n"
    assert translating.told(changed) == {"no": {"title": "Brønner", "summary": "En\n\nto\n"}}


def test_a_language_stays_at_its_place_when_all_its_words_change() -> None:
    """One that is taken out beside one that comes leaves nobody's order."""
    text = "title: T\ntranslations:\n  fr:  # by the office in Tunis\n    title: a\n  de:\n    title: b\n"
    changed = translating.translate(text, "fr", {"title": "", "place": "c"}, file="a.md")
    assert changed == text.replace("title: a", "place: c")


def test_what_stands_on_one_line_stays_there() -> None:
    """A line break in a title would be one in a subject, too; a summary may have several."""
    changed = translating.translate("title: T\n", "fr", {"title": "a\n b", "summary": "c\n\nd\n"}, file="a.md")
    assert translating.told(changed) == {"fr": {"title": "a b", "summary": "c\n\nd\n"}}


def test_a_remark_below_never_becomes_a_part_of_a_text() -> None:
    """Where it is indented as the text is, the text stands in quotes."""
    text = "title: T\ntranslations:\n  fr:\n    summary: a\n      # below\nstatus: ready\n"
    changed = translating.translate(text, "fr", {"summary": "b\nc"}, file="a.md")
    assert changed == text.replace("summary: a", 'summary: "b\\nc"')


def test_the_last_word_takes_the_group_along() -> None:
    """Nothing empty stays behind."""
    one = "title: T\ntranslations:\n  fr:\n    title: a\nstatus: ready\n"
    assert translating.translate(one, "fr", {"title": ""}, file="a.md") == "title: T\nstatus: ready\n"


@pytest.mark.parametrize(
    ("changes", "before", "after"),
    [
        ({"title": ""}, "fr:\n    title: a  # t\n    # about b\n    url: b\n", "fr:\n    # about b\n    url: b\n"),
        ({"title": ""}, "fr:\n    url: b\n    title:\n    place: c\n", "fr:\n    url: b\n    place: c\n"),
        ({"title": ""}, "fr: {url: b,  # about b\n    title: a}\n", "fr: {url: b,  # about b\n    }\n"),
        ({"title": ""}, "fr: {url: , title: a}\n", "fr: {url: }\n"),
        ({"title": "T"}, "fr: {url: , title: }\n", "fr: {url: , title: T }\n"),
        ({"title": "T"}, "fr: {url: }\n", "fr: {url: , title: T }\n"),
    ],
)
def test_the_words_beside_it_keep_their_remarks(changes: dict[str, str], before: str, after: str) -> None:
    """However the group is written; a field may be there without a word yet."""
    start = "title: T\ntranslations:\n  "
    assert translating.translate(start + before, "fr", changes, file="a.md") == start + after


@pytest.mark.parametrize(
    ("number", "before", "after"),
    [
        (0, "take: news\n", "take: news\n    translations:\n      fr:\n        heading: Quoi\n"),
        (1, "take: study}", "take: study, translations: {fr: {heading: Quoi}}}"),
        (2, "Appels", "Quoi"),
    ],
)
def test_a_section_has_words_of_its_own(number: int, before: str, after: str) -> None:
    """However the section is written."""
    changed = translating.translate(ISSUE, "fr", {"heading": "Quoi"}, file="i.yaml", path=("sections", number))
    assert changed == ISSUE.replace(before, after)


@pytest.mark.parametrize("text", ["title: T\ntranslations: [fr]\n", "title: T\ntranslations: {fr: Puits}\n"])
def test_what_is_no_group_is_refused(text: str) -> None:
    """Somebody meant something by it."""
    with pytest.raises(ContentError, match="are not changed"):
        translating.translate(text, "fr", {"title": "a"}, file="a.md")


def test_line_ends_and_body_stay() -> None:
    """As the file of an entry has them."""
    written = "\ufeff---\r\ntitle: T\r\n---\r\nThe body.\r\n"
    changed = filling.translate(written, "fr", {"title": "Le T"}, file="a.md")
    assert changed == ("\ufeff---\r\ntitle: T\r\ntranslations:\r\n  fr:\r\n    title: Le T\r\n---\r\nThe body.\r\n")
    assert filling.tongues(changed) == {"fr": {"title": "Le T"}}


def says(text: str, path: tuple[str | int, ...] = ()) -> Any:
    """Return what a file says but for its translations, without line breaks at the end of texts."""
    value = document.read(text).value
    for step in path:
        value = value[step]
    return {name: inner for name, inner in value.items() if name != "translations"}


@given(st.sampled_from(OTHERS), TAGS, st.dictionaries(st.sampled_from(["title", "summary", "url", "body"]), WORDS))
def test_whatever_is_typed_is_read_again(text: str, tag: str, changes: dict[str, str]) -> None:
    """Every word as it was typed, but for blanks at its ends; everything else as before."""
    after = translating.translate(text, tag, changes, file="a.md")
    before, now = translating.told(text), translating.told(after)
    for name, value in changes.items():
        assert now.get(tag, {}).get(name, "").split() == value.split()
    kept = {name: value for name, value in before.get(tag, {}).items() if name not in changes}
    assert {name: now[tag][name].rstrip("\n") for name in kept} == {name: kept[name].rstrip("\n") for name in kept}
    assert {other: now[other] for other in before if other != tag} == {
        other: words for other, words in before.items() if other != tag
    }
    assert says(after) == says(text)


@given(st.integers(0, 2), TAGS, st.dictionaries(st.sampled_from(["heading", "intro"]), WORDS))
def test_sections_keep_everything_else(number: int, tag: str, changes: dict[str, str]) -> None:
    """The other sections, and what this one says in the first language."""
    after = translating.translate(ISSUE, tag, changes, file="i.yaml", path=("sections", number))
    for other in range(3):
        path = ("sections", other)
        assert says(after, path) == says(ISSUE, path)
        if other != number:
            assert translating.told(after, path) == translating.told(ISSUE, path)
    for name, value in changes.items():
        assert translating.told(after, ("sections", number)).get(tag, {}).get(name, "").split() == value.split()
