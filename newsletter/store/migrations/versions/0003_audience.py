"""Preferences and attributes of subscribers, proof of consent, counts of lists, hashes of the erased."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from newsletter.store.counting import make_triggers, recount

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.add_column("subscribers", sa.Column("frequency", sa.String(20), server_default="every issue", nullable=False))
    op.add_column("subscribers", sa.Column("paused_until", sa.DateTime(), nullable=True, comment="gets nothing before"))
    if op.get_context().dialect.name == "postgresql":
        for column in ("topics", "attributes"):
            op.alter_column("subscribers", column, type_=postgresql.JSONB(), postgresql_using=f"{column}::jsonb")
    op.add_column(
        "consents",
        sa.Column(
            "wording", sa.Text(), server_default="", nullable=False, comment="the sentence that the reader agreed to"
        ),
    )
    op.add_column(
        "consents",
        sa.Column(
            "confirmed_at",
            sa.DateTime(),
            nullable=True,
            comment="when the reader last confirmed; kept after they left",
        ),
    )
    op.add_column(
        "consents", sa.Column("proof", sa.Text(), server_default="", nullable=False, comment="how that is known")
    )
    op.create_index(
        op.f("ix_consents_list_id_state_subscriber_id"),
        "consents",
        ["list_id", "state", "subscriber_id"],
        sqlite_where=sa.text("state <> 'confirmed'"),
        postgresql_where=sa.text("state <> 'confirmed'"),
    )
    op.create_table(
        "list_counts",
        sa.Column("id", Id, nullable=False),
        sa.Column("list_id", sa.Integer(), nullable=False),
        sa.Column(
            "state", sa.String(length=12), nullable=False, comment="of consent; suppressed: those of the confirmed"
        ),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_counts")),
        comment="How many are on a list: the sum of the rows. Kept by triggers, whoever writes.",
    )
    op.create_index(op.f("ix_list_counts_list_id_state"), "list_counts", ["list_id", "state"])
    op.create_table(
        "erasures",
        sa.Column("address_hash", sa.String(length=64), nullable=False, comment="HMAC-SHA256 of the address key"),
        sa.Column("reason", sa.String(length=30), nullable=False, comment="why the address must not be written to"),
        sa.Column("created_at", sa.DateTime(), nullable=False),
        sa.PrimaryKeyConstraint("address_hash", name=op.f("pk_erasures")),
        sqlite_with_rowid=False,
        comment="Who is no longer held, so that no import brings them back.",
    )
    recount(op.get_bind())
    make_triggers(None, op.get_bind())
