"""Who changed what a reader prefers, and when."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "subscribers",
        sa.Column(
            "preferred_at",
            sa.DateTime(),
            nullable=True,
            comment="when language, topics, frequency or pause were changed last",
        ),
    )
    op.add_column(
        "subscribers",
        sa.Column(
            "preferred_by",
            sa.Text(),
            server_default="",
            nullable=False,
            comment="by what: their page, the team, a file",
        ),
    )
