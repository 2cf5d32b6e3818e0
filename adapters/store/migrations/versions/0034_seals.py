"""Seals of the audit log, and what stands in each row once it is sealed."""

import sqlalchemy as sa
from alembic import op

revision = "0034"
down_revision = "0033"


def upgrade() -> None:
    """Add them; what is in the log already is sealed like what comes."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.add_column("audit", sa.Column("seal", number, nullable=True))
    for name in ("salt", "who_mark", "whom_mark"):
        op.add_column("audit", sa.Column(name, sa.String(), nullable=True))
    op.create_index("ix_audit_seal", "audit", ["seal"])
    op.create_table(
        "seals",
        sa.Column("id", number, autoincrement=False, nullable=False),
        sa.Column("last", number, nullable=False),
        sa.Column("rows", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_seals"),
    )
