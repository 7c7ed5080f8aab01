"""What the command line is told about files and commands, a page says of its own fields and buttons."""

from __future__ import annotations

import re

import pytest

from newsletter.checks import RULES
from newsletter.web.composer.instead import paged

FIXES = {
    "EDT004": "say at “Preheader” under Words what the subject could not say",
    "EDT015": "write it at “DOI” if it has one",
    "SEC001": "see why with the page Entries; then put one in, let it cover more days, or take out the section",
    "CNS003": "put it in, date it on the day it was written, or leave it out with a reason",
}


@pytest.mark.parametrize("code", FIXES)
def test_a_remedy_names_what_is_on_the_pages(code: str) -> None:
    """Whoever reads it there has no terminal, and need not know how a file is written."""
    (rule,) = (rule for rule in RULES if rule.code == code)
    assert paged(rule.fix) == FIXES[code]


def test_no_remedy_pins_drops_or_adds_a_line() -> None:
    """These are words of the command line and of files; buttons and fields have others."""
    told = {rule.code: paged(rule.fix) for rule in RULES}
    assert [code for code, fix in told.items() if re.search(r"\b(pin|drop|feature)\b|add a line `", fix)] == []


@pytest.mark.parametrize(
    ("fix", "there"),
    [
        ("write `summary: …` below its title in that language", "write at “Summary” in that language"),
        ("write `intro: …` below pt-BR; what stays is written as it is", "say it in pt-BR under Words; what stays is"),
        ("write `title: …` and `intro: …` below fr; what stays is written as it is", "say it in fr under Words; what"),
    ],
)
def test_what_a_translation_leaves_out_has_a_field(fix: str, there: str) -> None:
    """Nobody has to know that languages stand below one another in a file."""
    assert paged(fix).startswith(there)
