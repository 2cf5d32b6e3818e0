"""What people ticked of their activities, who is a champion, and who left a role behind."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the three tables."""
    op.create_table(
        "ticks",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("activity", sa.String(), nullable=False),
        sa.Column("period", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_ticks_person"),
        sa.PrimaryKeyConstraint("person", "activity", "period", name="pk_ticks"),
    )
    op.create_index("ix_ticks_at", "ticks", ["at"])
    op.create_table(
        "champions",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("areas", sa.JSON(), nullable=False),
        sa.Column("weekly", sa.Integer(), nullable=False),
        sa.Column("nominated_by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_champions_person"),
        sa.PrimaryKeyConstraint("person", name="pk_champions"),
    )
    op.create_index("ix_champions_state", "champions", ["state"])
    op.create_table(
        "departures",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_departures_person"),
        sa.PrimaryKeyConstraint("id", name="pk_departures"),
        sa.UniqueConstraint("person", "role", name="uq_departures_person_role"),
    )
