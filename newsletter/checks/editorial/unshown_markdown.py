"""Is everything in a text what emails can show?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Passage, Subject
from newsletter.model.finding import Severity

# CommonMark without HTML: https://spec.commonmark.org/0.31.2/. The rest is known from GitHub, wikis and web forms.
_ELEMENTS = (
    "a|b|br|center|div|em|figure|font|h[1-6]|hr|i|iframe|img|li|ol|p|s|small|span|strong|sub|sup|table|td|tr|u|ul"
)
_RAW = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|~~(?=\S).+?~~|\[\^[\w-]+\]|^\s*\|?(?:\s*:?-{{3,}}:?\s*\|)+[-:| \t]*$",
    re.IGNORECASE | re.MULTILINE,
)
_ALMOST_LINK = re.compile(r"\([^()\n]+\)\[https?://[^\]\s]+\]|\[[^\[\]\n]+\] +\(https?://[^()\s]+\)")
_CODE = re.compile(r"(`+)(?!`).+?(?<!`)\1(?!`)", re.DOTALL)


# A title is plain text: there Markdown stays as typed, and so do the codes of a web page's source.
_LINES = frozenset({"title", "subject", "preheader", "heading"})
_IN_LINES = re.compile(
    rf"</?(?:{_ELEMENTS})(?:\s[^<>]*)?/?>|\*\*(?=\S)[^*\n]+\*\*|\[[^\[\]\n]+\]\(https?://[^()\s]*\)"
    r"|&(?:amp|nbsp|lt|gt|quot|apos|shy|[lr][ds]quo|[mn]dash|hellip|#\d{2,5}|#x[0-9a-f]{2,5});",
    re.IGNORECASE,
)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name in _LINES:
            # The end of an element goes with its beginning.
            for found in _IN_LINES.finditer(passage.text):
                if found[0].startswith("</") and found[0].replace("/", "")[:-1] in passage.text[: found.start()]:
                    continue
                fix = "write the words alone; this line is plain text"
                yield _fault(subject, passage, *found.span(), fix)
        if not passage.is_markdown:
            continue
        # What somebody shows as code is meant as it stands.
        text = _CODE.sub(lambda code: " " * len(code[0]), passage.text)
        for found in _ALMOST_LINK.finditer(text):
            fix = "a link is written [its words](https://its.address), without a space between the two"
            yield _fault(subject, passage, *found.span(), fix)
        if match := _RAW.search(text):
            start = match.start() + len(match[0]) - len(match[0].lstrip())
            yield _fault(subject, passage, start, start + len(text[start : match.end()].strip()))


def _fault(subject: Subject, passage: Passage, start: int, end: int, fix: str = "") -> Fault:
    place = subject.place(passage, start, end)
    return Fault(f"readers would see {passage.text[start:end]} as it stands", place, passage.entry, fix)


RULE = Rule(
    code="EDT029",
    severity=Severity.WARNING,
    title="markup that emails do not take",
    why="texts are Markdown with emphasis, links, lists, quotes and code, titles are plain; all else stays as typed",
    fix="say it in words, or with **bold**, *italics*, a link or a list",
    bad="summary: It opens <b>in May</b>.",
    good="summary: It opens **in May**.",
    check=_check,
)
