"""Mailings that are scheduled, stopped, sent in waves and rounds, and by several senders at once."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_STATES = "state IN ('scheduled', 'sending', 'paused', 'stopped', 'sent', 'partly sent')"


def upgrade() -> None:
    # SQLite changes a constraint only by writing the table anew.
    with op.batch_alter_table("mailings", recreate="auto") as table:
        table.add_column(
            sa.Column(
                "round",
                sa.Integer(),
                nullable=False,
                server_default="1",
                comment="from 2 on for those whom no earlier reached",
            )
        )
        table.add_column(
            sa.Column(
                "begins_at", sa.DateTime(), nullable=True, comment="no call is made before; none where it began at once"
            )
        )
        table.add_column(
            sa.Column(
                "wave",
                sa.Integer(),
                nullable=False,
                server_default="1",
                comment="0 while only the canary may be sent",
            )
        )
        table.add_column(sa.Column("on_unknown", sa.String(length=6), nullable=False, server_default="hold"))
        table.drop_constraint(op.f("ck_mailings_state"), type_="check")
        table.create_check_constraint(op.f("ck_mailings_state"), _STATES)
        table.create_check_constraint(op.f("ck_mailings_on_unknown"), "on_unknown IN ('hold', 'resend')")
        table.drop_constraint(op.f("uq_mailings_issue_audience"), type_="unique")
        table.create_unique_constraint(op.f("uq_mailings_issue_audience_round"), ["issue", "audience", "round"])
    op.add_column(
        "batches", sa.Column("wave", sa.Integer(), nullable=False, server_default="1", comment="0: the canary")
    )
    op.add_column(
        "batches",
        sa.Column("lane", sa.Integer(), nullable=True, comment="which of the mailing's senders has claimed it"),
    )
