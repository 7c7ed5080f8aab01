"""Is everything filled in?"""

import re
from collections.abc import Iterator

from newsletter.checks.rule import Rule, Subject, texts
from newsletter.model.finding import Place, Severity
from newsletter.model.slot import SLOTS

# Merge marks of other tools, which arrive by copy and paste.
_FOREIGN = r"\{\{.{0,80}?\}\}|\{%.{0,80}?%\}|\*\|[A-Z0-9_:]{1,40}\|\*|%recipient\.\w+%|\[\[\w+\]\]"
_OWN = r"\{(?:" + "|".join(SLOTS) + r")(?:\|[^{}]*)?\}"
_FOREIGN_MARKS = re.compile(_FOREIGN)
_MARKS = re.compile(f"{_FOREIGN}|{_OWN}")


def _check(subject: Subject) -> Iterator[tuple[str, Place]]:
    # What people wrote is looked at too: Markdown takes the asterisks out of *|NAME|*.
    found = {(mark, place) for text, place in subject.written() for mark in _FOREIGN_MARKS.findall(text)}
    shown: set[str] = set()
    for subject_line, html, text in subject.filled.values():
        for part in (subject_line, _visible(html), text):
            shown.update(_MARKS.findall(part))
    for mark in shown - {mark for mark, _ in found}:
        # In an issue's own texts our slots are filled, so what is left of them stands in an entry.
        entries = (text for entry in subject.selection.entries for text in texts(entry))
        places = [place for written, place in (*entries, *subject.written()) if mark in written]
        found.add((mark, places[0] if places else subject.issue_place))
    for mark, place in sorted(found):
        yield f"readers would see {mark}", place


def _visible(html: str) -> str:
    return re.sub(r"<style.*?</style>|<!--.*?-->", "", html, flags=re.DOTALL)


RULE = Rule(
    code="SLT001",
    severity=Severity.ERROR,
    title="slot that is not filled in",
    why="only `subject`, `preheader` and `intro` of an issue have slots, such as {first_name|reader}",
    fix="delete the mark, or write the text that belongs there",
    check=_check,
)
