"""What each element may hold and bear: MJML's table, read for this engine."""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from functools import cache

from newsletter.model import meant
from newsletter.rendering.validation.components import ATTRIBUTES, CHILDREN

VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
"""HTML elements that have no end tag."""


class Content(Enum):
    """What stands between the tags of an element."""

    PARTS = "other components"
    HTML = "HTML"
    HTML_WITHOUT_CONDITIONS = "HTML without Outlook's conditional comments"
    TEXT = "text without tags"
    NOTHING = "nothing"


# Measured with mrml 6.0.1: where it refuses tags, conditional comments, or comments of any kind.
_CONTENTS = {
    Content.HTML: "mj-text mj-raw mj-navbar-link mj-social-element mj-accordion-text",
    Content.HTML_WITHOUT_CONDITIONS: "mj-button mj-table",
    Content.TEXT: "mj-title mj-preview mj-style mj-accordion-title",
    Content.NOTHING: "mj-image mj-divider mj-spacer mj-font mj-breakpoint mj-carousel-image mj-all mj-class",
}
_CONTENT = {name: content for content, names in _CONTENTS.items() for name in names.split()}
WITHOUT_COMMENTS = frozenset(
    "mj-attributes mj-title mj-style mj-carousel mj-accordion-element mj-accordion-title".split()
)
WITHOUT_BLANKS = frozenset(
    "mj-social mj-navbar mj-accordion mj-accordion-element mj-carousel".split(),
)
"""Elements between whose children the engine refuses blanks, unless a line break comes first."""

# MJML takes them everywhere; in the head this engine takes few attributes, and they would have no effect.
_ANYWHERE = ("css-class", "mj-class")
_SPECIAL: dict[str, dict[str, str]] = {
    "mjml": {"string": "lang owa version", "enum(ltr,rtl,auto)": "dir"},
    "mj-html-attributes": {},
}
_UNSTYLED = frozenset(
    """
    mj-attributes mj-breakpoint mj-font mj-head mj-html-attribute mj-html-attributes mj-preview mj-raw mj-selector
    mj-style mj-title mjml
    """.split()
)

# Types that MJML calls "string" although most strings make no sense there.
_CLOSER = {
    "background-position": "position",
    "background-position-x": "position",
    "background-position-y": "position",
    "background-size": "size",
    "base-url": "link",
    "border-style": "line",
    "direction": "enum(ltr,rtl)",
    "font-family": "fonts",
    "font-style": "enum(normal,italic,oblique)",
    "font-weight": "weight",
    "href": "link",
    "left-icon": "picture",
    "right-icon": "picture",
    "src": "picture",
    "text-decoration": "decoration",
    "text-transform": "enum(none,capitalize,uppercase,lowercase)",
    "thumbnails-src": "picture",
}
_PICTURE = re.compile(r"(?:\w+-)*-?url")
_RADIUS = re.compile(r"(?:\w+-)*radius")
_BORDER = re.compile(r"(?:inner-|tb-)?border(?:-(?:top|right|bottom|left))?")

# Words of HTML, CSS and other tools for what MJML calls otherwise.
_OTHER_WORDS = {
    "background": "background-color",
    "background-image": "background-url",
    "bgcolor": "background-color",
    "class": "css-class",
    "classname": "css-class",
    "link": "href",
    "url": "href",
    "valign": "vertical-align",
}

STYLED = (frozenset(CHILDREN) | frozenset(ATTRIBUTES)) - _UNSTYLED
"""The components that `mj-attributes` may give defaults."""
KNOWN = frozenset(CHILDREN) | frozenset(ATTRIBUTES) | {"mj-all", "mj-class"}
"""Every component, and what may stand in `mj-attributes` beside them."""


def content(name: str) -> Content:
    """Return what a component holds."""
    return _CONTENT.get(name, Content.PARTS)


@cache
def children(name: str) -> frozenset[str]:
    """Return the components that may stand in `name`."""
    if name == "mj-attributes":
        return STYLED | {"mj-all", "mj-class"}
    return frozenset(CHILDREN.get(name, "").split())


@cache
def parents(name: str) -> tuple[str, ...]:
    """Return the components in which `name` may stand, `mj-attributes` aside."""
    if name in {"mj-all", "mj-class"}:
        return ("mj-attributes",)
    return tuple(sorted(parent for parent, words in CHILDREN.items() if name in words.split()))


@cache
def attributes(name: str) -> Mapping[str, tuple[str, ...]]:
    """Return the attributes of a component, each with the types that its value may have."""
    if name in {"mj-all", "mj-class"}:
        every: dict[str, tuple[str, ...]] = {"name": ("name",)} if name == "mj-class" else {}
        for component in sorted(STYLED):
            for attribute, kinds in attributes(component).items():
                every[attribute] = tuple(dict.fromkeys((*every.get(attribute, ()), *kinds)))
        return every
    table = ATTRIBUTES.get(name) or _SPECIAL.get(name, {})
    found = {each: (_closer(name, each, kind),) for kind, words in table.items() for each in words.split()}
    return found | dict.fromkeys(_ANYWHERE, ("string",)) if name in STYLED else found


def _closer(name: str, attribute: str, kind: str) -> str:
    if name == "mj-style" and attribute == "inline":
        return "enum(inline)"
    if name == "mj-hero" and attribute == "mode":
        return "enum(fixed-height,fluid-height)"
    if name == "mj-font" and attribute == "href":
        return "picture"
    if name == "mj-navbar-link" and attribute == "href":
        return "string"  # it continues the navbar's base-url
    if kind != "string":
        return kind
    if attribute in _CLOSER:
        return _CLOSER[attribute]
    if _RADIUS.fullmatch(attribute):
        return "unit(px,%){1,4}"
    if _BORDER.fullmatch(attribute):
        return "border"
    return "picture" if _PICTURE.fullmatch(attribute) else kind


def element_meant(written: str) -> str:
    """Return the component that `written` misspells, or nothing."""
    folded = written.lower()
    if folded in KNOWN:
        return folded
    # What all of them begin with says nothing of what was meant.
    bare = {name.removeprefix("mj-"): name for name in sorted(KNOWN)}
    return bare.get(meant.did_you_mean(folded.removeprefix("mj").removeprefix("-"), bare), "")


def attribute_meant(written: str, name: str) -> str:
    """Return the attribute of component `name` that `written` misspells or is another word for, or nothing."""
    known = attributes(name)
    folded = written.lower().replace("_", "-")
    for better in (folded, _OTHER_WORDS.get(folded, "")):
        if better in known:
            return better
    squeezed = {each.replace("-", ""): each for each in known}
    return squeezed.get(folded.replace("-", "")) or meant.did_you_mean(folded, sorted(known))
