"""Languages by their tags (BCP 47), as readers understand them: who reads en-GB reads en.

Chinese in traditional characters is a language of its own here: CLDR, too, takes none of its words from `zh`, which is
in simplified ones, and readers in Taiwan and Hong Kong would rather have English than another script unasked.
"""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from newsletter.model.wording import listed

TRADITIONAL = ("zh-Hant", "zh-TW", "zh-HK", "zh-MO")
"""How the tags of Chinese in traditional characters begin."""

_TRADITIONAL = tuple(tag.lower() for tag in TRADITIONAL)


def base(tag: str) -> str:
    """Return the language before a tag's first dash, or `zh-hant`."""
    small = tag.lower()
    return _TRADITIONAL[0] if small.startswith(_TRADITIONAL) else small.partition("-")[0]


def spelt(tag: str) -> str:
    """Return a tag as BCP 47 recommends to spell it: `en` for `EN` and `eng`, `pt-BR` for `pt_br`."""
    from babel.core import get_global

    first, *more = tag.replace("_", "-").lower().split("-")
    # A code of three letters where there is one of two; the others are languages that have a new name.
    short = get_global("language_aliases").get(first, first) if len(first) == 3 else first
    parts = (part.title() if len(part) == 4 else part.upper() if len(part) == 2 else part for part in more)
    return "-".join((short.replace("_", "-"), *parts))


def same(one: str, other: str) -> bool:
    """Return whether two tags are of one language, whichever country's it is."""
    return base(one) == base(other)


def serves(offered: str, language: str) -> bool:
    """Return whether what is in one language is for readers of another: `de` for `de-AT`, and not the other way."""
    of_a_country = language.lower().startswith(f"{offered.lower()}-") and same(offered, language)
    return base(language) == offered.lower() or of_a_country


def nearest(language: str, known: Collection[str]) -> str | None:
    """Return the one of `known` that readers of a language understand: `de` for `de-AT`, and `de-AT` for `de`."""
    by_tag = {tag.lower(): tag for tag in known}
    return (
        by_tag.get(language.lower())
        or by_tag.get(base(language))
        or next((tag for tag in known if same(tag, language)), None)
    )


@cache
def name_of(tag: str) -> str:
    """Return what a language is called in English; the tag itself for one that nobody knows."""
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (UnknownLocaleError, ValueError):
        return tag


def named(*tags: str) -> str:
    """Return languages as messages name them: with the code, as people write it into files."""
    return listed([_with_code(tag) for tag in tags])


def _with_code(tag: str) -> str:
    name = name_of(tag)
    if name == tag:
        return tag
    return f"{name.removesuffix(')')}, {tag})" if name.endswith(")") else f"{name} ({tag})"
