"""What the tests of the studio share."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.composer.studio import Studio


@pytest.fixture
def studio(tmp_path: Path) -> Studio:
    """A studio over a small newsletter."""
    return Studio(tmp_path / "our newsletter")
