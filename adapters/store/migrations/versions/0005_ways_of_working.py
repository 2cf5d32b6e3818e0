"""Ways of working: one word for zone, country and hours, so that a broadcast is joined by it."""

import json
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

PARTS = ("zone", "country", "starts", "ends", "days", "quiet_from", "quiet_until")
PEOPLE = sa.table("people", *(sa.column(name, sa.String()) for name in (*PARTS, "way")))
MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Add the word to everybody, and let broadcasts that are on their way know it."""
    op.create_table(
        "ways",
        sa.Column("way", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("way", name="pk_ways"),
    )
    op.add_column(
        "people", sa.Column("way", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    connection = op.get_bind()
    texts = [sa.cast(PEOPLE.c[name], sa.String) for name in PARTS]
    found: Sequence[Any] = connection.execute(sa.select(*texts).distinct()).all()
    for row in found:
        alike = (
            text.is_(None) if part is None else text == part
            for text, part in zip(texts, row, strict=True)
        )
        connection.execute(sa.update(PEOPLE).where(*alike).values(way=_way(row)))
    if found:
        ways = sa.table("ways", sa.column("way"))
        connection.execute(sa.insert(ways), [{"way": way} for way in sorted({*map(_way, found)})])
    _mornings(connection)
    op.drop_index("ix_people_segment", "people")
    op.create_index("ix_people_segment_id", "people", ["segment", "id"])


def _mornings(connection: sa.Connection) -> None:
    old = sa.table("mornings", sa.column("run"), *map(sa.column, PARTS), sa.column("due", MOMENT))
    rows: Sequence[Any] = connection.execute(sa.select(*old.c)).all()
    op.drop_table("mornings")
    op.create_table(
        "mornings",
        sa.Column("run", sa.String(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("run", "way", name="pk_mornings"),
    )
    if rows:
        new = sa.table("mornings", sa.column("run"), sa.column("way"), sa.column("due", MOMENT))
        kept = [{"run": row[0], "way": _way(row[1:-1]), "due": row[-1]} for row in rows]
        connection.execute(sa.insert(new), kept)


def _way(row: Sequence[Any]) -> str:
    zone, country, starts, ends, days, quiet_from, quiet_until = row
    quiet = [quiet_from, quiet_until] if quiet_from and quiet_until else []
    week = "".join(str(day) for day in json.loads(days))
    return json.dumps([zone, country, starts, ends, week, *quiet])
