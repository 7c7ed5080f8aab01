"""Whatever a team's own type raises is told with the line of its code, and stops nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter import pipeline
from newsletter.errors import NewsletterError
from newsletter.model.finding import Finding, Place
from tests import factories

MODULE = """\
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar, Literal

from pydantic import computed_field, field_validator

from newsletter.model.entry import Entry


class Podcast(Entry):
    folder: ClassVar[str] = "podcasts"
    type: Literal["podcast"] = "podcast"
    minutes: int = 0

"""
FIRST_LINE = MODULE.count("\n") + 1
ISSUE = """\
title: Our newsletter
period: 2024-07
subject: A new episode
sections: [{heading: To listen to, take: podcast}]
"""
ENTRY = "---\ntitle: Voices from the border\ndate: 2024-07-10\nsummary: An episode.\nminutes: 24\n---\n"
PAGE = '{% extends "entries/entry.mjml.j2" %}{% block facts %}{{ entry.fields.SHOWN }}{% endblock %}'


def told(root: Path, code: str, shown: str = "minutes") -> tuple[Finding, ...]:
    """Return what is found where a type's class goes on with `code` and its template shows one of its fields."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    for name, text in {
        "team.py": MODULE + body,
        "issues/2024-07/issue.yaml": ISSUE,
        "issues/entries/podcasts/voices.md": ENTRY,
        "templates/entries/podcast.mjml.j2": PAGE.replace("SHOWN", shown),
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    workspace = factories.workspace(root, types={"podcast": "team:Podcast"})
    with pytest.raises(NewsletterError) as refused:
        pipeline.build(workspace, "2024-07")
    return refused.value.findings


@pytest.mark.parametrize(
    ("code", "line", "said"),
    [
        (
            '@field_validator("minutes")\n@classmethod\ndef _known(cls, value: int) -> int:\n    return {}[value]',
            4,
            "KeyError: 24",
        ),
        (
            '@field_validator("minutes")\n@classmethod\ndef _known(cls, value: int) -> int:\n    raise SystemExit(1)',
            4,
            "SystemExit: 1",
        ),
        ("def model_post_init(self, _: Any) -> None:\n    self.nothing()", 2, "has no attribute 'nothing'"),
        ("@property\ndef closes(self) -> None:\n    return 1 / 0", 3, "ZeroDivisionError: division by zero"),
        (
            "@property\ndef closes(self) -> datetime:\n    return datetime(2024, 7, 1)",
            1,
            "TypeError: `closes` gives a datetime, and not a Moment",
        ),
        (
            "@property\ndef starts(self) -> datetime:\n    return datetime(2024, 7, 1)",
            1,
            "TypeError: `starts` gives a datetime, and not a Moment",
        ),
    ],
)
def test_what_a_class_raises_is_told_with_its_line(tmp_path: Path, code: str, line: int, said: str) -> None:
    """In a validator as in a property that selection asks for."""
    (found,) = told(tmp_path, code)
    assert found.place == Place("team.py", FIRST_LINE + line - 1)
    assert found.message.startswith("the code of the entry type 'podcast' raises ")
    assert said in found.message
    assert "voices" in found.why


@pytest.mark.parametrize(
    "marked", ["@property", "@cached_property", "@computed_field\n@property"], ids=["property", "cached", "computed"]
)
def test_a_property_that_a_template_shows_is_told_with_its_own_line(tmp_path: Path, marked: str) -> None:
    """The template that asks for it is not at fault."""
    (found,) = told(tmp_path, f"{marked}\ndef pace(self) -> float:\n    return 60 / (self.minutes - 24)", "pace")
    line = FIRST_LINE + marked.count("\n") + 2
    assert (found.code, found.place) == ("ENT015", Place("team.py", line))


def test_a_method_that_a_template_calls_is_told_with_its_own_line(tmp_path: Path) -> None:
    """As a property is."""
    (found,) = told(tmp_path, "def pace(self) -> float:\n    return 60 / (self.minutes - 24)", "pace()")
    assert (found.code, found.place) == ("ENT015", Place("team.py", FIRST_LINE + 1))
