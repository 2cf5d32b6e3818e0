"""Corrections and recalls as spreads over messages that are there, and cards that follow along."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    """Add the columns, and make the table; nothing was corrected or taken back before."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    nothing = sa.text("0")
    op.add_column("broadcasts", sa.Column("corrected", sa.Date(), nullable=True))
    op.add_column(
        "broadcasts", sa.Column("revision", sa.Integer(), nullable=False, server_default=nothing)
    )
    op.add_column(
        "spreads", sa.Column("over", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.create_table(
        "progress",
        sa.Column("broadcast", number, nullable=False, autoincrement=False),
        sa.Column("root", number, nullable=False),
        sa.Column("looks", sa.Integer(), nullable=False),
        sa.Column("next_at", moment, nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.Column("left", sa.Integer(), nullable=False),
        sa.Column("pace", sa.Float(), nullable=False),
        sa.Column("shown", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("broadcast", name="pk_progress"),
    )
    op.create_index("ix_progress_next_at", "progress", ["next_at"])
