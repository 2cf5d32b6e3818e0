"""What the planner needs to know of people: country, absence with dates, quiet hours."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the columns; of people already known nothing is assumed."""
    op.add_column(
        "people", sa.Column("country", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.add_column("people", sa.Column("quiet_from", sa.String(), nullable=True))
    op.add_column("people", sa.Column("quiet_until", sa.String(), nullable=True))
    op.add_column("people", sa.Column("away_from", sa.DateTime(timezone=True), nullable=True))
