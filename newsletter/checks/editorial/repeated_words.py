"""Is no word written twice in a row?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Words that English never doubles; French says "nous nous", German "die die".
_TWICE = re.compile(r"\b(the|a|an|of|to|and|is|are|for|with|from|by|as|it|we|they|our)\s+\1\b", re.IGNORECASE)


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        if passage.name == "url" or passage.language.partition("-")[0] != "en":
            continue
        for match in _TWICE.finditer(passage.text):
            yield Fault(f"“{match[0]}”: a word twice", subject.place(passage, *match.span()), passage.entry)


RULE = Rule(
    code="EDT028",
    severity=Severity.WARNING,
    title="word written twice",
    why="it is a slip that everybody but its author sees",
    fix="delete one of the two",
    bad="summary: It opens in the the spring.",
    good="summary: It opens in the spring.",
    check=_check,
)
