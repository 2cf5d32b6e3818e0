"""What people did in the CRM, week by week, and which weeks were fetched."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "usage",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("value", sa.Float(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("told_at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_usage_person"),
        sa.PrimaryKeyConstraint("person", "week", "metric", name="pk_usage"),
    )
    op.create_index("ix_usage_week", "usage", ["week"])
    op.create_table(
        "usage_weeks",
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.Column("tried_at", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("whole", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("source", "week", "again", name="pk_usage_weeks"),
    )
