"""What the tests of rendering share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from newsletter.config import Workspace
from newsletter.model.edition import Edition
from newsletter.model.selection import Selection
from newsletter.rendering import render
from tests import factories as make
from tests.rendering.page import Element, parse

READER = {
    "first_name": "Ana",
    "unsubscribe_url": "https://news.example.org/u/1",
    "view_url": "https://news.example.org/v/1",
}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Return a workspace without templates and pictures of its own."""
    return make.workspace(tmp_path, public_url="https://news.example.org")


@pytest.fixture
def edition(workspace: Workspace) -> Callable[..., Edition]:
    """Return a function that renders a selection in English."""

    def rendered(selection: Selection, language: str = "en") -> Edition:
        return render(selection, workspace, language)

    return rendered


@pytest.fixture
def page(edition: Callable[..., Edition]) -> Callable[..., Element]:
    """Return a function that renders a selection in English and parses what a reader gets."""

    def parsed(selection: Selection, language: str = "en") -> Element:
        return parse(edition(selection, language).html.fill(READER).decode())

    return parsed


@pytest.fixture
def template(workspace: Workspace) -> Callable[[str, str], None]:
    """Return a function that writes one of the workspace's own templates."""

    def write(name: str, source: str) -> None:
        path = workspace.templates / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(source, encoding="utf-8")

    return write
