"""What is wrong with the MJML that templates made, at the lines of the templates that made it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from jinja2 import Environment

from newsletter.model.finding import Finding, Place
from newsletter.rendering.provenance import trace
from newsletter.rendering.validation import findings, validate
from newsletter.rendering.validation.text import CONTROL


def inspect(
    mjml: str, environment: Environment, name: str, context: Mapping[str, Any], file: Callable[[str], str] = str
) -> tuple[Finding, ...]:
    """Return the faults of `mjml`, which `environment` made of template `name` and `context`.

    Only where there are any are the templates rendered a second time, to learn the places; `file` tells the file of a
    template by its name. A document that differs from a sound one only in its words is sound as well.
    """
    if (has_sound_shape(shape_of(mjml)) and not CONTROL.search(mjml)) or not validate(mjml):
        return ()
    found = findings(mjml, trace(environment, name, context, mjml, file))
    # Of a template that makes nothing no line does it.
    return tuple(one if one.place.file else replace(one, place=Place(file(name))) for one in found)


# What entries bring: words between tags, and addresses and words in attributes, all of them escaped.
_TAG = re.compile(r"""(<[a-zA-Z/][^<>"']*(?:"[^"<]*"[^<>"']*|'[^'<]*'[^<>"']*)*>)""")
# An address that no mail client opens is a fault, so it stays.
_VALUES = re.compile(
    r'(\s(?:alt|aria-label)=")[^"]*(?=")|(\shref=")(?:https?://|mailto:)[^"\s]+(?=")|(\ssrc=")(?:https?://|cid:)[^"\s]+(?=")'
)
_REFERENCE = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]\w*);")


def shape_of(mjml: str) -> str:
    """Return a document without the words in it, by which two of them are equally sound."""
    parts = _TAG.split(mjml)
    parts[::2] = map(_wordless, parts[::2])
    parts[1::2] = map(_valueless, parts[1::2])
    return "".join(parts)


def _wordless(words: str) -> str:
    if not words or words.isspace() or "<" in words:
        return words
    # An ampersand that is no reference is a fault, so it stays.
    return words if "&" in words and "&" in _REFERENCE.sub("", words) else "x"


@lru_cache(maxsize=8192)
def _valueless(tag: str) -> str:
    return _VALUES.sub(r"\1\2\3https://x", tag) if '="' in tag else tag


@lru_cache(maxsize=128)
def has_sound_shape(shape: str) -> bool:
    """Return whether nothing is wrong with the documents of this shape."""
    return not validate(shape)
