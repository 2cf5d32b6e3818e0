"""What directories told of people last."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Make the table; what an earlier import told is told again by the next one."""
    op.create_table(
        "directory",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_directory_person"),
        sa.PrimaryKeyConstraint("person", name="pk_directory"),
    )
