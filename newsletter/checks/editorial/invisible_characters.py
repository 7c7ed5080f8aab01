"""Can everything be seen that was pasted?"""

import re
import unicodedata
from collections.abc import Iterator

from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Joiners have their place in Persian, in Indic scripts and in emoji; the zero width space parts the words of Thai, Lao,
# Burmese and Khmer, and nothing else.
_INVISIBLE = re.compile(
    "[\u00ad\u2060\ufffc\ufffd\u2028\u2029\u0085]|(?<![\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff])\u200b"
)
_LOST = "\ufffc\ufffd"
_BREAKS = "\u2028\u2029\u0085"


def _check(subject: Subject) -> Iterator[Fault]:
    for passage in subject.passages:
        for match in _INVISIBLE.finditer(passage.text):
            name = unicodedata.name(match[0], f"U+{ord(match[0]):04X}").lower()
            place = subject.place(passage, *match.span())
            message = f"the text has an invisible character ({name})"
            if match[0] in _LOST:
                yield Fault(message, place, passage.entry, "type what stood there before it was lost")
                continue
            edit = subject.replacing(passage, *match.span(), " " if match[0] in _BREAKS else "")
            yield Fault(message, place, passage.entry, edit=edit)


RULE = Rule(
    code="EDT025",
    severity=Severity.WARNING,
    title="invisible characters",
    why="mail programs show boxes for them, screen readers stumble, and mail filters suspect a trick",
    fix="delete it; if you cannot see it, type the words anew",
    check=_check,
)
