"""What the archive holds, by the ledger alone: issue folders may be gone, and keys may have been changed.

An issue is shown once most readers of a mailing have it, or the mailing has ended and somebody has it: before that,
the team may still stop it, and feeds would have told everybody. What only the first few were to look at is not shown,
nor what went to a list without an archive or to a part of a list, nor what went to files alone where the lists' own
provider reaches readers: a team that tries the product out has nothing else. Of several mailings the first that was not
stopped is shown, which is what most readers got; where each was stopped, the last. What was put right since is shown
so.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cached_property
from threading import Lock
from typing import Any
from urllib.parse import quote, urlsplit

from sqlalchemy import (
    ColumnElement,
    LargeBinary,
    Row,
    Select,
    Table,
    case,
    func,
    literal,
    select,
    true,
    tuple_,
    union_all,
)
from starlette.requests import Request

from newsletter.config import Settings
from newsletter.model.edition import Edition
from newsletter.model.mailing import DeliveryState, MailingState
from newsletter.model.tongues import nearest
from newsletter.sending.keeping import read_head
from newsletter.store import aware, schema
from newsletter.web.public.editions import Place, find_edition
from newsletter.web.public.service import Service

PATH = "/issues"
_WHOLE = (MailingState.SENT.value, MailingState.PARTLY_SENT.value)
_ENDED = (*_WHOLE, MailingState.STOPPED.value)
_HEAD_BYTES = 2048
"""Of an edition as it is kept, compressed; its subject and preheader come first."""
_MOST_HEADS = 5_000
_FRESH = timedelta(seconds=5)


@dataclass(frozen=True)
class PastIssue:
    """An issue as the archive shows it."""

    name: str
    mailing_id: int
    lists: tuple[str, ...]
    begun: datetime
    ended: datetime
    """When its mailing came to an end, or began where it has not."""
    tag: str
    """Names it for ever (RFC 4151), whatever address the archive moves to."""
    editions: Mapping[str, Place]
    """Those with everything, by language, as they are shown now. Whoever chose no language gets the first."""
    corrected: datetime | None
    """When something in it was last put right."""

    @property
    def first(self) -> str:
        """The language in which it is shown where none is asked for."""
        return next(iter(self.editions))

    @property
    def changed(self) -> datetime:
        """Since when it is what it is."""
        return max(self.ended, self.corrected or self.ended)

    def nearest(self, language: str) -> str:
        """Return the language of the edition for readers of a language."""
        return nearest(language, tuple(self.editions)) or self.first

    def place(self, language: str) -> Place:
        """Return where one of its editions is kept."""
        return self.editions[language]

    def path(self, language: str) -> str:
        """Return where one of its editions is shown, for ever."""
        return f"{PATH}/{quote(self.name, safe='')}" + ("" if language == self.first else f"/{language}")


@dataclass(frozen=True)
class Catalogue:
    """The issues of the archive, the newest first."""

    issues: tuple[PastIssue, ...]
    withdrawn: frozenset[str] = frozenset()
    """The names of those that would be shown, had the team not taken them out; of others nobody learns."""

    @cached_property
    def by_name(self) -> Mapping[str, PastIssue]:
        """The issues by their names."""
        return {issue.name: issue for issue in self.issues}

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages in which there are editions."""
        return tuple(dict.fromkeys(language for issue in self.issues for language in issue.editions))

    @property
    def changed(self) -> datetime | None:
        """When it last changed."""
        return max((issue.changed for issue in self.issues), default=None)

    def on(self, name: str | None) -> Catalogue:
        """Return what went to a list, or everything."""
        return self if name is None else Catalogue(tuple(issue for issue in self.issues if name in issue.lists))


@dataclass(frozen=True, slots=True)
class Head:
    """What an inbox shows of an edition."""

    subject: str = ""
    preheader: str = ""


@dataclass
class Archive:
    """What everybody may read, looked up again every few seconds, however many ask."""

    service: Service
    _catalogue: Catalogue | None = None
    _looked_at: datetime | None = None
    _heads: dict[Place, Head] = field(default_factory=dict)
    """They never change; what has been read once is not read again."""
    _lock: Lock = field(default_factory=Lock)

    @property
    def lists(self) -> tuple[str, ...]:
        """The lists whose issues it holds; without any there is no archive."""
        return archived_lists(self.service)

    def catalogue(self) -> Catalogue:
        """Return what it holds."""
        with self._lock:
            now = self.service.clock()
            if self._catalogue is None or self._looked_at is None or now - self._looked_at >= _FRESH:
                self._catalogue, self._looked_at = _catalogue(self.service), now
            return self._catalogue

    def heads(self, places: Iterable[Place]) -> Mapping[Place, Head]:
        """Return those of some editions, without reading the editions."""
        wanted = list(places)
        found = {place: self._heads[place] for place in wanted if place in self._heads}
        missing = [place for place in wanted if place not in found]
        if missing:
            found |= self._look(missing)
        return found

    def _look(self, missing: list[Place]) -> dict[Place, Head]:
        editions, corrections = schema.editions, schema.corrections
        left = [(place.mailing_id, place.number) for place in missing if not place.correction]
        put_right = [place.correction for place in missing if place.correction]
        query = union_all(
            select(editions.c.mailing_id, editions.c.number, literal(0), _beginning(editions)).where(
                tuple_(editions.c.mailing_id, editions.c.number).in_(left)
            ),
            select(corrections.c.mailing_id, corrections.c.edition, corrections.c.id, _beginning(corrections)).where(
                corrections.c.id.in_(put_right)
            ),
        )
        with self.service.database.reading() as connection:
            rows = connection.execute(query).all()
        found = {(place := Place(*where)): self._head(place, beginning) for *where, beginning in rows}
        if len(self._heads) > _MOST_HEADS:
            self._heads = {}
        self._heads |= found
        return found

    def _head(self, place: Place, beginning: bytes) -> Head:
        short = read_head(beginning)
        if short is None:
            edition = find_edition(self.service, place)
            short = (edition.subject, edition.preheader) if edition else None
        return Head(*(part.fill({}).decode() for part in short or ()))


def archive_of(request: Request) -> Archive:
    """Return the archive."""
    archive = request.app.state.archive
    assert isinstance(archive, Archive)  # noqa: S101
    return archive


def archived_lists(service: Service) -> tuple[str, ...]:
    """Return the lists whose issues everybody may read; without any there is no archive."""
    return tuple(name for name, item in service.workspace.settings.lists.items() if item.archive)


def _catalogue(service: Service) -> Catalogue:
    found: dict[str, PastIssue] = {}
    tags: dict[str, str] = {}
    stopped: set[str] = set()
    for rows in _mailings(service):
        row = rows[0]
        tag = tags.setdefault(row.issue, _tag(row))
        if row.issue in found and row.issue not in stopped:
            continue
        if row.state == MailingState.STOPPED:
            stopped.add(row.issue)
        else:
            stopped.discard(row.issue)
        found[row.issue] = _issue(rows, tag)
    withdrawn = found.keys() & service.workspace.settings.readers.withdrawn
    left = (issue for name, issue in found.items() if name not in withdrawn)
    newest_first = sorted(left, key=lambda issue: (issue.begun, issue.mailing_id), reverse=True)
    return Catalogue(tuple(newest_first), frozenset(withdrawn))


def edition_of(service: Service, issue: PastIssue, language: str) -> Edition:
    """Return an edition of an issue of the archive."""
    found = find_edition(service, issue.place(language))
    assert found is not None  # noqa: S101  the ledger deletes none
    return found


def _beginning(table: Table) -> ColumnElement[bytes]:
    return func.substr(table.c.content, 1, _HEAD_BYTES, type_=LargeBinary)


def _mailings(service: Service) -> Iterable[list[Row[Any]]]:
    """Yield the mailings that may be shown, the oldest first: a row for each language of each."""
    shown = set(archived_lists(service))
    settings = service.workspace.settings
    rows: dict[int, list[Row[Any]]] = {}
    with service.database.reading() as connection:
        for row in connection.execute(_arrived()):
            if (
                row.lists
                and shown.issuperset(row.lists)
                and not row.envelope.get("segment")
                and (settings.reaches_readers(row.provider) or not _sends(settings, row.lists))
            ):
                rows.setdefault(row.id, []).append(row)
    return rows.values()


def _arrived() -> Select[Any]:
    """Return the mailings that somebody has, of those that have ended or reached most readers, as a query."""
    mailings, editions = schema.mailings, schema.editions
    batches, deliveries = schema.batches, schema.deliveries
    # Editions with fewer topics come after the one with all.
    whole = (
        select(editions.c.mailing_id, editions.c.language, func.min(editions.c.number).label("number"))
        .group_by(editions.c.mailing_id, editions.c.language)
        .subquery()
    )
    corrections = schema.corrections
    put_right = (
        select(
            corrections.c.mailing_id,
            corrections.c.edition,
            func.max(corrections.c.id).label("correction"),
            func.max(corrections.c.corrected_at).label("corrected_at"),
        )
        .group_by(corrections.c.mailing_id, corrections.c.edition)
        .subquery()
    )
    somebody_has_it = (
        select(deliveries.c.subscriber_id)
        .where(deliveries.c.mailing_id == mailings.c.id, deliveries.c.state == DeliveryState.ACCEPTED.value)
        .exists()
    )
    size = case((batches.c.state == "done", batches.c.size), else_=-batches.c.size)
    balance = select(func.sum(size)).where(batches.c.mailing_id == mailings.c.id).scalar_subquery()
    return (
        select(
            mailings,
            whole.c.language,
            whole.c.number,
            put_right.c.correction,
            put_right.c.corrected_at,
        )
        .join(whole, whole.c.mailing_id == mailings.c.id)
        .outerjoin(put_right, (put_right.c.mailing_id == whole.c.mailing_id) & (put_right.c.edition == whole.c.number))
        .where(
            mailings.c.state != MailingState.SCHEDULED.value,
            # A mailing to fewer people than its canary ends with it.
            mailings.c.state.in_(_WHOLE) | (mailings.c.wave > 0),
            # One that has ended may go on, when somebody looks into what is unknown; its issue stays.
            case((mailings.c.state.in_(_ENDED), true()), else_=balance > 0),
            somebody_has_it,
        )
        .order_by(mailings.c.id, whole.c.number)
    )


def _sends(settings: Settings, lists: Iterable[str]) -> bool:
    """Whether what goes to some lists leaves this machine, unless somebody chooses otherwise."""
    return any(settings.reaches_readers(settings.lists[name].provider or settings.provider) for name in lists)


def _issue(rows: list[Row[Any]], tag: str) -> PastIssue:
    row = rows[0]
    begun = aware(row.begins_at or row.started_at)
    return PastIssue(
        name=row.issue,
        mailing_id=row.id,
        lists=tuple(row.lists),
        begun=begun,
        ended=aware(row.finished_at) if row.finished_at else begun,
        tag=tag,
        editions={each.language: Place(row.id, each.number, each.correction or 0) for each in rows},
        corrected=max((aware(each.corrected_at) for each in rows if each.corrected_at), default=None),
    )


def _tag(row: Row[Any]) -> str:
    """Return the name of an issue, from what was frozen when everybody's first mailing of it began."""
    address = urlsplit(row.envelope["public_url"])
    host = address.hostname or parseaddr(row.envelope["sender"])[1].rpartition("@")[2]
    return f"tag:{host},{row.started_at:%Y-%m-%d}:{address.path.rstrip('/')}{PATH}/{quote(row.issue, safe='')}"
