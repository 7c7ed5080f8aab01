"""Is everything in a text what emails can show?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject, without_code
from newsletter.model.finding import Severity

# CommonMark without HTML: https://spec.commonmark.org/0.31.2/. The rest is known from GitHub, wikis, web forms and
# website generators.
_ELEMENTS = (
    "a|abbr|b|blockquote|br|button|center|cite|code|dd|del|details|div|dl|dt|em|figcaption|figure|font|h[1-6]|hr|i|"
    "iframe|img|ins|kbd|li|mark|ol|p|picture|pre|q|s|section|small|source|span|strong|style|sub|summary|sup|table|"
    "tbody|td|th|thead|tr|u|ul|video"
)
_RAW = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|<!--[\s\S]*?(?:-->|\Z)|~~(?=\S)[^\n]+?~~|\[\^[\w-]+\]"
    r"|^[ \t]*+(?:\|[ \t]*+)?(?::?-{3,}+:?[ \t]*+\|[ \t]*+)++[-:| \t]*+$"
    r"|^[ \t]*+[-*+] \[[ x]\](?=\s)|^:::[^\n]*|\{:[^{}\n]+\}|\[/[a-z]+\]|(?<![^\s(]):[a-z][a-z_]+[a-z0-9]:(?![\w:])",
    re.IGNORECASE | re.MULTILINE,
)
_PICTURE = re.compile(r"(?<!\\)!\[(?P<alt>[^\[\]]*)\](?:\([^()\n]*\)|\[[^\[\]]*\])")


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if not passage.is_markdown:
            continue
        # What somebody shows as code is meant as it stands.
        text = without_code(passage.text)
        if match := _RAW.search(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            shown = text[start : match.end()].strip()
            place = subject.place(passage, start, start + len(shown))
            yield Fault(f"readers would see {_short(shown)} as it stands", place, passage.entry)
        if match := _PICTURE.search(text):
            alt = f"the words “{match['alt']}”" if match["alt"].strip() else "nothing"
            fix = "give the entry an `image`, or delete the picture from the text"
            place = subject.place(passage, *match.span())
            yield Fault(f"of the picture in the text readers would see {alt}", place, passage.entry, fix)


def _short(shown: str) -> str:
    line = " ".join(shown.split())
    return line if len(line) <= 60 else f"{line[:59]}…"


RULE = Rule(
    code="EDT029",
    severity=Severity.WARNING,
    title="markup that emails do not take",
    why="texts are Markdown with emphasis, links, lists, quotations and code; HTML, tables and notes stay as typed",
    fix="say it in words, or with **bold**, *italics*, a link or a list",
    bad="summary: It opens <b>in May</b>.",
    good="summary: It opens **in May**.",
    check=_check,
)
