from __future__ import annotations

from typing import Any, Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsletter.model.explanation import explain
from newsletter.model.finding import Origin


class Inner(BaseModel):
    model_config = ConfigDict(extra="forbid")

    one: str
    two: str = ""


class Loose(BaseModel):
    one: str = ""
    two: str = ""
    three: str = ""
    four: str = ""


class Model(BaseModel):
    """One field for each kind of mistake that pydantic tells."""

    model_config = ConfigDict(extra="forbid")

    text: str = ""
    count: int = 1
    size: float = 1.0
    either: int | float = 1
    yes: bool = True
    choice: Literal["red", "green"] = "red"
    choices: Literal["a", "b", "c", "d"] = "a"
    many: tuple[str, ...] = ()
    inner: Inner | None = None
    inners: list[Inner] = []
    named: dict[str, Inner] = {}
    loose: Loose = Loose()
    limited: int = Field(default=5, gt=1, lt=9, multiple_of=2)
    short: str = Field(default="abc", min_length=2, max_length=4)
    few: tuple[str, ...] = Field(default=("a", "b"), min_length=2, max_length=3)
    spelt: str = Field(default="A1", pattern=r"^[A-Z]\d$")
    own: str = ""

    @field_validator("own")
    @classmethod
    def _own(cls, value: str) -> str:
        if value == "never":
            raise AssertionError("is never right")
        return value


FIELDS = (
    "choice, choices, count, either, few, inner, inners, limited, loose, many, named, own, short, size, spelt, text, "
    "yes"
)


@pytest.mark.parametrize(
    ("field", "value", "message", "fix"),
    [
        ("text", 12, "`text` is 12 where text belongs", 'put it in quotes: `text: "12"`'),
        ("text", True, "`text` is true where text belongs", 'put it in quotes: `text: "true"`'),
        ("text", None, "`text` is missing", "add a line `text: …`"),
        ("text", ["a"], "`text` is a list where text belongs", "write one text; in quotes, if it begins with { or ["),
        ("count", "many", "`count` is 'many' where a whole number belongs", "write a whole number"),
        ("count", 1.5, "`count` is 1.5 where a whole number belongs", "write a whole number"),
        ("size", "large", "`size` is 'large' where a number belongs", "write a number"),
        (
            "size",
            "1,284",
            "`size` is '1,284' where a number belongs",
            "write 1284: each reader sees it grouped as in their language",
        ),
        (
            "size",
            "3,50",
            "`size` is '3,50' where a number belongs",
            "write 3.50, with a point: each reader sees it as their language writes it",
        ),
        ("count", "3,5", "`count` is '3,5' where a whole number belongs", "write a whole number"),
        ("either", "some", "`either` is 'some' where a number belongs", "write a number"),
        ("yes", "maybe", "`yes` is 'maybe' where true or false belongs", "write true or false"),
        (
            "choice",
            "gren",
            "`choice` is 'gren', which is not one of its values; did you mean 'green'?",
            "write `choice: green`",
        ),
        ("choice", "x", "`choice` is 'x', which is not one of its values", "write `choice: red` or `choice: green`"),
        ("choices", "x", "`choices` is 'x', which is not one of its values", "write one of these"),
        ("many", 3, "`many` is 3 where a list, such as [one, two], belongs", "write a list, such as [one, two]"),
        ("many", ["a", 3], "`many 2` is 3 where text belongs", 'put it in quotes: `"3"`'),
        (
            "inner",
            "a",
            "`inner` is 'a' where a group of `name: value` lines belongs",
            "write `inner: {one: a, two: …}`",
        ),
        (
            "loose",
            "a",
            "`loose` is 'a' where a group of `name: value` lines belongs",
            "write `loose: {one: a, two: …}`",
        ),
        (
            "inner",
            "",
            "`inner` is '' where a group of `name: value` lines belongs",
            "write `inner: {one: …, two: …}`",
        ),
        ("inner", {}, "`inner one` is missing", "add a line `one: …`"),
        ("inner", {"one": "a", "tow": "b"}, "`tow` is not a field here; did you mean `two`?", "write `two:`"),
        (
            "inners",
            {"one": "a"},
            "`inners` is a group of lines where a list, such as [one, two], belongs",
            "begin each one with a dash and a space, and keep its fields below one another",
        ),
        ("inners", ["a"], "`inners 1` is 'a' where a group of `name: value` lines belongs", "write `{one: a, two: …}`"),
        ("named", {"x": {"one": 1}}, "`named x one` is 1 where text belongs", 'put it in quotes: `one: "1"`'),
        ("named", ["x"], "`named` is a list where a group of `name: value` lines belongs", "write `named: {x: …}`"),
        ("limited", 0, "`limited` is 0; it must be more than 1", "write a larger number"),
        ("limited", 10, "`limited` is 10; it must be less than 9", "write a smaller number"),
        ("limited", 3, "`limited` is 3; it must be a multiple of 2", "write a multiple of 2"),
        ("short", "a", "`short` is shorter than 2 characters", "write at least 2 characters"),
        ("short", "abcde", "`short` is longer than 4 characters", "write at most 4 characters"),
        ("few", [], "`few` is empty", "give `few` at least one value"),
        ("few", ["a"], "`few` needs at least 2 values", "add what is missing"),
        ("few", ["a"] * 4, "`few` has more than 3 values", "keep at most 3"),
        ("spelt", "a1", "`spelt` is 'a1', which does not fit ^[A-Z]\\d$", "correct the spelling"),
        ("own", "never", "`own` is never right", "correct `own`"),
        (
            "spelt",
            "a" * 999,
            f"`spelt` is '{'a' * 238}…{'a' * 219}', which does not fit ^[A-Z]\\d$",
            "correct the spelling",
        ),
        ("zzz", 1, "`zzz` is not a field here", f"delete the line, or use one of {FIELDS}"),
    ],
)
def test_every_kind_of_mistake_is_told_in_plain_words(field: str, value: Any, message: str, fix: str) -> None:
    """Whatever pydantic refuses, the message names the field, and the fix can be typed."""
    with pytest.raises(ValidationError) as refused:
        Model.model_validate({field: value})
    (finding,) = explain(refused.value, Model, Origin("a.md"), "ENT")
    assert (finding.message, finding.fix) == (message, fix)
    assert finding.why


def test_a_kind_that_we_do_not_know_keeps_its_own_words() -> None:
    """A team's own field types may refuse for reasons of their own."""

    class Other(BaseModel):
        data: bytes

    with pytest.raises(ValidationError) as refused:
        Other.model_validate({"data": 3})
    (finding,) = explain(refused.value, Other, Origin("a.md"), "ENT")
    assert finding.message == "`data`: Input should be a valid bytes"


def test_what_is_written_but_empty_is_not_called_missing() -> None:
    """Somebody who has written the field looks for its value."""
    origin = Origin("a.md", {("text",): (2, 1)}, {("text",): (2, 6)})
    with pytest.raises(ValidationError) as refused:
        Model.model_validate({"text": None})
    (finding,) = explain(refused.value, Model, origin, "ENT")
    assert (str(finding.place), finding.message, finding.fix) == (
        "a.md:2:1",
        "`text` is empty",
        "write something after `text:`",
    )
