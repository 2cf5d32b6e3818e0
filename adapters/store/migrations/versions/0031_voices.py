"""What the CRM team calls what was raised, who was told of it, and what is asked back."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    """Add them."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    for name in ("changed_at", "told_at", "ruled_at", "back_at"):
        op.add_column("voices", sa.Column(name, moment, nullable=True))
    for name in ("title", "ruling"):
        op.add_column("voices", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.create_table(
        "voice_lines",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("voice", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("ours", sa.Boolean(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("told_at", moment, nullable=True),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_voice_lines_person"),
        sa.ForeignKeyConstraint(["voice"], ["voices.id"], name="fk_voice_lines_voice"),
        sa.PrimaryKeyConstraint("id", name="pk_voice_lines"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_voice_lines_voice", "voice_lines", ["voice"])
    op.create_index("ix_voice_lines_person", "voice_lines", ["person"])
