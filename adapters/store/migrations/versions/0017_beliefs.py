"""Whether people believe a sender; and a person's receipts by their time."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    """Make the table; the new index of receipts takes the place of the narrower one."""
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "beliefs",
        sa.Column("broadcast", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_beliefs_person"),
        sa.PrimaryKeyConstraint("broadcast", "person", name="pk_beliefs"),
    )
    op.create_index("ix_beliefs_person", "beliefs", ["person"])
    op.create_index("ix_beliefs_at", "beliefs", ["at"])
    op.drop_index("ix_receipts_person", "receipts")
    op.create_index("ix_receipts_person_at_broadcast", "receipts", ["person", "at", "broadcast"])
