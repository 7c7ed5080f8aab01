"""What a template changes of another one that has no such part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.config import Workspace
from newsletter.model.finding import Place
from newsletter.rendering import render
from tests import factories as make

Write = Callable[[str, str], None]
NEWS = "entries/news.mjml.j2"
EXTENDS = '{% extends "entries/entry.mjml.j2" %}\n'


@pytest.mark.parametrize(
    ("written", "line", "column", "message", "fix"),
    [
        (
            "{% block fact %}{{ super() }}{% endblock %}",
            2,
            10,
            "the block `fact` is shown nowhere: entries/entry.mjml.j2 has none of that name; did you mean `facts`?",
            "write {% block facts %}",
        ),
        (
            "{% block after_all %}{% endblock %}",
            2,
            10,
            "the block `after_all` is shown nowhere: entries/entry.mjml.j2 has none of that name",
            "use one of facts, more, text, title",
        ),
        (
            "{# Ours #}\n\n<p>{{ entry.title }}</p>\n{% block facts %}{% endblock %}",
            4,
            0,
            "what stands outside of a block is shown nowhere, because the template extends entries/entry.mjml.j2",
            "put it into a block",
        ),
        (
            "{# {% block fact %} is ours #}\n{% block fact %}{% endblock %}",
            3,
            10,
            "the block `fact` is shown nowhere: entries/entry.mjml.j2 has none of that name; did you mean `facts`?",
            "write {% block facts %}",
        ),
    ],
)
def test_what_fills_no_place_is_told(
    workspace: Workspace, template: Write, written: str, line: int, column: int, message: str, fix: str
) -> None:
    """Jinja2 passes over it, and readers would never see what was meant for them."""
    template(NEWS, EXTENDS + written)
    (found,) = render(make.selection(), workspace, "en").findings
    assert (found.code, found.place, found.message, found.fix) == (
        "REN007",
        Place(f"templates/{NEWS}", line, column),
        message,
        fix,
    )


def test_what_a_template_may_add_is_no_mistake(workspace: Workspace, template: Write) -> None:
    """Blocks within blocks, names and macros of its own, and the blocks of a template of the team's in between."""
    template("entries/ours.mjml.j2", f"{EXTENDS}{{% block facts %}}{{% block below %}}{{% endblock %}}{{% endblock %}}")
    ours = '{% extends "entries/ours.mjml.j2" %}\n{% set much = 1 %}\n{% macro own() %}x{% endmacro %}\n'
    template(NEWS, ours + "{% block below %}{% endblock %}\n{% block title %}{{ super() }}{% endblock %}\n")
    assert render(make.selection(), workspace, "en").findings == ()


@pytest.mark.parametrize(
    "written",
    [
        f"<!-- shown -->\n{EXTENDS}{{% block facts %}}{{% endblock %}}",
        EXTENDS + "{% block facts %}{{ self.own() }}{% endblock %}\n{% block own %}<!-- shown -->{% endblock %}",
    ],
)
def test_what_is_shown_is_not_told_as_shown_nowhere(workspace: Workspace, template: Write, written: str) -> None:
    """What stands before `extends`, and a block that the template asks for by `self`."""
    template(NEWS, written)
    edition = render(make.selection(), workspace, "en")
    assert ("<!-- shown -->" in edition.mjml, edition.findings) == (True, ())
