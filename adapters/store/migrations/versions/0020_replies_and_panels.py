"""What an author said to what was written back, and what a panel said about a draft."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    """Make the table and add the columns; what was written back before waits for an answer."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    nothing, zero = sa.text("''"), sa.text("0")
    op.add_column(
        "written_back", sa.Column("answer", sa.String(), nullable=False, server_default=nothing)
    )
    op.add_column("written_back", sa.Column("done_at", moment, nullable=True))
    op.add_column("broadcasts", sa.Column("told_back", number, nullable=False, server_default=zero))
    op.add_column("broadcasts", sa.Column("told_back_at", moment, nullable=True))
    waits = sa.text("done_at IS NULL")
    op.create_index(
        "ix_written_back_undone",
        "written_back",
        ["broadcast", "id"],
        postgresql_where=waits,
        sqlite_where=waits,
    )
    op.create_table(
        "panels",
        sa.Column("draft", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("said_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_panels_person"),
        sa.PrimaryKeyConstraint("draft", "person", name="pk_panels"),
    )
    op.create_index("ix_panels_person", "panels", ["person"])
