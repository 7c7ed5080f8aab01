"""What is wrong with the MJML that templates made, at the lines of the templates that made it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import Environment

from newsletter.model.finding import Finding
from newsletter.rendering.provenance import trace
from newsletter.rendering.validation import findings, validate


def inspect(
    mjml: str, environment: Environment, name: str, context: Mapping[str, Any], file: Callable[[str], str] = str
) -> tuple[Finding, ...]:
    """Return the faults of `mjml`, which `environment` made of template `name` and `context`.

    Only where there are any are the templates rendered a second time, to learn the places; `file` tells the file of a
    template by its name. A document that differs from a sound one only in its words is sound as well.
    """
    if is_sound(mjml) or not validate(mjml):
        return ()
    return findings(mjml, trace(environment, name, context, mjml, file))


def is_sound(mjml: str) -> bool:
    """Return whether a document, or one that differs from it only in its words, was found without faults."""
    return _is_sound(_shape(mjml))


# What entries bring: words between tags, and addresses and words in attributes, all of them escaped.
_BETWEEN = re.compile(r">([^<>]*[^<>\s][^<>]*)")
_VALUES = re.compile(r'(\b(?:href|src|alt|aria-label)=")[^"]*(?=")')
_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")


def _shape(mjml: str) -> str:
    """Return a document without the words in it, by which two of them are equally sound."""
    return _VALUES.sub(r"\1https://x", _BETWEEN.sub(_wordless, mjml))


def _wordless(match: re.Match[str]) -> str:
    words = match[1]
    # An ampersand that is no reference is a fault, so it stays.
    return match[0] if "&" in words and "&" in _REFERENCE.sub("", words) else ">x"


@lru_cache(maxsize=64)
def _is_sound(shape: str) -> bool:
    return not validate(shape)
