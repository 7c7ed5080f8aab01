"""Is everything filled in?"""

import re
from collections.abc import Iterator
from html import unescape

from newsletter.checks.editorial.words import shortened
from newsletter.checks.rule import Fault, Rule
from newsletter.checks.subject import Subject, without_code
from newsletter.model.finding import Place, Severity
from newsletter.model.slot import SLOTS

# Merge marks of other tools, which arrive by copy and paste, and shortcodes of web sites: a figure's goes over lines.
_FOREIGN = (
    r"\{\{(?:(?!\{\{|\}\})[\s\S]){0,1000}\}\}|\{%(?:(?!\{%|%\})[\s\S]){0,1000}%\}"
    r"|\*\|[A-Z0-9_:]{1,40}\|\*|%recipient\.\w+%|%%\w{1,40}%%|\[\[\w+\]\](?![\[(])"
    r"|<<\s*(?i:(?:first|last|full)?[ _]?name)\s*>>"
)
_NAMES = "(?:" + "|".join(SLOTS) + ")"
# Whole, with blanks inside, and with one of its braces missing: what is filled has none of them any more.
_OWN = rf"\{{ *{_NAMES} *(?:\|[^{{}}]*)?\}}|\{{{_NAMES}\b(?:\|\w*)?|\b{_NAMES}(?:\|[^{{}}|\s]*)?\}}"
_FOREIGN_MARKS = re.compile(_FOREIGN)
_MARKS = re.compile(f"{_FOREIGN}|{_OWN}")
_IN_TEMPLATES = (
    'delete it; what a template fills in for each reader is written {{ slot("first_name") }}, and for leaving '
    '{{ slot("unsubscribe_url") }}'
)
_SHORTCODES = ("{{<", "{{%", "{%")
_OF_A_WEB_SITE = "delete it: only the web site understands it; a picture belongs into `image`, and a video is a link"


def _check(subject: Subject) -> Iterator[Fault]:
    # What people wrote is looked at too: Markdown takes the asterisks out of *|NAME|*. What somebody shows as code is
    # meant as it stands.
    found: dict[tuple[str, Place], str] = {}
    read = [(each, without_code(each.text) if each.is_markdown else each.text) for each in subject.passages]
    coded: set[str] = set()
    for passage, text in read:
        # Only the issue's own texts have slots of ours.
        for match in (_MARKS if passage.entry else _FOREIGN_MARKS).finditer(text):
            found.setdefault((match[0], subject.place(passage, *match.span())), passage.entry)
        if text != passage.text:
            coded |= {_key(mark) for mark in _MARKS.findall(passage.text)}
    shown: dict[str, str] = {}
    for subject_line, html, text in subject.filled.values():
        for part in (subject_line, _visible(html)):
            for mark in _MARKS.findall(part):
                shown.setdefault(_key(mark), mark)
        # Plain text has no signs for code.
        for mark in _MARKS.findall(text):
            if (key := _key(mark)) not in coded:
                shown.setdefault(key, mark)
    told = {_key(mark) for mark, _ in found}
    for mark in (mark for key, mark in shown.items() if key not in told):
        # In an issue's own texts our slots are filled, so what is left of them stands in an entry.
        ordered = sorted(read, key=lambda each: not each[0].entry)
        where = next(((passage, text.index(mark)) for passage, text in ordered if mark in text), None)
        if where is None:
            found[mark, _in_template(subject, mark)] = ""
        else:
            passage, start = where
            found[mark, subject.place(passage, start, start + len(mark))] = passage.entry
    for (mark, place), entry in sorted(found.items()):
        fix = _OF_A_WEB_SITE if mark.startswith(_SHORTCODES) else ""
        if place.file.startswith("templates/"):
            fix = _IN_TEMPLATES
        yield Fault(f"readers would see {shortened(mark)}", place, entry, fix)


def _in_template(subject: Subject, mark: str) -> Place:
    """Return where a template writes a mark; the issue's place where none can be told."""
    for page in subject.pages:
        if (offset := page.edition.mjml.find(mark)) >= 0:
            return page.mjml_place(offset)
    if any(mark in text for _, _, text in subject.filled.values()):
        return Place(subject.text_template)
    return subject.issue_place


def _visible(html: str) -> str:
    return unescape(re.sub(r"<style.*?</style>|<code\b.*?</code>|<!--.*?-->", "", html, flags=re.DOTALL))


def _key(mark: str) -> str:
    """Return by what a mark is the same in every part: Markdown makes quotes, emphasis and addresses of its signs."""
    return re.sub(r"<[^>]*>|[\W_]", "", mark)


RULE = Rule(
    code="SLT001",
    severity=Severity.ERROR,
    title="slot that is not filled in",
    why="only `subject`, `preheader` and `intro` of an issue have slots, such as {first_name|reader}",
    fix="delete the mark, give it the brace that it lacks, take its blanks out, or write the text that belongs there",
    bad="summary: Dear *|FNAME|*, the centre opens in May.",
    good="summary: The centre opens in May.",
    check=_check,
)
