"""The first tables: people, teams, roles, programme, answers, deliveries, inbox, workspaces."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

MOMENT = sa.DateTime(timezone=True)
NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Make the tables."""
    op.create_table(
        "inbox",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("arrived_at", MOMENT, nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("lease_until", MOMENT, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("done_at", MOMENT, nullable=True),
        sa.Column("failed", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=True),
        sa.Column("reply", sa.JSON(), nullable=True),
        sa.PrimaryKeyConstraint("key", name="pk_inbox"),
    )
    op.create_index("ix_inbox_arrived_at", "inbox", ["arrived_at"], unique=False)
    op.create_index(
        "ix_inbox_undone",
        "inbox",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("done_at IS NULL"),
        sqlite_where=sa.text("done_at IS NULL"),
    )
    op.create_table(
        "programmes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_programmes"),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("parent", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["parent"], ["teams.id"], name="fk_teams_parent"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("zone", sa.String(), nullable=False),
        sa.Column("starts", sa.String(), nullable=False),
        sa.Column("ends", sa.String(), nullable=False),
        sa.Column("days", sa.JSON(), nullable=False),
        sa.Column("team", sa.String(), nullable=True),
        sa.Column("manager", sa.String(), nullable=True),
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("motivator", sa.String(), nullable=True),
        sa.Column("recognition", sa.String(), nullable=True),
        sa.Column("preferred", sa.String(), nullable=True),
        sa.Column("fewer", sa.Boolean(), nullable=False),
        sa.Column("welcomed", sa.Boolean(), nullable=False),
        sa.Column("stopped", sa.Boolean(), nullable=False),
        sa.Column("left", sa.Boolean(), nullable=False),
        sa.Column("away_until", MOMENT, nullable=True),
        sa.Column("paused_until", MOMENT, nullable=True),
        sa.Column("suspended", sa.JSON(), nullable=False),
        sa.Column("next_due", MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["team"], ["teams.id"], name="fk_people_team"),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
    )
    op.create_index("ix_people_manager", "people", ["manager"], unique=False)
    op.create_index("ix_people_next_due", "people", ["next_due"], unique=False)
    op.create_index("ix_people_segment", "people", ["segment"], unique=False)
    op.create_index("ix_people_team", "people", ["team"], unique=False)
    op.create_table(
        "segments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("programme", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["programme"], ["programmes.id"], name="fk_segments_programme"),
        sa.PrimaryKeyConstraint("id", name="pk_segments"),
    )
    op.create_table(
        "addresses",
        sa.Column("platform", sa.String(), nullable=False),
        sa.Column("tenant", sa.String(), nullable=False),
        sa.Column("user", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("used_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_addresses_person"),
        sa.PrimaryKeyConstraint("platform", "tenant", "user", name="pk_addresses"),
    )
    op.create_index("ix_addresses_person", "addresses", ["person"], unique=False)
    op.create_table(
        "answers",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("not_applicable", sa.Boolean(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.Column("took_ms", sa.Integer(), nullable=True),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_answers_person"),
        sa.PrimaryKeyConstraint("id", name="pk_answers"),
        sa.UniqueConstraint("person", "at", "question", name="uq_answers_person_at_question"),
    )
    op.create_table(
        "deliveries",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("note", sa.JSON(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("due", MOMENT, nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("owner", sa.String(), nullable=True),
        sa.Column("lease_until", MOMENT, nullable=True),
        sa.Column("target", NUMBER, nullable=True),
        sa.Column("platform", sa.String(), nullable=True),
        sa.Column("tenant", sa.String(), nullable=True),
        sa.Column("user", sa.String(), nullable=True),
        sa.Column("ref", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("sent_at", MOMENT, nullable=True),
        sa.Column("answered_at", MOMENT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deliveries"),
        sa.UniqueConstraint("occasion", "person", name="uq_deliveries_occasion_person"),
    )
    op.create_index(
        "ix_deliveries_held",
        "deliveries",
        ["lease_until"],
        unique=False,
        postgresql_where=sa.text("state IN ('claimed', 'sending')"),
        sqlite_where=sa.text("state IN ('claimed', 'sending')"),
    )
    op.create_index(
        "ix_deliveries_history", "deliveries", ["person", "subject", "id"], unique=False
    )
    op.create_index(
        "ix_deliveries_queued",
        "deliveries",
        ["priority", "due"],
        unique=False,
        postgresql_where=sa.text("state = 'queued'"),
        sqlite_where=sa.text("state = 'queued'"),
    )
    op.create_index(
        "ix_deliveries_target",
        "deliveries",
        ["target"],
        unique=False,
        postgresql_where=sa.text("target IS NOT NULL"),
        sqlite_where=sa.text("target IS NOT NULL"),
    )
    op.create_table(
        "grants",
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("granted_by", sa.String(), nullable=False),
        sa.Column("granted_at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_grants_person"),
        sa.PrimaryKeyConstraint("person", "role", name="pk_grants"),
    )
    op.create_table(
        "remarks",
        sa.Column("id", NUMBER, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_remarks_person"),
        sa.PrimaryKeyConstraint("id", name="pk_remarks"),
    )
    op.create_index("ix_remarks_person_at", "remarks", ["person", "at"], unique=False)
    op.create_table(
        "slack_workspaces",
        sa.Column("team", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("team", name="pk_slack_workspaces"),
    )
    op.create_table(
        "marks",
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("mark", name="pk_marks"),
    )
    op.create_index("ix_marks_until", "marks", ["until"], unique=False)
