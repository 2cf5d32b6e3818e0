"""How many questions were asked outside the CRM, by week and area."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0021"


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "outside",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "area", name="pk_outside"),
    )
