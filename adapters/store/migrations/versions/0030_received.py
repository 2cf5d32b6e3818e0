"""Results of tests are closed like all numbers about groups; how far a test got is left."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"


def upgrade() -> None:
    """Drop the sums, which followed rules of their own: what was shown by them is not repeated."""
    op.add_column(
        "checks", sa.Column("readable", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.execute(sa.text("UPDATE checks SET readable = true WHERE answered >= 10"))
    op.drop_column("checks", "answered")
    op.drop_column("checks", "got")
