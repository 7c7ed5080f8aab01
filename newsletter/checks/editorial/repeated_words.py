"""Is no word written twice in a row?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Words that English never doubles; French says "nous nous", German "die die".
_TWICE = re.compile(r"\b(the|a|an|of|to|and|is|are|for|with|from|by|as|it|we|they|our)\s+\1\b", re.IGNORECASE)
# Longer words are doubled on purpose where somebody insists, and in names, which begin with a capital.
_LONG = re.compile(r"(?<![\w-])([^\W\d_A-Z]\w{4,}+)[ \n]+\1(?![\w-])")
_MEANT = frozenset(
    """
    again cheep every knock maybe never really sorry tweet would
    bitte heute immer jeden keine nicht niemals vielleicht wieder
    encore jamais merci toujours vraiment
    gracias mucho mucha nunca siempre todos
    """.split()
)
_LANGUAGES = frozenset({"en", "de", "fr", "es"})


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        language = passage.language.partition("-")[0]
        if passage.name == "url" or language not in _LANGUAGES:
            continue
        found = [match for match in _LONG.finditer(passage.text) if match[1] not in _MEANT]
        if language == "en":
            found += _TWICE.finditer(passage.text)
        for match in found:
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
