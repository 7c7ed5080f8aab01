"""Signups by readers, and how often the same network or address has asked."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "signups",
        sa.Column("id", Id, nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("address", sa.Text(), nullable=True, comment="as the form had it, until somebody has looked at it"),
        sa.Column("address_key", sa.Text(), nullable=True),
        sa.Column("subscriber_id", Id, nullable=True),
        sa.Column("choice", sa.JSON(), nullable=False, comment="the lists, and what else was chosen in the form"),
        sa.Column("language", sa.String(length=35), nullable=False, comment="of the form, and so of the letter"),
        sa.Column(
            "wording", sa.Text(), server_default="", nullable=False, comment="what the form asked consent to, as shown"
        ),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("asked_at", sa.DateTime(), nullable=False),
        sa.Column(
            "sent_at", sa.DateTime(), nullable=True, comment="when its letter was handed over, or was about to be"
        ),
        sa.Column("answered_at", sa.DateTime(), nullable=True),
        sa.CheckConstraint("kind IN ('subscribe', 'preferences')", name=op.f("ck_signups_kind")),
        sa.CheckConstraint(
            "state IN ('asked', 'sending', 'sent', 'confirmed', 'declined')", name=op.f("ck_signups_state")
        ),
        sa.ForeignKeyConstraint(
            ["subscriber_id"],
            ["subscribers.id"],
            name=op.f("fk_signups_subscriber_id_subscribers"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signups")),
        comment="What strangers asked for by a form. None of it is a subscriber's word before the letter is answered.",
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_signups_state_id"), "signups", ["state", "id"])
    op.create_index(op.f("ix_signups_subscriber_id_id"), "signups", ["subscriber_id", "id"])
    op.create_table(
        "limits",
        sa.Column("key", sa.String(length=64), nullable=False, comment="keyed hash of a network or an address"),
        sa.Column(
            "next_at", sa.Float(53), nullable=False, comment="when nothing is left of what it has used, as in pacing"
        ),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_limits")),
        comment="How often the same network and the same address have asked lately.",
    )
