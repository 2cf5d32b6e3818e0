"""Who was asked whether they understood a broadcast, and how many did."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"


def upgrade() -> None:
    """Make the tables."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "checks",
        sa.Column("broadcast", number, autoincrement=False, nullable=False),
        sa.Column("asked", sa.Integer(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("answered", sa.Integer(), nullable=True),
        sa.Column("got", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("broadcast", name="pk_checks"),
    )
    op.create_table(
        "reception",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("broadcast", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("asked_at", moment, nullable=False),
        sa.Column("got", sa.Boolean(), nullable=True),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_reception_person"),
        sa.PrimaryKeyConstraint("id", name="pk_reception"),
        sa.UniqueConstraint("broadcast", "person", name="uq_reception_broadcast_person"),
    )
    op.create_index("ix_reception_person", "reception", ["person"])
