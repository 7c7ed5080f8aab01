"""The way to the MJML engine, and the only module that imports it.

The engine (mrml 6.0.1) writes attributes the way Rust prints strings for debugging: a no-break space becomes the seven
visible characters `\\u{a0}`, a quote ends the attribute. It therefore only ever sees ASCII, with character references
for the rest. It also ends the process on deep nesting, panics with a BaseException, prints unknown tags as they are,
and says of most faults neither line nor column; what it would do so with is refused before.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NoReturn

import mjml

from newsletter.errors import RenderingError
from newsletter.model.explanation import did_you_mean

_DEEPEST = 100
"""Levels of nesting: the engine's stack holds about 500 on a small thread; a newsletter needs 20."""

_COMPONENTS = frozenset(
    """
    mjml mj-head mj-body mj-all mj-attributes mj-breakpoint mj-class mj-font mj-preview mj-style mj-title
    mj-accordion mj-accordion-element mj-accordion-text mj-accordion-title mj-button mj-carousel mj-carousel-image
    mj-column mj-divider mj-group mj-hero mj-image mj-navbar mj-navbar-link mj-raw mj-section mj-social
    mj-social-element mj-spacer mj-table mj-text mj-wrapper
    """.split()
)
_VOID = frozenset("area base br col embed hr img input link meta source track wbr".split())

# A comment may hold Outlook's unbalanced tables and a style sheet a `>`: neither is looked into.
_MARKUP = re.compile(
    r"<!--.*?-->|<((?i:mj-style|style|script))\b[^>]*(?<!/)>.*?</\1\s*>"
    r"|(</?[a-zA-Z](?:[^<>\"']|\"[^\"]*\"|'[^']*')*>)",
    re.DOTALL,
)
_NAME = re.compile(r"</?([\w:-]+)")
_ATTRIBUTE = re.compile(r"([^\s=\"'/<>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# A bare zero makes the engine count the other side as zero too (mrml #644): 600 pixels instead of 560 in Outlook.
_BARE_ZERO = re.compile(r"(?<![\w.#-])0(?![\w.%])")
_LENGTHS = re.compile(r"(?:inner-|icon-|text-)?padding(?:-\w+)?")
_UNSAFE = str.maketrans({'"': "&quot;", "\\": "&#92;", "\n": " ", "\r": " ", "\t": " "})
# Between the elements of the head the engine refuses blanks, unless a line break comes before them.
_BLANKS = re.compile(r">[ \t]+(?=[<\n]|\Z)")
_SPAN = re.compile(r"position (\d+):\d+")
_INLINE = re.compile(r"<mj-style\b[^>]*\binline\s*=", re.IGNORECASE)
_REFERENCE = re.compile(r"&#(\d{3,7});")
_WITHOUT_ALT = re.compile(r"<img(?![^>]*\salt=)")


def compile_mjml(source: str, *, name: str) -> str:
    """Return the HTML of an MJML document; `name` is the template to speak of when it fails.

    Raises RenderingError, and nothing else, whatever the document holds.
    """
    head, end, body = (
        _prepare(source, name).encode("ascii", "xmlcharrefreplace").decode("ascii").partition("</mj-head>")
    )
    prepared = _BLANKS.sub(">", head) + end + body
    try:
        compiled = mjml.mjml2html(prepared, fonts={})
    except ValueError as error:
        span = _SPAN.search(str(error))
        where = f" ({_position(prepared, int(span[1]))})" if span else ""
        _refuse(
            name,
            f"the MJML engine says: {_SPAN.sub('', str(error)).removesuffix(' at ')}{where}",
            "look for a stray `<`, a missing quote or an attribute without a value",
        )
    # A panic of the engine derives from BaseException and has no public class.
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        _refuse(name, "the MJML engine gave up on it without saying why", "undo the last change of the template")
    return _WITHOUT_ALT.sub('<img alt=""', _REFERENCE.sub(_character, compiled))


def _prepare(source: str, name: str) -> str:
    """Return the document with every attribute as the engine can take it; refuse what it cannot take."""
    parts: list[str] = []
    opened: list[str] = []
    end = 0
    for match in _MARKUP.finditer(source):
        tag = match[2]
        if tag is None:
            if match[1] and _INLINE.match(match[0]):
                _refuse(
                    name,
                    f"{_position(source, match.start())}: mj-style with inline= is not inlined by this engine",
                    "write the style into the elements, or leave out inline=",
                )
            continue
        repaired, element, step = _read(tag)
        if step > 0:
            opened.append(element)
            if len(opened) > _DEEPEST:
                _refuse(
                    name,
                    f"{_position(source, match.start())}: more than {_DEEPEST} elements inside each other",
                    "flatten the template",
                )
            _check_name(element, source, match, name)
        elif step < 0:
            if not opened or opened[-1] != element:
                _mismatch(opened, element, source, match, name)
            opened.pop()
        else:
            _check_name(element, source, match, name)
        if repaired is not tag:
            parts += (source[end : match.start()], repaired)
            end = match.end()
    if opened:
        _refuse(name, f"<{opened[-1]}> is never closed", f"write </{opened[-1]}> where it ends")
    if not parts:
        return source
    parts.append(source[end:])
    return "".join(parts)


@lru_cache(maxsize=16384)
def _read(tag: str) -> tuple[str, str, int]:
    """Return a tag as the engine can take it, its element, and 1 where it opens, -1 where it closes, 0 where both."""
    match = _NAME.match(tag)
    element = match[1] if match else ""
    if tag[1] == "/":
        return tag, element.lower(), -1
    repaired = _ATTRIBUTE.sub(_repair, tag)
    step = 0 if tag.endswith("/>") or element.lower() in _VOID else 1
    # The engine knows its components in small letters only; written otherwise they must not pass for HTML.
    kept = element if element.lower() in _COMPONENTS else element.lower()
    return tag if repaired == tag else repaired, kept, step


def _repair(match: re.Match[str]) -> str:
    name, double, single = match.groups()
    value = (single if double is None else double).translate(_UNSAFE)
    if _LENGTHS.fullmatch(name):
        value = _BARE_ZERO.sub("0px", value)
    elif name == "mj-class":
        # Of two classes that say the same the last wins in MJML, the first in this engine.
        value = " ".join(reversed(value.split()))
    return f'{name}="{value}"'


def _check_name(element: str, source: str, match: re.Match[str], name: str) -> None:
    if not element.lower().startswith("mj") or element in _COMPONENTS:
        return
    if element == "mj-include":
        _refuse(
            name,
            f"{_position(source, match.start())}: <mj-include> would read files that nobody checks",
            'write {% include "…" %} instead',
        )
    meant = did_you_mean(element, _COMPONENTS)
    _refuse(
        name,
        f"{_position(source, match.start())}: MJML has no <{element}>, and readers would see it as text",
        f"did you mean <{meant}>?" if meant else "see https://documentation.mjml.io for its components",
    )


def _mismatch(opened: list[str], element: str, source: str, match: re.Match[str], name: str) -> NoReturn:
    place = _position(source, match.start())
    if element in opened:
        _refuse(
            name, f"{place}: </{element}> comes while <{opened[-1]}> is still open", f"write </{opened[-1]}> before it"
        )
    _refuse(name, f"{place}: </{element}> closes what was never opened", "delete it, or write the tag that opens it")


def _position(source: str, offset: int) -> str:
    line = source.count("\n", 0, offset) + 1
    column = offset - source.rfind("\n", 0, offset)
    return f"line {line}, column {column} of the composed MJML"


def _refuse(name: str, why: str, fix: str) -> NoReturn:
    raise RenderingError(f"{name} does not become an email", why=why, fix=fix)


def _character(match: re.Match[str]) -> str:
    number = int(match[1])
    # Below, browsers read Windows' code page; surrogates and what lies beyond Unicode are no characters.
    if number <= 160 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
        return match[0]
    return chr(number)
