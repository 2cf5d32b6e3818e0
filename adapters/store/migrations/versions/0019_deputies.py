"""Since when those who may release a broadcast are asked; and who came without being told of."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    """Add the columns; of what waits already, the time begins when it was handed in.

    Of whom no directory tells came by themselves.
    """
    op.add_column("broadcasts", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column(
        "broadcasts",
        sa.Column("warned", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    table = sa.table(
        "broadcasts",
        sa.column("asked_at", sa.DateTime(timezone=True)),
        sa.column("at", sa.DateTime(timezone=True)),
        sa.column("asked", sa.Boolean()),
        sa.column("stage", sa.String()),
    )
    waiting = (table.c.stage == "waiting", table.c.asked)
    op.execute(sa.update(table).where(*waiting).values(asked_at=table.c.at))
    op.add_column(
        "people",
        sa.Column("stranger", sa.Boolean(), nullable=False, server_default=sa.false()),
    )
    people = sa.table("people", sa.column("id", sa.String()), sa.column("stranger", sa.Boolean()))
    directory = sa.table("directory", sa.column("person", sa.String()))
    told = sa.exists().where(directory.c.person == people.c.id)
    op.execute(sa.update(people).where(~told).values(stranger=sa.true()))
