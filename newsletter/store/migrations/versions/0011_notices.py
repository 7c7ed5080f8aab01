"""What the team was told of a mailing: each state once, whichever worker comes to it first."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "mailings",
        sa.Column("noticed", sa.Text(), server_default="", nullable=False, comment="what the team was last told of it"),
    )
