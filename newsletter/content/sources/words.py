"""The words of other web sites as one line of plain text, and as Markdown that says exactly that."""

from __future__ import annotations

import html
import re
from urllib.parse import urldefrag

from selectolax.lexbor import LexborHTMLParser

from newsletter.model.url import canonical_url, web_address
from newsletter.model.wording import begun

_BLOCK = re.compile(
    r"<(?=/?(?:address|article|blockquote|br|dd|div|dt|h[1-6]|hr|li|ol|p|pre|section|td|th|tr|ul)\b)", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
_OPENING = re.compile(r"<(/?)([a-z][a-z0-9-]*)", re.IGNORECASE)
_DRAWING, _DRAWN = re.compile(r"<svg\b", re.IGNORECASE), re.compile(r"</svg\s*>", re.IGNORECASE)
_DEEPEST = 1000
"""As deep as nesting goes on a page that somebody wrote; browsers end at half of it."""
# What nobody needs to close.
_UNCLOSED = frozenset(
    "area base body br col colgroup dd dt embed head hr html img input li link meta optgroup option p param source"
    " tbody td tfoot th thead tr track wbr".split()
)
_LINES = frozenset({"p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "small"})
_MOST_LINKS, _MOST_BESIDE = 5, 20
# What Drupal writes around a text that is not its body, and ReliefWeb before its texts. References with revisions are
# paragraphs, which are the text.
_BESIDE = (
    '[class*="field--name-title"], [class*="field--name-uid"], [class*="field--name-created"],'
    ' [class*="field--type-entity-reference"]:not([class*="reference-revisions"]),'
    ' [class*="field--label-above"] > .field__label, ul.links, div.tag, div.date'
)
_UNREAD = ["script", "style", "noscript", "template", "figure", "iframe", "form"]
# Characters that entries may not have, as the model says, and those that only mark where a text may break.
_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u200b\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)
# Of a letter or a sign, escaped once too often; `&lt;` may be meant.
_REFERENCE = re.compile(r"&(?:[a-z][a-z0-9]{1,31}|#[0-9]{1,7}|#x[0-9a-f]{1,6});", re.IGNORECASE)
# What WordPress puts at the end of an excerpt and of everything in a feed.
_TAIL = re.compile(
    r"\s*(?:The post .{1,300} (?:first appeared|appeared first) on .{1,200}|Continue reading.{0,200}|Read more\W*)$"
)
# What page builders of WordPress leave in descriptions, the last one often cut off.
_SHORTCODE = re.compile(r"\[/?(?:[a-z]+(?:_[a-z0-9]+)+|caption|gallery|embed)(?:\s[^\[\]]*)?(?:\]|$)")
_CUT = re.compile(r"\s*\[(?:…|\.\.\.)\]$")
# Between sentences in Chinese and Japanese there is no blank.
_SENTENCE = re.compile(r"[。！？]+[」』）”’)\]]*|[.!?؟۔।]+[\"'”’»)\]]*(?=\s|$)")
_ENOUGH, _LONGEST = 80, 320
"""Characters: from which on a summary may end with a sentence, and at most."""
_LONGEST_TITLE = 100

_SPECIAL = re.compile(r"[\\`*_\[\]<]|&(?=#?\w+;)")
_BEGINNING = re.compile(r"(?P<mark>[#>+=~-])|(?P<number>\d{1,9})(?=[.)](?:\s|$))")


def parsed(written: str) -> LexborHTMLParser:
    """Return HTML as a tree without its drawings, up to where it is nested so deep that parsing would take for ever."""
    depth = 0
    # Their parts close themselves, which no part of HTML does.
    before, *drawings = _DRAWING.split(written)
    written = "".join((before, *(rest for part in drawings for rest in _DRAWN.split(part, maxsplit=1)[1:])))
    for tag in _OPENING.finditer(written):
        if tag[2].lower() not in _UNCLOSED:
            depth = max(0, depth - 1) if tag[1] else depth + 1
            if depth > _DEEPEST:
                return LexborHTMLParser(written[: tag.start()])
    return LexborHTMLParser(written)


def looks_like_html(written: str) -> bool:
    """Return whether a text that may be HTML or not has markup in it."""
    return bool(_TAG.search(written))


def of_html(written: str) -> str:
    """Return what a piece of HTML says, without its markup, on one line."""
    return of_article(written, "", "")


def of_article(written: str, page: str, title: str) -> str:
    """Return what a piece of HTML says about the page of this address and title, on one line.

    Links to the page itself only ask for a click, and a line that links its title says where it appeared.
    """
    tree = parsed(f"<body>{_BLOCK.sub(' <', written)}")
    tree.strip_tags(_UNREAD)
    for _ in range(_MOST_LINKS if page else 0):
        link = next((one for one in tree.css("a[href]") if _leads(one.attributes.get("href") or "", page)), None)
        if link is None:
            break
        line = link.parent
        is_named = of_text(link.text()).casefold() == title.casefold()
        (line if is_named and line and line.tag in _LINES else link).decompose()
    # Drupal writes author, date and buttons around the body, and SharePoint its columns.
    article = tree.css_first('[class*="-name-body"], [class^="ExternalClass"]') or tree.body
    # One by one, because one may stand in another.
    for _ in range(_MOST_BESIDE if article else 0):
        beside = article.css_first(_BESIDE) if article else None
        if beside is None:
            break
        beside.decompose()
    return of_text(article.text() if article else "")


def _leads(link: str, page: str) -> bool:
    address, fragment = urldefrag(web_address(page, link))
    return bool(address) and not fragment and canonical_url(address) == canonical_url(page)


def of_text(written: str) -> str:
    """Return a text on one line, without characters that nobody sees, and with letters for their names in HTML."""
    return " ".join(_UNSEEN.sub("", _REFERENCE.sub(_letter, written)).split())


def _letter(reference: re.Match[str]) -> str:
    told = html.unescape(reference[0])
    # Of a name that HTML does not know it may know the beginning.
    return reference[0] if told in {"<", ">"} or (told.endswith(";") and len(told) > 1) else told


def of_attribute(written: str) -> str:
    """Return a text that sites escape once too often or write in HTML, such as a title in JSON-LD."""
    plain = html.unescape(written)
    return of_html(plain) if looks_like_html(plain) else of_text(plain)


def summary(text: str, title: str) -> str:
    """Return the first sentences of a text as the summary of what has this title; nothing where it only says that."""
    text = of_text(_SHORTCODE.sub(" ", text))
    # The tail of a longer text is cut off anyway.
    short = shortened(_TAIL.sub("", text) if len(text) <= 4 * _LONGEST else text)
    return "" if short.casefold().rstrip(".…") == title.casefold().rstrip(".…") else short


def shortened(text: str) -> str:
    """Return the first sentences of a text, as many as a summary or a title holds."""
    if _CUT.search(text):
        text = f"{_CUT.sub('', text).rstrip(' .,;:')}…"
    if len(text) <= _LONGEST:
        return text
    ends = [found.end() for found in _SENTENCE.finditer(text, 0, _LONGEST) if found.end() >= _ENOUGH]
    if ends:
        return text[: ends[-1]]
    return f"{begun(text, _LONGEST).rstrip(' .,;:–-')}…"


def headed(text: str) -> tuple[str, str]:
    """Return a title for what has none, and what the text says beside it: its first sentence, or how it begins."""
    found = _SENTENCE.search(text, 0, _LONGEST_TITLE + 1)
    if found:
        return text[: found.end()].rstrip(".。"), text[found.end() :].strip()
    if len(text) <= _LONGEST_TITLE:
        return text, ""
    return f"{begun(text, _LONGEST_TITLE).rstrip(' .,;:–-')}…", text


def as_markdown(text: str) -> str:
    """Return one line of text as Markdown (CommonMark) that shows it and nothing else."""
    escaped = _SPECIAL.sub(r"\\\g<0>", text)
    begins = _BEGINNING.match(escaped)
    if begins is None:
        return escaped
    place = begins.end()
    return f"{escaped[:place]}\\{escaped[place:]}" if begins["number"] else f"\\{escaped}"
