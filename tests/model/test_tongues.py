"""Languages by their tags, as readers understand them."""

from __future__ import annotations

import pytest

from newsletter.model.tongues import named, nearest, serves


@pytest.mark.parametrize(
    ("language", "known", "found"),
    [
        ("de-AT", ("en", "de"), "de"),
        ("de", ("en", "de-AT"), "de-AT"),
        ("DE", ("en", "de"), "de"),
        ("zh", ("en", "de"), None),
        ("", ("en",), None),
        ("zh-CN", ("en", "zh"), "zh"),
        ("zh-Hans-HK", ("en", "zh"), "zh"),
        ("zh-SG", ("en", "zh-Hant", "zh"), "zh"),
        ("zh-TW", ("en", "zh"), None),
        ("zh", ("en", "zh-TW"), None),
        ("zh-TW", ("en", "zh", "zh-Hant"), "zh-Hant"),
        ("zh-HK", ("en", "zh", "zh-TW"), "zh-TW"),
    ],
)
def test_the_nearest_language_is_found(language: str, known: tuple[str, ...], found: str | None) -> None:
    """A language of another country is better than English; other characters, which nobody asked for, are not."""
    assert nearest(language, known) == found


@pytest.mark.parametrize(
    ("offered", "language", "expected"),
    [
        ("de", "de", True),
        ("de", "de-AT", True),
        ("de-AT", "de", False),
        ("de", "den", False),
        ("zh", "zh-CN", True),
        ("zh", "zh-TW", False),
        ("zh", "zh-Hant", False),
        ("zh-Hant", "zh-TW", True),
        ("zh-Hant", "zh-Hant-HK", True),
        ("zh-Hant", "zh", False),
        ("sr-Latn", "sr-Latn-RS", True),
    ],
)
def test_a_language_serves_its_countries(offered: str, language: str, expected: bool) -> None:
    """Chinese in traditional characters is written in several; in simplified ones it is another language."""
    assert serves(offered, language) is expected


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        (("fr",), "French (fr)"),
        (("fr", "de", "ar"), "French (fr), German (de) and Arabic (ar)"),
        (("en-GB",), "English (United Kingdom, en-GB)"),
        # Nobody knows it, and what people wrote is better than nothing.
        (("qqq", "de"), "qqq and German (de)"),
        (("a b",), "a b"),
    ],
)
def test_messages_name_languages_with_their_codes(tags: tuple[str, ...], told: str) -> None:
    """People know languages by their names, and write them into files by their codes."""
    assert named(*tags) == told
