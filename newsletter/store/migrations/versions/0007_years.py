"""What is asked of all events and batches that there ever were is found by an index."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(op.f("ix_events_mailing_id_subscriber_id"), "events", ["mailing_id", "subscriber_id"])
    op.create_index(op.f("ix_batches_claimed_at"), "batches", ["claimed_at"])
