"""Broadcasts with who decided, receipts, and what people wrote back."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    """Make the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "broadcasts",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("goal", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("label", sa.JSON(), nullable=False),
        sa.Column("acknowledge", sa.Boolean(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("begins", moment, nullable=True),
        sa.Column("own_morning", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("decided_by", sa.String(), nullable=False),
        sa.Column("decided_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_broadcasts"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_broadcasts_stage", "broadcasts", ["stage"])
    op.create_table(
        "receipts",
        sa.Column("broadcast", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_receipts_person"),
        sa.PrimaryKeyConstraint("broadcast", "person", name="pk_receipts"),
    )
    op.create_index("ix_receipts_person", "receipts", ["person"])
    op.create_table(
        "written_back",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("broadcast", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_written_back_person"),
        sa.PrimaryKeyConstraint("id", name="pk_written_back"),
    )
    op.create_index("ix_written_back_broadcast_person", "written_back", ["broadcast", "person"])
    op.create_index("ix_written_back_person", "written_back", ["person"])
