"""An issue as it would leave, as rules look at it: what people wrote, what readers get, and where each stands."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from newsletter.checks.facts import Facts
from newsletter.checks.rendered import Page
from newsletter.checks.rule import Fault, Rule, Value
from newsletter.checks.standing import Source, Standing
from newsletter.model.edition import Edition
from newsletter.model.entry import Entry, Image
from newsletter.model.finding import Edit, Origin, Place, Severity
from newsletter.model.picture import Picture
from newsletter.model.selection import Selection
from newsletter.model.shape import Path

_ISSUE_FIELDS = ("title", "subject", "preheader", "intro")
_ENTRY_FIELDS = ("title", "summary", "body", "url", "eligibility")
_MARKDOWN = frozenset({"summary", "body", "intro", "eligibility"})
# Words that no Markdown stands between, as readers would see them.
_RUN = re.compile(r"[^\[\]<>*_`\\&{}|!#~^=:/\n]{16,}")
_NUMBER = re.compile(r"\A\s*\d+[.)]\s")
_TELLING, _MOST_RUNS = 12, 5
_TICKS = re.compile(r"`+")


@dataclass(frozen=True, slots=True)
class Passage:
    """A text or an address that people wrote: the field at `path` of the entry, or of the issue where `entry` is empty.

    `language` is empty for what has none, such as an address.
    """

    text: str
    origin: Origin
    path: Path
    entry: str
    language: str

    @property
    def name(self) -> str:
        """The field's name."""
        return str(self.path[-1])

    @property
    def is_markdown(self) -> bool:
        """Whether it may have links and emphasis."""
        return self.name in _MARKDOWN


@dataclass(frozen=True)
class Subject:
    """An issue with its editions, and everything around it that rules may know."""

    selection: Selection
    editions: tuple[Edition, ...]
    facts: Facts = field(default_factory=Facts)
    levels: Mapping[str, Severity] = field(default_factory=dict)
    """How much a rule's findings matter here, where the workspace says so."""
    parameters: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    """Each rule's parameters: the workspace's, or else the rule's own."""
    clients: tuple[str, ...] = ()
    """The mail clients that the workspace cares for, such as gmail.*"""

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

    @cached_property
    def pages(self) -> tuple[Page, ...]:
        """Each edition's HTML, taken apart."""
        return tuple(Page(edition, self.selection, self.facts.trace) for edition in self.editions)

    @property
    def issue_place(self) -> Place:
        """The issue's own file."""
        return self.selection.issue.origin.place()

    @property
    def text_template(self) -> str:
        """The file that writes the text part."""
        return f"templates/themes/{self.selection.issue.theme}.txt.j2"

    @cached_property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that is in, each once."""
        return tuple({entry.id: entry for entry in self.selection.entries}.values())

    @cached_property
    def languages(self) -> tuple[str, ...]:
        """The languages of the editions, each once."""
        return tuple(dict.fromkeys(edition.language for edition in self.editions))

    def once(self, rule: Rule, found: Iterable[tuple[object, Fault]]) -> Iterator[Fault]:
        """Yield what recurs under the same key once, and apart for each entry that mutes the rule.

        Told of one of several entries alone, it would be muted for all of them.
        """
        muting = {entry.id for entry in self.entries if rule.code in entry.lint}
        told = set[tuple[object, str]]()
        for key, fault in found:
            apart = (key, fault.entry if fault.entry in muting else "")
            if apart not in told:
                told.add(apart)
                yield fault

    def number(self, rule: Rule, name: str) -> float:
        """Return a rule's parameter that is a number."""
        value = self.parameters[rule.code][name]
        assert isinstance(value, int | float)  # noqa: S101  what is set was checked against the rule's own
        return value

    def words(self, rule: Rule, name: str) -> tuple[str, ...]:
        """Return a rule's parameter that is a list of words."""
        value = self.parameters[rule.code][name]
        assert isinstance(value, tuple)  # noqa: S101  what is set was checked against the rule's own
        return value

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """Every text and address that people wrote for this issue, and that its readers get."""
        written = (passage for entry in self.entries for passage in texts(entry) if self._is_shown(entry, passage))
        return (*self._of_issue(), *written)

    def pictures(self) -> Iterator[tuple[Entry, str, Image]]:
        """Yield the pictures of the entries, each with the name of its field."""
        for entry in self.entries:
            for name in ("image", "cover"):
                picture = getattr(entry, name, None)
                if isinstance(picture, Image):
                    yield entry, name, picture

    def files(self) -> Iterator[tuple[Entry, str, Picture]]:
        """Yield what those pictures are like that are files of the team's own, in the same way."""
        look = self.facts.picture
        for entry, name, picture in self.pictures():
            if look and (known := look(picture.src)):
                yield entry, name, known

    def place(self, passage: Passage, start: int = 0, end: int = 0) -> Place:
        """Return where in its file a part of a passage stands; without a part, where the passage begins.

        YAML folds lines, so blanks in a passage may be line breaks in the file. A part that is spelt otherwise there,
        as escapes in quotes are, stands where the passage begins.
        """
        begin = passage.origin.value(*passage.path)
        if end <= start:
            return begin
        standing = self._standing(begin, passage)
        offset = standing.offset(start, end) if standing else None
        return begin if offset is None else self._source(begin.file).place(offset, begin.file)

    def replacing(self, passage: Passage, start: int, end: int, new: str) -> Edit | None:
        """Return the change of a part of a passage, or nothing where the file spells it otherwise."""
        old, place = passage.text[start:end], self.place(passage, start, end)
        source = self._source(place.file)
        offset = source.offset(place.line, place.column)
        return Edit(place, old, new) if offset is not None and source.text.startswith(old, offset) else None

    def _standing(self, begin: Place, passage: Passage) -> Standing | None:
        key = (begin, passage.text)
        if key not in self._standings:
            source = self._source(begin.file)
            start = source.offset(begin.line, begin.column)
            end = self._end(source, passage, begin)
            self._standings[key] = None if start is None else Standing(passage.text, source, start, end)
        return self._standings[key]

    def _source(self, file: str) -> Source:
        if file not in self._sources:
            self._sources[file] = Source(self.facts.sources.get(file, ""))
        return self._sources[file]

    @cached_property
    def _standings(self) -> dict[tuple[Place, str], Standing | None]:
        return {}

    @cached_property
    def _sources(self) -> dict[str, Source]:
        return {}

    def _end(self, source: Source, passage: Passage, begin: Place) -> int:
        """Return where the file goes on to something else than the passage."""
        own = (begin.line, begin.column)
        after = [mark for mark in passage.origin.marks.values() if mark > own]
        end = source.offset(*min(after)) if after else None
        return len(source.text) if end is None else end

    def _is_shown(self, entry: Entry, passage: Passage) -> bool:
        """Return whether an edition has a text: a body stays on the web site where a summary and an address lead there.

        Some layouts show it all the same, and templates of teams may. What they show has its words.
        """
        told = entry.translations[str(passage.path[1])] if len(passage.path) > 1 else entry
        if passage.name != "body" or not (told.summary and (told.url or entry.url)) or not self.editions:
            return True
        elsewhere = _letters(f"{told.title} {told.summary}")
        words = (_letters(_NUMBER.sub("", run)) for run in _RUN.findall(passage.text))
        telling = [run for run in words if len(run) >= _TELLING and run not in elsewhere][:_MOST_RUNS]
        return not telling or any(run in self._shown_letters for run in telling)

    @cached_property
    def _shown_letters(self) -> str:
        pages = (page.text for page in self.pages)
        return "\n".join(map(_letters, (*pages, *(text for _, _, text in self.filled.values()))))

    def _of_issue(self) -> Iterator[Passage]:
        issue = self.selection.issue
        origin, language = issue.origin, self.languages[0] if self.languages else ""
        for name in _ISSUE_FIELDS:
            yield Passage(getattr(issue, name) or "", origin, (name,), "", language)
        for tag, words in issue.translations.items():
            for name in _ISSUE_FIELDS:
                yield Passage(getattr(words, name) or "", origin, ("translations", tag, name), "", tag)
        for number, section in enumerate(issue.sections):
            for name in ("heading", "intro"):
                yield Passage(getattr(section, name), origin, ("sections", number, name), "", language)
                for tag, translated in section.translations.items():
                    path = ("sections", number, "translations", tag, name)
                    yield Passage(getattr(translated, name) or "", origin, path, "", tag)
        for number, correction in enumerate(issue.corrections):
            yield Passage(correction.note, origin, ("corrections", number, "note"), "", language)
            for tag, told in correction.translations.items():
                yield Passage(told.note, origin, ("corrections", number, "translations", tag, "note"), "", tag)


def texts(entry: Entry) -> Iterator[Passage]:
    """Yield the texts and addresses of an entry."""
    for name in _ENTRY_FIELDS:
        yield Passage(getattr(entry, name, "") or "", entry.origin, (name,), entry.id, entry.language)
    for tag, translation in entry.translations.items():
        for name in _ENTRY_FIELDS:
            path = ("translations", tag, name)
            yield Passage(getattr(translation, name) or "", entry.origin, path, entry.id, tag)


def _letters(text: str) -> str:
    """Return what stays of a text however it is broken, hyphenated and quoted."""
    return re.sub(r"[\W_]+", "", text).casefold()


def without_code(text: str) -> str:
    """Return Markdown with blanks in place of what it shows as code between backticks."""
    ticks = [found.span() for found in _TICKS.finditer(text)]
    alike: defaultdict[int, list[int]] = defaultdict(list)
    for number in reversed(range(len(ticks))):
        alike[_length(ticks[number])].append(number)
    kept: list[str] = []
    position = number = 0
    while number < len(ticks):
        # As many backticks as have begun it end it, and whatever is between them is code.
        ends = alike[_length(ticks[number])]
        while ends and ends[-1] <= number:
            ends.pop()
        if ends:
            start, end = ticks[number][0], ticks[ends[-1]][1]
            kept += text[position:start], " " * (end - start)
            position, number = end, ends[-1]
        number += 1
    return "".join((*kept, text[position:]))


def _length(span: tuple[int, int]) -> int:
    return span[1] - span[0]
