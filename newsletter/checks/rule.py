"""What a rule is and what it looks at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from newsletter.model.edition import Edition
from newsletter.model.entry import Entry
from newsletter.model.finding import Finding, Place, Severity
from newsletter.model.selection import Selection


@dataclass(frozen=True)
class Subject:
    """An issue as it would leave: its selection and its editions."""

    selection: Selection
    editions: tuple[Edition, ...]

    @cached_property
    def filled(self) -> Mapping[str, tuple[str, str, str]]:
        """Subject, HTML and text of each edition by its language and topics, as a reader without a name gets them."""
        sample = {"unsubscribe_url": "https://unsubscribe.example/", "view_url": "https://view.example/"}
        return {
            ", ".join((edition.language, *edition.topics)): (
                edition.subject.fill(sample).decode(),
                edition.html.fill(sample).decode(),
                edition.text.fill(sample).decode(),
            )
            for edition in self.editions
        }

    @property
    def issue_place(self) -> Place:
        """The issue's own file."""
        return self.selection.issue.origin.place()

    def written(self) -> Iterator[tuple[str, Place]]:
        """Yield every text that people wrote for this issue, with its place."""
        issue = self.selection.issue
        for name in ("title", "subject", "preheader", "intro"):
            yield getattr(issue, name) or "", issue.origin.place(name)
        for language, words in issue.translations.items():
            for name in ("title", "subject", "preheader", "intro"):
                yield getattr(words, name) or "", issue.origin.place("translations", language, name)
        for number, section in enumerate(issue.sections):
            for name in ("heading", "intro"):
                yield getattr(section, name), issue.origin.place("sections", number, name)
                for language, translated in section.translations.items():
                    place = issue.origin.place("sections", number, "translations", language, name)
                    yield getattr(translated, name) or "", place
        for entry in self.selection.entries:
            yield from texts(entry)


def texts(entry: Entry) -> Iterator[tuple[str, Place]]:
    """Yield the texts and addresses of an entry, with their places."""
    for name in ("title", "summary", "body", "url"):
        yield getattr(entry, name) or "", entry.origin.place(name)
    for language, translation in entry.translations.items():
        for name in ("title", "summary", "body", "url"):
            yield getattr(translation, name) or "", entry.origin.place("translations", language, name)


@dataclass(frozen=True, slots=True)
class Rule:
    """One question asked of every issue.

    `check` yields a message and a place for each problem it finds.
    """

    code: str
    severity: Severity
    title: str
    why: str
    fix: str
    check: Callable[[Subject], Iterable[tuple[str, Place]]]

    def findings(self, subject: Subject) -> Iterator[Finding]:
        """Yield the rule's findings about an issue."""
        for message, place in self.check(subject):
            yield Finding(self.code, self.severity, message, place, why=self.why, fix=self.fix)
