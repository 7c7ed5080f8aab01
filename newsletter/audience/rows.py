"""From the cells of a row to what it says about a subscriber."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import NamedTuple

from newsletter.audience.address import Address, read_address, shortened
from newsletter.audience.columns import Columns
from newsletter.audience.mailboxes import one_line, read_mailbox
from newsletter.audience.spelling import one_spelling
from newsletter.audience.spreadsheet import unguarded
from newsletter.audience.words import (
    Words,
    holds_days,
    is_letter,
    is_number,
    names_a_day,
    plainly_confirmed,
    read_confirmed,
    read_consent,
    read_suppression,
    says_yes,
)
from newsletter.errors import AudienceError
from newsletter.model import meant, tongues
from newsletter.model.attribute import Attribute, Value
from newsletter.model.consent import Consent, Frequency, Suppression
from newsletter.model.moment import read_moment
from newsletter.model.topics import canonical_topics
from newsletter.store import stored

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}")
_TIME = r"(?:,? (?P<hour>[0-9]{1,2})(?P<rest>:[0-9]{2}(?::[0-9]{2})?))?"
_DATES = (
    re.compile(rf"(?P<day>[0-9]{{1,2}})\.(?P<month>[0-9]{{1,2}})\.(?P<year>[0-9]{{4}}){_TIME}"),
    re.compile(rf"(?P<year>[0-9]{{4}})[/.-](?P<month>[0-9]{{1,2}})[/.-](?P<day>[0-9]{{1,2}}){_TIME}"),
)
# Thailand counts years from the Buddha, with the months of everybody; Iran and Afghanistan have months of their own.
_BUDDHIST, _BUDDHIST_YEARS, _PERSIAN_YEARS = 543, range(2500, 2700), range(1300, 1500)
_TOPIC = re.compile(r'\s*"((?:[^"]|"")*)"\s*(?:[,;|]|$)|([^,;|]*)(?:[,;|]|$)')
_PARTING = re.compile(r"[,;|\"']")
_LONGEST_NAME = 200
FORBIDDEN, LEFT, PENDING, UNUSABLE, CONFIRMED = range(5)
"""What a row says of whether somebody may be written to, the strictest first."""
_STANDING = {Consent.UNSUBSCRIBED: LEFT, Consent.PENDING: PENDING, Consent.CONFIRMED: CONFIRMED}
_STATES = {"consent", "confirmed", "left", "suppressed"}
"""The columns that say whether somebody may be written to."""
_MOST_UNKNOWN = 20


class Row(NamedTuple):
    """A valid row, in the order of the columns of `staging.incoming`; empty is what the file does not say."""

    row: int
    address: str
    address_key: str
    name: str
    language: str
    consent: str
    suppression: str
    """Why the address must not be written to, or nothing."""
    standing: int
    """Which of several rows with one address counts: the lowest, which is the strictest; of two alike the first."""
    topics: str | None = None
    """As JSON."""
    attributes: str | None = None
    """As JSON."""
    frequency: str | None = None
    paused_until: str | None = None
    consent_at: str | None = None
    proof: str = ""
    wording: str = ""
    address_hash: str | None = None


class UnconfirmedRow(AudienceError):
    """A row that cannot be used, of somebody who by it has not confirmed.

    `row` holds back another one of theirs that says they have.
    """

    def __init__(self, error: AudienceError, row: Row) -> None:
        super().__init__(error.message, why=error.why, fix=error.fix)
        self.row = row


@dataclass(frozen=True, slots=True)
class Evidence:
    """When and how the people in a file agreed, as whoever imports it says."""

    at: datetime
    source: str


def read_evidence(day: str, source: str, *, zone: tzinfo, now: datetime) -> Evidence:
    """Return what somebody says of when and how people agreed; raise AudienceError where it proves nothing."""
    try:
        at = read_moment(day, zone).at
    except ValueError as error:
        raise AudienceError(str(error), fix="write it as in 2024-07-20") from None
    if at > now or not source.strip():
        raise AudienceError(
            "consent needs a day that has been, and a source",
            why="it is kept as the proof that people agreed",
            fix="say when they agreed, and how, such as on a form at a conference",
        )
    return Evidence(at, one_line(source))


class Reader:
    """Reads the rows of one file."""

    def __init__(
        self,
        columns: Columns,
        *,
        zone: tzinfo = UTC,
        now: datetime | None = None,
        evidence: Evidence | None = None,
        hashed: Callable[[str], str] | None = None,
        words: Words | None = None,
    ) -> None:
        """`words` is what a person says that words in the column of consent mean."""
        self.unknown: dict[str, None] = {}
        """The first of the words there that mean nothing, each once."""
        self._columns = columns
        self._words = {**(columns.format.words if columns.format else {}), **(words or {})}
        # Of a column with numbers of its own, 0 and 1 are no and yes only where somebody says so; so are t and x.
        self._has_numbers = any(map(is_number, self._words))
        self._has_letters = any(map(is_letter, self._words))
        self._holds_days = holds_days(columns.used.get("consent", ""))
        self._zone, self._now, self._evidence, self._hashed = zone, now, evidence, hashed
        self._width = len(columns.headers)
        self._places = tuple(columns.places.items())
        self._left = [columns.places["left"], *columns.left_too] if columns.left_too else []
        # Most files have none of these columns, and a million rows should not ask.
        more = {"topics", "frequency", "paused_until", "consent_at", "proof", "wording", "json"} & set(columns.places)
        self._attributes = tuple(name for name in columns.attributes if f"attributes.{name}" in columns.places)
        self._has_more = bool(more or self._attributes or evidence)

    def read(self, number: int, cells: Sequence[str] | None) -> Row:
        """Return what a row says; raise AudienceError for one that cannot be used, UnconfirmedRow where it counts."""
        if cells is None:
            raise AudienceError("the quotation marks do not match")
        values = {meaning: unguarded(cells[place].strip()) for meaning, place in self._places if place < len(cells)}
        if self._left:
            said = (unguarded(cells[place].strip()) for place in self._left if place < len(cells))
            values["left"] = next(filter(says_yes, said), "")
        width = self._width
        if width and len(cells) > width and any(cell.strip() for cell in cells[width:]):
            raise self._too_wide(number, values, f"has {len(cells)} cells where the first row has {width}")
        address, name = _owner(values)
        try:
            consent, suppression = self._consent(values)
        except AudienceError as error:
            raise UnconfirmedRow(error, self._unusable(number, address)) from None
        standing = FORBIDDEN if suppression else _STANDING[consent]
        row = Row(number, address.written, address.key, "", "", consent, suppression or "", standing)
        if self._hashed:
            row = row._replace(address_hash=self._hashed(address.key))
        try:
            name = read_name(values) or read_name({"name": name})
            row = row._replace(name=name, language=read_language(values.get("language", "")))
            return self._more(row, values) if self._has_more else row
        except AudienceError as error:
            if standing == PENDING:
                raise UnconfirmedRow(error, self._unusable(number, address)) from None
            if standing == CONFIRMED:
                raise
            # That somebody has left counts, whatever is wrong with what else is said of them.
            return row

    def _unusable(self, number: int, address: Address) -> Row:
        """Return a row of which nothing but the address is used."""
        hashed = self._hashed(address.key) if self._hashed else None
        return Row(number, address.written, address.key, "", "", Consent.PENDING, "", UNUSABLE, address_hash=hashed)

    def _too_wide(self, number: int, values: dict[str, str], message: str) -> AudienceError:
        """Return the error of a row whose cells are not where they belong, so that nobody knows what state it says."""
        error = AudienceError(message)
        if not _STATES & self._columns.places.keys():
            return error
        try:
            return UnconfirmedRow(error, self._unusable(number, _owner(values)[0]))
        except AudienceError:
            return error

    def _consent(self, values: dict[str, str]) -> tuple[Consent, Suppression | None]:
        columns = self._columns
        suppression = read_suppression(values.get("suppressed", ""))
        if says_yes(values.get("left", "")):
            return Consent.UNSUBSCRIBED, suppression
        if columns.state is not None:
            return Consent.UNSUBSCRIBED, columns.state if isinstance(columns.state, Suppression) else suppression
        word = values.get("consent", "")
        said = self._meant(word) if "consent" in columns.places else Consent.CONFIRMED
        if said is None and suppression:
            return Consent.UNSUBSCRIBED, suppression
        if said is None:
            raise self._not_known(word, "consent")
        if said is Consent.CONFIRMED and "confirmed" in columns.places and not plainly_confirmed(word):
            word = values.get("confirmed", "")
            said = read_confirmed(word)
            if said is None:
                raise self._not_known(word, "confirmed")
        if isinstance(said, Suppression):
            return Consent.UNSUBSCRIBED, suppression or said
        return said, suppression

    def _meant(self, word: str) -> Consent | Suppression | None:
        said = self._words.get(word.lower())
        if said is not None or (self._has_numbers and is_number(word)) or (self._has_letters and is_letter(word)):
            return said
        said = read_consent(word)
        return Consent.CONFIRMED if said is None and self._holds_days and names_a_day(word) else said

    def _not_known(self, word: str, meaning: str) -> AudienceError:
        column = self._column(meaning)
        if not word:
            return AudienceError(f"the column {column} is empty")
        if meaning == "consent" and len(self.unknown) < _MOST_UNKNOWN:
            self.unknown[word] = None
        return AudienceError(
            f"'{shortened(word)}' in the column {column} is neither confirmed, pending nor unsubscribed"
        )

    def _more(self, row: Row, values: dict[str, str]) -> Row:
        confirmed = row.consent == Consent.CONFIRMED
        evidence = self._evidence if confirmed else None
        at = self._moment(values, "consent_at") or (staged_moment(evidence.at) if evidence else None)
        return row._replace(
            topics=read_topics(values.get("topics", "")),
            attributes=self._read_attributes(values),
            frequency=read_frequency(values["frequency"]) if values.get("frequency") else None,
            paused_until=self._moment(values, "paused_until", may_come=True),
            consent_at=at if confirmed else None,
            proof=one_line(values.get("proof", "")) or (evidence.source if evidence else ""),
            wording=one_line(values.get("wording", "")),
        )

    def _moment(self, values: dict[str, str], meaning: str, *, may_come: bool = False) -> str | None:
        text = values.get(meaning, "")
        if not text:
            return None
        try:
            moment = read_moment(_as_iso(text), self._zone, recorded=True).at
            if self._now and moment > self._now and not may_come:
                # Many programs write UTC without saying so, which west of Greenwich reads as hours later.
                moment = read_moment(_as_iso(text), UTC).at
        except ValueError as error:
            raise AudienceError(f"in the column {self._column(meaning)}: {error}") from None
        if self._now and moment > self._now and not may_come:
            raise AudienceError(f"in the column {self._column(meaning)}: {text} is still to come")
        return staged_moment(moment)

    def _read_attributes(self, values: dict[str, str]) -> str | None:
        known = self._columns.attributes
        found = _from_json(values.get("json", ""), known, self._column("json"))
        for name in self._attributes:
            text = values.get(f"attributes.{name}", "")
            if text:
                try:
                    found[name] = known[name].read(_as_iso(text) if known[name].type == "date" else text)
                except ValueError as error:
                    raise AudienceError(f"in the column {self._column(f'attributes.{name}')}: {error}") from None
        # As SQLAlchemy writes it, so that equal values are equal texts.
        return json.dumps(found) if found else None

    def _column(self, meaning: str) -> str:
        return shortened(self._columns.used.get(meaning, meaning))


def _owner(values: Mapping[str, str]) -> tuple[Address, str]:
    """Return whose row it is, and the name that stands beside the address."""
    text, name = read_mailbox(values.get("address", ""))
    if not text:
        raise AudienceError("has no address")
    return read_address(text), name


def _as_iso(text: str) -> str:
    """Write a date with dots, or one that begins with the year, as ISO does.

    Of one that ends with the year after strokes nobody knows the day from the month. Raises ValueError for one of
    another calendar.
    """
    text = one_spelling(text)
    found = next(filter(None, (form.fullmatch(text) for form in _DATES)), None)
    if found is None:
        return text
    year = int(found["year"])
    if year in _PERSIAN_YEARS:
        raise ValueError(f"'{text}' is a date of the Persian calendar; write that of the Gregorian one")
    if year in _BUDDHIST_YEARS:
        year -= _BUDDHIST
    time = f" {int(found['hour']):02}{found['rest']}" if found["hour"] else ""
    return f"{year:04}-{int(found['month']):02}-{int(found['day']):02}{time}"


def staged_moment(moment: datetime) -> str:
    """Return a moment as it is staged."""
    return stored(moment).isoformat(" ", timespec="microseconds")


def read_topics(text: str) -> str | None:
    """Return topics, as they stand in `text`, as they are staged."""
    topics = part_topics(text)
    return json.dumps(list(topics)) if topics else None


def part_topics(text: str) -> tuple[str, ...]:
    """Return the topics that stand one beside the other in a text; one in quotation marks may have commas."""
    found = _TOPIC.findall(one_line(text)) if text else ()
    return canonical_topics(quoted.replace('""', '"') or part.strip(" \"'") for quoted, part in found)


def write_topics(topics: Iterable[str]) -> str:
    """Return topics one beside the other, as `part_topics` takes them."""
    return ", ".join('"{}"'.format(each.replace('"', '""')) if _PARTING.search(each) else each for each in topics)


def read_frequency(text: str) -> str:
    """Return how often somebody is written to; raise AudienceError for what is no such word."""
    try:
        return Frequency(text.casefold()).value
    except ValueError:
        known = ", ".join(Frequency)
        raise AudienceError(f"'{shortened(text)}' is not how often somebody is written to; it is {known}") from None


def _from_json(text: str, known: Mapping[str, Attribute], column: str) -> dict[str, Value]:
    """Return what another program keeps of attributes that are declared here; others, and what is unfit, stay out."""
    if not text:
        return {}
    try:
        written = json.loads(text)
    except (ValueError, RecursionError):
        raise AudienceError(f"the column {column} is not JSON") from None
    found: dict[str, Value] = {}
    for name, value in written.items() if isinstance(written, dict) else ():
        attribute = known.get(str(name).lower())
        if attribute is not None and isinstance(value, str | int | float | bool) and value != "":
            try:
                found[str(name).lower()] = attribute.read(value)
            except ValueError as error:
                raise AudienceError(f"in the column {column}, {name}: {error}") from None
    return found


def read_name(values: Mapping[str, str]) -> str:
    """Return the name that `name`, `first_name` and `last_name` make; raise AudienceError where that is none."""
    first, last, whole = (one_line(values.get(part, "")) for part in ("first_name", "last_name", "name"))
    if not (whole and first in whole and last in whole):
        # `Prénom, Nom` and `Nombre, Apellidos`: a column called "name" is the other half where only one is given.
        whole = " ".join(filter(None, (first or whole, last or (whole if first else ""))))
    if len(whole) > _LONGEST_NAME:
        raise AudienceError(f"the name is longer than {_LONGEST_NAME} letters")
    return whole


def read_language(text: str) -> str:
    """Return the code of a language, spelt as all others are; raise AudienceError where it is none."""
    if text and not _LANGUAGE.fullmatch(text):
        if named := meant.language(text):
            return named
        raise AudienceError(f"'{shortened(text)}' is not a language; use a code such as en, fr or ar")
    return tongues.spelt(text)
