"""Everybody at once, as far as numbers about groups have to know them: a few statements for all.

Nothing is read a person at a time: a hundred thousand people are a few rows each.
"""

from collections.abc import Collection, Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby, islice

from sqlalchemy import and_, exists, func, or_, select

from adapters.store.answers import Answers, answers
from adapters.store.broadcasts import broadcasts, receipts
from adapters.store.delivery_table import ENDED, deliveries
from adapters.store.people import people
from adapters.store.planning import moment, raw
from adapters.store.standings import standings, standings_due
from adapters.store.usage import Usage, usage
from nudges.adkar import LINED_ANSWERS, QUICK, WINDOW, Answer, BarrierName, Element
from nudges.adoption import Metric
from nudges.broadcast import occasion
from nudges.delivery import State
from nudges.group import Member
from nudges.silence import COUNTED, counts

_BARRIERS: Mapping[str, BarrierName] = {
    "none": "none",
    "unknown": "unknown",
    **{e.value: e for e in Element},
}
_PART = 500
_WEEK = timedelta(weeks=1)
_SENDING = timedelta(weeks=8)
"""So long before a week a message of it may have been handed in."""


class Everybody(Answers, Usage):
    """The part of a transaction that reads everybody."""

    async def everybody(self) -> list[Member]:
        """Return everybody, also who left: a team may still be theirs."""
        c = people.c
        rows = await self.connection.execute(
            select(c.id, c.manager, c.segment, c.zone, c.stopped, c.left).order_by(c.id)
        )
        return [
            Member(who, manager or "", segment, zone, stopped, left)
            for who, manager, segment, zone, stopped, left in rows.all()
        ]

    async def leading(self, persons: Collection[str]) -> set[str]:
        """Return which of these people somebody reports to now."""
        c = people.c
        rows = await self.connection.scalars(
            select(c.manager)
            .where(self._among(c.manager, sorted(set(persons))), ~c.left)
            .distinct()
        )
        return set(rows)

    async def measured(self, pulse: str) -> bool:
        """Say whether anything was measured yet: a pulse sent, an answer kept or use told."""
        d = deliveries.c
        sent = exists().where(d.occasion == pulse, d.state == State.SENT.value)
        some = or_(
            sent, exists().where(answers.c.person != ""), exists().where(usage.c.person != "")
        )
        return bool(await self.connection.scalar(select(some)))

    async def responded(self, pulse: str) -> dict[str, bool]:
        """Return everybody who was asked a pulse, and whether they answered any of it."""
        d, a = deliveries.c, answers.c
        said = or_(a.score.is_not(None), a.not_applicable)
        answered = exists().where(a.person == d.person, a.occasion == d.occasion, said)
        rows = await self.connection.execute(
            select(d.person, answered)
            .where(d.occasion == pulse, d.state == State.SENT.value)
            .order_by(d.person)
        )
        return {who: bool(did) for who, did in rows.all()}

    async def reached(self, week: date) -> dict[str, bool]:
        """Return everybody who was sent a message about the change in a week.

        With it, whether they said by now that they got one of those. What only people with a
        certain barrier or level were sent does not count, for it would tell who they are.
        """
        first = datetime.combine(week, time(), UTC)
        b, d, r = broadcasts.c, deliveries.c, receipts.c
        rows = await self.connection.execute(
            select(b.id, b.kind, b.rule).where(
                b.kind.in_(sorted(COUNTED)), b.at >= first - _SENDING, b.at < first + _WEEK
            )
        )
        found: dict[str, bool] = {}
        for number in [row.id for row in rows if counts(row.kind, row.rule)]:
            got = exists().where(r.broadcast == number, r.person == d.person)
            sent = await self.connection.execute(
                select(d.person, got)
                .where(ENDED, d.run == occasion(number), d.state == State.SENT.value)
                .where(d.sent_at >= first, d.sent_at < first + _WEEK)
            )
            for who, did in sent.all():
                found[who] = found.get(who, False) or bool(did)
        return found

    async def stands_known(self) -> bool:
        """Say whether everybody's barrier follows from all that they answered."""
        waiting = select(standings_due.c.person).limit(1)
        return (await self.connection.scalar(waiting)) is None

    async def stands(self, now: datetime) -> dict[str, tuple[BarrierName, BarrierName]]:
        """Return everybody's barrier before the go-live, and the one from then on."""
        c = standings.c
        rows = await self.connection.execute(
            select(c.person, c.barrier, c.once_live).where(c.since <= now, c.until > now)
        )
        return {who: (_BARRIERS[one], _BARRIERS[other]) for who, one, other in rows.all()}

    async def quick_ones(self, now: datetime) -> dict[str, list[Answer]]:
        """Return the answers of everybody who may have tapped through, oldest first.

        Only theirs whose last few were quick and all the same: half of all people are quick at
        times, and to read everything they ever said took half a minute for 20,000 people.
        """
        c, quick = answers.c, QUICK.total_seconds() * 1000
        lately = and_(c.at > now - WINDOW, c.score.is_not(None))
        often = (
            select(c.person)
            .where(lately, c.took_ms < quick)
            .group_by(c.person)
            .having(func.count() >= LINED_ANSWERS)
        )
        rows = await self.connection.execute(
            select(c.person, c.score, c.took_ms)
            .where(lately, c.person.in_(often))
            .order_by(c.person, c.at.desc(), c.id.desc())
        )
        ids: list[str] = []
        for who, theirs in groupby(rows.all(), key=lambda row: row.person):
            last = list(islice(theirs, LINED_ANSWERS))
            alike = len({row.score for row in last}) == 1
            if alike and all(row.took_ms is not None and row.took_ms < quick for row in last):
                ids.append(who)
        found = dict[str, list[Answer]]()
        for start in range(0, len(ids), _PART):
            some = await self.answers(ids[start : start + _PART], now)
            found |= {who: list(given) for who, given in some.items()}
        return found

    async def answers_about(
        self, questions: Collection[str], now: datetime
    ) -> dict[str, list[Answer]]:
        """Return what everybody answered to some questions lately, oldest first."""
        c = answers.c
        rows = await self.connection.execute(
            select(c.person, c.question, c.score, raw(c.at), c.not_applicable)
            .where(c.question.in_(sorted(questions)), c.at > now - WINDOW)
            .order_by(c.at, c.id)
        )
        found: dict[str, list[Answer]] = {}
        for person, question, score, at, not_applicable in rows.all():
            given = Answer(person, question, score, moment(at), not_applicable)
            found.setdefault(person, []).append(given)
        return found

    async def is_told(self, metric: Metric, week: date) -> bool:
        """Say whether anything was told of a metric in a week."""
        some = select(usage.c.person).where(usage.c.week == week, usage.c.metric == metric.value)
        return (await self.connection.scalar(some.limit(1))) is not None
