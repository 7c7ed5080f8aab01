"""How often the readers of a batch were put off: whoever sends it next goes on counting."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "batches",
        sa.Column(
            "put_off",
            sa.Integer(),
            server_default="0",
            nullable=False,
            comment="how often its readers' mailboxes could not take it",
        ),
    )
