"""What MJML describes and this engine (mrml 6.0.1) does otherwise, and what to write instead.

Found by rendering every component with every attribute in both engines, and looking at what changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from newsletter.rendering.validation import rules
from newsletter.rendering.validation.markup import Attribute
from newsletter.rendering.validation.rules import Fault

UNKNOWN = ("mj-html-attributes", "mj-selector", "mj-html-attribute")
"""Components of MJML that this engine does not have."""
REFUSED_ELEMENTS = {
    "mj-include": (
        "would read files that nobody checks",
        'write {% include "…" %}, which is checked with the rest',
    ),
    **dict.fromkeys(
        UNKNOWN, ("is unknown to this MJML engine", "write the attributes into the HTML of mj-text or mj-raw")
    ),
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
_MEASURED = frozenset(("mj-column", "mj-divider", "mj-image", "mj-section", "mj-wrapper"))
"""Elements that tell Outlook, or the pictures in them, how many pixels are left between their paddings."""
_INNER_BORDERS = frozenset(("inner-border", "inner-border-left", "inner-border-right"))
_ON_ELEMENTS = """
    border font-family icon-align icon-height icon-position icon-unwrapped-alt icon-unwrapped-url icon-width
    icon-wrapped-alt icon-wrapped-url
    """
_BY_PARENT = {
    "mj-accordion-element": ("mj-accordion", _ON_ELEMENTS),
    "mj-social-element": (
        "mj-social",
        "border-radius color font-family font-size icon-size line-height text-decoration",
    ),
}
# What the element around says wins in this engine over defaults, even where it says nothing.
UNREACHED = {
    **{
        (element, name): f"write it into {parent}"
        for element, (parent, names) in _BY_PARENT.items()
        for name in names.split()
    },
    ("mj-divider", "align"): "write it into each <mj-divider>",
}
"""Attributes that neither mj-attributes nor an mj-class can give in this engine, with what to do instead."""
_REFUSED_VALUES = {
    ("mj-hero", "mode", "fluid-height"): (
        "mode fluid-height gets a negative height from this MJML engine",
        'write mode="fixed-height" with a height, or use mj-section with background-url',
    ),
    ("mj-raw", "position", "file-start"): (
        "this MJML engine cannot write before the document",
        "delete the attribute; what has to stand in front belongs in the head",
    ),
    **{
        (element, "full-width", value): (
            "this MJML engine takes full-width with any value for full width",
            "delete the attribute",
        )
        for element in ("mj-section", "mj-wrapper")
        for value in ("false", "")
    },
}


def of_attribute(element: str, attribute: Attribute) -> Iterator[Fault]:
    """Find an attribute, or a value of it, that this engine does not treat as MJML says."""
    refused = _REFUSED_VALUES.get((element, attribute.name, attribute.value))
    if refused:
        yield rules.OTHERWISE.broken(attribute.at, attribute.end, refused[0], refused[1])
    key = (element, attribute.name)
    if wrong := _of_any(element, attribute.name, attribute.value):
        yield rules.OTHERWISE.broken(attribute.at, attribute.at + len(attribute.name), *wrong)
    elif key in IGNORED or key in IGNORED_BY_ALL:
        yield rules.IGNORED.broken(
            attribute.at,
            attribute.at + len(attribute.name),
            f"`{attribute.name}` of <{element}> has no effect",
            IGNORED.get(key, "delete it"),
            "" if key in IGNORED else "MJML knows it, but no engine does anything with it",
        )


def of_class(element: str, name: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with an attribute that an `mj-class` gives an element, and what to do instead."""
    if fix := UNREACHED.get((element, name)):
        return f"`{name}` of <{element}> has no effect in an mj-class", fix
    return _of_any(element, name, value)


def of_all(element: str, name: str, value: str) -> tuple[str, str] | None:
    """Return what is wrong with an attribute that `mj-all` gives an element, and what to do instead."""
    # What an element around gives on, that one has from mj-all as well.
    if element not in _BY_PARENT and (fix := UNREACHED.get((element, name))):
        return f"`{name}` of <{element}> has no effect in mj-all", fix
    return _of_any(element, name, value)


def _of_any(element: str, name: str, value: str) -> tuple[str, str] | None:
    if astray := _ASTRAY.get((element, name)):
        return f"`{name}` of <{element}> {astray[0]} in this MJML engine", astray[1]
    if unseen := UNSEEN.get((element, name)):
        return f"`{name}` of <{element}> has no effect in this MJML engine", unseen
    if "%" in value and _changes_size(element, name, value.split()):
        size = "height" if element == "mj-hero" else "width"
        fix = f'write it in pixels, such as {name}="{"20px 40px" if name == "padding" else "40px"}"'
        return f"`{name}` of <{element}> in percent is not taken off its {size} in this MJML engine", fix
    return None


def _changes_size(element: str, name: str, sides: Sequence[str]) -> bool:
    """Return whether a padding, of which some sides are in percent, takes from what MJML counts in pixels."""
    if element == "mj-hero":
        return name in {"padding-bottom", "padding-top"} or (
            name == "padding" and any("%" in side for side in sides[:3:2])
        )
    if element not in _MEASURED:
        return False
    # One side in percent makes the engine pass over all of them.
    across = sides[1::2] or sides
    return name in {"padding-left", "padding-right"} or (
        name == "padding" and any(side.strip("0px%") for side in across)
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


def of_grouped(column: Sequence[Attribute]) -> Iterator[Fault]:
    """Find attributes of a column in an `mj-group` that make it narrower in Outlook."""
    for attribute in column:
        border = attribute.name in {"border", "border-left", "border-right"} and attribute.value not in {"none", "0"}
        if border or _narrows(attribute):
            yield rules.IGNORED.broken(
                attribute.at,
                attribute.end,
                f"`{attribute.name}` makes a column of <mj-group> narrower in Outlook",
                "leave out the <mj-group>, or give the elements inside a padding instead",
                "this MJML engine takes it off the width that it tells Outlook",
            )


def of_attributes(element: str, written: Sequence[Attribute], length: int, *, default: bool) -> Iterator[Fault]:
    """Find attributes that this engine treats otherwise because of where, or beside what, they stand."""
    for attribute in written:
        fix = "write it into <mj-body> itself" if element == "mj-body" else UNREACHED.get((element, attribute.name))
        if default and fix:
            yield rules.OTHERWISE.broken(
                attribute.at,
                attribute.at + len(attribute.name),
                f"`{attribute.name}` of <{element}> has no effect in mj-attributes",
                fix,
            )
        elif element == "mj-hero" and _narrows(attribute):
            yield rules.IGNORED.broken(
                attribute.at,
                attribute.end,
                f"`{attribute.name}` of <mj-hero> makes nothing in it narrower in Outlook",
                "give the elements inside a padding to the left and right instead",
                "this MJML engine leaves it out of what it tells Outlook of widths",
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
    if element == "mj-button" and "width" in given and "%" in given.get("inner-padding", ""):
        yield rules.OTHERWISE.broken(
            0,
            length,
            "a button with a width and an inner-padding in percent becomes wider than its width",
            "write the inner-padding in pixels",
            "this MJML engine takes only pixels off the width",
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


def _narrows(padding: Attribute) -> bool:
    """Return whether an attribute is a padding to the left or right."""
    if padding.name == "padding":
        return any(value.strip("0px%") for value in padding.value.split()[1:4:2] or padding.value.split()[:1])
    return padding.name in {"padding-left", "padding-right"} and bool(padding.value.strip("0px%"))
