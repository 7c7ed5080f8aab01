"""What was put right in an issue after it had left."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

Id = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "corrections",
        sa.Column("id", Id, nullable=False),
        sa.Column("mailing_id", sa.Integer(), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="what readers are told; empty for a slip"),
        sa.Column("corrected_by", sa.Text(), nullable=False),
        sa.Column("corrected_at", sa.DateTime(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False, comment="the edition as it is shown from then on"),
        sa.ForeignKeyConstraint(
            ["mailing_id", "edition"],
            ["editions.mailing_id", "editions.number"],
            name=op.f("fk_corrections_mailing_id_edition_editions"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_corrections")),
        comment="Editions as their pages show them. Those in `editions` stay what readers were sent.",
    )
    op.create_index(op.f("ix_corrections_mailing_id_edition"), "corrections", ["mailing_id", "edition"])
