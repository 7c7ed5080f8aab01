"""What the tests of sources share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.content.sources.website import Website, website


@pytest.fixture
def site() -> Iterator[Website]:
    """A web site on this machine."""
    with website() as made:
        yield made
