"""What readers see of the settings, in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict

from newsletter.model.fields import Language, Line, Text, each_language_once
from newsletter.model.tongues import nearest


class ListTranslation(BaseModel):
    """What a list is called in another language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line | None = None
    description: Text | None = None


class Translation(BaseModel):
    """What the newsletter and its sender are called in another language."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    title: Line | None = None
    tagline: Line | None = None
    postal_address: Line | None = None


Words = TypeVar("Words")
Translations = Annotated[dict[Language, Words], BeforeValidator(each_language_once)]
"""Words by language; each language is there once, however its code is spelt."""


def spoken(translations: Mapping[str, Words], language: str) -> Words | None:
    """Return the words that readers of a language understand best, or nothing."""
    found = nearest(language, translations)
    return translations[found] if found else None


def said(words: BaseModel | None, *fields: str) -> dict[str, object]:
    """Return what is said in another language; what is not said there stays as it is."""
    return {field: value for field in fields if (value := getattr(words, field, None)) is not None}
