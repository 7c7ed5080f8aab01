from __future__ import annotations

import math
from typing import Any

import pytest

from newsletter.content import document
from newsletter.content.mistake import Mistake


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("NO", "NO"),
        ("yes", "yes"),
        ("on", "on"),
        ("2024-07-26", "2024-07-26"),
        ("2024-07-26T18:00", "2024-07-26T18:00"),
        ("12:30", "12:30"),
        ("1_000", "1_000"),
        ("<<", "<<"),
        ("=", "="),
        ("0b11", "0b11"),
        ("'12'", "12"),
        ('"true"', "true"),
        ("!!str 12", "12"),
        ("010", 10),
        ("0o10", 8),
        ("0x1F", 31),
        ("+12", 12),
        ("-1.5", -1.5),
        (".5", 0.5),
        ("1e3", 1000.0),
        ("-.inf", -math.inf),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("null", None),
        ("", None),
        ("[a, [b]]", ["a", ["b"]]),
        ("{b: 1}", {"b": 1}),
    ],
)
def test_values_mean_what_yaml_1_2_says(written: str, meant: object) -> None:
    """The core schema of YAML 1.2 decides, so that the country code NO stays text."""
    read = document.read(f"a: {written}\n")
    assert (read.value, read.mistakes) == ({"a": meant}, ())
    assert type(read.value["a"]) is type(meant)


def test_nan_is_no_number() -> None:
    """The one value of the core schema that is not equal to itself."""
    assert math.isnan(document.read("a: .nan\n").value["a"])


def test_names_are_text() -> None:
    """A field called 2024 or true is still a field."""
    assert document.read("2024: a\ntrue: b\n~: c\n").value == {"2024": "a", "true": "b", "~": "c"}


def test_a_number_of_any_length_is_read() -> None:
    """Python refuses whole numbers beyond 4300 digits; such a value stays text."""
    digits = "9" * 5000
    assert document.read(f"a: {digits}\n").value == {"a": digits}


def test_separators_that_nobody_sees_stay_in_the_text() -> None:
    """YAML 1.2 does not break lines at U+0085, U+2028 and U+2029; libyaml does."""
    assert document.read('a: one\u2028two: three\nb: "\x85"\nc: d\u2029\n').mistakes[0].line == 1
    assert document.read('a: one\u2028two\nb: "\x85"\nc\u2029: d\n').value == {
        "a": "one\u2028two",
        "b": "\x85",
        "c\u2029": "d",
    }
    for separator in "\x85\u2028\u2029":
        assert document.read(f"a: b{separator}c\n").value == {"a": f"b{separator}c"}


def test_an_alias_repeats_a_value() -> None:
    """Anchors and aliases work where somebody uses them on purpose."""
    assert document.read("a: &x [1]\nb: *x\n").value == {"a": [1], "b": [1]}


@pytest.mark.parametrize(
    "text",
    [
        "a: " + "[" * 500_000,
        "a: " + "{a: " * 200,
        "- " * 5000 + "a",
        "a: &x [*x]\n",
        "a: &a [x,x,x,x,x,x,x,x,x]\n"
        + "".join(
            f"{name}: &{name} [{','.join(['*' + before] * 9)}]\n"
            for before, name in zip("abcdefgh", "bcdefghi", strict=True)
        ),
    ],
    ids=["brackets", "braces", "dashes", "circle", "billion laughs"],
)
def test_a_file_cannot_exhaust_the_machine(text: str) -> None:
    """Depth and repetition end in one finding, not in a crash of the process or a full memory."""
    (mistake,) = document.read(text).mistakes
    assert mistake.message == "groups stand inside groups without end"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: [\n", ("the bracket [ is never closed", 1, 4)),
        ("a: {\n", ("the bracket { is never closed", 1, 4)),
        ("a: {b: [\n\n", ("the bracket [ is never closed", 1, 8)),
        ("b: c\na: [d,\n", ("the bracket [ is never closed", 2, 4)),
    ],
)
def test_a_bracket_at_the_end_that_is_not_closed_is_pointed_at(text: str, expected: tuple[str, int, int]) -> None:
    """The one that is open, not the end of the file."""
    (mistake,) = document.read(text).mistakes
    assert (mistake.message, mistake.line, mistake.column) == expected


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!include", "!!timestamp", "!!binary"])
def test_no_tag_has_powers(tag: str) -> None:
    """A tag outside the core schema is refused, whatever it would do elsewhere."""
    read = document.read(f"a: {tag} x\nb: c\n")
    assert (read.value, read.mistakes) == (
        {"a": None, "b": "c"},
        (
            Mistake(
                f"the value begins with {tag}, which is a technical mark in YAML",
                1,
                4,
                why="a value that begins with ! is text only inside quotes",
                fix="put quotes around the whole value",
            ),
        ),
    )


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("title: Vacancy #12\n", "1:16", "the text from # on is not read"),
        ("- a #b\n", "1:5", "the text from # on is not read"),
        ("title: &c others\n", "1:8", "the word &c is not read"),
        ("title: #hashtag\n", "1:8", "the text from # on is not read"),
    ],
)
def test_text_that_yaml_drops_is_reported(text: str, line: str, message: str) -> None:
    """What readers would miss without anybody noticing is a warning."""
    (mistake,) = document.read(text).mistakes
    assert (f"{mistake.line}:{mistake.column}", mistake.message, str(mistake.severity)) == (line, message, "warning")


@pytest.mark.parametrize(
    "text", ["a: b # remark\n", "a: https://www.example.org/#part\n", 'a: "b #c"\n', "a: |\n  b #c\n"]
)
def test_a_comment_on_purpose_is_no_mistake(text: str) -> None:
    """A remark, an address with a part, and quoted text are as they should be."""
    assert document.read(text).mistakes == ()


@pytest.mark.parametrize("value", [None, "a", [], 3])
def test_a_document_need_not_be_a_group(value: Any) -> None:
    """What a document is for is decided by whoever reads it."""
    assert document.read("" if value is None else str(value)).value == value
