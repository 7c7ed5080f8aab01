"""How far templates reach: the values that they are given, and nothing that these values could do besides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.config import Workspace
from newsletter.errors import RenderingError
from newsletter.rendering import render
from newsletter.rendering.failures.rules import FORBIDDEN
from tests import factories as make
from tests.rendering.conftest import READER

Write = Callable[[str, str], None]


@pytest.mark.parametrize(
    "expression",
    [
        "settings.parse_raw(pickled, proto='pickle', allow_pickle=True)",
        "settings.brand.parse_raw(pickled, proto='pickle', allow_pickle=True)",
        "sections[0].entries[0].fields.parse_raw(pickled, proto='pickle', allow_pickle=True)",
        "(settings|attr('parse_raw'))(pickled, proto='pickle', allow_pickle=True)",
        "(settings['parse_raw'])(pickled, proto='pickle', allow_pickle=True)",
        "'{0.parse_raw}'.format(settings)",
        "settings.parse_file('/etc/passwd')",
        "settings.model_copy()",
    ],
)
def test_of_settings_and_entries_templates_get_values_alone(
    workspace: Workspace, template: Write, expression: str
) -> None:
    """What Pydantic gives its models besides reads files, and runs what it unpickles."""
    folder = workspace.root / "ran"
    template(
        "parts/intro.mjml.j2", f"{{% set pickled = \"cposix\\nmkdir\\n(S'{folder}'\\ntR.\" %}}{{{{ {expression} }}}}"
    )
    with pytest.raises(RenderingError) as caught:
        render(make.selection(), workspace, "en")
    (finding,) = caught.value.findings
    assert (finding.code, folder.exists()) == (FORBIDDEN.code, False)


@pytest.mark.parametrize("expression", ["(1).to_bytes(9, 'big')", "'x'.encode().zfill(9)", "'x'.encode().replace"])
def test_templates_do_nothing_with_bytes(workspace: Workspace, template: Write, expression: str) -> None:
    """No email has any, and what makes too much of them would have to be bounded once more."""
    template("parts/intro.mjml.j2", f"{{{{ {expression} }}}}")
    with pytest.raises(RenderingError) as caught:
        render(make.selection(), workspace, "en")
    assert [finding.code for finding in caught.value.findings] == [FORBIDDEN.code]


def test_templates_see_no_password(tmp_path: Path, template: Write) -> None:
    """The address of the database may hold one, and may come from the environment."""
    workspace = make.workspace(tmp_path, database="postgresql://news:hunter2@db.example.org/news")
    source = "{{ settings.database }} {{ settings }} {{ settings|list }} {{ '%s' % settings }} {{ settings.title }}"
    template("parts/intro.mjml.j2", f"<mj-section><mj-column><mj-text>{source}.</mj-text></mj-column></mj-section>")
    edition = render(make.selection(), workspace, "en").html.fill(READER).decode()
    assert (f"{workspace.settings.title}." in edition, "hunter2" in edition) == (True, False)


@pytest.mark.parametrize("name", ["parts/intro.mjml.j2", "labels/en.toml"])
def test_a_template_that_links_out_of_the_workspace_is_refused(workspace: Workspace, tmp_path: Path, name: str) -> None:
    """As with entries and pictures: a change from a stranger would show what lies on the machine that renders it."""
    outside = tmp_path.parent / f"{tmp_path.name}.txt"
    outside.write_text('[x]\npassword = "hunter2"\n', encoding="utf-8")
    link = workspace.templates / name
    link.parent.mkdir(parents=True)
    link.symlink_to(outside)
    with pytest.raises(RenderingError) as caught:
        render(make.selection(), workspace, "en")
    (finding,) = caught.value.findings
    assert (finding.message, finding.place.file) == ("this is a link out of the workspace", f"templates/{name}")


def test_a_template_may_link_to_another_file_of_the_workspace(workspace: Workspace, template: Write) -> None:
    """Teams share parts among themes."""
    template("ours.j2", "<mj-section><mj-column><mj-text>Shared words</mj-text></mj-column></mj-section>")
    (workspace.templates / "parts").mkdir()
    (workspace.templates / "parts/intro.mjml.j2").symlink_to(workspace.templates / "ours.j2")
    assert "Shared words" in render(make.selection(), workspace, "en").html.fill(READER).decode()


def test_labels_are_read_to_a_depth_that_the_stack_holds(workspace: Workspace, template: Write) -> None:
    """Brackets within brackets without end are a mistake like any other."""
    template("labels/en.toml", f"x = {'[' * 50_000}")
    with pytest.raises(RenderingError) as caught:
        render(make.selection(), workspace, "en")
    (finding,) = caught.value.findings
    assert finding.message == "this is not valid TOML: brackets stand within brackets without end"
