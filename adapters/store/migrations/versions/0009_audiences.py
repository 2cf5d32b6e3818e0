"""Audiences: rules as text, where people stand worked out ahead, and groups from elsewhere."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

MOMENT = sa.DateTime(timezone=True)
FIELDS = {"segments": "segment", "teams": "team", "jobs": "job", "languages": "language"}
SPREADS = sa.table(
    "spreads",
    sa.column("run", sa.String()),
    sa.column("audience", sa.JSON()),
    sa.column("rule", sa.String()),
)


def upgrade() -> None:
    """Write audiences as rules; where people stand is worked out by the ticker afterwards."""
    _spreads()
    op.create_table(
        "standings",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("since", MOMENT, nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.Column("barrier", sa.String(), nullable=False),
        sa.Column("once_live", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_standings_person"),
        sa.PrimaryKeyConstraint("person", "since", name="pk_standings"),
    )
    op.create_table(
        "standings_due",
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_standings_due_person"),
        sa.PrimaryKeyConstraint("person", name="pk_standings_due"),
    )
    op.create_table(
        "bases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_bases"),
    )
    op.create_table(
        "groups",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("fetched_at", MOMENT, nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "name", name="pk_groups"),
    )
    op.create_table(
        "group_members",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_group_members_person"),
        sa.ForeignKeyConstraint(
            ["kind", "name"], ["groups.kind", "groups.name"], name="fk_group_members_kind_name"
        ),
        sa.PrimaryKeyConstraint("kind", "name", "person", name="pk_group_members"),
    )
    op.create_index("ix_group_members_person", "group_members", ["person"])


def _spreads() -> None:
    op.add_column(
        "spreads", sa.Column("rule", sa.String(), nullable=False, server_default=sa.text("''"))
    )
    connection = op.get_bind()
    found: Sequence[Any] = connection.execute(sa.select(SPREADS.c.run, SPREADS.c.audience)).all()
    for run, audience in found:
        mine = sa.update(SPREADS).where(SPREADS.c.run == run)
        connection.execute(mine.values(rule=_rule(audience)))
    op.drop_column("spreads", "audience")


def _rule(audience: Mapping[str, Sequence[str]]) -> str:
    """Write what an audience of before meant as a rule: one of each kind that it names."""
    parts = [
        f"({field} is {', '.join(map(_quoted, audience[kind]))})"
        for kind, field in FIELDS.items()
        if audience.get(kind)
    ]
    return " and ".join(parts) or "everyone"


def _quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
