"""Segments as conditions on `subscribers`, and how many of a list they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, time
from typing import Any

from pydantic import ValidationError
from sqlalchemy import ColumnElement, Connection, and_, func, literal, not_, or_, select, true

from newsletter.audience.resting import resting
from newsletter.config import Settings
from newsletter.errors import AudienceError
from newsletter.model import meant
from newsletter.model.consent import Consent
from newsletter.model.mailing import MailingState
from newsletter.model.segment import Comparison, ConsentTime, Mailings, Segment, misfits
from newsletter.model.topics import canonical_topics
from newsletter.store import stored
from newsletter.store.json_values import inside, json_holds, json_number, json_text, json_truth
from newsletter.store.schema import consents, deliveries, lists, mailings, subscribers
from newsletter.store.taken_back import not_taken_back


def read_segment(text: str, settings: Settings) -> Segment:
    """Return the segment that a line names; raise AudienceError that says what is wrong with it."""
    try:
        segment = Segment.model_validate(text)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        cause = first.get("ctx", {}).get("error", first["msg"])
        raise AudienceError(
            f"the segment is not understood: {cause}", fix=getattr(cause, "fix", "") or "see `newsletter docs audience`"
        ) from None
    for _, problem in misfits(segment, settings.attributes):
        raise AudienceError(f"the segment is not understood: {problem}", fix=problem.fix)
    return segment


def condition(
    segment: Segment | None, *, lists: Sequence[str], settings: Settings, now: datetime, issue: str = ""
) -> ColumnElement[bool]:
    """Return what holds for the subscribers that a segment means, to be put in the WHERE of a query on `subscribers`.

    Always true or false, never NULL, so that `not` means exactly the others. `lists` are those whose consent is looked
    at, and whose issues are counted back from the newest, `issue` itself left out. Days begin in the newsletter's
    zone. Raises AudienceError for attributes that the settings do not declare as the segment takes them.
    """
    if segment is None:
        return true()
    for _, problem in misfits(segment, settings.attributes):
        raise AudienceError(f"the segment cannot be used: {problem}", fix=problem.fix)
    return _Conditions(lists, settings, now, issue).whole(segment)


def recipients(
    segment: Segment | None, *, lists: Sequence[str], settings: Settings, now: datetime, issue: str
) -> ColumnElement[bool]:
    """Return what narrows lists to those who get `issue` at `now`: whom the segment means, without those who rest."""
    return condition(segment, lists=lists, settings=settings, now=now, issue=issue) & ~resting(now, issue=issue)


def check_issues(connection: Connection, segment: Segment | None) -> None:
    """Raise AudienceError for an issue in a segment that was never sent: `not accepted in` it would mean everybody."""
    named = set(_issues(segment)) if segment else set()
    if not named:
        return
    sent = set(connection.scalars(select(mailings.c.issue).distinct()))
    for issue in sorted(named - sent):
        better = meant.did_you_mean(issue, sent)
        raise AudienceError(
            f"the segment asks who got the issue {issue}, which has not been sent"
            + (f"; did you mean {better}?" if better else ""),
            why="nobody has got it, so `not accepted in` it would mean everybody",
            fix=f"write one that was sent: {', '.join(sorted(sent))}" if sent else "leave it out until one was sent",
        )


def _issues(segment: Segment) -> Iterator[str]:
    for part in (*(segment.all or ()), *(segment.any or ()), *((segment.not_,) if segment.not_ else ())):
        yield from _issues(part)
    for named in segment.deliveries.values():
        if named.issue is not None:
            yield named.issue


class _Conditions:
    def __init__(self, names: Sequence[str], settings: Settings, now: datetime, issue: str) -> None:
        self._lists, self._settings, self._now, self._issue = names, settings, now, issue

    def whole(self, segment: Segment) -> ColumnElement[bool]:
        return and_(true(), *self._parts(segment))

    def _parts(self, segment: Segment) -> Iterator[ColumnElement[bool]]:
        if segment.all is not None:
            yield and_(*(self.whole(part) for part in segment.all))
        if segment.any is not None:
            yield or_(*(self.whole(part) for part in segment.any))
        if segment.not_ is not None:
            yield not_(self.whole(segment.not_))
        if segment.language is not None:
            yield or_(*(_speaks(language) for language in segment.language))
        if segment.topic is not None:
            topics = canonical_topics(segment.topic)
            chosen = [json_holds(subscribers.c.topics, literal(topic)) for topic in topics]
            yield or_(subscribers.c.topics.is_(None), _sure(or_(*chosen)))
        if segment.frequency is not None:
            yield subscribers.c.frequency == segment.frequency.value
        if segment.country is not None:
            yield self._attribute("country", Comparison(**{"is": segment.country}))
        for name, comparison in (segment.attributes or {}).items():
            yield self._attribute(name, comparison)
        if segment.consent is not None:
            yield self._consent(segment.consent)
        for state, named in segment.deliveries.items():
            yield self._delivery(state, named)

    def _attribute(self, name: str, comparison: Comparison) -> ColumnElement[bool]:
        attribute = self._settings.attributes[name]
        value = inside(_KINDS.get(attribute.type, json_text), subscribers.c.attributes, name)
        parts: list[ColumnElement[bool]] = []
        if comparison.is_ is not None:
            parts.append(value.in_([attribute.read(given) for given in comparison.is_]))
        parts += [_BOUNDS[word](value, attribute.read(given)) for word, given in comparison.bounds.items()]
        found = [_sure(part) for part in parts]
        if comparison.known is not None:
            found.append(value.is_not(None) if comparison.known else value.is_(None))
        return and_(*found)

    def _consent(self, when: ConsentTime) -> ColumnElement[bool]:
        confirmed = func.coalesce(consents.c.confirmed_at, consents.c.changed_at)
        zone = self._settings.zone
        limits = []
        if when.before:
            limits.append(confirmed < stored(datetime.combine(when.before, time(), zone)))
        if when.since:
            limits.append(confirmed >= stored(datetime.combine(when.since, time(), zone)))
        if when.older_than:
            limits.append(confirmed < stored(when.older_than.before(self._now)))
        if when.newer_than:
            limits.append(confirmed >= stored(when.newer_than.before(self._now)))
        return (
            select(consents.c.subscriber_id)
            .join(lists, lists.c.id == consents.c.list_id)
            .where(
                consents.c.subscriber_id == subscribers.c.id,
                consents.c.state == Consent.CONFIRMED.value,
                lists.c.name.in_(self._lists),
                *limits,
            )
            .exists()
        )

    def _delivery(self, state: str, named: Mailings) -> ColumnElement[bool]:
        chosen = select(mailings.c.id)
        if named.last is None:
            chosen = chosen.where(mailings.c.issue == named.issue)
        else:
            has_left = self._has_left()
            left = func.min(func.coalesce(mailings.c.begins_at, mailings.c.started_at))
            last = (
                # Rather than mailings: what goes to the rest later is the same issue once more.
                select(mailings.c.issue)
                .where(has_left)
                .group_by(mailings.c.issue)
                # By when they left, whatever was planned first.
                .order_by(left.desc(), func.max(mailings.c.id).desc())
                .limit(named.last)
                .correlate(None)
            )
            chosen = chosen.where(has_left, mailings.c.issue.in_(last))
        return (
            select(deliveries.c.subscriber_id)
            .where(
                deliveries.c.mailing_id.in_(chosen),
                deliveries.c.subscriber_id == subscribers.c.id,
                deliveries.c.state == state,
            )
            .exists()
        )

    def _has_left(self) -> ColumnElement[bool]:
        """Return what holds for the mailings of other issues that have begun to leave to one of the lists."""
        # `audience` is the names of the lists between commas.
        around = literal(",") + mailings.c.audience + literal(",")
        return and_(
            mailings.c.issue != self._issue,
            mailings.c.state != MailingState.SCHEDULED.value,
            not_taken_back(),
            or_(*(around.contains(f",{name},", autoescape=True) for name in self._lists)),
        )


def _speaks(language: str) -> ColumnElement[bool]:
    """Return whether a language is a subscriber's: `de` means `de-AT` too, and `zh` whichever characters."""
    mine = func.lower(subscribers.c.language)
    return or_(mine == language.lower(), mine.startswith(f"{language.lower()}-", autoescape=True))


def _sure(part: ColumnElement[bool]) -> ColumnElement[bool]:
    return func.coalesce(part, False)


_KINDS: dict[str, type[Any]] = {"number": json_number, "boolean": json_truth}
_BOUNDS: dict[str, Callable[[ColumnElement[Any], Any], ColumnElement[bool]]] = {
    "above": lambda value, limit: value > limit,
    "at_least": lambda value, limit: value >= limit,
    "below": lambda value, limit: value < limit,
    "at_most": lambda value, limit: value <= limit,
}
