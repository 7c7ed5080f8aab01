"""What the command line is told about files and commands, a page says of its own fields and buttons."""

from __future__ import annotations

from dataclasses import fields

import pytest

from newsletter.checks import RULES
from newsletter.model.finding import Finding, Severity
from newsletter.model.wording import Wording
from newsletter.web.composer.instead import beside, paged
from tests.web.composer.remedies import is_of_files


def test_no_remedy_speaks_of_files_where_pages_have_fields() -> None:
    """Whoever reads it there has no terminal, and need not know how a file is written."""
    assert {rule.code: rule.fix for rule in RULES if is_of_files(rule.code, rule.fix)} == {}


def test_a_page_says_it_in_its_own_words() -> None:
    """The same phrase is told to a terminal as it stands."""
    fix = Wording("add a line `doi: 10.…` if it has one", "write it if it has one")
    assert (str(fix), paged(fix)) == ("add a line `doi: 10.…` if it has one", "write it if it has one")


@pytest.mark.parametrize(
    ("fix", "told"),
    [
        (Wording("add a line `title: …`"), "It is missing."),
        ("make it shorter", "It is missing. Make it shorter."),
        (
            Wording("write `date: 2024-07-01`", "write 2024-07-01 at “Date”"),
            "It is missing. Write 2024-07-01 at “Date”.",
        ),
    ],
)
def test_beside_its_field_a_name_is_not_repeated(fix: str, told: str) -> None:
    """The field stands there; that a line with its name is to be added helps nobody."""
    assert beside(Finding("ENT005", Severity.ERROR, "`title` is missing", fix=fix)) == told


def test_a_list_of_findings_says_all_of_it() -> None:
    """There the field does not stand beside, so its name is worth saying."""
    assert paged(Wording("add a line `title: …`")) == "add a line `title: …`"


@pytest.mark.parametrize(
    ("text", "there"),
    [
        ("see why with `newsletter select 2024-07`; then go on", "see why with the page Entries; then go on"),
        ("approve it again: newsletter approve 2024-07, or stop", "approve it again under Review, or stop"),
        (
            "they may be written to after: newsletter subscribers unsuppress ada@example.org",
            "they may be written to after: “Write to them again”, below",
        ),
    ],
)
def test_a_command_is_the_page_that_does_the_same(text: str, there: str) -> None:
    """Commands have one name and pages another."""
    assert paged(text) == there


def test_findings_keep_both() -> None:
    """A finding goes through many hands, and none of them makes a plain text of its remedy."""
    fix = Wording("there", "here")
    finding = Finding("EDT004", Severity.WARNING, "it is so", fix=fix)
    assert {field.name: getattr(finding, field.name) for field in fields(finding)}["fix"] is fix
