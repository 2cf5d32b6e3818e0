"""What the weekly report on questions is made from, and the reports as they were told."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Column,
    Integer,
    String,
    Table,
    and_,
    delete,
    distinct,
    func,
    or_,
    select,
)

from adapters.store.colleague import Colleagues
from adapters.store.questions import Questions, questions
from adapters.store.schema import Moment, impersonal, metadata
from nudges.question_report import QuestionReport, week_of
from nudges.questions import Question

outside = Table(
    "outside",
    metadata,
    Column("week", String, primary_key=True),
    Column("area", String, primary_key=True),
    Column("n", Integer, nullable=False),
    info=impersonal("how often it was asked outside the CRM; nobody notes who did"),
)
question_reports = Table(
    "question_reports",
    metadata,
    Column("week", String, primary_key=True),
    Column("body", JSON, nullable=False),
    Column("at", Moment, nullable=False),
    info=impersonal("sums of five people or more, and words that five of them used"),
)
_REPORT: TypeAdapter[QuestionReport] = TypeAdapter(QuestionReport)


class QuestionReports(Questions, Colleagues):
    """The part of a transaction with the report on questions."""

    async def count_outside(self, area: str, day: date) -> None:
        """Count that it was asked outside the CRM, in the week of a day."""
        row = {"week": week_of(day), "area": area, "n": 1}
        statement = self.inserting(outside).values(row)
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["week", "area"], set_={"n": outside.c.n + 1}
            )
        )

    async def asked_outside(self, week: str) -> dict[str, int]:
        """Return how often it was asked outside the CRM in a week, by area."""
        rows = await self.connection.execute(select(outside).where(outside.c.week == week))
        return {row.area: row.n for row in rows}

    async def in_vain(self, since: datetime, until: datetime, most: int) -> list[Question]:
        """Return the questions with words that found no answer, oldest first, the newest few."""
        missed = or_(~questions.c.answered, questions.c.wrong != "")
        query = (
            select(questions.c.key)
            .where(
                questions.c.at >= since,
                questions.c.at < until,
                questions.c.kind == "howto",
                questions.c.text != "",
                questions.c.found == "",
                missed,
            )
            .order_by(questions.c.at.desc())
            .limit(most)
        )
        found = await self.questions(await self.connection.scalars(query))
        return sorted(found.values(), key=lambda q: (q.at, q.key))

    async def judged_articles(self, since: datetime) -> dict[str, tuple[int, int]]:
        """Return how many people said that an article was it, and that it was not, by article."""
        found: dict[str, list[int]] = {}
        for place, column in enumerate((questions.c.found, questions.c.wrong)):
            rows = await self.connection.execute(
                select(column, func.count(distinct(questions.c.person)))
                .where(and_(column != "", questions.c.at >= since))
                .group_by(column)
            )
            for article, people in rows:
                found.setdefault(article, [0, 0])[place] = people
        return {article: (yes, no) for article, (yes, no) in found.items()}

    async def keep_question_report(self, report: QuestionReport, now: datetime) -> bool:
        """Keep the report of a week as it is told; False if it was made before."""
        body: dict[str, Any] = _REPORT.dump_python(report, mode="json")
        row = {"week": report.week, "body": body, "at": now}
        return await self.upsert(question_reports, [row], ["week"]) > 0

    async def question_reports(self, weeks: Iterable[str]) -> dict[str, QuestionReport]:
        """Return the reports of weeks."""
        wanted = sorted(set(weeks))
        if not wanted:
            return {}
        query = select(question_reports).where(question_reports.c.week.in_(wanted))
        rows = await self.connection.execute(query)
        return {row.week: _REPORT.validate_python(row.body) for row in rows}

    async def forget_reports(self, before: datetime) -> int:
        """Drop what was reported and counted long ago; returns how many reports that were."""
        gone = delete(question_reports).where(question_reports.c.at < before)
        counted = delete(outside).where(outside.c.week < week_of(before.date()))
        await self.connection.execute(counted)
        return (await self.connection.execute(gone)).rowcount
