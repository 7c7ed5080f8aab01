"""What a template changes of another one that has no such part."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.config import Workspace
from newsletter.model.finding import Place, Severity
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


@pytest.mark.parametrize(
    ("asked", "column"),
    [
        ('{% include "parts/gaap.mjml.j2" %}', 13),
        ('{% include ["parts/gaap.mjml.j2", "parts/none.mjml.j2"] %}', 14),
        ('{% import "parts/gaap.mjml.j2" as gaps %}', 12),
        ('{% from "parts/gaap.mjml.j2" import gap %}', 10),
    ],
)
def test_a_template_that_is_not_there_is_told_before_an_issue_needs_it(
    workspace: Workspace, template: Write, asked: str, column: int
) -> None:
    """In a branch that this one does not take it would first be missed on the day of another."""
    template(NEWS, f"{EXTENDS}{{% block facts %}}{{% if false %}}\n{asked}{{% endif %}}{{% endblock %}}")
    (found,) = render(make.selection(), workspace, "en").findings
    assert (found.code, found.severity, found.place) == (
        "TPL004",
        Severity.WARNING,
        Place(f"templates/{NEWS}", 3, column),
    )
    assert found.message.startswith("there is no template parts/gaap.mjml.j2")
    assert found.message.endswith("did you mean parts/gap.mjml.j2?")


@pytest.mark.parametrize(
    "asked",
    [
        '{% include "parts/gaap.mjml.j2" ignore missing %}',
        '{% include ["parts/gaap.mjml.j2", "parts/gap.mjml.j2"] %}',
        "{% include entry.id %}",
    ],
)
def test_what_need_not_be_there_is_not_missed(workspace: Workspace, template: Write, asked: str) -> None:
    """Nor what cannot be told before."""
    template(NEWS, f"{EXTENDS}{{% block facts %}}{{% if false %}}{asked}{{% endif %}}{{% endblock %}}")
    assert render(make.selection(), workspace, "en").findings == ()
