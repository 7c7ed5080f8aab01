"""Who gets a mailing, and which edition: as one query, so that freezing a million is one statement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, literal, or_, select, true

from newsletter.errors import NotFound
from newsletter.model.consent import Consent
from newsletter.model.edition import Edition
from newsletter.model.mailing import DeliveryState, MailingState, OnUnknown
from newsletter.model.tongues import TRADITIONAL
from newsletter.store import Database
from newsletter.store.schema import arrivals, consents, deliveries, mailings, subscribers, suppressions
from newsletter.store.schema import lists as all_lists

_EARLIER = "got this issue before, or may have"
_TAKEN = ("accepted", "deferred", "delivered")
"""What events say of a message that is there, or may yet come."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is particular about a mailing."""

    begins_at: datetime | None = None
    """When its first call may be made; none for at once."""
    canary: int = 0
    """How many get it first, before a person says that the others may."""
    on_unknown: OnUnknown = OnUnknown.HOLD
    rest: bool = False
    """To reach those whom no earlier mailing of the issue reached."""
    where: ColumnElement[bool] | None = None
    """A condition on `subscribers` that narrows the lists."""
    segment: str = ""
    """The part of the lists that the issue names, as approvals say it; empty for everybody."""
    zone: tzinfo = UTC
    """In which people are told times."""


AT_ONCE = Plan()


def choices(database: Database, lists: Sequence[str], plan: Plan = AT_ONCE) -> tuple[tuple[str, ...], ...]:
    """Return the different choices of topics among those who would get an issue, sorted; everything is no choice."""
    chosen = select(subscribers.c.topics).where(
        subscribers.c.id.in_(confirmed(lists)), subscribers.c.topics.is_not(None)
    )
    if plan.where is not None:
        chosen = chosen.where(plan.where)
    with database.reading() as connection:
        found = connection.execute(chosen.distinct()).scalars().all()
    return tuple(sorted({tuple(topics) for topics in found if topics}))


def check_lists(connection: Connection, lists: Sequence[str]) -> None:
    """Raise NotFound for a list on which nobody is."""
    known = set(connection.execute(select(all_lists.c.name).where(all_lists.c.name.in_(lists))).scalars())
    for name in lists:
        if name not in known:
            raise NotFound(
                f"nobody is on the list '{name}' yet",
                fix=f"import subscribers with: newsletter subscribers import FILE --list {name}",
            )


def audience(
    connection: Connection,
    mailing_id: int,
    issue: str,
    lists: Sequence[str],
    editions: Sequence[Edition],
    plan: Plan,
) -> Select[Any]:
    """Return who is on the lists, each once, as rows of `deliveries`."""
    earlier = connection.execute(
        select(mailings.c.id, mailings.c.state).where(mailings.c.issue == issue, mailings.c.id != mailing_id)
    ).all()
    had_it: ColumnElement[bool] = literal(False)
    if earlier:
        before = deliveries.alias()
        stopped = [row.id for row in earlier if row.state == MailingState.STOPPED]
        reached = before.c.state.not_in([DeliveryState.SUPPRESSED.value, DeliveryState.REJECTED.value]) & or_(
            before.c.state != DeliveryState.PENDING.value, before.c.mailing_id.not_in(stopped)
        )
        # Whatever was said to us: the provider may have taken it nevertheless.
        spoken_of = (
            select(arrivals.c.subscriber_id)
            .where(
                arrivals.c.mailing_id == before.c.mailing_id,
                arrivals.c.subscriber_id == before.c.subscriber_id,
                arrivals.c.state.in_(_TAKEN),
            )
            .exists()
        )
        had_it = (
            select(before.c.subscriber_id)
            .where(
                before.c.mailing_id.in_([row.id for row in earlier]),
                before.c.subscriber_id == subscribers.c.id,
                or_(reached, spoken_of),
            )
            .exists()
        )
    excluded = suppressions.c.address_key.is_not(None) | had_it
    chosen = (
        select(
            literal(mailing_id).label("mailing_id"),
            subscribers.c.id.label("subscriber_id"),
            subscribers.c.address,
            subscribers.c.address_key,
            subscribers.c.name,
            _edition(editions).label("edition"),
            case((excluded, DeliveryState.SUPPRESSED.value), else_=DeliveryState.PENDING.value).label("state"),
            case((had_it, _EARLIER), else_=func.coalesce(suppressions.c.reason, "")).label("detail"),
        )
        .join_from(subscribers, suppressions, suppressions.c.address_key == subscribers.c.address_key, isouter=True)
        .where(subscribers.c.id.in_(confirmed(lists)))
        .order_by(subscribers.c.id)
    )
    return chosen if plan.where is None else chosen.where(plan.where)


def confirmed(lists: Sequence[str]) -> Select[Any]:
    """Return the subscribers who have agreed on one of the lists."""
    return (
        select(consents.c.subscriber_id)
        .join(all_lists, all_lists.c.id == consents.c.list_id)
        .where(all_lists.c.name.in_(lists), consents.c.state == Consent.CONFIRMED.value)
    )


def without_consent(lists: Sequence[str]) -> ColumnElement[bool]:
    """Return the condition on `consents` that its subscriber has agreed on none of the lists."""
    return consents.c.subscriber_id.not_in(confirmed(lists))


def _edition(editions: Sequence[Edition]) -> ColumnElement[int]:
    """Return the number of the edition for a subscriber.

    `de` serves `de-AT` too, and the first language where none fits; of these, the one for exactly the subscriber's
    topics, or else the one with everything. Capitals make no difference to a language.
    """
    cases: list[tuple[ColumnElement[bool], int]] = []
    spoken = dict.fromkeys(edition.language for edition in editions)
    speaks = [_theirs() == language.lower() for language in spoken]
    speaks += [_serves(code) for code in spoken]
    for language, condition in [*zip([*spoken] * 2, speaks, strict=True), *((code, true()) for code in [*spoken][:1])]:
        own = [(number, edition.topics) for number, edition in enumerate(editions) if edition.language == language]
        cases += [(condition & (subscribers.c.topics == topics), number) for number, topics in own if topics]
        cases += [(condition, number) for number, topics in own if not topics]
    return case(*cases, else_=0) if cases else literal(0)


def _serves(offered: str) -> ColumnElement[bool]:
    """Return whether what is in one language is for a subscriber of another, as `tongues.serves` has it."""
    theirs, ours = _theirs(), offered.lower()
    traditional = or_(*(theirs.startswith(tag.lower(), autoescape=True) for tag in TRADITIONAL))
    if ours == TRADITIONAL[0].lower():
        return traditional
    of_a_country = theirs.startswith(f"{ours}-", autoescape=True)
    return of_a_country & ~traditional if ours == "zh" else of_a_country


def _theirs() -> ColumnElement[str]:
    return func.lower(subscribers.c.language)
