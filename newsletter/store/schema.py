"""The tables. Addresses stand in `subscribers`, `deliveries` (frozen), `suppressions`, and for moments in `signups`.

A table with a column `address_key` or `subscriber_id` holds something about a person: its `info` says under `ERASURE`
what becomes of that when the person is erased. Columns of people have `info=PERSONAL`.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Float,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    event,
    false,
    text,
)

from newsletter.store.counting import make_triggers
from newsletter.store.topics import Json, Topics

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows up by itself only for a column declared INTEGER.
Id = BigInteger().with_variant(Integer, "sqlite")
# Times are UTC without an offset: SQLite has no type for one.
Moment = DateTime(timezone=False)

ERASURE = "on_erasure"
"""In a table's `info`: `DELETE` its rows about a person, or `EMPTY` their columns that are `PERSONAL`."""
DELETE, EMPTY = "delete", "empty"
PERSONAL = {"personal": True}

keys = Table(
    "keys",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("secret", LargeBinary, nullable=False),
    Column("created_at", Moment, nullable=False),
    comment="What readers' links are signed with. The newest signs; all verify.",
)

subscribers = Table(
    "subscribers",
    metadata,
    Column("id", Id, primary_key=True),
    Column("address", Text, nullable=False, comment="as the subscriber writes it"),
    Column("address_key", Text, nullable=False, unique=True, comment="by which two spellings are one address"),
    Column("name", Text, nullable=False, server_default=""),
    Column("language", String(35), nullable=False, server_default=""),
    Column("topics", Topics, nullable=True, comment="sorted, in small letters; nothing means everything"),
    Column("attributes", Json, nullable=True, comment="as declared under [attributes] in the settings"),
    Column("created_at", Moment, nullable=False),
    Column("frequency", String(20), nullable=False, server_default="every issue"),
    Column("paused_until", Moment, nullable=True, comment="gets nothing before"),
    Column(
        "preferred_at", Moment, nullable=True, comment="when language, topics, frequency or pause were changed last"
    ),
    Column("preferred_by", Text, nullable=False, server_default="", comment="by what: their page, the team, a file"),
    Column("unsuppressed_at", Moment, nullable=True, comment="what came back of issues before counts no more"),
    # The link of somebody who was erased must never become another person's.
    sqlite_autoincrement=True,
    info={ERASURE: DELETE},
    comment="An address never changes: another one is another subscriber, whose consent is not proven.",
)

lists = Table(
    "lists",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(100), nullable=False, unique=True),
    Column("created_at", Moment, nullable=False),
)

consents = Table(
    "consents",
    metadata,
    Column("list_id", ForeignKey("lists.id", ondelete="CASCADE"), primary_key=True),
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="CASCADE"), primary_key=True),
    Column("state", String(12), nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("changed_at", Moment, nullable=False),
    Column("wording", Text, nullable=False, server_default="", comment="the sentence that the reader agreed to"),
    Column("confirmed_at", Moment, nullable=True, comment="when the reader last confirmed; kept after they left"),
    Column("proof", Text, nullable=False, server_default="", comment="how that is known"),
    CheckConstraint("state IN ('pending', 'confirmed', 'unsubscribed')", name="state"),
    Index(None, "subscriber_id", "list_id"),
    # Of the few who are in another state than almost everybody. By it PostgreSQL finds those who have never confirmed,
    # who are forgotten in time: 2 ms among 100,000 people instead of 19 (2026-11). SQLite looks through all in 5.
    Index(
        None,
        "list_id",
        "state",
        "subscriber_id",
        sqlite_where=text("state <> 'confirmed'"),
        postgresql_where=text("state <> 'confirmed'"),
    ),
    sqlite_with_rowid=False,
    info={ERASURE: DELETE},
)

list_counts = Table(
    "list_counts",
    metadata,
    Column("id", Id, primary_key=True),
    Column("list_id", Integer, nullable=False),
    Column("state", String(12), nullable=False, comment="of consent; suppressed: those of the confirmed"),
    Column("number", BigInteger, nullable=False),
    Index(None, "list_id", "state"),
    comment="How many are on a list: the sum of the rows. Kept by triggers, whoever writes.",
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("address_key", Text, primary_key=True),
    Column("reason", String(30), nullable=False),
    Column("source", Text, nullable=False, server_default=""),
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
    info={ERASURE: DELETE},
)

event.listen(metadata, "after_create", make_triggers)

erasures = Table(
    "erasures",
    metadata,
    Column("address_hash", String(64), primary_key=True, comment="HMAC-SHA256 of the address key"),
    Column("reason", String(30), nullable=False, comment="why the address must not be written to"),
    Column("created_at", Moment, nullable=False),
    sqlite_with_rowid=False,
    comment="Who is no longer held, so that no import brings them back.",
)

mailings = Table(
    "mailings",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("issue", String(100), nullable=False),
    Column("lists", JSON, nullable=False),
    Column("audience", String(300), nullable=False, comment="the lists' names, sorted, joined by commas"),
    Column("provider", String(100), nullable=False),
    Column("envelope", JSON, nullable=False, comment="sender, links and list headers as frozen when it started"),
    Column("key_id", ForeignKey("keys.id"), nullable=False, comment="what signs its delivery ids"),
    Column("candidates", BigInteger, nullable=False, comment="what its totals must add up to"),
    Column("state", String(12), nullable=False),
    Column("reason", Text, nullable=False, server_default=""),
    Column("digest", String(64), nullable=False),
    Column("started_at", Moment, nullable=False),
    Column("finished_at", Moment, nullable=True),
    Column("round", Integer, nullable=False, server_default="1", comment="from 2 on for those whom no earlier reached"),
    Column("begins_at", Moment, nullable=True, comment="no call is made before; none where it began at once"),
    Column("wave", Integer, nullable=False, server_default="1", comment="0 while only the canary may be sent"),
    Column("on_unknown", String(6), nullable=False, server_default="hold"),
    Column("noticed", Text, nullable=False, server_default="", comment="what the team was last told of it"),
    CheckConstraint("state IN ('scheduled', 'sending', 'paused', 'stopped', 'sent', 'partly sent')", name="state"),
    CheckConstraint("on_unknown IN ('hold', 'resend')", name="on_unknown"),
    # The same issue never starts twice to the same lists, whoever asks at the same time.
    UniqueConstraint("issue", "audience", "round"),
)

editions = Table(
    "editions",
    metadata,
    Column("mailing_id", ForeignKey("mailings.id"), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("language", String(35), nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the edition as frozen when the mailing started"),
)

corrections = Table(
    "corrections",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mailing_id", Integer, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("note", Text, nullable=False, comment="what readers are told; empty for a slip"),
    Column("corrected_by", Text, nullable=False),
    Column("corrected_at", Moment, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("content", LargeBinary, nullable=False, comment="the edition as it is shown from then on"),
    ForeignKeyConstraint(["mailing_id", "edition"], ["editions.mailing_id", "editions.number"]),
    Index(None, "mailing_id", "edition"),
    comment="Editions as their pages show them. Those in `editions` stay what readers were sent.",
)

batches = Table(
    "batches",
    metadata,
    Column("id", Id, primary_key=True),
    Column("mailing_id", ForeignKey("mailings.id"), nullable=False),
    Column("edition", Integer, nullable=False),
    Column("first_id", Id, nullable=False, comment="its deliveries are those of the edition from this subscriber"),
    Column("last_id", Id, nullable=False, comment="up to and with this one"),
    Column("size", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("idempotency_key", String(100), nullable=True),
    Column("body_sha256", String(64), nullable=True),
    Column("claimed_at", Moment, nullable=True, comment="when the first call with this key was about to begin"),
    Column("not_before", Moment, nullable=True, comment="when it may be tried again"),
    Column("finished_at", Moment, nullable=True),
    Column("detail", Text, nullable=False, server_default=""),
    Column("wave", Integer, nullable=False, server_default="1", comment="0: the canary"),
    Column("lane", Integer, nullable=True, comment="which of the mailing's senders has claimed it"),
    Column(
        "account", String(64), nullable=False, server_default="", comment="keyed hash: the provider's, of the last call"
    ),
    Column(
        "put_off",
        Integer,
        nullable=False,
        server_default="0",
        comment="how often its readers' mailboxes could not take it",
    ),
    CheckConstraint("state IN ('pending', 'claimed', 'unknown', 'held', 'divided', 'done')", name="state"),
    Index(None, "mailing_id", "state", "size"),
    # How many were written to today, for a quota, is asked before each call.
    Index(None, "claimed_at"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("mailing_id", ForeignKey("mailings.id"), primary_key=True),
    Column("subscriber_id", Id, primary_key=True),
    Column("address", Text, nullable=False, info=PERSONAL),
    Column("address_key", Text, nullable=False, info=PERSONAL),
    Column("name", Text, nullable=False, server_default="", info=PERSONAL),
    Column("edition", Integer, nullable=False),
    Column("state", String(10), nullable=False),
    Column("provider_id", Text, nullable=True, info=PERSONAL),
    Column("detail", Text, nullable=False, server_default="", info=PERSONAL),
    CheckConstraint("state IN ('pending', 'claimed', 'accepted', 'rejected', 'suppressed', 'unknown')", name="state"),
    UniqueConstraint("mailing_id", "address_key"),
    sqlite_with_rowid=False,
    info={ERASURE: EMPTY},
)

pacing = Table(
    "pacing",
    metadata,
    Column("provider", String(100), primary_key=True),
    Column("next_at", Float(53), nullable=False, comment="when its next call may begin, in seconds since 1970"),
    comment="One clock for everything that calls the same provider.",
)

signups = Table(
    "signups",
    metadata,
    Column("id", Id, primary_key=True),
    Column("kind", String(12), nullable=False),
    Column(
        "address", Text, nullable=True, info=PERSONAL, comment="as the form had it, until somebody has looked at it"
    ),
    Column("address_key", Text, nullable=True, info=PERSONAL),
    Column("subscriber_id", ForeignKey("subscribers.id", ondelete="CASCADE"), nullable=True),
    Column("choice", JSON, nullable=False, info=PERSONAL, comment="the lists, and what else was chosen in the form"),
    Column("language", String(35), nullable=False, comment="of the form, and so of the letter"),
    Column("wording", Text, nullable=False, server_default="", comment="what the form asked consent to, as shown"),
    Column("state", String(10), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("asked_at", Moment, nullable=False),
    Column("sent_at", Moment, nullable=True, comment="when its letter was handed over, or was about to be"),
    Column("answered_at", Moment, nullable=True),
    CheckConstraint("kind IN ('subscribe', 'preferences')", name="kind"),
    CheckConstraint("state IN ('asked', 'sending', 'sent', 'confirmed', 'declined')", name="state"),
    Index(None, "state", "id"),
    Index(None, "subscriber_id", "id"),
    comment="What strangers asked for by a form. None of it is a subscriber's word before the letter is answered.",
    # A link from a letter must never become that of a later one.
    sqlite_autoincrement=True,
    info={ERASURE: DELETE},
)

limits = Table(
    "limits",
    metadata,
    Column("key", String(64), primary_key=True, comment="keyed hash of a network or an address"),
    Column("next_at", Float(53), nullable=False, comment="when nothing is left of what it has used, as in pacing"),
    comment="How often the same network and the same address have asked lately.",
)

events = Table(
    "events",
    metadata,
    Column("id", Id, primary_key=True),
    Column("provider", String(100), nullable=False, comment="the name of the provider in the settings, or the inbox"),
    Column("key", String(100), nullable=False, comment="the provider's id of the event, or a digest of it"),
    Column("mailing_id", Integer, nullable=True),
    Column("subscriber_id", Id, nullable=True, info=PERSONAL, comment="none where only numbers are wanted"),
    Column("kind", String(12), nullable=False),
    Column("bounce", String(5), nullable=False, server_default=""),
    Column("code", String(12), nullable=False, server_default="", comment="the enhanced status code of RFC 3463"),
    Column("reason", Text, nullable=False, server_default="", info=PERSONAL, comment="what a server said, masked"),
    Column("by_machine", Boolean, nullable=False, server_default=false()),
    Column("link", Text, nullable=False, server_default="", comment="what was followed; never a reader's own link"),
    Column("raw", Text, nullable=False, server_default="", info=PERSONAL, comment="of an unknown kind, masked"),
    Column("happened_at", Moment, nullable=False),
    Column("received_at", Moment, nullable=False),
    # What is told twice is recorded once.
    UniqueConstraint("provider", "key"),
    Index(None, "mailing_id", "kind"),
    # Whoever is erased would otherwise be looked for among all that was ever said. It begins with the mailing, because
    # what is said at the same time is of the same one: reader by reader, every event would be at another place of it.
    # Of all events, because SQLite would take an index of some for every question about those.
    Index(None, "mailing_id", "subscriber_id"),
    info={ERASURE: EMPTY},
    comment="What providers and mail servers said afterwards.",
)

arrivals = Table(
    "arrivals",
    metadata,
    Column("mailing_id", Integer, primary_key=True, autoincrement=False),
    Column("subscriber_id", Id, primary_key=True, autoincrement=False),
    Column("state", String(12), nullable=False),
    Column("complained", Boolean, nullable=False),
    Column("unsubscribed", Boolean, nullable=False),
    Column("opened", Boolean, nullable=False),
    Column("clicked", Boolean, nullable=False),
    CheckConstraint(
        "state IN ('accepted', 'deferred', 'blocked', 'soft bounced', 'delivered', 'hard bounced')", name="state"
    ),
    ForeignKeyConstraint(
        ["mailing_id", "subscriber_id"], ["deliveries.mailing_id", "deliveries.subscriber_id"], ondelete="CASCADE"
    ),
    Index(None, "subscriber_id", "mailing_id"),
    sqlite_with_rowid=False,
    info={ERASURE: EMPTY},
    comment="How far each delivery came, by what was said of it. A state only ever rises.",
)

receipts = Table(
    "receipts",
    metadata,
    Column("provider", String(100), primary_key=True),
    Column("key", String(100), primary_key=True, comment="by which the provider signed the call as a single one"),
    Column("body_sha256", String(64), nullable=False),
    Column("received_at", Moment, nullable=False),
    Index(None, "received_at"),
    sqlite_with_rowid=False,
    comment="Calls of providers that were taken, so that none is taken twice; kept for some days.",
)
