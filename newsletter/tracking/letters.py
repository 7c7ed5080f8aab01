"""What is told of letters that ask whether somebody wants to subscribe: in no ledger, but signed like links."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, delete, select, update

from newsletter.model.consent import Consent
from newsletter.model.event import Bounce, Event, EventKind
from newsletter.store import SigningKey, Subject, read_token, stored
from newsletter.store.schema import consents, keys, signups
from newsletter.tracking.consequences import Spoken


def end_signups(connection: Connection, spoken: Sequence[Spoken]) -> None:
    """Take signups whose letter met no mailbox, or a complaint, as declined: the link no longer subscribes anybody.

    No form writes there for a while, as after every refusal; and whoever has answered has the last word.
    """
    grave = [item for item in spoken if item.place is None and item.event.delivery and _ends(item.event)]
    if not grave:
        return
    signing = [SigningKey(number, secret) for number, secret in connection.execute(select(keys.c.id, keys.c.secret))]
    for item in grave:
        found = read_token(Subject.SIGNUP, item.event.delivery, signing)
        # The first number tells letters that ask from those that only answer.
        if found is None or not found[0]:
            continue
        subscriber = connection.scalar(
            update(signups)
            .where(signups.c.id == found[1], signups.c.state.in_(("sending", "sent")))
            .values(state="declined", answered_at=stored(item.happened_at))
            .returning(signups.c.subscriber_id)
        )
        connection.execute(
            delete(consents).where(consents.c.subscriber_id == subscriber, consents.c.state == Consent.PENDING)
        )


def _ends(event: Event) -> bool:
    return event.kind is EventKind.COMPLAINED or event.bounce is Bounce.HARD
