"""Numbers about groups: what was closed when, from what, what is told, and who was shown it."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "closings",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("closed_at", moment, nullable=False),
        sa.Column("floor", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_closings"),
        sa.UniqueConstraint("measure", "week", name="uq_closings_measure_week"),
    )
    op.create_table(
        "atoms",
        sa.Column("closing", number, nullable=False),
        sa.Column("atom", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["closing"], ["closings.id"], name="fk_atoms_closing"),
        sa.PrimaryKeyConstraint("closing", "atom", "unit", name="pk_atoms"),
    )
    op.create_table(
        "contributions",
        sa.Column("closing", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("measure", sa.String(), nullable=False),
        sa.Column("atom", sa.Integer(), nullable=False),
        sa.Column("value", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["closing"], ["closings.id"], name="fk_contributions_closing"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_contributions_person"),
        sa.PrimaryKeyConstraint("closing", "person", name="pk_contributions"),
    )
    op.create_index("ix_contributions_person", "contributions", ["person"])
    op.create_table(
        "cells",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("closing", number, nullable=False),
        sa.Column("unit", sa.String(), nullable=True),
        sa.Column("atoms", sa.JSON(), nullable=False),
        sa.Column("scope", sa.String(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=True),
        sa.Column("exact", sa.Boolean(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["closing"], ["closings.id"], name="fk_cells_closing"),
        sa.PrimaryKeyConstraint("id", name="pk_cells"),
        sa.UniqueConstraint("closing", "unit", name="uq_cells_closing_unit"),
    )
    op.create_table(
        "shown",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("viewer", sa.String(), nullable=True),
        sa.Column("cell", number, nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["cell"], ["cells.id"], name="fk_shown_cell"),
        sa.PrimaryKeyConstraint("id", name="pk_shown"),
        sa.UniqueConstraint("viewer", "cell", "channel", name="uq_shown_viewer_cell_channel"),
    )
