"""Who an arrival is from, so that what someone says is answered in its order."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    """Add the column; what waits from before is in no order."""
    op.add_column(
        "inbox", sa.Column("sender", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    undone = sa.text("done_at IS NULL")
    op.create_index(
        "ix_inbox_sender", "inbox", ["sender"], postgresql_where=undone, sqlite_where=undone
    )
