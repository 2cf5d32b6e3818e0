"""Recognition that people agreed to, competitions with their ledger, and clean-up sprints."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "recognitions",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("form", sa.String(), nullable=False),
        sa.Column("result", sa.JSON(), nullable=False),
        sa.Column("manager", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.Column("monday", sa.Date(), nullable=True),
        sa.Column("hour", sa.String(), nullable=False),
        sa.Column("hour_told", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_recognitions_person"),
        sa.PrimaryKeyConstraint("id", name="pk_recognitions"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_recognitions_person", "recognitions", ["person"])
    op.create_index("ix_recognitions_manager_monday", "recognitions", ["manager", "monday"])
    op.create_table(
        "competitions",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("name", sa.JSON(), nullable=False),
        sa.Column("rule", sa.JSON(), nullable=False),
        sa.Column("prize", sa.JSON(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("awards", sa.JSON(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.Column("closed", sa.Boolean(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_competitions"),
        sa.UniqueConstraint("key", name="uq_competitions_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "competition_joiners",
        sa.Column("competition", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("knows", sa.Integer(), nullable=False),
        sa.Column("told", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["competition"], ["competitions.id"], name="fk_competition_joiners_competition"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_competition_joiners_person"),
        sa.PrimaryKeyConstraint("competition", "person", name="pk_competition_joiners"),
    )
    op.create_index("ix_competition_joiners_person", "competition_joiners", ["person"])
    op.create_table(
        "competition_points",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("competition", number, nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("week", sa.Date(), nullable=False),
        sa.Column("metric", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(
            ["competition"], ["competitions.id"], name="fk_competition_points_competition"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_competition_points_person"),
        sa.PrimaryKeyConstraint("id", name="pk_competition_points"),
        sa.UniqueConstraint(
            *("competition", "person", "week", "metric", "nth"),
            name="uq_competition_points_competition_person_week_metric_nth",
        ),
    )
    op.create_index("ix_competition_points_person", "competition_points", ["person"])
    op.create_table(
        "sprints",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=False),
        sa.Column("fill", sa.JSON(), nullable=False),
        sa.Column("goal", sa.Integer(), nullable=False),
        sa.Column("starts", sa.Date(), nullable=False),
        sa.Column("ends", sa.Date(), nullable=False),
        sa.Column("segments", sa.JSON(), nullable=False),
        sa.Column("released", sa.Boolean(), nullable=False),
        sa.Column("cancelled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sprints"),
        sa.UniqueConstraint("key", name="uq_sprints_key"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "merit_walks",
        sa.Column("occasion", sa.String(), nullable=False),
        sa.Column("after", sa.String(), nullable=False),
        sa.Column("done", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("occasion", name="pk_merit_walks"),
    )
