"""Templates are compiled once for all the times that they are read anew."""

from __future__ import annotations

from collections.abc import Callable
from types import CodeType

from newsletter.config import Workspace
from newsletter.rendering import render
from newsletter.rendering.environment import templates
from tests import factories as make
from tests.rendering.conftest import READER
from tests.rendering.page import parse

Write = Callable[[str, str], None]
INTRO = "parts/intro.mjml.j2"


def compiled(workspace: Workspace) -> dict[str, CodeType]:
    """Return what each template of a workspace is compiled to."""
    known = templates(workspace)
    return {
        name: environment.get_template(name).root_render_func.__code__
        for suffix, environment in ((".mjml.j2", known.html), (".txt.j2", known.text))
        for name in sorted(known.names)
        if name.endswith(suffix)
    }


def test_a_save_compiles_one_template_alone(workspace: Workspace, template: Write) -> None:
    """A designer sees what it does without waiting for all the others."""
    template(INTRO, "<mj-section />")
    before = compiled(workspace)
    template(INTRO, "<mj-section css-class='ours' />")
    after = compiled(workspace)
    assert [name for name in before if after[name] is not before[name]] == [INTRO]


def test_what_was_taken_back_is_as_before(workspace: Workspace, template: Write) -> None:
    """What a file was compiled to goes by what it says, not by its name or time."""
    for said in ("One", "Another", "One"):
        template(INTRO, f"<mj-section><mj-column><mj-text>{said}</mj-text></mj-column></mj-section>")
        assert f">{said}<" in render(make.selection(), workspace, "en").html.fill(READER).decode()


def test_a_templates_own_markdown_has_the_brands_colour(workspace: Workspace, template: Write) -> None:
    """It is worked out while the template is compiled, which another brand has compiled before."""
    text = '{{ "[Read](https://www.example.org/ours)" | markdown }}'
    template(INTRO, f"<mj-section><mj-column><mj-text>{text}</mj-text></mj-column></mj-section>")
    colors = ["#004b87", "#7a1f3d"]
    spaces = [make.workspace(workspace.root, brand={"color": color}) for color in colors]
    letters = [parse(render(make.selection(), space, "en").html.fill(READER).decode()) for space in spaces]
    links = [link for page in letters for link in page.find("a") if link.text == "Read"]
    assert [link.attributes["style"] for link in links] == [
        f"color:{color};text-decoration:underline" for color in colors
    ]
