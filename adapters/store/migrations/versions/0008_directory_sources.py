"""Which directory told what, so that one that tells of somebody says nothing about the others."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Tell the directories apart; all that was told until now came from a table."""
    op.execute(
        "CREATE TEMPORARY TABLE told_before AS SELECT d.person AS person, d.manager AS manager,"
        ' d.told AS told, p."left" AS gone FROM directory d JOIN people p ON p.id = d.person'
    )
    op.drop_table("directory")
    op.create_table(
        "directory",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("own", sa.String(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_directory_person"),
        sa.PrimaryKeyConstraint("person", "source", name="pk_directory"),
    )
    op.execute(
        "INSERT INTO directory (person, source, own, gone, manager, told)"
        " SELECT person, 'table', person, gone, manager, told FROM told_before"
    )
    op.execute("DROP TABLE told_before")
