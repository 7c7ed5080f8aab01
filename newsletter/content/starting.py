"""The words that a new newsletter and its first issue begin with, in every language that templates have words in."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files as resources
from zoneinfo import available_timezones

from newsletter.errors import ConfigurationError
from newsletter.model import meant
from newsletter.model.tongues import base, nearest

_ENGLISH = "en"
_TAG = re.compile(r"[A-Za-z]{2}(-[A-Za-z0-9]{2,8})*")


@cache
def languages() -> tuple[str, ...]:
    """Return the languages that there are words in."""
    folder = resources(__package__) / "starter_words"
    return tuple(sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml")))


@cache
def words(language: str) -> Mapping[str, str]:
    """Return the words, such as `headings.news`, that readers of a language understand; else those in English."""
    name = nearest(language, languages()) or _ENGLISH
    text = (resources(__package__) / "starter_words" / f"{name}.toml").read_text(encoding="utf-8")
    return {f"{table}.{key}": word for table, inside in tomllib.loads(text).items() for key, word in inside.items()}


def known(language: str) -> str:
    """Return the tag of a language as settings have it; raise ConfigurationError where there are no words in it."""
    tag = language.strip().replace("_", "-")
    if _TAG.fullmatch(tag) and base(tag) in languages():
        return base(tag) if tag.lower() == base(tag) else tag
    named = meant.language(language)
    raise ConfigurationError(
        f"there are no samples in the language '{language}'",
        why=f"there are some in {', '.join(languages())}",
        fix=f"write --language {named}"
        if named in languages()
        else "take one of these; then write your language into newsletter.toml, and your words into the samples",
    )


def spoken_here(environment: Mapping[str, str]) -> str:
    """Return the language that a computer is set to, where it is not English and there are words in it."""
    # The first that is set counts: https://pubs.opengroup.org/onlinepubs/9799919799/basedefs/V1_chap08.html
    values = (environment.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    tag = base(next(filter(None, values), "").partition(".")[0].replace("_", "-"))
    return tag if tag != _ENGLISH and tag in languages() else ""


def zone_here(environment: Mapping[str, str]) -> str:
    """Return the time zone that a computer is set to, or nothing where that cannot be told or is a server's UTC."""
    set_to = environment.get("TZ") or _set_to()
    name = set_to.removeprefix(":").rpartition("/zoneinfo/")[2]
    return name if "/" in name and not name.startswith("Etc/") and name in available_timezones() else ""


def _set_to() -> str:
    # It knows the registry of Windows as well, and its names of zones.
    from babel.localtime import get_localzone

    try:
        return str(get_localzone())
    except (LookupError, OSError, ValueError):
        return ""
