"""What providers say afterwards: events, how far deliveries came, and the calls that were taken."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("id", Id, nullable=False),
        sa.Column(
            "provider",
            sa.String(length=100),
            nullable=False,
            comment="the name of the provider in the settings, or the inbox",
        ),
        sa.Column(
            "key", sa.String(length=100), nullable=False, comment="the provider's id of the event, or a digest of it"
        ),
        sa.Column("mailing_id", sa.Integer(), nullable=True),
        sa.Column("subscriber_id", Id, nullable=True, comment="none where only numbers are wanted"),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("bounce", sa.String(length=5), server_default="", nullable=False),
        sa.Column(
            "code",
            sa.String(length=12),
            server_default="",
            nullable=False,
            comment="the enhanced status code of RFC 3463",
        ),
        sa.Column(
            "reason", sa.Text(), server_default="", nullable=False, comment="what a server said, without addresses"
        ),
        sa.Column("by_machine", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column(
            "raw",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="of an unknown kind: as it came, without addresses",
        ),
        sa.Column("happened_at", sa.DateTime(), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
        sa.UniqueConstraint("provider", "key", name=op.f("uq_events_provider_key")),
        comment="What providers and mail servers said afterwards.",
    )
    op.create_index(op.f("ix_events_mailing_id_kind"), "events", ["mailing_id", "kind"])
    op.create_table(
        "arrivals",
        sa.Column("mailing_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("subscriber_id", Id, autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("complained", sa.Boolean(), nullable=False),
        sa.Column("unsubscribed", sa.Boolean(), nullable=False),
        sa.Column("opened", sa.Boolean(), nullable=False),
        sa.Column("clicked", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "state IN ('accepted', 'deferred', 'blocked', 'soft bounced', 'delivered', 'hard bounced')",
            name=op.f("ck_arrivals_state"),
        ),
        sa.ForeignKeyConstraint(
            ["mailing_id", "subscriber_id"],
            ["deliveries.mailing_id", "deliveries.subscriber_id"],
            name=op.f("fk_arrivals_mailing_id_subscriber_id_deliveries"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("mailing_id", "subscriber_id", name=op.f("pk_arrivals")),
        sqlite_with_rowid=False,
        comment="How far each delivery came, by what was said of it. A state only ever rises.",
    )
    op.create_index(op.f("ix_arrivals_subscriber_id_mailing_id"), "arrivals", ["subscriber_id", "mailing_id"])
    op.create_table(
        "receipts",
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column(
            "key",
            sa.String(length=100),
            nullable=False,
            comment="by which the provider signed the call as a single one",
        ),
        sa.Column("body_sha256", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("provider", "key", name=op.f("pk_receipts")),
        sqlite_with_rowid=False,
        comment="Calls of providers that were taken, so that none is taken twice; kept for some days.",
    )
    op.create_index(op.f("ix_receipts_received_at"), "receipts", ["received_at"])
