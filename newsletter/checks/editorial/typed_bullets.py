"""Are lists written as lists?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject, without_code
from newsletter.model.finding import Severity

# What Word gives away when a list is copied: signs, those of its symbol fonts in the private use area or as the letters
# that have the same number, and a tab behind.
_BULLET = "•·●○◦▪▫■□►▸➢➤‣⁃∙✓✔\uf0b7\uf0a7\uf0d8\uf0fc\uf076\uf071\uf0a8"
_SIGN = re.compile(rf"[ \t]*+(?P<sign>[{_BULLET}]|[–—](?=[ \t\u00a0])|[oØü§qvà](?=\t))[ \t\u00a0]*+(?=\S)")
_LINE = re.compile(r"^.*", re.MULTILINE)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if not passage.is_markdown:
            continue
        # What somebody shows as code is meant as it stands.
        for lines in _paragraphs(without_code(passage.text)):
            signs = [sign for line in lines if (sign := _SIGN.match(line.string, *line.span()))]
            # A dash or a letter alone may be anything.
            if len(signs) > 1 or (signs and len(lines) > 1 and signs[0]["sign"] in _BULLET):
                first = signs[0]
                place = subject.place(passage, *first.span("sign"))
                begin, end = first.start("sign"), signs[-1].end()
                indent = passage.text[first.start() : begin].expandtabs(4)
                # Behind a wide indent it would be code, or go on with the line before.
                edit = (
                    subject.replacing(passage, begin, end, _as_list(passage.text, signs)) if len(indent) < 4 else None
                )
                message = f"the sign “{first['sign']}” makes no list: its lines flow together"
                yield Fault(message, place, passage.entry, edit=edit)


def _paragraphs(text: str) -> Iterator[list[re.Match[str]]]:
    """Yield the lines between two empty ones."""
    lines: list[re.Match[str]] = []
    for line in _LINE.finditer(text):
        if line[0].strip():
            lines.append(line)
        elif lines:
            yield lines
            lines = []
    if lines:
        yield lines


def _as_list(text: str, signs: list[re.Match[str]]) -> str:
    """Return the text from the first sign to the last as Markdown; another sign than the first is a level below."""
    parts: list[str] = []
    done = signs[0].start("sign")
    for sign in signs:
        parts += text[done : max(done, sign.start())], "- " if sign["sign"] == signs[0]["sign"] else "  - "
        done = sign.end()
    return "".join(parts)


RULE = Rule(
    code="EDT036",
    severity=Severity.WARNING,
    title="bullets that make no list",
    why="signs copied from a word processor are letters; all that is between two empty lines becomes one paragraph",
    fix="begin each line with a hyphen and a blank",
    bad="• Books\n• Films",
    good="- Books\n- Films",
    check=_check,
)
