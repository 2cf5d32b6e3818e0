"""What people raise, who raised it, and what became of it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "voices",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("sort", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("answered_at", moment, nullable=True),
        sa.Column("closed_at", moment, nullable=True),
        sa.Column("into", number, nullable=False),
        sa.Column("escalated_at", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_voices"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_voices_state_at", "voices", ["state", "at"])
    op.create_table(
        "raisers",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("voice", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("named", sa.Boolean(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("solved", sa.Boolean(), nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_raisers_person"),
        sa.ForeignKeyConstraint(["voice"], ["voices.id"], name="fk_raisers_voice"),
        sa.PrimaryKeyConstraint("id", name="pk_raisers"),
        sa.UniqueConstraint("key", name="uq_raisers_key"),
    )
    op.create_index("ix_raisers_voice", "raisers", ["voice"])
    op.create_index("ix_raisers_person", "raisers", ["person"])
