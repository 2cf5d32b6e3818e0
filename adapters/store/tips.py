"""Tips as the store keeps them: what people said and showed of them, and when each is due one.

What came is read from the deliveries by their subject; nothing about it is kept twice. Who is due
is found by an index, a batch at a time, with what a choice depends on and nothing else.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    String,
    Table,
    Text,
    and_,
    case,
    cast,
    delete,
    func,
    insert,
    select,
    update,
)

from adapters.store.answers import answers
from adapters.store.connection import Connected
from adapters.store.delivery_table import HAS_SUBJECT, deliveries
from adapters.store.people import people
from adapters.store.planning import Planning, moment, raw, read_hours
from adapters.store.schema import Moment, erased_by, impersonal, metadata
from adapters.store.standings import standings
from nudges.adkar import WINDOW, Answer, BarrierName, Element
from nudges.delivery import Priority, State
from nudges.people import Person
from nudges.recall import Came, Said, TipSaid
from nudges.tips import SUBJECT, Known, TipsDue

tips_said = Table(
    "tips_said",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("at", Moment, primary_key=True),
    Column("about", String, primary_key=True),
    Column("what", String, primary_key=True),
    Index("ix_tips_said_what", "what", "about"),
    info=erased_by("person"),
)
tips_due = Table(
    "tips_due",
    metadata,
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_tips_due_at", "at"),
    info=erased_by("person"),
)
tips_sunk = Table(
    "tips_sunk",
    metadata,
    Column("tip", String, primary_key=True),
    info=impersonal("tips that most of five or more people found not useful; nobody stands in it"),
)
_ABOUT = f"{SUBJECT}:"
_CAME = and_(
    HAS_SUBJECT,
    deliveries.c.subject >= _ABOUT,
    deliveries.c.subject < f"{SUBJECT};",
    deliveries.c.kind == "post",
    deliveries.c.state.not_in((State.CANCELLED, State.GONE, State.REFUSED)),
)
_QUIZ = "tip_quiz"
_MOMENT = Moment()


class TipsSaid(Connected):
    """What people say of tips, as their part of a transaction."""

    async def keep_tip(self, said: TipSaid, person: str, now: datetime) -> None:
        """Append what somebody said or showed of a tip."""
        row = {"person": person, "at": now, "about": said.about, "what": said.what}
        await self.upsert(tips_said, [row], ["person", "at", "about", "what"])


class Tips(TipsSaid, Planning):
    """The tips' part of a transaction: what is known of them, and who is due one."""

    async def tips_known(self, persons: Iterable[str]) -> dict[str, Known]:
        """Return what came to each of these people and what they said, oldest first."""
        ids = sorted(set(persons))
        if not ids:
            return {}
        said: dict[str, list[Said]] = {}
        s, d = tips_said.c, deliveries.c
        rows = await self.connection.execute(
            select(s.person, s.about, s.what, raw(s.at))
            .where(self._among(s.person, ids))
            .order_by(s.at)
        )
        for person, about, what, at in rows.all():
            said.setdefault(person, []).append(Said(about, what, moment(at)))
        came: dict[str, list[Came]] = {}
        told = await self.connection.execute(
            select(
                d.person,
                d.subject,
                d.card,
                d.priority,
                raw(d.due),
                raw(d.sent_at),
                raw(d.answered_at),
            )
            .where(self._among(d.person, ids), _CAME)
            .order_by(d.id)
        )
        for person, subject, card, priority, due, sent, answered in told.all():
            came.setdefault(person, []).append(
                Came(
                    subject.removeprefix(_ABOUT),
                    moment(sent or due),
                    quiz=card == _QUIZ,
                    pushed=priority == Priority.NUDGE,
                    sent=sent is not None,
                    answered=moment(answered),
                )
            )
        sunk = frozenset(await self.connection.scalars(select(tips_sunk.c.tip)))
        return {who: Known(tuple(came.get(who, ())), tuple(said.get(who, ())), sunk) for who in ids}

    async def without_tips(self, limit: int) -> list[str]:
        """Return people who were welcomed and are not looked at for tips yet."""
        found = await self.connection.scalars(
            select(people.c.id)
            .outerjoin(tips_due, tips_due.c.person == people.c.id)
            .where(people.c.welcomed, ~people.c.left, tips_due.c.person.is_(None))
            .limit(limit)
        )
        return list(found)

    async def begin_tips(self, first: Mapping[str, datetime]) -> int:
        """Note when people are looked at first; returns of how many nobody had noted it."""
        rows = [{"person": who, "at": at} for who, at in sorted(first.items())]
        return await self.upsert(tips_due, rows, ["person"])

    async def tips_due(self, now: datetime, limit: int, areas: Sequence[str]) -> list[TipsDue]:
        """Return people whose time for a tip has come, longest overdue first.

        Only what choosing needs is filled in: no name, no address, no role.

        Args:
            now: the moment of asking.
            limit: how many at most.
            areas: the questions in which people say how well they know an area.

        """
        c, w, since = people.c, tips_due.c, standings.c
        current = and_(since.person == w.person, since.since <= now, since.until > now)
        rows = await self.connection.execute(
            select(
                w.person,
                raw(w.at),
                since.barrier,
                since.once_live,
                c.zone,
                c.country,
                c.starts,
                c.ends,
                cast(c.days, Text),
                c.quiet_from,
                c.quiet_until,
                c.job,
                c.segment,
                c.level,
                c.fewer,
                c.welcomed,
                c.stopped,
                c.left,
                cast(c.suspended, Text),
                raw(c.away_from),
                raw(c.away_until),
                raw(c.paused_until),
            )
            .join(people, c.id == w.person)
            .outerjoin(standings, current)
            .where(w.at <= now)
            .order_by(w.at, w.person)
            .limit(limit)
        )
        found = rows.all()
        rated = await self._rated([row[0] for row in found], areas, now)
        return [_due(row, rated.get(row[0], ())) for row in found]

    async def _rated(
        self, persons: Sequence[str], areas: Sequence[str], now: datetime
    ) -> dict[str, list[Answer]]:
        """Return what people said of how well they know areas, oldest first."""
        if not persons or not areas:
            return {}
        c = answers.c
        rows = await self.connection.execute(
            select(c.person, c.question, c.score, raw(c.at), c.not_applicable)
            .where(self._among(c.person, persons), c.question.in_(areas), c.at > now - WINDOW)
            .order_by(c.at)
        )
        found: dict[str, list[Answer]] = {}
        for person, question, score, at, not_applicable in rows.all():
            given = Answer(person, question, score, moment(at), not_applicable)
            found.setdefault(person, []).append(given)
        return found

    async def tips_next(self, moved: Iterable[tuple[TipsDue, datetime]]) -> set[str]:
        """Note when people are looked at next; returns those nobody else moved meanwhile."""
        wanted = sorted((one.person.id, one.was, at) for one, at in moved)
        if not wanted:
            return set()
        who, was, at = zip(*wanted, strict=True)
        given = self._given({"who": (String(), who), "was": (_MOMENT, was), "at": (_MOMENT, at)})
        rows = await self.connection.scalars(
            update(tips_due)
            .where(tips_due.c.person == given.c.who, tips_due.c.at == given.c.was)
            .values(at=given.c.at)
            .returning(tips_due.c.person)
        )
        return set(rows)

    async def tip_votes(self) -> dict[str, tuple[int, int]]:
        """Count how many found each tip useful and how many did not, by the last word of each."""
        c = tips_said.c
        votes = ("useful", "not_useful")
        newest = func.row_number().over(
            partition_by=(c.person, c.about), order_by=(c.at.desc(), c.what)
        )
        last = select(c.about, c.what, newest.label("place")).where(c.what.in_(votes)).subquery()
        yes = func.sum(case((last.c.what == "useful", 1), else_=0))
        rows = await self.connection.execute(
            select(last.c.about, yes, func.count()).where(last.c.place == 1).group_by(last.c.about)
        )
        return {about: (int(useful), int(all_) - int(useful)) for about, useful, all_ in rows}

    async def sunk_tips(self) -> list[str]:
        """Return the tips that are noted as found not useful."""
        found = await self.connection.scalars(select(tips_sunk.c.tip).order_by(tips_sunk.c.tip))
        return list(found)

    async def sink_tips(self, tips: Sequence[str]) -> None:
        """Note which tips most found not useful, and no others."""
        await self.connection.execute(delete(tips_sunk))
        if tips:
            await self.connection.execute(insert(tips_sunk), [{"tip": tip} for tip in tips])


def _due(row: Any, rated: Sequence[Answer]) -> TipsDue:  # noqa: ANN401 - a row, in the order above
    (
        who,
        was,
        barrier,
        once_live,
        zone,
        country,
        starts,
        ends,
        days,
        quiet_from,
        quiet_until,
        job,
        segment,
        level,
        fewer,
        welcomed,
        stopped,
        left,
        suspended,
        away_from,
        away_until,
        paused_until,
    ) = row
    person = Person(
        id=who,
        zone=zone,
        country=country,
        hours=read_hours(starts, ends, days, quiet_from, quiet_until),
        job=job,
        segment=segment,
        level=level,
        fewer=fewer,
        welcomed=welcomed,
        stopped=stopped,
        left=left,
        suspended=_elements(suspended),
        away_from=moment(away_from),
        away_until=moment(away_until),
        paused_until=moment(paused_until),
    )
    return TipsDue(person, moment(was), _barrier(barrier), _barrier(once_live), tuple(rated))


@lru_cache(maxsize=64)
def _barrier(stored: str | None) -> BarrierName:
    if stored in {None, "none", "unknown"}:
        return "none" if stored == "none" else "unknown"
    return Element(stored or "")


@lru_cache(maxsize=64)
def _elements(stored: str) -> frozenset[Element]:
    return frozenset(Element(one) for one in json.loads(stored))
