"""Which link was followed, so that a team sees what its readers read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "events",
        sa.Column(
            "link", sa.Text(), server_default="", nullable=False, comment="what was followed; never a reader's own link"
        ),
    )
