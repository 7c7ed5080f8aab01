"""Through which account of a provider a call went: only that one can tell what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batches",
        sa.Column(
            "account",
            sa.String(length=64),
            server_default="",
            nullable=False,
            comment="keyed hash: the provider's, of the last call",
        ),
    )
