"""What fields make of the texts in files."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from newsletter.model.fields import Countries, Country
from newsletter.model.meant import Unfit
from tests import factories as make


@pytest.mark.parametrize("text", ["Wells\tfor towns", "Wells \n  for towns", "Wells\r\nfor towns", "Wells\rfor towns"])
def test_what_stands_on_one_line_has_neither_breaks_nor_tabs(text: str) -> None:
    """A subject pasted from a spreadsheet would be a header that nobody can send."""
    assert make.issue(subject=text).subject == "Wells for towns"
    assert make.news(title=text).title == "Wells for towns"


def refusal(kind: Any, value: object) -> tuple[str, str]:
    """Return what is said of a value that a kind of field refuses, and what shall be written instead."""
    with pytest.raises(ValidationError) as refused:
        TypeAdapter(kind).validate_python(value)
    (error,) = refused.value.errors()
    unfit = error["ctx"]["error"]
    assert isinstance(unfit, Unfit)
    return str(unfit), unfit.fix


def test_several_countries_are_sent_into_brackets_only_where_a_list_may_stand() -> None:
    """A team's own type may have a field of one country, which refuses the list just the same."""
    one = ("'Austria; HU' is several countries; one belongs here", "write one alone, such as AT")
    assert refusal(Country, "Austria; HU") == one
    several = ("'Austria; HU' is several countries in one; a list stands in brackets", "write [AT, HU]")
    assert refusal(Countries, "Austria; HU") == several
