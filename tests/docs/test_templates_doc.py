"""docs/templates.md names every template and every name that templates may use, and none that does not exist."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.model.selection import Selection
from newsletter.rendering import render
from newsletter.rendering.context import compose
from newsletter.rendering.environment import templates
from newsletter.rendering.images import Pictures
from newsletter.rendering.localisation import Words
from newsletter.rendering.shipping import shipped
from newsletter.rendering.slots import Slots
from newsletter.rendering.tokens import Palette, Tokens
from newsletter.rendering.views import Dated, Deadline, EntryView, IssueView, SectionView, Shown
from tests import factories as make

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "templates.md").read_text(encoding="utf-8")
NAMES = set(re.findall(r"`(\w+)(?:\([^`]*\))?`", PAGE))
# Files that the page tells readers to write.
THEIRS = {"themes/special.mjml.j2", "themes/special.txt.j2", "labels/sv.toml", "labels/zh-hant.toml"}
# Of the languages that the page lists.
OF_A_LANGUAGE = {"labels/CODE.toml", "readers/CODE.toml"}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace without templates of its own."""
    return make.workspace(tmp_path)


def shipped_names() -> Iterator[str]:
    """Yield the names of the templates that come with the product."""
    return (path.relative_to(shipped()).as_posix() for path in shipped().rglob("*") if path.is_file())


def test_every_shipped_template_is_named_and_no_other() -> None:
    """A name in the page can be given to `templates show`."""
    named = set(re.findall(r"`((?:themes|parts|layouts|entries|labels|readers)/[\w./-]+)`", PAGE))
    codes = re.findall(r"`([a-z]{2})`\s[A-Z]", PAGE)
    spoken = {name.replace("CODE", code) for name in OF_A_LANGUAGE for code in codes}
    assert named > OF_A_LANGUAGE
    assert named - THEIRS - OF_A_LANGUAGE | spoken == set(shipped_names())


def test_every_picture_is_shown_and_none_is_missing() -> None:
    """What `make pictures` takes of themes and parts is there to be looked at."""
    shown = set(re.findall(r"\]\(images/([^)]+)\)", PAGE))
    taken = {
        path.relative_to(DOCS / "images").as_posix()
        for folder in ("themes", "partials")
        for path in (DOCS / "images" / folder).iterdir()
    }
    assert shown == taken


def test_every_name_that_templates_get_is_told(workspace: Workspace) -> None:
    """A designer need not read our code."""
    labels = templates(workspace).labels
    known = compose(make.selection(), workspace, Words("en", labels), Slots(), Pictures(workspace))
    assert set(known) - NAMES == set()


@pytest.mark.parametrize("view", [IssueView, SectionView, EntryView, Dated, Deadline, Shown, Tokens, Palette])
def test_every_field_of_a_view_is_told(view: type) -> None:
    """What is not told is not used."""
    told = NAMES | set(re.findall(r"`tokens\.(\w+)`", PAGE))
    assert {field.name for field in fields(view)} - told == set()


def test_every_element_is_told() -> None:
    """The macros of parts/elements.mjml.j2, except the one that the others use."""
    source = (shipped() / "parts" / "elements.mjml.j2").read_text(encoding="utf-8")
    macros = set(re.findall(r"{% macro (\w+)\(", source)) - {"tongue"}
    assert set(re.findall(r"`the\.(\w+)`", PAGE)) == macros


def test_the_example_does_what_it_says(workspace: Workspace) -> None:
    """The file of the page, saved as it says, names the countries of the news."""
    write_example(workspace)
    assert b"Georgia and Belgium</p>" in b"".join(render(in_georgia(), workspace, "en").html.chunks)


def test_the_mistake_of_the_page_gives_the_message_of_the_page(workspace: Workspace) -> None:
    """Code, message, place and fix."""
    write_example(workspace, mistake="countrys")
    with pytest.raises(RenderingError) as caught:
        render(in_georgia(), workspace, "en")
    (finding,) = caught.value.findings
    place = finding.place
    assert f"error[{finding.code}]: {finding.message}" in PAGE
    assert f"--> {place.file}:{place.line}:{place.column}\n" in PAGE
    assert f"= why: {finding.why}\n   = fix: {finding.fix}\n" in PAGE


def in_georgia() -> Selection:
    """Return an issue with one piece of news, about two countries."""
    return make.selection((make.section(), [make.news(id="2024-07-23-emlink-start-ups", countries=["GE", "BE"])]))


def write_example(workspace: Workspace, mistake: str = "countries") -> None:
    """Save the page's example where the page says, with a mistake in its condition if asked for."""
    found = re.search(r"^```jinja\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    assert found
    path = workspace.templates / "entries" / "news.mjml.j2"
    path.parent.mkdir(parents=True)
    path.write_text(found[1].replace("if entry.countries", f"if entry.{mistake}"), encoding="utf-8")
