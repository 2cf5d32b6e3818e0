"""What finds somebody whose name and addresses are sealed, and who wants to be forgotten.

The texts themselves stay in their columns, and are sealed where they stand after this
(:mod:`adapters.store.resealing`).
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    """Add the columns."""
    for table, column in (
        ("people", "called"),
        ("people", "mailbox"),
        ("addresses", "account"),
        ("questions", "words"),
    ):
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    op.create_index("ix_people_mailbox", "people", ["mailbox"])
    op.create_table(
        "farewells",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_farewells_person_people"),
        sa.PrimaryKeyConstraint("person", name="pk_farewells"),
    )
