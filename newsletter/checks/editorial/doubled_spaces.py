"""Is there one space between words?"""

import re
from collections.abc import Iterator
from dataclasses import replace

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

_DOUBLED = re.compile(r"(?<=\S)  +(?=\S)")
_LINES = frozenset({"title", "subject", "preheader", "heading", "summary"})


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name not in _LINES or "  " not in passage.text:
            continue
        for match in _DOUBLED.finditer(passage.text):
            # The word before and a letter behind are taken along: a blank alone could stand anywhere.
            start = passage.text.rfind(" ", 0, match.start()) + 1
            start = max(start, passage.text.rfind("\n", start, match.start()) + 1)
            words = passage.text[start : match.end() + 1]
            edit = subject.replacing(passage, start, match.end() + 1, re.sub(" +", " ", words))
            if edit:
                # That letter may begin the next pair.
                edit = replace(edit, old=edit.old[:-1], new=edit.new[:-1])
            place = subject.place(passage, start, match.end() + 1)
            yield Fault(f"there are {len(match[0])} spaces after “{words.split()[0]}”", place, passage.entry, edit=edit)


RULE = Rule(
    code="EDT024",
    severity=Severity.NOTE,
    title="doubled spaces",
    why="the plain text and the inbox show them",
    fix="keep one",
    check=_check,
)
