"""Spreads: broadcasts on their way to one delivery for each of their people."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

MOMENT = sa.DateTime(timezone=True)
WAY_OF_WORKING = ("zone", "country", "starts", "ends", "days", "quiet_from", "quiet_until")
ENDED = sa.text("priority = 3 AND state IN ('sent', 'gone', 'refused', 'unknown', 'cancelled')")
SUBJECT = sa.text("subject > ''")


def upgrade() -> None:
    """Make the tables; the history needs only what has a subject."""
    op.create_table(
        "spreads",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("begins", MOMENT, nullable=False),
        sa.Column("mornings", sa.Boolean(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("run", name="pk_spreads"),
    )
    op.create_table(
        "mornings",
        sa.Column("run", sa.String(), nullable=False),
        *(sa.Column(name, sa.String(), nullable=False) for name in WAY_OF_WORKING),
        sa.Column("due", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("run", *WAY_OF_WORKING, name="pk_mornings"),
    )
    op.create_index(
        "ix_deliveries_ended",
        "deliveries",
        ["run", "state"],
        postgresql_where=ENDED,
        sqlite_where=ENDED,
    )
    op.drop_index("ix_deliveries_history", "deliveries")
    op.create_index(
        "ix_deliveries_history",
        "deliveries",
        ["person", "subject", "id"],
        postgresql_where=SUBJECT,
        sqlite_where=SUBJECT,
    )
