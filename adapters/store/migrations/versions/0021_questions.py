"""Questions about the CRM, and for a few minutes what it said to whoever asked."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "questions",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("articles", sa.JSON(), nullable=False),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.Column("found", sa.String(), nullable=False),
        sa.Column("wrong", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_questions_person"),
        sa.PrimaryKeyConstraint("key", name="pk_questions"),
    )
    op.create_index("ix_questions_person", "questions", ["person"])
    op.create_index("ix_questions_at", "questions", ["at"])
    judged = sa.text("(found <> '' OR wrong <> '')")
    op.create_index(
        "ix_questions_judged", "questions", ["at"], postgresql_where=judged, sqlite_where=judged
    )
    op.create_table(
        "looked",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_looked_person"),
        sa.PrimaryKeyConstraint("key", name="pk_looked"),
    )
    op.create_index("ix_looked_person", "looked", ["person"])
    op.create_index("ix_looked_at", "looked", ["at"])
