"""What MJML describes and this engine (mrml 6.0.1) does otherwise, and what to write instead.

Found by rendering every component with every attribute in both engines, and looking at what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.rendering.validation import rules
from newsletter.rendering.validation.markup import Attribute
from newsletter.rendering.validation.rules import Fault

REFUSED_ELEMENTS = {
    "mj-include": (
        "would read files that nobody checks",
        'write {% include "…" %}, which is checked with the rest',
    ),
    "mj-html-attributes": ("is unknown to this MJML engine", "write the attributes into the HTML of mj-text or mj-raw"),
    "mj-selector": ("is unknown to this MJML engine", "write the attributes into the HTML of mj-text or mj-raw"),
    "mj-html-attribute": ("is unknown to this MJML engine", "write the attributes into the HTML of mj-text or mj-raw"),
    "mj-carousel": (
        "never shows its controls in this MJML engine",
        "show one picture that links to the others, or pictures below each other",
    ),
}
"""Elements that cannot be used, with why and what to do."""

UNSEEN = {
    ("mj-accordion-title", "font-weight"): "say it with a style sheet and css-class=",
    ("mj-column", "inner-border-radius"): "put the radius on the column and leave out its padding",
    ("mj-hero", "border-radius"): "use mj-section with background-url, which has rounded corners",
    ("mj-image", "border-bottom"): "use border for all sides, or an mj-divider below",
    ("mj-image", "border-top"): "use border for all sides, or an mj-divider above",
    ("mj-section", "gutter"): "give the columns paddings",
    ("mj-social", "border"): "put the social elements in a column that has the border",
    ("mj-social-element", "border"): "put the social elements in a column that has the border",
    ("mj-social-element", "icon-position"): "leave it out; the icon stands first",
    ("mj-wrapper", "gap"): "put an mj-section with padding between the others",
}
"""Attributes that this engine passes over although readers would see what they say, with what to do instead."""
_SIDES = ("bottom", "left", "right", "top")
_ASTRAY = {
    **{
        (f"mj-accordion-{part}", f"padding-{side}"): (
            "gives way to its padding",
            'write all sides together, such as padding="16px 16px 16px 24px"',
        )
        for part in ("text", "title")
        for side in _SIDES
    },
    **{
        ("mj-navbar", f"ico-padding-{side}"): (
            "gives way to its ico-padding",
            'write all sides together, such as ico-padding="10px 10px 10px 24px"',
        )
        for side in _SIDES
    },
    **{
        ("mj-hero", f"inner-padding{side}"): (
            "reaches nobody but Outlook",
            "give the elements inside a padding of their own",
        )
        for side in ("", *(f"-{side}" for side in _SIDES))
    },
    **{
        ("mj-image", f"border-{side}"): ("is not drawn, but makes the picture narrower", "use border for all sides")
        for side in ("left", "right")
    },
}
"""Attributes of which this engine makes something else, with what it does and what to write instead."""
IGNORED = {
    ("mj-body", "id"): "write it into the HTML of an mj-raw",
    ("mj-button", "title"): "say it in the button's own words",
    ("mj-image", "sizes"): "leave it out; width says how wide the picture is shown",
    ("mj-social-element", "sizes"): "leave it out; icon-size says how wide the icon is shown",
    ("mj-social-element", "srcset"): "give one src with twice the pixels",
    ("mj-table", "role"): "use mj-table for data only, and mj-raw for a table that is only layout",
}
"""Attributes that this engine passes over and readers hardly miss, with what to do instead."""
IGNORED_BY_ALL = frozenset((("mj-section", "text-padding"), ("mj-wrapper", "text-padding"), ("mj-wrapper", "gutter")))
"""Attributes that MJML knows and no engine does anything with."""
_INNER_BORDERS = frozenset(("inner-border", "inner-border-left", "inner-border-right"))
_ICONS = frozenset(
    """
    icon-align icon-height icon-position icon-unwrapped-alt icon-unwrapped-url icon-width icon-wrapped-alt
    icon-wrapped-url
    """.split()
)
_REFUSED_VALUES = {
    ("mj-hero", "mode", "fluid-height"): (
        "mode fluid-height gets a negative height from this MJML engine",
        'write mode="fixed-height" with a height, or use mj-section with background-url',
    ),
    ("mj-raw", "position", "file-start"): (
        "this MJML engine cannot write before the document",
        "delete the attribute; what has to stand in front belongs in the head",
    ),
    ("mj-section", "full-width", "false"): (
        "this MJML engine takes full-width with any value for full width",
        "delete the attribute",
    ),
    ("mj-wrapper", "full-width", "false"): (
        "this MJML engine takes full-width with any value for full width",
        "delete the attribute",
    ),
    ("mj-section", "full-width", ""): (
        "this MJML engine takes full-width with any value for full width",
        "delete the attribute",
    ),
    ("mj-wrapper", "full-width", ""): (
        "this MJML engine takes full-width with any value for full width",
        "delete the attribute",
    ),
}


def of_attribute(element: str, attribute: Attribute) -> Iterator[Fault]:
    """Find an attribute, or a value of it, that this engine does not treat as MJML says."""
    refused = _REFUSED_VALUES.get((element, attribute.name, attribute.value))
    if refused:
        yield rules.OTHERWISE.broken(attribute.at, attribute.end, refused[0], refused[1])
    if (element, attribute.name) == ("mj-table", "cellspacing") and attribute.value.strip("0"):
        yield rules.OTHERWISE.broken(
            attribute.at,
            attribute.end,
            "`cellspacing` of <mj-table> has no effect in this MJML engine",
            "give the cells a padding",
        )
    key = (element, attribute.name)
    if key in _ASTRAY:
        does, fix = _ASTRAY[key]
        message = f"`{attribute.name}` of <{element}> {does} in this MJML engine"
        yield rules.OTHERWISE.broken(attribute.at, attribute.at + len(attribute.name), message, fix)
    elif key in UNSEEN:
        yield rules.OTHERWISE.broken(
            attribute.at,
            attribute.at + len(attribute.name),
            f"`{attribute.name}` of <{element}> has no effect in this MJML engine",
            UNSEEN[key],
        )
    elif key in IGNORED:
        yield rules.IGNORED.broken(
            attribute.at,
            attribute.at + len(attribute.name),
            f"`{attribute.name}` of <{element}> has no effect",
            IGNORED[key],
        )
    elif key in IGNORED_BY_ALL:
        yield rules.IGNORED.broken(
            attribute.at,
            attribute.at + len(attribute.name),
            f"`{attribute.name}` of <{element}> has no effect",
            "delete it",
            "MJML knows it, but no engine does anything with it",
        )


def of_picture(picture: Sequence[Attribute], column: Sequence[Attribute], start: int, end: int) -> Fault | None:
    """Return what is wrong with a picture, from `start` to `end`, that is as wide as its column."""
    if any(attribute.name in {"width", "mj-class"} for attribute in picture):
        return None
    for attribute in column:
        if attribute.name in _INNER_BORDERS and attribute.value not in {"none", "0"}:
            return rules.OTHERWISE.broken(
                start,
                end,
                f"the picture becomes wider than the column's `{attribute.name}` leaves it room",
                "write width= into <mj-image>, or border= instead into <mj-column>",
                "this MJML engine does not take that border off the width",
            )
    return None


def of_attributes(element: str, written: Sequence[Attribute], length: int, *, default: bool) -> Iterator[Fault]:
    """Find attributes that this engine treats otherwise because of where, or beside what, they stand."""
    if default and element == "mj-accordion-element":
        for attribute in written:
            if attribute.name in _ICONS:
                yield rules.OTHERWISE.broken(
                    attribute.at,
                    attribute.at + len(attribute.name),
                    f"`{attribute.name}` of <{element}> has no effect in mj-attributes",
                    "write it into mj-accordion",
                )
    given = {attribute.name: attribute.value for attribute in written}
    if given.get("full-width") == "full-width" and "border-radius" in given:
        yield rules.OTHERWISE.broken(
            0,
            length,
            f"<{element}> with full-width and border-radius gets round corners at the edges of the window",
            "leave out one of the two",
            "this MJML engine rounds the full width too",
        )
    bordered = any(given.get(name, "none") not in {"none", "0"} for name in ("border", "border-left", "border-right"))
    if element == "mj-button" and not default and "width" in given and bordered:
        yield rules.OTHERWISE.broken(
            0,
            length,
            "a button with width and border becomes wider than its width",
            "leave out width and set inner-padding, or leave out the border",
            "this MJML engine adds the border to the width",
        )
