"""Which values each kind of attribute takes."""

from __future__ import annotations

import pytest

from newsletter.rendering.validation import vocabulary
from newsletter.rendering.validation.values import Problem, problem

LENGTHS = "unit(px,%){1,4}"
BORDER = "write width, line and colour, such as 1px solid #cccccc, or none"


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("unit(px)", ["20px", "0", "0.5px", ".5px"]),
        ("unit(px,%)", ["33.33%", "20px"]),
        ("unit(px,auto)", ["auto", "20px"]),
        ("unit(px,%,)", ["1.5", "150%", "24px"]),
        ("unitWithNegative(px,em)", ["-0.5px", "-.02em", "2px"]),
        ("border", ["none", "0", "1px solid #cccccc", "solid red 2px", "1px solid rgba(0, 0, 0, 0.5)"]),
        ("boolean", ["true", "false"]),
        ("color", ["#fff", "#004B87", "red", "Red", "transparent", "rgb(1, 2, 3)", "rgba(1,2,3,.5)"]),
        ("decoration", ["none", "underline", "underline dotted red"]),
        ("enum(ltr,rtl)", ["ltr", "rtl"]),
        ("fonts", ["Georgia, 'Times New Roman', serif", '"Open Sans", Arial']),
        ("integer", ["0", "12"]),
        ("line", ["solid", "dashed"]),
        ("link", ["https://example.org/?a=1&b=2#c", "mailto:news@example.org", "tel:+43123", "#top"]),
        ("picture", ["https://example.org/a.png", "cid:a@example.org"]),
        ("position", ["top center", "50% 10px", "left"]),
        ("size", ["cover", "auto", "100% 200px"]),
        ("string", ["", "anything"]),
        ("weight", ["bold", "600"]),
    ],
)
def test_values_that_fit(kind: str, words: list[str]) -> None:
    """They are left alone."""
    assert [problem((kind,), word) for word in words] == [None] * len(words)


@pytest.mark.parametrize("value", ["10px", "10px 0", "0 10px 5%", "1px 2px 3px 4px"])
def test_one_to_four_lengths(value: str) -> None:
    """Paddings and radiuses take as many."""
    assert problem((LENGTHS,), value) is None


@pytest.mark.parametrize(
    ("kind", "value", "why", "fix"),
    [
        (LENGTHS, "", "is empty", "write a length such as 20px, or leave the attribute out"),
        (LENGTHS, "1px 2px 3px 4px 5px", "is not one to 4 lengths", "write 1px 2px 3px 4px"),
        (LENGTHS, "10px 20", "has no unit after 20", "write 20px"),
        (LENGTHS, "10 px", "has a space between a number and its unit", "write 10px"),
        (LENGTHS, "-10px", "is less than nothing", "write 10px"),
        (LENGTHS, "1em", "is measured in em; it can be in px or % only", "write a length such as 20px"),
        (LENGTHS, "wide", "is not a length", "write a length such as 20px"),
        ("unit(px)", "10px 20px", "is not a single length", "write 10px"),
        ("unit(px)", "50%", "is measured in %; it can be in px only", "write a length such as 20px"),
        ("unit(px)", "10PX", "has its unit in capitals", "write 10px"),
        ("unit(px)", "1,5px", "has a comma in a number", "write 1.5px"),
        ("unit(px,auto)", "auto auto", "is not a single length", "write auto"),
        ("unit(px,auto)", "none", "is not a length", "write a length such as 20px or auto"),
        ("border", "1 solid", "is not a border: 1 is neither a width in px, nor a line, nor a colour", BORDER),
        ("border", "", "is not a border", BORDER),
        ("boolean", "yes", "is not true or false", "write true or false"),
        ("color", "004b87", "is not a colour", "write #004b87"),
        (
            "color",
            "#12345",
            "is not a colour",
            "write # and three or six digits or letters from a to f, such as #004b87",
        ),
        ("color", "gren", "is not a colour", "write green"),
        ("color", "", "is not a colour", "write a colour such as #004b87"),
        ("decoration", "underlined", "is not a decoration of text", "write underline"),
        ("enum(ltr,rtl)", "rlt", "is not ltr or rtl", "write rtl"),
        ("enum(left,center,right)", "middle", "is not left, center or right", "write left, center or right"),
        ("enum(inline)", "true", "is not inline", "write inline"),
        ("fonts", "Arial,", "has a comma too many", "write fonts with one comma between them"),
        ("fonts", "'Arial", "has a quotation mark without its partner", "close the quotation, or leave the marks out"),
        ("fonts", "Arial; color:red", "holds more than the names of fonts", "write fonts with commas between them"),
        ("integer", "1px", "is not a whole number", "write a whole number without a unit, such as 0"),
        (
            "link",
            "javascript:alert(1)",
            "is not a link that mail clients open (javascript:)",
            "write the whole address, beginning with https://",
        ),
        ("link", "https://example.org/a b", "has a space in an address", "write %20 for a space"),
        ("link", "", "is empty", "write the whole address, beginning with https://"),
        (
            "picture",
            "data:image/png;base64,AA",
            "is not the address of a file that mail clients open (data:)",
            "write the whole address, beginning with https://",
        ),
        ("position", "middle", "is not a position", "write sides or lengths, such as top center or 50% 0px"),
        ("size", "full", "is not a size", "write cover, contain, auto, or one or two lengths such as 100% 200px"),
        ("weight", "heavy", "is not a weight", "write normal, bold, or a number such as 600"),
    ],
)
def test_values_that_do_not_fit(kind: str, value: str, why: str, fix: str) -> None:
    """They are told with the reason and, where there is one, the value that was meant."""
    assert problem((kind,), value) == Problem(why, fix)


def test_a_value_may_be_of_several_kinds() -> None:
    """For all elements together, `width` is what it is for any of them."""
    assert problem(("unit(px)", "unit(px,%)"), "50%") is None
    assert problem(("unit(px)", "unit(px,%)"), "x") == Problem("is not a length", "write a length such as 20px")


def test_every_kind_of_the_table_is_known() -> None:
    """No attribute of any component is left unread because its kind is misspelt."""
    kinds = {
        kind
        for component in vocabulary.KNOWN
        for known in vocabulary.attributes(component).values()
        for kind in known
        if kind != "string"
    }
    assert {kind for kind in kinds if problem((kind,), "\x00 no such value ;") is None} == set()
