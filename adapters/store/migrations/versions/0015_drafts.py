"""Drafts; and of a broadcast in whose name it goes, what is asked about it, what it repeats."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    """Make the table and add the columns; what was handed in before goes in its author's name."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    nobody, nothing = sa.text("''"), sa.text("0")
    op.create_table(
        "drafts",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("author", sa.String(), nullable=False),
        sa.Column("draft", sa.JSON(), nullable=False),
        sa.Column("template", sa.Boolean(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["author"], ["people.id"], name="fk_drafts_author"),
        sa.PrimaryKeyConstraint("key", name="pk_drafts"),
    )
    op.create_index("ix_drafts_author", "drafts", ["author"])
    for name, kind, default in (
        ("sender", sa.String(), nobody),
        ("series", number, nothing),
        ("corrects", number, nothing),
        ("second", sa.Boolean(), sa.true()),
    ):
        op.add_column("broadcasts", sa.Column(name, kind, nullable=False, server_default=default))
    op.add_column("broadcasts", sa.Column("question", sa.JSON(), nullable=True))
    op.create_index("ix_broadcasts_author", "broadcasts", ["author"])
