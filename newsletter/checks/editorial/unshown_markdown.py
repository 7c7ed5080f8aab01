"""Is everything in a text what emails can show?"""

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from html import unescape
from html.entities import html5

from newsletter.checks.editorial.words import shortened
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Passage, Subject, without_code
from newsletter.model.finding import Severity

# CommonMark without HTML: https://spec.commonmark.org/0.31.2/. The rest is known from GitHub, wikis, web forms and
# website generators.
_ELEMENTS = (
    "a|abbr|article|aside|audio|b|big|blockquote|br|button|center|cite|code|col|colgroup|dd|del|details|dfn|div|dl|dt|em|"
    "embed|figcaption|figure|font|footer|form|h[1-6]|hr|i|iframe|img|input|ins|kbd|li|mark|meta|nav|noscript|object|ol|p|"
    "picture|pre|q|rp|rt|ruby|s|samp|script|section|small|source|span|strike|strong|style|sub|summary|sup|svg|table|tbody|"
    "td|tfoot|th|thead|tr|tt|u|ul|video|wbr"
)
# Between single dollars, as studies have them; money has a digit behind its sign, or letters before it.
_FORMULA = (
    r"(?<![\\\w$])\$(?=[^\s\d$]|\d[^$\n]{0,300}?(?:\\[a-z]|\^|_\{))"
    r"(?=[a-z]\$|[^$]{0,300}?[\\^_=<>{])(?:[^$\n]|\n(?!\s*\n)){1,300}(?<![\s\\])\$(?![\w${])"
)
_VALUE = r"""(?:"[^"\n\]]*"|'[^'\n\]]*'|[\w#.%-]+)"""
_RAW = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|<!--[\s\S]*?(?:-->|\Z)|~~(?=\S)[^\n]+?~~|\[\^[\w-]+\]"
    r"|^[ \t]*+(?:\|[ \t]*+)?:?-{3,}+:?[ \t]*+\|[-:| \t]*+$"
    r"|^[ \t]*+[-*+] \[[ x]\](?=\s)|^:::[^\n]*|\{:[^{}\n]+\}|(?<![^\s(]):[a-z][a-z_]+[a-z0-9]:(?![\w:])"
    # Names of headings, boxes, tables of contents, abbreviations, and the components of MDX.
    r"|\{\#[\w-]+\}|^!!! \w[^\n]*|^> \[!\w+\]|^\[TOC\]$|^\*\[[^\]\n]+\]:[^\n]*|(?<![=\w])==(?=[^\s=])[^=\n]+==(?!=)"
    # Formulas of TeX, and not how dear a restaurant is.
    rf"|\$\$(?=[^$]{{0,1000}}[\\^_={{+])[^$]{{1,1000}}+\$\$|{_FORMULA}"
    # An element has an end or attributes; those of HTML that stand without are above, and <name> may be meant.
    r"|</[a-z][\w:.-]*>|<[a-z][\w:.-]*\s+[\w:@.-]+=[\"'\w][^<>]*>"
    # Shortcodes of WordPress; links and pictures of wikis.
    rf"|(?<!\\)\[(?:/[a-z][\w-]*|gallery|[a-z][\w-]*(?:\s+[\w-]+={_VALUE})+\s*/?)\](?![\[(:])"
    r"|(?<!\\)!?\[\[(?!\w+\]\])[^\[\]\n]++\]\](?![\[(:])"
    r"|(?-i:</[A-Z]\w*>|<[A-Z]\w*(?:\s[^<>]*/?|/)>|^import [^\n]{1,200}? from [\"'][^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
# A title, a heading or a description is plain text; of what may stand there on purpose, such as *, nothing is said.
_PLAIN = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|<!--.*?-->|&(?P<entity>#\d+|#x[0-9a-f]+|[a-z]+\d*);|(?<!\w)(\*\*|__)(?=\S).+?\2"
    rf"|\[[^\[\]]+\]\([^()\s]+\)|`[^`]+`|{_FORMULA}",
    re.IGNORECASE,
)
# It may go over lines, though not from one paragraph or point of a list into the next, and have italics in it.
# Asterisks with a blank behind them, as in 2 ** 3, do not go with those that begin a word.
_BOLD = re.compile(
    r"(?<![\\*])\*\*(?!\*)(?:(?P<loose>(?=\s))|(?=\S))"
    r"(?P<words>(?:[^*\n]|\*(?!\*)|\n(?![ \t]*(?:\n|[-*+>#|]|\d+[.)])))+)"
    r"(?(loose)(?!(?<=\s)\*\*[^\s.,;:!?)]))\*\*(?!\*)"
)
_BEGIN = re.compile(r"</?(\w+)|\W+")
_ALMOST_LINK = re.compile(r"\([^()\n]+\)\[https?://[^\]\s]+\]|\[[^\[\]\n]+\] +\(https?://[^()\s]+\)")
_PICTURE = re.compile(r"(?<!\\)!\[(?P<alt>[^\[\]]*)\](?:\([^()\n]*\)|\[[^\[\]]*\])")


def _check(subject: Subject) -> Iterator[Fault]:
    described = [
        Passage(picture.alt or "", entry.origin, (name, "alt"), entry.id, entry.language)
        for entry, name, picture in subject.pictures()
    ]
    for passage in (*subject.passages, *described):
        if passage.is_markdown:
            yield from _in_markdown(subject, passage)
        elif passage.name != "url":
            yield from _in_plain_text(subject, passage)


def _in_markdown(subject: Subject, passage: Passage) -> Iterator[Fault]:
    # What somebody shows as code is meant as it stands.
    text = without_code(passage.text)
    for almost in _ALMOST_LINK.finditer(text):
        fix = "a link is written [its words](https://its.address), without a space between the two"
        yield _fault(subject, passage, *almost.span(), fix)
    if bold := next((found for found in _BOLD.finditer(text) if not _is_bold(text, found)), None):
        fix = "put spaces, stops and quotation marks outside the asterisks, next to which only words make them bold"
        yield _fault(subject, passage, *bold.span(), fix)
    told: set[str] = set()
    for raw in _RAW.finditer(text):
        shown = raw[0].strip()
        # Of each kind the first: whoever has pasted a page would get a finding a line.
        if (kind := _kind(shown)) not in told:
            told.add(kind)
            start = raw.start() + raw[0].index(shown)
            yield _fault(subject, passage, start, start + len(shown))
    if picture := _PICTURE.search(text):
        alt = f"the words “{picture['alt']}”" if picture["alt"].strip() else "nothing"
        place, fix = subject.place(passage, *picture.span()), "give the entry an `image`, or delete the picture"
        yield Fault(f"of the picture in the text readers would see {alt}", place, passage.entry, fix)


def _in_plain_text(subject: Subject, passage: Passage) -> Iterator[Fault]:
    first = cache(passage.text.find)
    for match in _PLAIN.finditer(passage.text):
        shown, name = match[0], match["entity"]
        if name and not name.startswith("#") and f"{name};" not in html5:
            continue
        # The end of an element goes with its beginning.
        if shown.startswith("</") and 0 <= first(shown.replace("/", "")[:-1]) < match.start():
            continue
        fix = f"write {unescape(shown)}" if name else "write the words alone; this line is plain text"
        yield _fault(subject, passage, *match.span(), fix)


def _is_bold(text: str, found: re.Match[str]) -> bool:
    """Return whether asterisks are what CommonMark takes for emphasis; Chinese has no blanks, which it looks for."""
    words, before, after = found["words"], text[: found.start()][-1:], text[found.end() :][:1]
    opens = not words[0].isspace() and (not _is_sign(words[0]) or _is_apart(before))
    closes = not words[-1].isspace() and (not _is_sign(words[-1]) or _is_apart(after))
    # What has no letters, as in 2 ** 3 ** 4, was not to be bold.
    return (opens and closes) or not any(map(str.isalpha, words))


def _is_apart(character: str) -> bool:
    return not character or character.isspace() or _is_sign(character)


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _kind(shown: str) -> str:
    """Return the name of an element, or the signs with which other markup begins."""
    found = _BEGIN.match(shown)
    return (found[1] or found[0]).lower() if found else ""


def _fault(subject: Subject, passage: Passage, start: int, end: int, fix: str = "") -> Fault:
    shown = shortened(passage.text[start:end])
    return Fault(f"readers would see {shown} as it stands", subject.place(passage, start, end), passage.entry, fix)


RULE = Rule(
    code="EDT029",
    severity=Severity.WARNING,
    title="markup that emails do not take",
    why="texts hold emphasis, links, lists, quotations and code, titles none of it; the rest stays as it is typed",
    fix="say it in words, or with **bold**, *italics*, a link or a list",
    bad="summary: It opens <b>in May</b>.",
    good="summary: It opens **in May**.",
    check=_check,
)
