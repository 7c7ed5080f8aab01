"""What the tests of the studio share."""

from __future__ import annotations

from pathlib import Path

import pytest

from newsletter.web.composer import errands
from tests.databases import find_ready
from tests.web.composer.studio import PEOPLE, SETTINGS, Studio, subscribed


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    """However busy the machine, a page waits for what it has begun; tests of how that goes on have none."""
    monkeypatch.setattr(errands, "PATIENCE", 60.0)


@pytest.fixture(autouse=True)
def tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables are there at once."""
    find_ready(monkeypatch)


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A studio over a small newsletter."""
    return Studio(tmp_path / "our newsletter")


@pytest.fixture(params=["sqlite", "postgresql"])
def lists(request: pytest.FixtureRequest, studio: Studio) -> Studio:
    """A studio over a newsletter with two lists, on each database."""
    settings = SETTINGS + '\n[lists.events]\ntitle = "Events"\n'
    if request.param == "postgresql":
        settings = f'database = "{request.getfixturevalue("postgresql_address")}"\n{settings}'
    studio.write("newsletter.toml", settings)
    return studio


@pytest.fixture
def ready(studio: Studio) -> Studio:
    """A studio whose issue four people would get, as files."""
    subscribed(studio, *PEOPLE)
    return studio


@pytest.fixture(params=["sqlite", "postgresql"])
def anywhere(request: pytest.FixtureRequest, studio: Studio) -> Studio:
    """The same on either database."""
    if request.param == "postgresql":
        address = request.getfixturevalue("postgresql_address")
        studio.write("newsletter.toml", f'database = "{address}"\n{SETTINGS}')
    subscribed(studio, *PEOPLE)
    return studio
