"""What readers have been shown, as the texts tell that have left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from functools import cached_property

from newsletter.checks.consistency.beside import same_readers
from newsletter.checks.facts import Sibling
from newsletter.checks.subject import Subject
from newsletter.model.entry import Entry

_GOES_ON = r"\.?[\w/?&=#%~+-]"
"""What an address that only begins alike has next."""


class Shown:
    """The issues that have left to the same readers, and whether an entry stood in one."""

    def __init__(self, subject: Subject) -> None:
        self._subject = subject
        self._texts = {name: " ".join(text.split()) for name, text in subject.facts.sent.items()}
        self.issues: tuple[Sibling, ...] = tuple(
            other for other in same_readers(subject) if other.issue.name in self._texts
        )

    def is_unknown(self, entry: Entry) -> bool:
        """Return whether an issue may have shown an entry that left so long ago that its text is not at hand."""
        return any(entry.day is None or entry.day in one.period or entry.id in named for one, named in self._old)

    def may_be(self, entry: Entry, issues: Iterable[Sibling]) -> bool:
        """Return whether an entry may have stood in one of some issues: its title does, or else its page.

        A title is put right after an issue has left, and so is an address.
        """
        return any(self._titled(entry, other) or self._led_to(entry, other) for other in issues)

    def surely(self, entry: Entry, other: Sibling) -> bool:
        """Return whether an entry stood in an issue: its title does, and the page that is its own."""
        return self._titled(entry, other) and (not entry.url or self._led_to(entry, other))

    def _titled(self, entry: Entry, other: Sibling) -> bool:
        titles = (entry.title, *(told.title for told in entry.translations.values()))
        return any(" ".join(title.split()) in self._texts[other.issue.name] for title in titles)

    def _led_to(self, entry: Entry, other: Sibling) -> bool:
        text = self._texts[other.issue.name]
        return (
            bool(entry.url)
            and entry.canonical_url not in self._shared
            and re.search(rf"{re.escape(entry.url or '')}(?!{_GOES_ON})", text) is not None
        )

    @cached_property
    def _old(self) -> list[tuple[Sibling, frozenset[str]]]:
        """The issues that left so long ago that their texts are not at hand, and the entries that they name."""
        gone = set(self._subject.facts.left) - self._texts.keys()
        old = (one for one in same_readers(self._subject) if one.issue.name in gone)
        return [(one, frozenset({*one.issue.pin, *one.issue.feature})) for one in old]

    @cached_property
    def _shared(self) -> frozenset[str | None]:
        """The addresses by which no single entry is known."""
        entries = Counter(entry.canonical_url for entry in self._subject.facts.entries)
        return frozenset(address for address, number in entries.items() if number > 1)
