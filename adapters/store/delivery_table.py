"""The table that is the queue: one row for each message on its way to one person."""

from sqlalchemy import JSON, Column, Index, Integer, String, Table, UniqueConstraint, text

from adapters.store.schema import Moment, Number, erased_by, metadata, numbered
from adapters.store.sealed import Private

QUEUED = text("state = 'queued'")
"""Written out, because SQLite uses a partial index only for a condition it can read."""
HELD = text("state IN ('claimed', 'sending')")
ENDED = text("priority = 3 AND state IN ('sent', 'gone', 'refused', 'unknown', 'cancelled')")
HAS_SUBJECT = text("subject > ''")
AIMED = text("target IS NOT NULL")

deliveries = Table(
    "deliveries",
    metadata,
    numbered(),
    Column("occasion", String, nullable=False),
    Column("person", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("note", JSON, nullable=False),
    Column("card", String, nullable=False),
    Column("subject", String, nullable=False, default=""),
    Column("priority", Integer, nullable=False),
    Column("run", String, nullable=False),
    Column("lane", String, nullable=False),
    Column("due", Moment, nullable=False),
    Column("state", String, nullable=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("fence", Integer, nullable=False, default=0),
    Column("owner", String),
    Column("lease_until", Moment),
    Column("target", Number),
    Column("platform", String),
    Column("tenant", String),
    Column("user", Private),
    Column("ref", String, nullable=False, default=""),
    Column("why", String, nullable=False, default=""),
    Column("sent_at", Moment),
    Column("answered_at", Moment),
    UniqueConstraint("occasion", "person"),
    Index(
        "ix_deliveries_queued",
        *("run", "lane", "due", "id"),
        postgresql_where=QUEUED,
        sqlite_where=QUEUED,
    ),
    Index("ix_deliveries_ended", "run", "state", postgresql_where=ENDED, sqlite_where=ENDED),
    Index("ix_deliveries_held", "lease_until", postgresql_where=HELD, sqlite_where=HELD),
    Index(
        "ix_deliveries_history",
        *("person", "subject", "id"),
        postgresql_where=HAS_SUBJECT,
        sqlite_where=HAS_SUBJECT,
    ),
    Index("ix_deliveries_target", "target", postgresql_where=AIMED, sqlite_where=AIMED),
    info=erased_by("person"),
)
