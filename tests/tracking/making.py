"""Mailings that were sent, and webhooks that tell of them, for the tests of tracking."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import insert, select

from newsletter.model.event import Bounce, Event, EventKind
from newsletter.model.mailing import Mailing
from newsletter.store import Database, delivery_id, schema, signing_keys, stored
from newsletter.tracking import Endpoint
from newsletter.tracking.rehearsing import Pair, make_pair
from newsletter.tracking.webhooks import KINDS, Call, Keys, Told
from newsletter.tracking.webhooks.shared_secret import SharedSecret
from tests.sending import making as sending

NOW = dt.datetime(2024, 7, 28, 9, 0, tzinfo=dt.UTC)
URL = "https://news.example.org/hooks/main"
TOPIC = "arn:aws:sns:eu-west-1:123456789012:newsletter"
PAIRS: Mapping[str, Pair] = {kind: make_pair(kind) for kind in ("ses", "sendgrid")}
SECRETS: Mapping[str, str] = {
    "resend": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "ses": PAIRS["ses"].public,
    "sendgrid": PAIRS["sendgrid"].public,
}
SECRET = "a-secret-that-nobody-guesses"
NOBODY = "A" * 28
"""Has the form of a delivery id, and stands for nothing."""


def repeats_a_secret(kind: str) -> bool:
    """Whether calls of a kind are not signed at all."""
    return isinstance(KINDS[kind], SharedSecret)


def signs_body(kind: str) -> bool:
    """Whether a single changed byte of a body shows; what Mailgun signs is a token."""
    return not repeats_a_secret(kind) and kind != "mailgun"


def keys(kind: str, *, secret: str = "", previous: str = "") -> Keys:
    """Return what calls of a kind are verified with."""
    secrets = (secret or SECRETS.get(kind, SECRET), *([previous] if previous else []))
    return Keys(secrets, (TOPIC,) if kind == "ses" else ())


def event(kind: EventKind = EventKind.DELIVERED, *, delivery: str = NOBODY, **fields: object) -> Event:
    """Return an event as a provider would tell it."""
    values: dict[str, object] = {"key": "event-1", "recipient": "anna@example.org", "at": NOW}
    if kind is EventKind.BOUNCED:
        values |= {"bounce": Bounce.HARD, "code": "5.1.1", "reason": "550 5.1.1 no such user"}
    return Event(kind, delivery=delivery, **(values | fields))  # type: ignore[arg-type]


def call(
    kind: str, told: Event | None = None, *, now: dt.datetime = NOW, url: str = URL, secret: str | None = None
) -> Call:
    """Return a call by which a provider tells an event, signed with its secret."""
    private = PAIRS[kind].private if kind in PAIRS else SECRETS.get(kind, SECRET)
    return KINDS[kind].rehearse(Told(told or event(), "message-1", now, TOPIC), url, secret or private)


def endpoint(kind: str) -> Endpoint:
    """Return the endpoint of a provider called `main`."""
    return Endpoint("main", kind, KINDS[kind], keys(kind))


def sent(
    database: Database,
    addresses: Iterable[str] = ("anna@example.org", "ben@example.org", "cleo@example.org"),
    *,
    issue: str = "2024-07",
    state: str = "accepted",
    now: dt.datetime = NOW,
) -> dict[str, str]:
    """Put a mailing that was sent to some subscribers into the database; return their delivery ids.

    All of a mailing's deliveries are of one batch, which is held where they are unknown.
    """
    written = list(addresses)
    key = signing_keys(database, now=NOW).newest
    with database.reading() as connection:
        known = set(connection.scalars(select(schema.subscribers.c.address_key)))
        earlier = list(connection.scalars(select(schema.mailings.c.id).where(schema.mailings.c.issue == issue)))
    sending.subscribe(database, [address for address in written if address.lower() not in known])
    with database.writing() as connection:
        subscribers = dict(connection.execute(select(schema.subscribers.c.address, schema.subscribers.c.id)).all())
        mailing = connection.execute(
            insert(schema.mailings).returning(schema.mailings.c.id),
            {
                "issue": issue,
                "lists": ["monthly"],
                "audience": "monthly",
                "provider": "main",
                "envelope": sending.ENVELOPE.as_json(),
                "key_id": key.id,
                "candidates": len(written),
                "state": "partly sent" if state == "unknown" else "sent",
                "digest": "0" * 64,
                "started_at": stored(now),
                "round": len(earlier) + 1,
            },
        ).scalar_one()
        connection.execute(
            insert(schema.deliveries),
            [
                {
                    "mailing_id": mailing,
                    "subscriber_id": subscribers[address],
                    "address": address,
                    "address_key": address.lower(),
                    "name": "",
                    "edition": 0,
                    "state": state,
                }
                for address in written
            ],
        )
        numbers = [subscribers[address] for address in written]
        connection.execute(
            insert(schema.batches),
            {
                "mailing_id": mailing,
                "edition": 0,
                "first_id": min(numbers),
                "last_id": max(numbers),
                "size": len(numbers),
                "state": "held" if state == "unknown" else "done",
            },
        )
    return {address: delivery_id(mailing, subscribers[address], key) for address in written}


def mailing(database: Database, issue: str = "2024-07") -> Mailing:
    """Return the mailing of an issue."""
    from newsletter.sending import mailings_of

    return mailings_of(database, issue)[0]


def vector(name: str) -> str:
    """Return a published signature, as it was published."""
    return (Path(__file__).parent / "vectors" / name).read_text(encoding="utf-8")
