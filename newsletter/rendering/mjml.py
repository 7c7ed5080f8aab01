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
from newsletter.model.finding import position
from newsletter.model.meant import did_you_mean
from newsletter.rendering.validation.differences import UNKNOWN
from newsletter.rendering.validation.vocabulary import KNOWN, VOID
from newsletter.rendering.validation.walk import DEEPEST

_KNOWN = KNOWN.difference(UNKNOWN)

# A comment may hold tags that are not meant, a style sheet a `>`: neither is looked into.
_OPAQUE = r"<!--.*?-->|<((?i:mj-style|style|script))\b[^>]*(?<!/)>.*?</\1\s*>"
_TAG = r"</?[a-zA-Z][^<>\"']*(?:\"[^\"]*\"[^<>\"']*|'[^']*'[^<>\"']*)*>"
_MARKUP = re.compile(f"{_OPAQUE}|({_TAG})", re.DOTALL)
_NAME = re.compile(r"</?([\w:-]+)")
_ATTRIBUTE = re.compile(r"([^\s=\"'/<>]+)\s*=\s*(?:\"([^\"]*)\"|'([^']*)')")
# A bare zero makes the engine count the other side as zero too (mrml #644): 600 pixels instead of 560 in Outlook.
_BARE_ZERO = re.compile(r"(?<![\w.#-])0(?![\w.%])")
# Some mail clients read `bgcolor` with six digits only; MJML itself writes them out.
_SHORT_COLOR = re.compile(r"#([0-9a-fA-F])([0-9a-fA-F])([0-9a-fA-F])")
# The engine takes a border for a length where that comes first, and a side without border for one that says nothing.
_BORDER = re.compile(r"(?:inner-)?border(-left|-right)?")
_THICKNESS = re.compile(r"\d*\.?\d+px")
_LENGTHS = re.compile(r"(?:inner-|icon-|text-)?padding(?:-\w+)?")
_UNSAFE = str.maketrans({'"': "&quot;", "\\": "&#92;", "\n": " ", "\r": " ", "\t": " "})
# Between the elements of the head the engine refuses blanks, unless a line break comes before them.
_BLANKS = re.compile(r">[ \t]+(?=[<\n]|\Z)")
_SPAN = re.compile(r"position (\d+):\d+")
_INLINE = re.compile(
    r"<mj-style\b[^>]*\binline\s*=\s*[\"']inline[\"'][^>]*>(.*?)</mj-style\s*>", re.IGNORECASE | re.DOTALL
)
_REFERENCE = re.compile(r"&#(\d{3,7});")
# MJML writes the class of mj-body into <body>; this engine writes it into the <div> below, where some clients need it.
_WITH_CLASS = re.compile(r'<body([^>]*)(><div[^>]*) class="([^"]*)"')
# An mj-table's spacing decides whether its borders stand apart; this engine asks whether there is a border.
_TABLE = re.compile(
    r'(<table border="0" cellpadding="[^"]*" cellspacing="([^"]*)" width="[^"]*" style="color:[^"]*;border:[^;"]*;)'
    r'(?:border-collapse:separate;)?(?=")'
)
# Around a picture that is a link old clients draw a blue line, unless it is told not to have one.
_SOCIAL_ICON = re.compile(r'(<img [^<>]*style=")(?=border-radius:[^;"]*;display:block;")')
# MJML writes whole numbers: a column's pixels rounded, those of a picture or a divider cut, and so the shares of a
# group's columns that have no width of their own.
_FRACTION = re.compile(r"width(?::|=\")\d+\.\d")
_FRACTIONAL = re.compile(r'<(?:td|img|table) [^<>]*?width(?::|=")\d+\.\d[^<>]*>')
_PIXELS = re.compile(r'(?<=[ ;"]width[:=])("?)(\d+\.\d+)(?=(?:px)?[;"])')
_SHARE = re.compile(r'(<div class="mj-outlook-group-fix mj-column-per[^<>]*;width:)(\d+\.\d{4,})(?=%;">)')
_WITHOUT_ALT = re.compile(r"<img(?![^>]*\salt=)")
_ROUNDED = 2e-6
"""How far the engine's numbers of 32 bits are from a hundredth of three, six or seven."""


def compile_mjml(source: str, *, name: str) -> str:
    """Return the HTML of an MJML document; `name` is the template to speak of when it fails.

    Raises RenderingError, and nothing else, whatever the document holds.
    """
    css = "\n".join(_INLINE.findall(source))
    prepared = prepare(_INLINE.sub("", source) if css else source, name)
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
    html = _WITH_CLASS.sub(r'<body class="\3"\1\2 class="\3"', finished(compiled), count=1)
    if "<mj-social-element" in prepared:
        html = _SOCIAL_ICON.sub(r"\1border:0;", html)
    if "<mj-table" in prepared:
        html = _TABLE.sub(_spaced, html)
    if _FRACTION.search(html):
        html = _SHARE.sub(_equal_share, _FRACTIONAL.sub(_whole, html))
    return _inlined(html, css, name) if css else html


def finished(html: str) -> str:
    """Return HTML with characters in place of their references, and with an `alt` in every `img`."""
    if "&#" in html:
        html = _REFERENCE.sub(_character, html)
    return _WITHOUT_ALT.sub('<img alt=""', html) if "<img" in html else html


def _spaced(table: re.Match[str]) -> str:
    return table[1] + ("border-collapse:separate;" if table[2].strip("0") else "")


def _equal_share(column: re.Match[str]) -> str:
    share = float(column[2])
    # A width that somebody wrote has other digits than the engine's third, sixth or seventh, and stays.
    equal = any(abs(100 / columns - share) < _ROUNDED for columns in range(3, 100))
    return column[1] + (str(int(share)) if equal else column[2])


def _whole(tag: re.Match[str]) -> str:
    half = 0.5 if tag[0].startswith('<td style="vertical-align:') else 0.0
    return _PIXELS.sub(lambda found: f"{found[1]}{int(float(found[2]) + half)}", tag[0])


def _inlined(html: str, css: str, name: str) -> str:
    """Return the HTML with the rules of `mj-style inline="inline"` in its elements, which the engine leaves out."""
    import css_inline

    # Only these rules: the engine's own style sheets, the comments for Outlook and the media queries stay as they are.
    inliner = css_inline.CSSInliner(
        inline_style_tags=False, keep_style_tags=True, keep_link_tags=True, load_remote_stylesheets=False, extra_css=css
    )
    try:
        return inliner.inline(html)
    except css_inline.InlineError as error:
        _refuse(name, f"mj-style inline cannot be read: {error}", "correct its CSS")


def prepare(source: str, name: str) -> str:
    """Return the document as the engine can take it; raise RenderingError for what it cannot take."""
    ascii_only = _repaired(source, name).encode("ascii", "xmlcharrefreplace").decode("ascii")
    head, end, body = ascii_only.partition("</mj-head>")
    return _BLANKS.sub(">", head) + end + body


def _repaired(source: str, name: str) -> str:
    """Return the document with every attribute repaired, once all of its elements are known to open and close."""
    opened: list[str] = []
    repairs: dict[str, str] = {}
    for number, (_, tag) in enumerate(_MARKUP.findall(source)):
        if not tag:
            continue
        repaired, element, step = _read(tag)
        if repaired:
            repairs[tag] = repaired
        if step > 0:
            opened.append(element)
            if len(opened) > DEEPEST:
                _refuse(
                    name,
                    f"{_place(source, number)}: more than {DEEPEST} elements inside each other",
                    "flatten the template",
                )
        elif step < 0 and (not opened or opened.pop() != element):
            _mismatch(source, number, name)
        if step >= 0 and element[:2] == "mj" and not _is_known(tag):
            _refuse_name(tag, _place(source, number), name)
    if opened:
        _refuse(name, f"<{opened[-1]}> is never closed", f"write </{opened[-1]}> where it ends")
    if source.rfind("<!--") > source.rfind("-->"):
        _refuse(
            name, f"{_position(source, source.rfind('<!--'))}: a comment is never closed", "write --> where it ends"
        )
    for tag, repaired in repairs.items():
        source = source.replace(tag, repaired)
    return source


@lru_cache(maxsize=16384)
def _read(tag: str) -> tuple[str, str, int]:
    """Return what must stand for a tag, if it needs repair, its element, and 1 if it opens it, -1 if it closes it."""
    match = _NAME.match(tag)
    element = match[1] if match else ""
    if tag[1] == "/":
        return "", element.lower(), -1
    repaired = _ATTRIBUTE.sub(_repair, tag)
    step = 0 if tag.endswith("/>") or element.lower() in VOID else 1
    return repaired if repaired != tag else "", element.lower(), step


def _repair(match: re.Match[str]) -> str:
    name, double, single = match.groups()
    value = (single if double is None else double).translate(_UNSAFE)
    if _LENGTHS.fullmatch(name):
        value = _BARE_ZERO.sub("0px", value)
    elif name.endswith("color") and (short := _SHORT_COLOR.fullmatch(value)):
        value = "#" + "".join(digit * 2 for digit in short.groups())
    elif border := _BORDER.fullmatch(name):
        if border[1] and value in {"none", "0"}:
            value = "0px none"
        elif "px" in value:
            value = " ".join(sorted(value.split(), key=lambda word: not _THICKNESS.fullmatch(word)))
    elif name == "mj-class":
        # Of two classes that say the same the last wins in MJML, the first in this engine.
        value = " ".join(reversed(value.split()))
    return f'{name}="{value}"'


@lru_cache(maxsize=1024)
def _is_known(tag: str) -> bool:
    # The engine knows its components in small letters only.
    match = _NAME.match(tag)
    return match is not None and match[1] in _KNOWN


def _refuse_name(tag: str, place: str, name: str) -> NoReturn:
    match = _NAME.match(tag)
    element = match[1] if match else tag
    if element == "mj-include":
        _refuse(
            name,
            f"{place}: <mj-include> would read files that nobody checks",
            'write {% include "…" %} instead',
        )
    meant = did_you_mean(element, _KNOWN)
    _refuse(
        name,
        f"{place}: MJML has no <{element}>, and readers would see it as text",
        f"did you mean <{meant}>?" if meant else "see https://documentation.mjml.io for its components",
    )


def _mismatch(source: str, number: int, name: str) -> NoReturn:
    """Refuse the closing tag with which elements no longer nest."""
    opened: list[str] = []
    for _, tag in _MARKUP.findall(source)[:number]:
        _, element, step = _read(tag) if tag else ("", "", 0)
        if step > 0:
            opened.append(element)
        elif step < 0:
            opened.pop()
    element = _read(_MARKUP.findall(source)[number][1])[1]
    place = _place(source, number)
    if element in opened:
        _refuse(
            name, f"{place}: </{element}> comes while <{opened[-1]}> is still open", f"write </{opened[-1]}> before it"
        )
    _refuse(name, f"{place}: </{element}> closes what was never opened", "delete it, or write the tag that opens it")


def _place(source: str, number: int) -> str:
    return _position(source, [match.start() for match in _MARKUP.finditer(source)][number])


def _position(source: str, offset: int) -> str:
    line, column = position(source, offset)
    return f"line {line}, column {column} of the composed MJML"


def _refuse(name: str, why: str, fix: str) -> NoReturn:
    raise RenderingError(f"{name} does not become an email", why=why, fix=fix)


def _character(match: re.Match[str]) -> str:
    number = int(match[1])
    # Below, browsers read Windows' code page; surrogates and what lies beyond Unicode are no characters.
    if number <= 160 or 0xD800 <= number <= 0xDFFF or number > 0x10FFFF:
        return match[0]
    return chr(number)
