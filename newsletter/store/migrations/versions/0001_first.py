"""Subscribers, lists, consent and suppression; mailings, editions, batches and deliveries; signing keys."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_keys")),
        comment="What readers' links are signed with. The newest signs; all verify.",
    )
    op.create_table(
        "lists",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lists")),
        sa.UniqueConstraint("name", name=op.f("uq_lists_name")),
    )
    op.create_table(
        "mailings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("issue", sa.String(length=100), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column(
            "audience", sa.String(length=300), nullable=False, comment="the lists' names, sorted, joined by commas"
        ),
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column(
            "envelope", sa.JSON(), nullable=False, comment="sender, links and list headers as frozen when it started"
        ),
        sa.Column("key_id", sa.Integer(), nullable=False, comment="what signs its delivery ids"),
        sa.Column("candidates", sa.BigInteger(), nullable=False, comment="what its totals must add up to"),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), server_default="", nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.DateTime(), nullable=False),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("state IN ('sending', 'paused', 'sent', 'partly sent')", name=op.f("ck_mailings_state")),
        sa.ForeignKeyConstraint(["key_id"], ["keys.id"], name=op.f("fk_mailings_key_id_keys")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailings")),
        sa.UniqueConstraint("issue", "audience", name=op.f("uq_mailings_issue_audience")),
    )
    op.create_table(
        "subscribers",
        sa.Column("id", Id, nullable=False),
        sa.Column("address", sa.Text(), nullable=False, comment="as the subscriber writes it"),
        sa.Column("address_key", sa.Text(), nullable=False, comment="by which two spellings are one address"),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("language", sa.String(length=35), server_default="", nullable=False),
        sa.Column("topics", sa.JSON(), nullable=True),
        sa.Column("attributes", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscribers")),
        sa.UniqueConstraint("address_key", name=op.f("uq_subscribers_address_key")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "suppressions",
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("reason", sa.String(length=30), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_key", name=op.f("pk_suppressions")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "batches",
        sa.Column("id", Id, nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column(
            "first_id", Id, nullable=False, comment="its deliveries are those of the edition from this subscriber"
        ),
        sa.Column("last_id", Id, nullable=False, comment="up to and with this one"),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("idempotency_key", sa.String(length=100), nullable=True),
        sa.Column("body_sha256", sa.String(length=64), nullable=True),
        sa.Column(
            "claimed_at", sa.DateTime(), nullable=True, comment="when the first call with this key was about to begin"
        ),
        sa.Column("not_before", sa.DateTime(), nullable=True, comment="when it may be tried again"),
        sa.Column("finished_at", sa.DateTime(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'claimed', 'unknown', 'held', 'divided', 'done')", name=op.f("ck_batches_state")
        ),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_batches_mailing_id_mailings")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index(op.f("ix_batches_mailing_id_state_size"), "batches", ["mailing_id", "state", "size"])
    op.create_table(
        "consents",
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("source", sa.Text(), server_default="", nullable=False),
        sa.Column("changed_at", sa.DateTime(), nullable=False),
        sa.CheckConstraint("state IN ('pending', 'confirmed', 'unsubscribed')", name=op.f("ck_consents_state")),
        sa.ForeignKeyConstraint(["list_id"], ["lists.id"], name=op.f("fk_consents_list_id_lists"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_consents_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("list_id", "subscriber_id", name=op.f("pk_consents")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_consents_subscriber_id_list_id"), "consents", ["subscriber_id", "list_id"])
    op.create_table(
        "deliveries",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("subscriber_id", Id, nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default="", nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("provider_id", sa.Text(), nullable=True),
        sa.Column("detail", sa.Text(), server_default="", nullable=False),
        sa.CheckConstraint(
            "state IN ('pending', 'claimed', 'accepted', 'rejected', 'suppressed', 'unknown')",
            name=op.f("ck_deliveries_state"),
        ),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_deliveries_mailing_id_mailings")),
        sa.PrimaryKeyConstraint("mailing_id", "subscriber_id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("mailing_id", "address_key", name=op.f("uq_deliveries_mailing_id_address_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "editions",
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("language", sa.String(length=35), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column(
            "content", sa.LargeBinary(), nullable=False, comment="the edition as frozen when the mailing started"
        ),
        sa.ForeignKeyConstraint(["mailing_id"], ["mailings.id"], name=op.f("fk_editions_mailing_id_mailings")),
        sa.PrimaryKeyConstraint("mailing_id", "number", name=op.f("pk_editions")),
    )
    op.create_table(
        "pacing",
        sa.Column("provider", sa.String(length=100), nullable=False),
        sa.Column(
            "next_at", sa.Float(53), nullable=False, comment="when its next call may begin, in seconds since 1970"
        ),
        sa.PrimaryKeyConstraint("provider", name=op.f("pk_pacing")),
        comment="One clock for everything that calls the same provider.",
    )
