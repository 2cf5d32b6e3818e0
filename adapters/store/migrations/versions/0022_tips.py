"""What people said and showed of tips, when each is due one, and which are found not useful."""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    """Make the tables; who is here already is looked at within a week."""
    moment = sa.DateTime(timezone=True)
    op.create_table(
        "tips_said",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_tips_said_person"),
        sa.PrimaryKeyConstraint("person", "at", "about", "what", name="pk_tips_said"),
    )
    op.create_index("ix_tips_said_what", "tips_said", ["what", "about"])
    op.create_table(
        "tips_due",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_tips_due_person"),
        sa.PrimaryKeyConstraint("person", name="pk_tips_due"),
    )
    op.create_index("ix_tips_due_at", "tips_due", ["at"])
    op.create_table(
        "tips_sunk",
        sa.Column("tip", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("tip", name="pk_tips_sunk"),
    )
