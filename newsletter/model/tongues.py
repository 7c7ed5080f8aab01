"""Languages by their tags (BCP 47), as readers understand them: who reads en-GB reads en."""

from __future__ import annotations

from collections.abc import Collection


def base(tag: str) -> str:
    """Return the language before a tag's first dash."""
    return tag.partition("-")[0].lower()


def same(one: str, other: str) -> bool:
    """Return whether two tags are of one language, whichever country's it is."""
    return base(one) == base(other)


def nearest(language: str, known: Collection[str]) -> str | None:
    """Return the one of `known` that readers of a language understand: `de` for `de-AT`, and `de-AT` for `de`."""
    by_tag = {tag.lower(): tag for tag in known}
    return (
        by_tag.get(language.lower())
        or by_tag.get(base(language))
        or next((tag for tag in known if same(tag, language)), None)
    )
