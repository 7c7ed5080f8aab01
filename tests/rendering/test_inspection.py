"""What is inspected again, and what is not."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jinja2 import DictLoader, Environment

from newsletter.model.finding import Place
from newsletter.rendering import assembly, inspection, render, validation
from newsletter.rendering.inspection import inspect
from tests import factories as make

PAGE = (
    '<mjml lang="en" dir="ltr"><mj-head><mj-title>T</mj-title></mj-head><mj-body><mj-section><mj-column>'
    '<mj-image src="https://www.example.org/a.png" alt="{{ alt }}" /><mj-text>{{ text }}</mj-text>{{ more|safe }}'
    "</mj-column></mj-section></mj-body></mjml>"
)


def faults(text: str = "Hello", alt: str = "A picture", more: str = "") -> list[str]:
    """Return the codes of what is wrong with the page, which was found sound before with other words."""
    environment = Environment(loader=DictLoader({"page": PAGE}), autoescape=True)
    for words in ({"text": "One", "alt": "Two", "more": ""}, {"text": text, "alt": alt, "more": more}):
        mjml = environment.get_template("page").render(words)
        found = [finding.code for finding in inspect(mjml, environment, "page", words)]
    return found


@pytest.mark.parametrize(
    "words", ["Other words", "", "a < b & c > d; \"e\" 'f'", "<mj-text>", "{{ x }}", "– 👩‍👩‍👧 \u00a0"]
)
def test_other_words_in_a_sound_page_are_sound(words: str) -> None:
    """Whatever entries say, in text and in attributes, is escaped and changes no structure."""
    assert faults(text=words, alt=words) == []


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("<mj-colum></mj-colum>", "MJM001"),
        ("stray words", "MJM012"),
        ("<mj-text>a < b</mj-text>", "MJM010"),
        ("<mj-text>never closed", "MJM008"),
        ("<mj-text>One\x00</mj-text>", "MJM011"),
        ('<mj-image src="images/a.png" alt="A picture" />', "MJM004"),
        ('<mj-image src="https://www.example.org/a b.png" alt="A picture" />', "MJM004"),
        ('<mj-button href="/events">All events</mj-button>', "MJM004"),
        ('<mj-button href="javascript:alert(1)">All events</mj-button>', "MJM004"),
    ],
)
def test_a_fault_is_found_in_a_page_that_was_sound_without_it(more: str, code: str) -> None:
    """What was found sound before hides no fault."""
    assert faults(more='<mj-text>One</mj-text><mj-button href="https://example.org">All</mj-button>') == []
    assert faults(more=more) == [code]


def test_a_template_that_makes_nothing_is_named() -> None:
    """No line of it does, so that its file is all that can be said."""
    environment = Environment(loader=DictLoader({"page": ""}))
    (finding,) = inspect("", environment, "page", {}, "templates/{}".format)
    assert (finding.message, finding.place) == ("the document is empty", Place("templates/page"))


def test_the_shipped_templates_are_inspected_once_whatever_entries_say(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Live views stay quick: after the first rendering, other words cost no inspection."""
    workspace = make.workspace(tmp_path)
    inspected: list[str] = []

    def counted(mjml: str) -> tuple[Any, ...]:
        inspected.append(mjml)
        return validation.validate(mjml)

    monkeypatch.setattr(inspection, "validate", counted)
    inspection.has_sound_shape.cache_clear()
    assembly._part.cache_clear()
    assembly._frame.cache_clear()
    counts = []
    for title in ("One", "Two & three – “four”", "Fünf"):
        render(make.selection((make.section(), [make.news(title=title)])), workspace, "en")
        counts.append(len(inspected))
    assert counts[0] > 0
    assert counts == [counts[0]] * 3
