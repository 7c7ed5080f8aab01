"""What cells and forms say of an attribute."""

from __future__ import annotations

import pytest

from newsletter.model.attribute import Attribute


@pytest.mark.parametrize(
    ("no", "yes"),
    [
        ("no", "Yes"),
        ("Nee", "ja"),
        ("não", "Sim"),
        ("нет", "ДА"),
        ("ні", "так"),
        ("Hayır", "evet"),
        ("όχι", "ΝΑΙ"),
        ("لا", "نعم"),
        ("いいえ", "はい"),
        ("否", "是"),
        ("לא", "כן"),
        ("خیر", "بله"),
        ("नहीं", "हाँ"),
        ("ไม่", "ใช่"),
        ("۰", "۱"),
    ],
)
def test_yes_and_no_are_known_in_the_languages_of_lists(no: str, yes: str) -> None:
    """A row is not refused for the language of whoever kept it."""
    known = Attribute(type="boolean")
    assert (known.read(no), known.read(yes)) == (False, True)


def test_a_text_keeps_the_sign_that_parts_persian_letters() -> None:
    """Without it two words would grow together; what turns or hides a text goes."""
    assert Attribute(type="text").read("سازمان\u200cهای مردم\u200cنهاد\u202e") == "سازمان\u200cهای مردم\u200cنهاد"
