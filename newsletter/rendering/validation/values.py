"""Whether a value is of the kind that its attribute takes, and what to write instead."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

from newsletter.model import meant
from newsletter.model.wording import listed
from newsletter.rendering.validation.components import COLORS


class Problem(NamedTuple):
    """Why a value does not fit, as the end of a sentence about it, and what to write."""

    why: str
    fix: str


_UNIT = re.compile(r"(unit|unitWithNegative)\(([^)]*)\)(?:\{(\d),(\d)\})?")
_LENGTH = re.compile(r"(-?)(\d+(?:\.\d+)?|\.\d+)([a-z%]*)", re.IGNORECASE)
_LOOSE_UNIT = re.compile(r"(\d)\s+(px|%|em)(?![\w%])")
_COLOR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})|rgba?\(\s*\d{1,3}\s*(?:,\s*[\d.]+\s*){2,3}\)", re.IGNORECASE)
_HEX = re.compile(r"[0-9a-f]{3}(?:[0-9a-f]{3})?", re.IGNORECASE)
_SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_LINES = frozenset("none hidden dotted dashed solid double groove ridge inset outset".split())
_WIDTHS = frozenset(("thin", "medium", "thick"))
_SIDES = frozenset("left right top bottom center".split())
_WEIGHTS = frozenset("normal bold bolder lighter".split())
_DECORATIONS = frozenset("none underline overline line-through solid dotted dashed wavy double".split())
_CLASS = re.compile(r"[^\s\"'<>&]+")
_LINKS = frozenset("https http mailto tel sms".split())
_PICTURES = frozenset("https http cid".split())


@lru_cache(maxsize=4096)
def problem(kinds: tuple[str, ...], value: str) -> Problem | None:
    """Return what is wrong with a value that must be of one of these kinds, or None."""
    found: Problem | None = None
    for kind in kinds:
        this = _problem(kind, value)
        if this is None:
            return None
        found = found or this
    return found


def _problem(kind: str, value: str) -> Problem | None:
    if unit := _UNIT.fullmatch(kind):
        return _lengths(value, unit)
    if kind.startswith("enum("):
        return _choice(value, tuple(kind[5:-1].split(",")))
    check = _CHECKS.get(kind)
    return check(value) if check else None


def _lengths(value: str, unit: re.Match[str]) -> Problem | None:
    units = unit[2].split(",")
    least, most = (int(unit[3]), int(unit[4])) if unit[3] else (1, 1)
    parts = value.split()
    joined = _LOOSE_UNIT.sub(r"\1\2", value)
    if joined != value:
        return Problem("has a space between a number and its unit", f"write {joined}")
    if not least <= len(parts) <= most:
        if not parts:
            return Problem("is empty", "write a length such as 20px, or leave the attribute out")
        how_many = "a single length" if most == 1 else f"one to {most} lengths"
        return Problem(f"is not {how_many}", f"write {parts[0] if most == 1 else ' '.join(parts[:most])}")
    for part in parts:
        if found := _length(part, units, negative=unit[1] != "unit"):
            return found
    return None


def _length(part: str, units: list[str], *, negative: bool) -> Problem | None:
    if part == "0" or (part == "auto" and "auto" in units):
        return None
    measured = [name for name in units if name not in {"", "auto"}]
    example = f"write a length such as 20{measured[0]}"
    match = _LENGTH.fullmatch(part)
    if not match:
        if _LENGTH.fullmatch(part.replace(",", ".")):
            return Problem("has a comma in a number", f"write {part.replace(',', '.')}")
        return Problem("is not a length", example + (" or auto" if "auto" in units else ""))
    sign, number, written = match.groups()
    if sign and not negative:
        return Problem("is less than nothing", f"write {number}{written or measured[0]}")
    if written in units:
        return None
    if not written:
        return Problem(f"has no unit after {number}", f"write {part}{measured[0]}")
    known = " or ".join(measured)
    if written.lower() in units:
        return Problem("has its unit in capitals", f"write {sign}{number}{written.lower()}")
    return Problem(f"is measured in {written}; it can be in {known} only", example)


def _choice(value: str, choices: tuple[str, ...]) -> Problem | None:
    if value in choices:
        return None
    named = [choice for choice in choices if choice]
    better = meant.did_you_mean(value, named)
    known = listed(named, "or")
    return Problem(f"is not {known}", f"write {better or known}")


def _color(value: str) -> Problem | None:
    if _COLOR.fullmatch(value) or value.lower() in COLORS:
        return None
    if _HEX.fullmatch(value):
        return Problem("is not a colour", f"write #{value}")
    if value.startswith("#"):
        return Problem("is not a colour", "write # and three or six digits or letters from a to f, such as #004b87")
    better = meant.did_you_mean(value, COLORS)
    return Problem("is not a colour", f"write {better}" if better else "write a colour such as #004b87")


def _integer(value: str) -> Problem | None:
    if value.isascii() and value.isdigit():
        return None
    return Problem("is not a whole number", "write a whole number without a unit, such as 0")


def _boolean(value: str) -> Problem | None:
    return None if value in {"true", "false"} else Problem("is not true or false", "write true or false")


def _link(value: str) -> Problem | None:
    if value.startswith("#") and len(value) > 1:
        return None
    return _address(value, _LINKS, "a link")


def _picture(value: str) -> Problem | None:
    return _address(value, _PICTURES, "the address of a file")


def _address(value: str, schemes: frozenset[str], noun: str) -> Problem | None:
    fix = "write the whole address, beginning with https://"
    stripped = value.strip()
    if not stripped:
        return Problem("is empty", fix)
    scheme = _SCHEME.match(stripped)
    if not scheme:
        return Problem(f"is not {noun} that works in an email, which has no folder or site around it", fix)
    if scheme[1].lower() not in schemes:
        return Problem(f"is not {noun} that mail clients open ({scheme[1]}:)", fix)
    if re.search(r"\s", stripped):
        return Problem("has a space in an address", "write %20 for a space")
    return None


def _border(value: str) -> Problem | None:
    """Check `width style color` in any order; `none` and `0` are borders too."""
    words = re.sub(r"\s*,\s*", ",", re.sub(r"\(\s*|\s*\)", lambda found: found[0].strip(), value)).split()
    if not words or len(words) > 3:
        return Problem("is not a border", "write width, line and colour, such as 1px solid #cccccc, or none")
    for word in words:
        is_width = word in _WIDTHS or _length(word, ["px", "em"], negative=False) is None
        if not is_width and word.lower() not in _LINES and _color(word) is not None and word != "transparent":
            fix = "write width, line and colour, such as 1px solid #cccccc, or none"
            return Problem(f"is not a border: {word} is neither a width in px, nor a line, nor a colour", fix)
    return None


def _line(value: str) -> Problem | None:
    return None if all(word in _LINES for word in value.split()) and value.strip() else _choice("", ("solid", "dotted"))


def _position(value: str) -> Problem | None:
    words = value.split()
    if 1 <= len(words) <= 4 and all(
        word in _SIDES or _length(word, ["px", "%"], negative=True) is None for word in words
    ):
        return None
    return Problem("is not a position", "write sides or lengths, such as top center or 50% 0px")


def _size(value: str) -> Problem | None:
    words = value.split()
    if value in {"cover", "contain", "auto"} or (
        1 <= len(words) <= 2
        and all(word == "auto" or _length(word, ["px", "%"], negative=False) is None for word in words)
    ):
        return None
    return Problem("is not a size", "write cover, contain, auto, or one or two lengths such as 100% 200px")


def _weight(value: str) -> Problem | None:
    if value in _WEIGHTS or (value.isascii() and value.isdigit() and 1 <= int(value[:5]) <= 1000):
        return None
    return Problem("is not a weight", "write normal, bold, or a number such as 600")


def _decoration(value: str) -> Problem | None:
    words = value.split()
    if words and all(word in _DECORATIONS or _color(word) is None for word in words):
        return None
    better = meant.did_you_mean(value, _DECORATIONS)
    return Problem("is not a decoration of text", f"write {better or 'none, underline or line-through'}")


def _fonts(value: str) -> Problem | None:
    if not value.strip():
        return Problem("is empty", "write fonts with commas between them, such as Georgia, serif")
    if value.count("'") % 2 or value.count('"') % 2:
        return Problem("has a quotation mark without its partner", "close the quotation, or leave the marks out")
    if any(not family.strip() for family in value.split(",")):
        return Problem("has a comma too many", "write fonts with one comma between them")
    if re.search(r"[;{}<>]", value):
        return Problem("holds more than the names of fonts", "write fonts with commas between them")
    return None


def _name(value: str) -> Problem | None:
    return None if _CLASS.fullmatch(value) else Problem("is not one word", "write one word, such as lead")


_CHECKS = {
    "border": _border,
    "boolean": _boolean,
    "color": _color,
    "decoration": _decoration,
    "fonts": _fonts,
    "integer": _integer,
    "line": _line,
    "link": _link,
    "name": _name,
    "picture": _picture,
    "position": _position,
    "size": _size,
    "weight": _weight,
}
