"""Which programs may read numbers, and which systems are told that there are new ones."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"


def upgrade() -> None:
    """Add them; nobody reads and nobody is told until somebody says so."""
    moment, number = (
        sa.DateTime(timezone=True),
        sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
    )
    op.create_table(
        "accesses",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("ends_at", moment, nullable=False),
        sa.Column("revoked_at", moment),
        sa.Column("used_on", sa.Date()),
        sa.PrimaryKeyConstraint("name", name="pk_accesses"),
    )
    op.create_table(
        "webhooks",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("host", sa.String(), nullable=False),
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("made_at", moment, nullable=False),
        sa.Column("turn", sa.Integer(), nullable=False),
        sa.Column("older_until", moment),
        sa.Column("ended_at", moment),
        sa.Column("why", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_webhooks"),
    )
    op.create_table(
        "webhook_events",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_webhook_events"),
    )
    op.create_table(
        "parcels",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("webhook", sa.String(), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due", moment, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("ended_at", moment),
        sa.PrimaryKeyConstraint("id", name="pk_parcels"),
        sa.UniqueConstraint("webhook", "event", name="uq_parcels_webhook_event"),
        sa.ForeignKeyConstraint(["webhook"], ["webhooks.name"], name="fk_parcels_webhook_webhooks"),
        sa.ForeignKeyConstraint(
            ["event"], ["webhook_events.id"], name="fk_parcels_event_webhook_events"
        ),
    )
    op.create_index("ix_parcels_event", "parcels", ["event"])
    op.create_index("ix_parcels_waiting", "parcels", ["state", "due"])
