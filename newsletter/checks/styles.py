"""What style sheets and `style` attributes come to for each element of a page, in light or in dark.

The cascade of CSS as far as mails use it: https://www.w3.org/TR/css-cascade-4/. Only what rules ask for is worked out.
Conditions on the width of the window count as not met: the letter is judged as a desktop shows it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from newsletter.checks.rendered import Element, Page
from newsletter.checks.sheets import Declaration, read_sheet, read_style

_INHERITED = {
    "color": "#000000",
    "font-size": "16px",
    "font-weight": "400",
    "line-height": "normal",
    "visibility": "visible",
    "text-align": "start",
}
_OWN = {"background": "", "display": "", "text-decoration": "none", "opacity": "1", "border-bottom": "", "padding": ""}
_LONGHANDS = {
    "background-color": "background",
    "background-image": "background",
    "text-decoration-line": "text-decoration",
}
_SIDES = frozenset({"padding-top", "padding-bottom", "padding-left", "padding-right", "width", "height"})
_ASKED = frozenset({*_INHERITED, *_OWN, *_LONGHANDS, *_SIDES, "max-height"})
_BOLD = frozenset("h1 h2 h3 h4 h5 h6 b strong th".split())
_BLOCKS = frozenset("h1 h2 h3 h4 h5 h6 p div table td th tr ul ol li blockquote body pre center section".split())
# https://html.spec.whatwg.org/multipage/rendering.html#sections-and-headings
_HEADING_SIZES = {"h1": 2.0, "h2": 1.5, "h3": 1.17, "h4": 1.0, "h5": 0.83, "h6": 0.67, "small": 0.83}
_SPECIFICITY = (
    re.compile(r"#[\w-]+"),
    re.compile(r"\.[\w-]+|\[[^\]]*\]|:(?!:)[\w-]+(?:\([^)]*\))?"),
    re.compile(r"(?:^|[\s>+~])[a-zA-Z][\w-]*"),
)
_STATES = re.compile(r":(?:hover|focus|active|visited|checked|target|focus-within|focus-visible|before|after|link)|::")
_TRANSPARENT = (0.0, 0.0, 0.0, 0.0)

Color = tuple[float, float, float, float]
"""Red, green, blue and opacity, each 0 to 1."""


@lru_cache(maxsize=1024)
def _specificity(selector: str) -> tuple[int, int, int]:
    ids, classes, tags = (len(pattern.findall(selector)) for pattern in _SPECIFICITY)
    return ids, classes, tags


@lru_cache(maxsize=8192)
def color(value: str) -> Color | None:
    """Return a colour of CSS, or nothing for what is none."""
    from tinycss2.color3 import parse_color

    read = parse_color(value)
    if read is None or isinstance(read, str):
        return None
    return (read.red, read.green, read.blue, read.alpha)


def over(front: Color, back: Color) -> Color:
    """Return the colour that is seen where a colour lies over another."""
    share = front[3]
    if share >= 1:
        return front
    mixed = [one * share + two * (1 - share) for one, two in zip(front[:3], back[:3], strict=True)]
    return (mixed[0], mixed[1], mixed[2], share + back[3] * (1 - share))


def hexadecimal(value: Color) -> str:
    """Return `#rrggbb`."""
    return "#" + "".join(f"{round(part * 255):02x}" for part in value[:3])


@lru_cache(maxsize=4096)
def pixels(value: str, em: float) -> float | None:
    """Return a length in CSS pixels, or nothing for what is none or a share of something unknown."""
    match = re.fullmatch(r"(-?[\d.]+)(px|em|rem|pt|%)?", value.strip())
    if not match or match[1].count(".") > 1 or match[1] in {"-", ".", "-."}:
        return None
    number = float(match[1])
    factors = {"px": 1.0, "em": em, "rem": 16.0, "pt": 4 / 3, "%": em / 100, None: 1.0 if number == 0 else 0.0}
    factor = factors[match[2]]
    return number * factor if factor or number == 0 else None


@dataclass(frozen=True, slots=True)
class Style:
    """What an element looks like. Sizes are CSS pixels."""

    color: Color
    ground: Color
    """What is behind its text."""
    own_ground: Color
    """What it puts behind its text itself."""
    pictured: bool
    """Whether a picture is behind its text, so that nobody can tell the colour."""
    size: float
    weight: int
    line: float
    factor: float
    """Of the font's size, where the line's height was given as a number alone; 0 where it was not."""
    underlined: bool
    bordered: bool
    shown: bool
    display: str
    padding: tuple[float, float]
    """Above and below."""

    @property
    def large(self) -> bool:
        """Whether WCAG asks for less contrast: 24 pixels, or 18.66 in bold."""
        return self.size >= 24 or (self.size >= 18.66 and self.weight >= 700)


_KNOWN: dict[tuple[Any, ...], tuple[Style, Style]] = {}
_MOST_KNOWN = 20_000


class Looks:
    """The styles of all elements of a page under one colour scheme."""

    def __init__(self, page: Page, scheme: str) -> None:
        self._page = page
        self._scheme = scheme
        self._declared = self._cascade()
        self._root = _NIGHT if scheme == "dark" and _knows_dark(page) else _DAY
        self._link = color("#9e9eff" if self._root is _NIGHT else "#0000ee") or _DAY.color
        self._styles: dict[int, Style] = {}
        for element in page.elements:
            self._styles[element.number] = self._remembered(element)

    def __getitem__(self, element: Element) -> Style:
        return self._styles[element.number]

    def _cascade(self) -> dict[int, dict[str, tuple[tuple[Any, ...], str]]]:
        """Return the winning declarations of style sheets, by element."""
        winners: dict[int, dict[str, tuple[tuple[Any, ...], str]]] = {}
        order = 0
        for sheet in self._page.all("style"):
            if not _applies(sheet.get("media"), self._scheme):
                continue
            for rule in read_sheet("".join(item for item in sheet.inside if isinstance(item, str))):
                asked = [each for each in rule.declarations if each.name in _ASKED]
                if not asked or not all(_applies(condition, self._scheme) for condition in rule.conditions):
                    continue
                for selector in rule.selector.split(","):
                    if _STATES.search(selector):
                        continue
                    order += 1
                    specificity = _specificity(selector.strip())
                    for element in self._page.matching(selector.strip()):
                        _take(winners.setdefault(element.number, {}), asked, (*specificity, order))
        return winners

    def _remembered(self, element: Element) -> Style:
        """Return an element's style: in rows and cards, and from issue to issue, nearly all are alike."""
        above = self._styles[element.parent.number] if element.parent is not None else self._root
        won = self._declared.get(element.number)
        key = (
            id(above),
            element.tag,
            *(element.get(name) for name in ("style", "bgcolor", "color", "background")),
            bool(element.get("href")),
            self._link,
            tuple((name, rank[0], value) for name, (rank, value) in won.items()) if won else (),
        )
        if key not in _KNOWN:
            if len(_KNOWN) > _MOST_KNOWN:
                _KNOWN.clear()
            # The style above is kept too, so that no other one can come to have its identity.
            _KNOWN[key] = above, self._style(element, above)
        return _KNOWN[key][1]

    def _style(self, element: Element, above: Style) -> Style:
        declared = dict(self._declared.get(element.number, {}))
        if element.get("style"):
            _take(declared, read_style(element.get("style")), (1 << 16, 0, 0, 0))
        given = {name: value for name, (_, value) in declared.items()}
        size = _size(given.get("font-size", ""), element, above)
        own, pictured = _ground(given, element)
        shown = (
            above.shown and given.get("display", "") != "none" and given.get("visibility") not in {"hidden", "collapse"}
        )
        if element.tag in {"head", "style", "script", "title", "template"} or given.get("opacity") in {"0", "0.0"}:
            shown = False
        plain = self._link if element.tag == "a" and element.get("href") else above.color
        ink = color(given.get("color", "")) or color(element.get("color")) or plain
        decoration = given.get("text-decoration", "")
        inherited = above.underlined and element.tag != "a" and _display(given, element) != "inline-block"
        line, factor = _line_height(given.get("line-height", ""), size, above)
        natural = element.tag == "a" and bool(element.get("href"))
        # A ground that is plain hides the picture behind it.
        return Style(
            color=ink,
            ground=over(own, above.ground),
            own_ground=own,
            pictured=pictured or (above.pictured and own[3] < 1),
            size=size,
            weight=_weight(given.get("font-weight", ""), element, above),
            line=line,
            factor=factor,
            underlined="underline" in decoration if decoration else natural or inherited,
            bordered=bool(given.get("border-bottom", "")) and not given["border-bottom"].startswith(("0", "none")),
            shown=shown,
            display=_display(given, element),
            padding=_padding(given, size),
        )


_DAY = Style(
    color=(0.0, 0.0, 0.0, 1.0),
    ground=(1.0, 1.0, 1.0, 1.0),
    own_ground=_TRANSPARENT,
    pictured=False,
    size=16.0,
    weight=400,
    line=0.0,
    factor=1.2,
    underlined=False,
    bordered=False,
    shown=True,
    display="block",
    padding=(0.0, 0.0),
)


# What Chromium paints by itself where a page says that it knows the dark.
_NIGHT = replace(_DAY, color=(1.0, 1.0, 1.0, 1.0), ground=(18 / 255, 18 / 255, 18 / 255, 1.0))


def _knows_dark(page: Page) -> bool:
    return any(meta.get("name") == "color-scheme" and "dark" in meta.get("content") for meta in page.all("meta"))


def _take(
    winners: dict[str, tuple[tuple[Any, ...], str]],
    declarations: tuple[Declaration, ...] | list[Declaration],
    rank: tuple[int, ...],
) -> None:
    for each in declarations:
        name = _LONGHANDS.get(each.name, each.name)
        key = (each.important, *rank)
        if name in _ASKED and (name not in winners or winners[name][0] <= key):
            winners[name] = (key, each.value)


@lru_cache(maxsize=512)
def _applies(condition: str, scheme: str) -> bool:
    told = condition.lower().removeprefix("@media")
    if not told.strip() or told.startswith("@supports"):
        return True
    return any(_matches(query, scheme) for query in told.split(","))


def _matches(query: str, scheme: str) -> bool:
    if "print" in query or "max-width" in query or "max-device-width" in query or query.strip().startswith("not"):
        return False
    wanted = re.search(r"prefers-color-scheme\s*:\s*(\w+)", query)
    return wanted is None or wanted[1] == scheme


def _size(value: str, element: Element, above: Style) -> float:
    found = pixels(value, above.size) if value else None
    return above.size * _HEADING_SIZES.get(element.tag, 1.0) if found is None else found


def _weight(value: str, element: Element, above: Style) -> int:
    if re.fullmatch(r"[0-9]{1,4}", value):
        return int(value)
    if value in {"bold", "bolder"} or (not value and element.tag in _BOLD):
        return 700
    return 400 if value in {"normal", "lighter"} else above.weight


def _line_height(value: str, size: float, above: Style) -> tuple[float, float]:
    """Return the height in pixels, and the factor that what is inside inherits, or 0 where it inherits the height."""
    if not value:
        return (above.factor * size, above.factor) if above.factor else (above.line, 0.0)
    if re.fullmatch(r"[0-9]*\.?[0-9]+", value):
        return float(value) * size, float(value)
    found = pixels(value, size)
    return (size * 1.2, 1.2) if found is None else (found, 0.0)


def _display(given: dict[str, str], element: Element) -> str:
    return given.get("display", "") or ("block" if element.tag in _BLOCKS else "inline")


@lru_cache(maxsize=4096)
def _read_ground(value: str) -> tuple[Color, bool]:
    pictured = "url(" in value or "gradient(" in value
    for part in [value, *re.sub(r"(?:url|[\w-]*gradient)\([^)]*\)+", " ", value).split()]:
        found = color(part)
        if found:
            return found, pictured
    return _TRANSPARENT, pictured


def _ground(given: dict[str, str], element: Element) -> tuple[Color, bool]:
    if given.get("background"):
        return _read_ground(given["background"])
    if element.get("background"):
        return color(element.get("bgcolor")) or _TRANSPARENT, True
    return color(element.get("bgcolor")) or _TRANSPARENT, False


def _padding(given: dict[str, str], size: float) -> tuple[float, float]:
    above = below = 0.0
    parts = [pixels(part, size) or 0.0 for part in given.get("padding", "").split()]
    if parts:
        above, below = parts[0], parts[2] if len(parts) > 2 else parts[0]
    top, bottom = (pixels(given.get(name, ""), size) for name in ("padding-top", "padding-bottom"))
    return (above if top is None else top, below if bottom is None else bottom)
