"""Is everything in a text what emails can show?"""

import re
from collections.abc import Iterator
from functools import cache
from html import unescape
from html.entities import html5

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Passage, Subject, without_code
from newsletter.model.finding import Severity
from newsletter.model.wording import cut

# CommonMark without HTML: https://spec.commonmark.org/0.31.2/. The rest is known from GitHub, wikis, web forms and
# website generators.
_ELEMENTS = (
    "a|abbr|article|audio|b|blockquote|br|button|center|cite|code|dd|del|details|div|dl|dt|em|embed|figcaption|figure|"
    "font|form|h[1-6]|hr|i|iframe|img|input|ins|kbd|li|mark|object|ol|p|picture|pre|q|s|script|section|small|source|span|"
    "strong|style|sub|summary|sup|svg|table|tbody|td|th|thead|tr|u|ul|video"
)
_RAW = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|<!--[\s\S]*?(?:-->|\Z)|~~(?=\S)[^\n]+?~~|\[\^[\w-]+\]"
    r"|^[ \t]*+(?:\|[ \t]*+)?(?::?-{3,}+:?[ \t]*+\|[ \t]*+)++[-:| \t]*+$"
    r"|^[ \t]*+[-*+] \[[ x]\](?=\s)|^:::[^\n]*|\{:[^{}\n]+\}|\[/[a-z]+\]|(?<![^\s(]):[a-z][a-z_]+[a-z0-9]:(?![\w:])"
    # Names of headings, boxes, tables of contents, abbreviations, and the components of MDX.
    r"|\{\#[\w-]+\}|^!!! \w[^\n]*|^> \[!\w+\]|^\[TOC\]$|^\*\[[^\]\n]+\]:[^\n]*|(?<![=\w])==(?=[^\s=])[^=\n]+==(?!=)"
    r"|(?-i:</[A-Z]\w*>|<[A-Z]\w*(?:\s[^<>]*/?|/)>|^import [^\n]{1,200}? from [\"'][^\n]+)",
    re.IGNORECASE | re.MULTILINE,
)
# A title, a heading or a description is plain text; of what may stand there on purpose, such as *, nothing is said.
_PLAIN = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|<!--.*?-->|&(?P<entity>#\d+|#x[0-9a-f]+|[a-z]+\d*);|(?<!\w)(\*\*|__)(?=\S).+?\2"
    r"|\[[^\[\]]+\]\([^()\s]+\)|`[^`]+`",
    re.IGNORECASE,
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


def _kind(shown: str) -> str:
    """Return the name of an element, or the signs with which other markup begins."""
    found = _BEGIN.match(shown)
    return (found[1] or found[0]).lower() if found else ""


def _fault(subject: Subject, passage: Passage, start: int, end: int, fix: str = "") -> Fault:
    shown = cut(" ".join(passage.text[start:end].split()), 60)
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
