"""Can it be read over a coffee?"""

from collections.abc import Iterator

from newsletter.checks.amount import words
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject
from newsletter.model.finding import Severity

# Brysbaert 2019, "How many words do we read per minute?": 238 for adults who read silently in English.
_WORDS_A_MINUTE = 238


def _check(subject: Subject) -> Iterator[Fault]:
    most = subject.number(RULE, "minutes")
    for language, (_, _, text) in subject.filled.items():
        minutes = words(text) / _WORDS_A_MINUTE
        if minutes > most:
            yield Fault(f"the email ({language}) takes {minutes:.0f} minutes to read", subject.issue_place)


RULE = Rule(
    code="EDT021",
    severity=Severity.NOTE,
    title="long to read",
    why="most readers stay for a minute or two; what comes late is not seen",
    fix="put what matters first, shorten summaries, or send two issues",
    parameters={"minutes": 8},
    check=_check,
)
