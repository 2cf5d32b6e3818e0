"""Success stories, and what happens by itself on the days of the programme."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the stories and the moments that have begun."""
    op.create_table(
        "stories",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("consent", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("result", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved", sa.Boolean()),
        sa.Column("shared_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_stories_person"),
        sa.PrimaryKeyConstraint("id", name="pk_stories"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_stories_person", "stories", ["person"])
    op.create_index("ix_stories_shared_at", "stories", ["shared_at"])
    op.create_table(
        "moments",
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("occasion", name="pk_moments"),
    )
