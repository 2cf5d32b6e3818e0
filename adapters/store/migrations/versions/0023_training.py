"""Training sessions, who signed up for them, and who was looked at for an invitation."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "trainings",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("why", sa.JSON(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("starts", MOMENT, nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("link", sa.String(), nullable=False),
        sa.Column("seats", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(), nullable=False),
        sa.Column("trainer", sa.String(), nullable=False),
        sa.Column("open", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_trainings"),
        sa.UniqueConstraint("key", name="uq_trainings_key"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_trainings_starts", "trainings", ["starts"])
    op.create_table(
        "training_signups",
        sa.Column("session", NUMBER, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.Column("told_at", MOMENT, nullable=False),
        sa.Column("knows", sa.Integer(), nullable=False),
        sa.Column("reported", sa.Boolean(), nullable=False),
        sa.Column("useful", sa.String()),
        sa.Column("reminded", sa.String(), nullable=False),
        sa.Column("asked", sa.Boolean(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        *_of_session_and_person("training_signups"),
    )
    op.create_index("ix_training_signups_person", "training_signups", ["person"])
    op.create_table(
        "training_invitations",
        sa.Column("session", NUMBER, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("invited", sa.Boolean(), nullable=False),
        sa.Column("reacted", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        *_of_session_and_person("training_invitations"),
    )
    op.create_index("ix_training_invitations_person", "training_invitations", ["person"])


def _of_session_and_person(table: str) -> tuple[sa.Constraint, ...]:
    return (
        sa.ForeignKeyConstraint(["session"], ["trainings.id"], name=f"fk_{table}_session"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name=f"fk_{table}_person"),
        sa.PrimaryKeyConstraint("session", "person", name=f"pk_{table}"),
    )
