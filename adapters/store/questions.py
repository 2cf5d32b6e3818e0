"""Questions, as the store keeps them, and for a few minutes what the CRM said to whoever asked."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Row,
    String,
    Table,
    delete,
    distinct,
    func,
    select,
    text,
    update,
)

from adapters.store.connection import Connected
from adapters.store.schema import Moment, erased_by, metadata
from adapters.store.sealed import Fingerprint, Own, Private, PrivateJson, own
from dialogs.finding import Learned
from nudges.questions import Asked, Found, Question, Shown

JUDGED = text("(found <> '' OR wrong <> '')")
questions = Table(
    "questions",
    metadata,
    Column("key", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("kind", String, nullable=False),
    Column("text", Private, nullable=False),
    Column("words", Fingerprint, nullable=False, default="", server_default=""),
    Column("language", String, nullable=False),
    Column("articles", JSON, nullable=False),
    Column("answered", Boolean, nullable=False),
    Column("found", String, nullable=False, default=""),
    Column("wrong", String, nullable=False, default=""),
    Column("at", Moment, nullable=False),
    Index("ix_questions_at", "at"),
    Index("ix_questions_judged", "at", postgresql_where=JUDGED, sqlite_where=JUDGED),
    info=erased_by("person"),
)
looked = Table(
    "looked",
    metadata,
    Column("key", String, primary_key=True),
    Column("person", String, ForeignKey("people.id"), nullable=False, index=True),
    Column("found", PrivateJson, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_looked_at", "at"),
    info=erased_by("person"),
)


class Questions(Connected):
    """The questions' part of a transaction."""

    async def keep_question(self, asked: Asked, person: str, now: datetime) -> None:
        """Keep a question; asked again by a repeated request it stays as it is."""
        await self.connection.execute(
            self.inserting(questions)
            .on_conflict_do_nothing(index_elements=["key"])
            .values(
                key=asked.key,
                person=person,
                kind=asked.kind,
                text=Own(asked.text, person),
                words=asked.text.casefold(),
                language=asked.language,
                articles=list(asked.articles),
                answered=asked.answered,
                found="",
                wrong="",
                at=now,
            )
        )

    async def note_found(self, found: Found, person: str) -> None:
        """Note that an article was it, or was not; about their own questions alone."""
        values = (
            {"found": found.article, "wrong": ""}
            if found.was_it
            else {"wrong": found.article, "found": ""}
        )
        await self.connection.execute(
            update(questions)
            .where(questions.c.key == found.key, questions.c.person == person)
            .values(**values)
        )

    async def questions(self, keys: Iterable[str]) -> dict[str, Question]:
        """Return questions by key."""
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        rows = await self.connection.execute(select(questions).where(questions.c.key.in_(wanted)))
        return {row.key: _question(row) for row in rows}

    async def learned(self, since: datetime) -> list[Learned]:
        """Return what people pressed under answers, and how many people that were."""
        taught: dict[tuple[str, str], list[int]] = {}
        said: dict[str, str] = {}
        for place, column in enumerate((questions.c.found, questions.c.wrong)):
            rows = await self.connection.execute(
                select(
                    questions.c.words,
                    column,
                    func.count(distinct(questions.c.person)),
                    func.min(questions.c.key),
                )
                .where(JUDGED, column != "", questions.c.at >= since)
                .group_by(questions.c.words, column)
            )
            for words, article, people, one in rows:
                taught.setdefault((words, article), [0, 0])[place] = people
                said[words] = one
        texts = await self.questions(said.values())
        return [
            Learned(texts[said[words]].text.casefold(), article, *counts)
            for (words, article), counts in taught.items()
        ]

    async def keep_shown(self, shown: Shown, person: str, now: datetime) -> None:
        """Keep what the CRM said to somebody, until it has arrived."""
        found = {"title": shown.title, "rows": shown.rows, "choices": shown.choices}
        await self.connection.execute(
            self.inserting(looked)
            .on_conflict_do_nothing(index_elements=["key"])
            .values(key=shown.key, person=person, found=own(found, person), at=now)
        )

    async def shown(self, keys: Iterable[str]) -> dict[tuple[str, str], Shown]:
        """Return what the CRM said, by whoever it was said to and key."""
        wanted = sorted(set(keys))
        if not wanted:
            return {}
        rows = await self.connection.execute(select(looked).where(looked.c.key.in_(wanted)))
        return {
            (row.person, row.key): Shown(
                row.key,
                row.found["title"],
                tuple((name, value) for name, value in row.found["rows"]),
                tuple(row.found["choices"]),
            )
            for row in rows
        }

    async def forget_questions(self, before: datetime, looked_before: datetime) -> int:
        """Drop old questions, and what the CRM said a while ago; returns how many that were."""
        done = await self.connection.execute(delete(questions).where(questions.c.at < before))
        gone = await self.connection.execute(delete(looked).where(looked.c.at < looked_before))
        return done.rowcount + gone.rowcount


def _question(row: Row[Any]) -> Question:
    return Question(
        key=row.key,
        person=row.person,
        kind=row.kind,
        text=row.text,
        language=row.language,
        articles=tuple(row.articles),
        answered=row.answered,
        at=row.at,
        found=row.found,
        wrong=row.wrong,
    )
