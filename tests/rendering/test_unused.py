"""A workspace's own templates that nothing uses."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from newsletter.config import Workspace
from newsletter.model.finding import Place
from newsletter.rendering import render
from tests import factories as make

Write = Callable[[str, str], None]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("footer.mjml.j2", "parts/footer.mjml.j2"),
        ("parts/foter.mjml.j2", "parts/footer.mjml.j2"),
        ("parts/footer.mjml", "parts/footer.mjml.j2"),
        ("themes/monthly.txt", "themes/monthly.txt.j2"),
        ("labels/de-AT.toml", "labels/de-at.toml"),
        ("labels/English.toml", "labels/en.toml"),
    ],
)
def test_a_template_that_takes_no_ones_place_is_told(
    workspace: Workspace, template: Write, name: str, meant: str
) -> None:
    """It was meant for a shipped one, and changes nothing."""
    template(name, "Ours")
    (found,) = render(make.selection(), workspace, "en").findings
    assert (found.code, found.place, found.message) == (
        "REN007",
        Place(f"templates/{name}"),
        f"the template {name} is used by nothing; did you mean {meant}?",
    )


def test_templates_of_a_teams_own_are_no_mistake(workspace: Workspace, template: Write) -> None:
    """A theme, an entry's type, what another one includes, and what is no template at all."""
    template("themes/special.mjml.j2", '{% include "mine/footer.mjml.j2" %}')
    for name in (
        "mine/footer.mjml.j2",
        "entries/story.mjml.j2",
        "parts/footer.mjml.j2.bak",
        "parts/headline.mjml.j2",
    ):
        template(name, "Ours")
    template("labels/sv.toml", 'contents = "Innehåll"')
    assert render(make.selection(), workspace, "en").findings == ()
