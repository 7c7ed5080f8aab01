"""The templates that come with the product are free of findings."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from newsletter import config, pipeline
from newsletter.rendering import render
from newsletter.rendering.shipping import shipped
from newsletter.rendering.validation import validate

ROOT = Path(__file__).resolve().parents[3]
THEMES = sorted(path.name.removesuffix(".mjml.j2") for path in (shipped() / "themes").glob("*.mjml.j2"))


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("issue", ["2024-07", "2024-08"])
def test_the_sample_issues_in_every_theme(issue: str, language: str, theme: str) -> None:
    """Neither error nor warning, whichever way they are read."""
    workspace = config.load(ROOT, {})
    selection = pipeline.choose(workspace, issue, pipeline.read(workspace))
    themed = replace(selection, issue=selection.issue.model_copy(update={"theme": theme}))
    mjml = render(themed, workspace, language).mjml
    # Slots are shown as their markers there.
    filled = re.sub(r"\{\w+_url\}", "https://example.org", mjml)
    assert [f"{fault.code} {fault.message}" for fault in validate(filled)] == []
