"""Questions to colleagues, what became of them, and what is reported about questions."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    """Make the tables."""
    moment = sa.DateTime(timezone=True)
    number = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
    op.create_table(
        "referrals",
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("question", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("root", number, nullable=True),
        sa.Column("at", moment, nullable=False),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_referrals_person"),
        sa.PrimaryKeyConstraint("key", name="pk_referrals"),
    )
    op.create_index("ix_referrals_person", "referrals", ["person"])
    op.create_index("ix_referrals_state", "referrals", ["state"])
    op.create_table(
        "handed",
        sa.Column("referral", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("team", sa.Boolean(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("how", sa.String(), nullable=False),
        sa.Column("delivery", number, nullable=True),
        sa.Column("reminded", moment, nullable=True),
        sa.Column("ended", moment, nullable=True),
        sa.ForeignKeyConstraint(["referral"], ["referrals.key"], name="fk_handed_referral"),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_handed_person"),
        sa.ForeignKeyConstraint(["asker"], ["people.id"], name="fk_handed_asker"),
        sa.PrimaryKeyConstraint("referral", "nth", "person", name="pk_handed"),
    )
    op.create_index("ix_handed_person", "handed", ["person"])
    op.create_index("ix_handed_how", "handed", ["how"])
    op.create_index("ix_handed_at", "handed", ["at"])
    op.create_index("ix_handed_asker", "handed", ["asker"])
    op.create_table(
        "colleague_answers",
        sa.Column("referral", sa.String(), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(), nullable=False),
        sa.Column("asker", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("judged", sa.String(), nullable=False),
        sa.Column("article", number, nullable=False),
        sa.ForeignKeyConstraint(
            ["referral"], ["referrals.key"], name="fk_colleague_answers_referral"
        ),
        sa.ForeignKeyConstraint(["person"], ["people.id"], name="fk_colleague_answers_person"),
        sa.ForeignKeyConstraint(["asker"], ["people.id"], name="fk_colleague_answers_asker"),
        sa.PrimaryKeyConstraint("referral", "round", name="pk_colleague_answers"),
    )
    op.create_index("ix_colleague_answers_person", "colleague_answers", ["person"])
    op.create_index("ix_colleague_answers_asker", "colleague_answers", ["asker"])
    op.create_table(
        "asked_articles",
        sa.Column("id", number, autoincrement=True, nullable=False),
        sa.Column("title", sa.JSON(), nullable=False),
        sa.Column("nav", sa.JSON(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.Column("out", moment, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_asked_articles"),
    )
    op.create_table(
        "outside",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("area", sa.String(), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("week", "area", name="pk_outside"),
    )
    op.create_table(
        "question_reports",
        sa.Column("week", sa.String(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("at", moment, nullable=False),
        sa.PrimaryKeyConstraint("week", name="pk_question_reports"),
    )
