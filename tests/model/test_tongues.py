"""Languages by their tags, as readers understand them."""

from __future__ import annotations

import pytest

from newsletter.model.tongues import nearest


@pytest.mark.parametrize(
    ("language", "known", "found"),
    [
        ("de-AT", ("en", "de"), "de"),
        ("de", ("en", "de-AT"), "de-AT"),
        ("DE", ("en", "de"), "de"),
        ("zh", ("en", "de"), None),
        ("", ("en",), None),
    ],
)
def test_the_nearest_language_is_found(language: str, known: tuple[str, ...], found: str | None) -> None:
    """A language of another country is better than English."""
    assert nearest(language, known) == found
