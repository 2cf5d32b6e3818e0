"""Runs that can be paused, lanes that keep a platform's pace, and the touches of each day."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
QUEUED = sa.text("state = 'queued'")


def upgrade() -> None:
    """Make the tables, and give every delivery its run and lane."""
    runs = op.create_table(
        "runs",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("changed_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_runs"),
    )
    lanes = op.create_table(
        "lanes",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("free_at", MOMENT, nullable=True),
        sa.Column("blocked_until", MOMENT, nullable=True),
        sa.Column("slowed_at", MOMENT, nullable=True),
        sa.Column("slowed_to", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_lanes"),
    )
    op.create_table(
        "touches",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("delivery", NUMBER, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_touches_person"),
        sa.PrimaryKeyConstraint("person", "day", "nth", name="pk_touches"),
    )
    op.create_index("ix_touches_delivery", "touches", ["delivery"])
    now = datetime.now(UTC)
    standing = [("replies", 0), ("pulses", 1), ("nudges", 2)]
    op.bulk_insert(
        runs,
        [
            {"name": name, "priority": place, "state": "running", "changed_at": now}
            for name, place in standing
        ],
    )
    op.bulk_insert(lanes, [{"name": name, "slowed_to": 1.0} for name in ("", "/changes")])
    for table, column in (("people", "lane"), ("deliveries", "run"), ("deliveries", "lane")):
        op.add_column(table, sa.Column(column, sa.String(), nullable=False, server_default=""))
    _fill()
    op.drop_index("ix_deliveries_queued", "deliveries")
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["run", "lane", "due", "id"],
        postgresql_where=QUEUED,
        sqlite_where=QUEUED,
    )


def _fill() -> None:
    """Find the lane of everybody, and the run and lane of what waits."""
    op.execute(
        "INSERT INTO lanes (name, slowed_to)"
        " SELECT DISTINCT platform || ':' || tenant || aside, 1.0 FROM addresses,"
        " (SELECT '' AS aside UNION SELECT '/changes') AS sides"
    )
    op.execute(
        "UPDATE people SET lane = coalesce("
        "(SELECT platform || ':' || tenant FROM addresses WHERE person = people.id AND NOT closed"
        " AND platform = people.preferred ORDER BY used_at DESC LIMIT 1), "
        "(SELECT platform || ':' || tenant FROM addresses WHERE person = people.id AND NOT closed"
        " ORDER BY used_at DESC LIMIT 1), '')"
    )
    op.execute(
        "UPDATE deliveries SET run = CASE priority WHEN 0 THEN 'replies' WHEN 1 THEN 'pulses'"
        " WHEN 2 THEN 'nudges' ELSE occasion END,"
        " lane = (SELECT people.lane FROM people WHERE people.id = deliveries.person)"
        " || CASE kind WHEN 'post' THEN '' ELSE '/changes' END"
    )
    op.execute(
        "INSERT INTO runs (name, priority, state, changed_at)"
        " SELECT DISTINCT occasion, 3, 'running', CURRENT_TIMESTAMP FROM deliveries"
        " WHERE priority = 3"
    )
