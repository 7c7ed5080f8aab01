from __future__ import annotations

import difflib
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content import document, editing, line_ends, patch
from newsletter.content.scalars import scalar
from newsletter.errors import ConfigurationError, ContentError

JULY = (Path(__file__).parents[2] / "issues" / "2024-07" / "issue.yaml").read_text(encoding="utf-8")


def changes(before: str, after: str) -> list[str]:
    """Return the lines that differ, each with - or + before it."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), lineterm="", n=0)
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


@pytest.mark.parametrize(
    ("edit", "expected"),
    [
        (lambda text: editing.pin(text, "bomca"), ["+  - bomca"]),
        (lambda text: editing.pin(text, "resource-centres-iraq-pakistan"), []),
        (lambda text: editing.feature(text, "bomca"), ["+  - bomca"]),
        (
            lambda text: editing.drop(text, "eu-asylum-policy-since-2020", "told: in June"),
            [
                "-feature:",
                "-  - eu-asylum-policy-since-2020",
                "+drop:",
                '+  eu-asylum-policy-since-2020: "told: in June"',
            ],
        ),
        (lambda text: editing.release(text, "figure-start-ups"), ["-  - figure-start-ups"]),
        (
            lambda text: editing.move(text, "figure-countries", 1, ["figure-ongoing-projects", "figure-countries"]),
            ["+  - figure-countries", "-  - figure-countries"],
        ),
    ],
    ids=["pin", "pin again", "feature", "drop", "release", "move"],
)
def test_an_edit_of_the_sample_issue_touches_these_lines_alone(edit: Callable[[str], str], expected: list[str]) -> None:
    """Comments, order and every other byte of a colleague's file stay as they were."""
    assert changes(JULY, edit(JULY)) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\n", "title: A\npin:\n  - x\n"),
        ("title: A", "title: A\npin:\n  - x\n"),
        ("pin:   # later\ntitle: A\n", "pin:   # later\n  - x\ntitle: A\n"),
        ("pin: a # why\n", "pin: [a, x] # why\n"),
        ("pin: x # why\n", "pin: x # why\n"),
        ("pin: ~ # none yet\n", "pin: [x] # none yet\n"),
        ("pin: []  # none yet\n", "pin: [x]  # none yet\n"),
        ("pin: [ a , b ]\n", "pin: [ a , b, x ]\n"),
        ("pin: [\n  a,\n  b,\n]\n", "pin: [\n  a,\n  b, x,\n]\n"),
        ("pin:\n- a # why\n- b\n\n# below\ntitle: A\n", "pin:\n- a # why\n- b\n- x\n\n# below\ntitle: A\n"),
        ("pin:\n    -   a\n    # end\ntitle: A\n", "pin:\n    -   a\n    - x\n    # end\ntitle: A\n"),
        ("intro: |\n  Text\n\n\npin: [a]\n", "intro: |\n  Text\n\n\npin: [a, x]\n"),
        ("drop: {x: old, y: older}\npin: [a]\n", "drop: {y: older}\npin: [a, x]\n"),
        ("drop:\n  x: old  # remark\n  y: |\n    older\n", "drop:\n  y: |\n    older\npin:\n  - x\n"),
        ("drop:\n  x: old\ntitle: A\n", "title: A\npin:\n  - x\n"),
        ("\ufefftitle: A\r\npin: [a]\r\n", "\ufefftitle: A\r\npin: [a, x]\r\n"),
    ],
)
def test_pin_writes_in_the_style_it_finds(before: str, after: str) -> None:
    """Lists on one line, below one another, or not there yet: each stays as its author likes it."""
    assert editing.pin(before, "x") == after


def test_an_entry_is_found_however_its_accents_are_written() -> None:
    """The Finder of macOS gives names whose accents are taken apart."""
    apart = "u\u0308ber"
    assert editing.release(f"pin: [{apart}, a]\ndrop:\n  {apart}: x\norder: {apart}\n", "über") == "pin: [a]\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("pin: [x]\n", "pin: []\n"),
        ("pin: x\n", "pin: []\n"),
        ("pin: [x, a]\n", "pin: [a]\n"),
        ("pin: [a, x]  # why\n", "pin: [a]  # why\n"),
        ("pin: [a, x, b]\n", "pin: [a, b]\n"),
        ("pin: [\n  a,  # about a\n  x,  # remark\n  b,\n]\n", "pin: [\n  a,  # about a\n  b,\n]\n"),
        ("pin: [\n  a,  # about a\n  x  # remark\n]\n", "pin: [\n  a,  # about a\n]\n"),
        ("pin: [\n  a,  # about a\n  x]\n", "pin: [\n  a,  # about a\n  ]\n"),
        ("pin: [\n  x,  # remark\n  # about a\n  a,\n]\n", "pin: [\n  # about a\n  a,\n]\n"),
        ("pin: [a,  # about a\n  x, b]\n", "pin: [a,  # about a\n  b]\n"),
        ("pin: [x,  # remark\n  a]\n", "pin: [  # remark\n  a]\n"),
        ("pin:\n  - x\n  # about a\n  - a\n", "pin:\n  # about a\n  - a\n"),
        ("pin:\n  # only one\n  - x  # remark\n# title\ntitle: A\n", "  # only one\n# title\ntitle: A\n"),
        ("order: [a]\ndrop: {x: old}\n", "order: [a]\n"),
        ("order: [a]\ndrop: {}\nfeature: []\npin: [x]\n", "order: [a]\ndrop: {}\nfeature: []\n"),
        ("a: 1\n\npin:\n  - x\n\nb: 2\n", "a: 1\n\nb: 2\n"),
        ("a: 1\n\n# why\npin: x\n", "a: 1\n\n# why\n"),
        ("a: 1\npin: [\n  x,\n]\nb: 2\n", "a: 1\nb: 2\n"),
        ("a: 1\npin: [\n  x,  # why\n]\n", "a: 1\npin: [\n    # why\n]\n"),
        ("a: 1\npin: [x]  # none yet\n", "a: 1\npin: []  # none yet\n"),
        ("a: 1\npin:   # later\n  - x\n", "a: 1\npin: []   # later\n"),
        ("a: |\n  Text\npin:\n  # only one\n  - x\n", "a: |\n  Text\npin: []\n  # only one\n"),
        ("title: A\n", "title: A\n"),
    ],
)
def test_release_takes_an_entry_out_and_leaves_the_rest(before: str, after: str) -> None:
    """Whatever was decided by hand about an entry is gone with the list that it leaves empty, and nothing else."""
    assert editing.release(before, "x") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("drop: {x: old}\nfeature: [a]\n", "feature: [x, a]\n"),
        ("feature: [x, a]\n", "feature: [x, a]\n"),
        ("feature: ['a', 'x', b]\n", "feature: ['x', 'a', b]\n"),
        ("feature:\n  - a  # about a\n  - 'x'  # why\n  - b\n", "feature:\n  - 'x'  # why\n  - a  # about a\n  - b\n"),
        ("feature:\n  - a\n  - x", "feature:\n  - x\n  - a\n"),
        ("feature: a  # why\n", "feature: [x, a]  # why\n"),
    ],
)
def test_a_featured_entry_comes_before_the_others_with_its_remark(before: str, after: str) -> None:
    """It leads its section, and whoever left it out before has changed their mind."""
    assert editing.feature(before, "x") == after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("drop: ~  # none yet\n", "drop: {x: told}  # none yet\n"),
        ("drop:  # none yet\n", "drop:  # none yet\n  x: told\n"),
        ("drop: {a: b}  # so far\n", "drop: {a: b, x: told}  # so far\n"),
    ],
)
def test_a_reason_is_written_in_the_style_that_is_there(before: str, after: str) -> None:
    """A field without a value may be written in several ways."""
    assert editing.drop(before, "x", "told") == after


def test_a_moved_entry_changes_places_within_its_section_only() -> None:
    """Entries of other sections keep their places in `order`; each is written as its author wrote it."""
    assert editing.move("order: a  # why\n", "b", 1, ["a", "b"]) == "order: [b, a]  # why\n"
    assert editing.move("order: ['a', b]\n", "b", 1, ["a", "b"]) == "order: [b, 'a']\n"
    before = "order:\n  - a   # first\n  - other\n  - b\n"
    assert editing.move(before, "c", 2, ["a", "b", "c"]) == "order:\n  - a   # first\n  - other\n  - c\n  - b\n"
    assert editing.move(before, "a", 99, ["a", "b"]) == "order:\n  - b   # first\n  - other\n  - a\n"


def test_dropping_needs_a_reason() -> None:
    """Colleagues read it in the list of what stays out."""
    with pytest.raises(ConfigurationError, match="no reason is given for dropping x"):
        editing.drop("title: A\n", "x", " ")


@pytest.mark.parametrize("change", [editing.drop, editing.mute])
def test_a_reason_loses_what_no_file_may_contain(change: Callable[..., str]) -> None:
    """Marks of direction come along with what is pasted, and nobody sees them; the file could be read no more."""
    assert change("title: A\n", "x", "\u202atold\u0007\nlast \u202c month\ufeff") == change(
        "title: A\n", "x", "told last month"
    )
    with pytest.raises(ConfigurationError, match="no reason is given"):
        change("title: A\n", "x", "\u202a \u202c")


@pytest.mark.parametrize(
    "text",
    ["title: A: B\n", "a: 1\na: 2\n", "- a\n", "", "{title: A}\n", "a: &x [b]\npin: *x\n", "title: A\n...\n"],
)
def test_a_file_that_is_not_certain_is_not_changed(text: str) -> None:
    """What cannot be read for certain could get lost."""
    with pytest.raises(ContentError, match=r"2024-07/issue\.yaml is not changed as it is"):
        editing.pin(text, "x", file="2024-07/issue.yaml")


names = st.sampled_from(["a", "b", "2024-07-26-c", "010", "true", "d: e", "é", "'f'"])
scalars = st.sampled_from(["A", "'A # B'", '"A"  # remark', "|\n  Text\n  more", ">-\n  Text\n\n  more\n", "~", ""])


@st.composite
def plans(draw: st.DrawFn) -> str:
    """Draw an issue file with lists in various styles, and comments between."""
    fields = {"title": draw(scalars), "intro": draw(scalars)}
    for key in draw(st.lists(st.sampled_from(["pin", "feature", "order"]), unique=True)):
        chosen = [scalar(name) for name in draw(st.lists(names, unique=True, max_size=4))]
        indent = draw(st.sampled_from(["", "  ", "    "]))
        block = "".join(f"\n{indent}- {name}{draw(st.sampled_from(['', '  # why']))}" for name in chosen)
        fields[key] = block if block and draw(st.booleans()) else f"[{', '.join(chosen)}]"
    lines = [f"{key}: {value}" for key, value in draw(st.permutations(list(fields.items())))]
    return "".join(f"{line}\n{draw(st.sampled_from(['', '# between', '']))}\n" for line in lines)


@given(plans(), st.lists(st.tuples(st.sampled_from(["pin", "feature", "drop", "release", "move"]), names), max_size=6))
def test_edits_mean_what_they_say(text: str, edits: list[tuple[str, str]]) -> None:
    """After any edits the file says what the same edits make of its values, and all comments are there."""
    values: dict[str, Any] = document.read(text).value
    remarks = text.count("# between")
    for verb, name in edits:
        lists = {key: list(values.get(key) or []) for key in ("pin", "feature", "order")}
        dropped = dict(values.get("drop") or {})
        if verb == "pin":
            text = editing.pin(text, name)
            dropped.pop(name, None)
            lists["pin"] += [] if name in lists["pin"] else [name]
        elif verb == "feature":
            text = editing.feature(text, name)
            dropped.pop(name, None)
            lists["feature"] = [name, *(other for other in lists["feature"] if other != name)]
        elif verb == "move":
            text = editing.move(text, name, 1, ["a", "b"])
            section = [name, *(other for other in ["a", "b"] if other != name)]
            waiting = iter(section)
            lists["order"] = [next(waiting) if other in section else other for other in lists["order"]] + list(waiting)
        else:
            text = editing.drop(text, name, "why: so, and more") if verb == "drop" else editing.release(text, name)
            lists = {key: [other for other in listed if other != name] for key, listed in lists.items()}
            dropped.pop(name, None)
            dropped |= {name: "why: so, and more"} if verb == "drop" else {}
        kept = {key: value for key, value in values.items() if key not in {*lists, "drop"}}
        values = document.read(text).value
        assert {key: list(map(str, values.get(key) or [])) for key in lists} == lists
        assert (values.get("drop") or {}) == dropped
        assert {key: value for key, value in values.items() if key not in {*lists, "drop"}} == kept
    assert text.count("# between") == remarks


@pytest.mark.parametrize("group", ["drop: {}", "drop: {a: b}", "drop: []", "drop:", "drop: {b: told}"])
def test_a_reason_with_a_comma_stays_one_text_between_braces(group: str) -> None:
    """Between braces a comma parts fields: without quotes the file could no longer be read."""
    dropped = document.read(editing.drop(f"title: T\n{group}\n", "b", "told in June, and July"))
    assert (dropped.value["drop"]["b"], dropped.mistakes) == ("told in June, and July", ())


@given(plans(), names, st.sampled_from([("drop", "pin"), ("pin", "release"), ("feature", "drop"), ("move", "release")]))
def test_what_is_taken_back_leaves_no_empty_list_behind(text: str, name: str, verbs: tuple[str, str]) -> None:
    """No edit brings a list that is empty and was not empty before."""
    verb: dict[str, Callable[[str, str], str]] = {
        "pin": editing.pin,
        "feature": editing.feature,
        "release": editing.release,
        "drop": lambda text, name: editing.drop(text, name, "so"),
        "move": lambda text, name: editing.move(text, name, 1, ["a", "b"]),
    }
    before: dict[str, Any] = document.read(text).value
    for each in verbs:
        text = verb[each](text, name)
    after: dict[str, Any] = document.read(text).value
    kinds = ("pin", "feature", "drop", "order")
    assert [key for key in kinds if after.get(key) in ([], {}) and before.get(key) != []] == []


@pytest.mark.parametrize(
    "typed", [" a\nb", "a\n\x07b", "a\n b\n\n  c", "a: b\n# c", "a\u2028b\n\ufeffc", "a\nb\u00a0c\td"]
)
def test_whatever_is_typed_into_a_field_is_read_again(typed: str) -> None:
    """Blanks at the beginning and signs that nobody sees would end a text of several lines, or the file."""
    read = document.read(editing.reword("title: A\nintro: old  # remark\nlists: [a]\n", "intro", typed))
    assert (patch.trimmed(read.value), read.mistakes) == ({"title": "A", "intro": typed, "lists": ["a"]}, ())


def test_the_last_field_of_a_file_without_a_last_line_end_is_changed() -> None:
    """Editors leave such files, and nothing else is made of them."""
    assert editing.reword("title: A\nsubject: old", "subject", "new") == "title: A\nsubject: new"
    assert editing.reword("title: A", "subject", "new") == "title: A\nsubject: new"


@pytest.mark.parametrize("decided", ["pin: {a: b}", "drop: [a]", "drop: a", "order: 5"])
def test_what_is_decided_in_another_shape_is_corrected_first(decided: str) -> None:
    """Whatever somebody has meant by it would get lost."""
    with pytest.raises(ContentError):
        editing.drop(f"title: T\n{decided}\n", "b", "told last month")
    assert editing.reword(f"title: T\n{decided}\n", "title", "U") == f"title: U\n{decided}\n"


def test_a_file_whose_every_line_is_indented_is_not_changed() -> None:
    """A new field would stand outside of what is there."""
    with pytest.raises(ContentError):
        editing.pin("  title: T\n  period: 2024-07\n", "a")


@pytest.mark.parametrize(
    ("before", "chosen", "after"),
    [
        (
            "lists:   # who\n  # the board\n  - a  # all\n  # - b  (from autumn)\n  - c  # few\nnumber: 7\n",
            ["a", "b"],
            "lists:   # who\n  # the board\n  - a  # all\n  # - b  (from autumn)\n  - b\nnumber: 7\n",
        ),
        ("lists: [\n  'a',  # all\n  # few\n  c,\n]\n", ["a", "b"], "lists: [\n  'a',  # all\n  # few\n  b,\n]\n"),
        ("lists:\n  - a  # all\n  - b  # few\n", ["b", "a"], "lists:\n  - b  # few\n  - a  # all\n"),
        ("lists:\n  - a  # all\n", ["x, y"], "lists:\n  - x, y\n"),
        ("lists:\n  - a\n  - a\n", ["a", "b"], "lists: [a, b]\n"),
        ("lists:\n  - a: all\n  - [b]\n  - c\n", ["a", "c"], "lists: [a, c]\n"),
        ("lists:\n  - 2024\n  - c\n", ["2024", "b"], 'lists: ["2024", b]\n'),
        ("lists:\n  - a\nnumber: 7\n", [], "lists: []\nnumber: 7\n"),
        ("lists: [a]  # all\n", ["a", "b"], "lists: [a, b]\n"),
        ("title: A\nlists: a\n", ["b"], "title: A\nlists: [b]\n"),
    ],
)
def test_another_choice_keeps_the_remarks_beside_what_stays(before: str, chosen: list[str], after: str) -> None:
    """A list on lines of its own changes line by line; one on a single line is written anew."""
    assert editing.reword(before, "lists", chosen) == after


@pytest.mark.parametrize(
    ("before", "days", "after"),
    [
        (
            "period:  # so\n  # the board met\n  from: 2024-06-01  # Monday\n  to: 2024-07-01\n",
            ("2024-06-01", "2024-07-31"),
            "period:  # so\n  # the board met\n  from: 2024-06-01  # Monday\n  to: 2024-07-31\n",
        ),
        (
            "period:\n  # the board met\n  from: 2024-06-01\n  to: 2024-07-01\n",
            ("", "2024-07-01"),
            "period:\n  # the board met\n  to: 2024-07-01\n  since: last issue\n",
        ),
        ("period: {from: 2024-06-01}\n", ("", "2024-07-01"), "period: {since: last issue, to: 2024-07-01}\n"),
        ("title: A\nperiod: 2024-07  # July\n", ("2024-07-02", ""), "title: A\nperiod: {from: 2024-07-02}\n"),
        ("title: A\nnumber: 7\n", ("2024-07-02", ""), "title: A\nperiod: {from: 2024-07-02}\nnumber: 7\n"),
    ],
)
def test_other_days_keep_the_remarks_beside_them(before: str, days: tuple[str, str], after: str) -> None:
    """What somebody has noted on the days of an issue is theirs."""
    assert editing.cover(before, *days) == after


NOTED = date(2024, 8, 2)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("title: A\n", 'title: A\ncorrections:\n  - {date: 2024-08-02, note: "It is: 12, not 13."}\n'),
        (
            "corrections:\n- date: 2024-08-01 # one\nnumber: 7\n",
            'corrections:\n- date: 2024-08-01 # one\n- {date: 2024-08-02, note: "It is: 12, not 13."}\nnumber: 7\n',
        ),
        (
            "corrections: [{date: 2024-08-01, note: x}]\n",
            'corrections: [{date: 2024-08-01, note: x}, {date: 2024-08-02, note: "It is: 12, not 13."}]\n',
        ),
        ("corrections:\ntitle: A\n", 'corrections:\n  - {date: 2024-08-02, note: "It is: 12, not 13."}\ntitle: A\n'),
        ("corrections: []\n", 'corrections: [{date: 2024-08-02, note: "It is: 12, not 13."}]\n'),
        (
            "corrections:\n  - note: 'It is: 12, not 13.'\n    date: 2024-08-01\n",
            "corrections:\n  - note: 'It is: 12, not 13.'\n    date: 2024-08-01\n",
        ),
    ],
    ids=["none", "below", "beside", "no value", "empty", "said already"],
)
def test_a_correction_is_noted_below_the_others(before: str, after: str) -> None:
    """As one line, whatever shape the team has given the field."""
    assert editing.correct(before, NOTED, " It is: 12,\nnot 13. ") == after


@given(st.text(min_size=1).filter(str.strip))
def test_any_note_is_read_back_as_it_was_said(note: str) -> None:
    """Whatever signs it has, it stays a note."""
    said = line_ends.on_one_line(note)
    after = document.read(editing.correct("title: A\n", NOTED, note)).value
    assert after == {"title": "A", "corrections": [{"date": after["corrections"][0]["date"], "note": said}]}


def test_a_correction_needs_words_and_a_list() -> None:
    """A file in another shape is left as it is."""
    with pytest.raises(ConfigurationError, match="the note is empty"):
        editing.correct("title: A\n", NOTED, " \n ")
    with pytest.raises(ContentError, match="is not changed as it is"):
        editing.correct("corrections: {a: b}\n", NOTED, "x")
