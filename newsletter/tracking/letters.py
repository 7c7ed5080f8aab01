"""What is told of letters about signups and preferences: in no ledger, but signed like links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import Connection, delete, select, update

from newsletter.model.consent import Consent
from newsletter.model.event import Bounce, EventKind
from newsletter.store import Subject, read_token, stored
from newsletter.store.keys import all_keys
from newsletter.store.schema import consents, signups, subscribers
from newsletter.tracking.consequences import Spoken


def addressees(connection: Connection, spoken: Sequence[Spoken]) -> set[int]:
    """Return the subscribers whose letters met no mailbox, or a complaint."""
    letters = _letters(connection, _grave(spoken))
    asked = signups.c.id.in_(sorted({signup for signup, _number, _asks in letters}))
    found = connection.scalars(select(signups.c.subscriber_id).where(asked)) if letters else ()
    return {subscriber for subscriber in found if subscriber is not None}


def end_signups(connection: Connection, spoken: Sequence[Spoken]) -> list[Spoken]:
    """Take signups whose letter met no mailbox, or a complaint, as declined; return what has other consequences.

    No form writes there for a while, as after every refusal; and whoever has answered has the last word. That a letter
    met no mailbox has no other: a stranger may have mistyped the address. What else is told of a letter is
    about the person to whom it went.
    """
    grave = _grave(spoken)
    named: dict[int, Spoken | None] = {}
    for signup, number, asks in _letters(connection, grave):
        item = grave[number]
        if asks:
            _end(connection, signup, item)
        named[number] = None if asks and item.event.bounce is Bounce.HARD else _about(connection, signup, item)
    left = (named.get(number, item) for number, item in enumerate(spoken))
    return [item for item in left if item is not None]


def _grave(spoken: Sequence[Spoken]) -> dict[int, Spoken]:
    return {number: item for number, item in enumerate(spoken) if item.place is None and _is_grave(item)}


def _letters(connection: Connection, grave: Mapping[int, Spoken]) -> list[tuple[int, int, bool]]:
    """Return the signup of each letter, where it was told of it, and whether the letter asks or only answers.

    In order, so that two processes wait for each other instead of holding each other fast.
    """
    if not grave:
        return []
    signing = all_keys(connection)
    # The first number of its token tells the one kind from the other.
    return sorted(
        (found[1], number, bool(found[0]))
        for number, item in grave.items()
        if (found := read_token(Subject.SIGNUP, item.event.delivery, signing))
    )


def _end(connection: Connection, signup: int, item: Spoken) -> None:
    subscriber = connection.scalar(
        update(signups)
        .where(signups.c.id == signup, signups.c.state.in_(("sending", "sent")))
        .values(state="declined", answered_at=stored(item.happened_at))
        .returning(signups.c.subscriber_id)
    )
    connection.execute(
        delete(consents).where(consents.c.subscriber_id == subscriber, consents.c.state == Consent.PENDING)
    )


def _about(connection: Connection, signup: int, item: Spoken) -> Spoken:
    """Return what was told of a letter with the address to which it went: mails name none that could be believed."""
    key = connection.scalar(
        select(subscribers.c.address_key)
        .join(signups, signups.c.subscriber_id == subscribers.c.id)
        .where(signups.c.id == signup)
    )
    return replace(item, event=replace(item.event, recipient=key)) if key else item


def _is_grave(item: Spoken) -> bool:
    event = item.event
    return bool(event.delivery) and (event.kind is EventKind.COMPLAINED or event.bounce is Bounce.HARD)
