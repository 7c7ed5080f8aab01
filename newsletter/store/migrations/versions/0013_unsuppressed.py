"""Since when an address may be written to again, so that what it was suppressed for does not count a second time."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscribers",
        sa.Column(
            "unsuppressed_at",
            sa.DateTime(),
            nullable=True,
            comment="what came back of issues before counts no more",
        ),
    )
