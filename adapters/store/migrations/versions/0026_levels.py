"""How people's weeks were judged, how far that is, and the privacy officer's switch."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "levels",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("verdicts", sa.String(), nullable=False),
        sa.Column("of", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_levels_person"),
        sa.PrimaryKeyConstraint("person", "week", "nth", name="pk_levels"),
    )
    op.create_index("ix_levels_week", "levels", ["week"])
    op.create_table(
        "judging",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("told", moment, nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_judging"),
    )
    op.create_table(
        "use_linked",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("on", sa.Boolean(), nullable=False),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("document", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_use_linked"),
    )
    op.create_index("ix_usage_told_at", "usage", ["told_at"])
