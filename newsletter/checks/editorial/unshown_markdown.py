"""Is everything in a text what emails can show?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# CommonMark without HTML: https://spec.commonmark.org/0.31.2/. The rest is known from GitHub, wikis and web forms.
_ELEMENTS = (
    "a|b|br|center|div|em|figure|font|h[1-6]|hr|i|iframe|img|li|ol|p|s|small|span|strong|sub|sup|table|td|tr|u|ul"
)
_RAW = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|~~(?=\S).+?~~|\[\^[\w-]+\]|^\s*\|?(?:\s*:?-{{3,}}:?\s*\|)+[-:| \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if not passage.is_markdown:
            continue
        # What somebody shows as code is meant as it stands.
        text = _CODE.sub(lambda code: " " * len(code[0]), passage.text)
        if match := _RAW.search(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            shown = text[start : match.end()].strip()
            place = subject.place(passage, start, start + len(shown))
            yield Fault(f"readers would see {shown} as it stands", place, passage.entry)


RULE = Rule(
    code="EDT029",
    severity=Severity.WARNING,
    title="markup that emails do not take",
    why="texts are Markdown with emphasis, links, lists, quotations and code; HTML, tables and footnotes stay as typed",
    fix="say it in words, or with **bold**, *italics*, a link or a list",
    bad="summary: It opens <b>in May</b>.",
    good="summary: It opens **in May**.",
    check=_check,
)
