"""Where people kept things in a week, why, and whether they came back."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    """Make the table."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "shadows",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("back", sa.Boolean(), nullable=True),
        sa.Column("back_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_shadows_person"),
        sa.PrimaryKeyConstraint("person", "week", name="pk_shadows"),
    )
    op.create_index("ix_shadows_at", "shadows", ["at"])
    op.create_index("ix_shadows_back_at", "shadows", ["back_at"])
