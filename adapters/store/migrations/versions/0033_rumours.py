"""What people heard, without who: held for a day, then put down together."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"


def upgrade() -> None:
    """Make the tables; SQLite gets no number for a row, which would tell their order."""
    op.create_table(
        "held_rumours",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_held_rumours"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rumours",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("into", sa.String(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_rumours"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "rumour_days",
        sa.Column("day", sa.Date(), nullable=False),
        sa.PrimaryKeyConstraint("day", name="pk_rumour_days"),
    )
