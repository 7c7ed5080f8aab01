"""The rules find nothing wrong in what we ship: themes at their defaults, this repository's issues, a new workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.cli.app import run
from newsletter.config import Workspace
from newsletter.model.content import Content

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def ours() -> tuple[Workspace, Content]:
    """This repository's workspace, read."""
    space = config.load(ROOT, environment={})
    return space, pipeline.read(space)


@pytest.mark.parametrize("color", ["#004b87", "#7a0019", "#0b6e4f", "#f2b705", "#111111"])
@pytest.mark.parametrize("theme", ["monthly", "digest", "bulletin"])
def test_our_themes_have_no_faults_in_any_colour(ours: tuple[Workspace, Content], theme: str, color: str) -> None:
    """Whatever a brand's colour, light and dark are readable, and every mail client knows what is used."""
    space, read = ours
    brand = space.settings.brand.model_copy(update={"color": color})
    colored = replace(space, settings=space.settings.model_copy(update={"brand": brand}))
    chosen = pipeline.choose(colored, "2024-07", read)
    themed = replace(chosen, issue=chosen.issue.model_copy(update={"theme": theme}))
    found = [
        f"{finding.code} {finding.place} {finding.message}" for finding in pipeline.render(colored, themed).findings
    ]
    # Without pictures there is nothing to say of them in words.
    assert found == []


def test_our_theme_has_no_faults_in_arabic(ours: tuple[Workspace, Content]) -> None:
    """From right to left, with entries that nobody has translated marked as such."""
    space, read = ours
    chosen = pipeline.choose(space, "2024-07", read)
    both = replace(chosen, issue=chosen.issue.model_copy(update={"languages": ("en", "ar")}))
    found = {finding.code for finding in pipeline.render(space, both, ["ar"]).findings}
    # The event of September is not translated, which is the team's to decide and not the theme's fault.
    assert found <= {"EDT018"}


@pytest.mark.parametrize("issue", ["2024-07", "2024-08"])
def test_our_own_issues_have_no_faults(ours: tuple[Workspace, Content], issue: str) -> None:
    """What we show as an example is one."""
    space, read = ours
    assert pipeline.render(space, pipeline.choose(space, issue, read), read_content=read).findings == ()


def test_a_new_workspace_has_no_faults(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The first thing that a new user sees is not a list of our mistakes."""
    assert run(["init", str(tmp_path / "new")]) == 0
    capsys.readouterr()
    assert run(["-C", str(tmp_path / "new"), "lint", "--fail-on", "warning"]) == 0
    assert capsys.readouterr().err == "no findings\n"
