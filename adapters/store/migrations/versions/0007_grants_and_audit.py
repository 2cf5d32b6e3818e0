"""Roles that were taken by hand stay taken, and who did what is written down."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Add the mark of a role that was taken, and the audit log."""
    op.add_column(
        "grants", sa.Column("revoked", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column(
        "grants", sa.Column("within", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    op.create_table(
        "audit",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("whom", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
    )
    op.create_index("ix_audit_at", "audit", ["at"])
