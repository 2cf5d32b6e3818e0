"""One week of work in Dynamics 365, each metric asked for by itself, in everybody's own days.

What the bot caused is dropped: its own rows, and those that it caused on somebody's behalf when
it looked up a record for them.
"""

import asyncio
import logging
from collections import Counter, defaultdict
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from adapters.crm.counting import FIRST, Counting, Span, Sums, number
from adapters.crm.reading import NONSENSE, REFUSED, Quiet, Row, guid
from adapters.crm.values import moment
from nudges.adoption import WEEK, Worker
from nudges.measures import Counted, Measures

SEEN: Final = 64
"""The event of Dataverse's log that somebody opened the CRM."""
OLDEST: Final = datetime(2000, 1, 1, tzinfo=UTC)
DAY: Final = timedelta(days=1)
OWNER, CREATED, CHANGED = "_ownerid_value", "_createdby_value", "_modifiedby_value"
CREATED_FOR, CHANGED_FOR = "_createdonbehalfby_value", "_modifiedonbehalfby_value"
REGARDING: Final = "_regardingobjectid_value"
OPEN_STEP: Final = f"(statecode eq 0 or statecode eq 3) and {REGARDING} ne null"
SATURDAY: Final = 5
BREATH: Final = 2_000
Values = Mapping[str, float]
"""A metric by the CRM's users."""

log = logging.getLogger(__name__)


class UseWeek:
    """Asks what some users did in a week.

    Args:
        counting: asks the CRM.
        measures: what is measured.
        me: the user that we are ourselves.
        week: its Monday.
        users: who each user of the CRM is.

    """

    def __init__(
        self,
        counting: Counting,
        measures: Measures,
        me: str,
        week: date,
        users: Mapping[str, Worker],
    ) -> None:
        self._counting = counting
        self._measures = measures
        self._me = me
        self._week = week
        self._users = users
        self._zones = sorted({worker.zone for worker in users.values()})

    async def active_days(self) -> Values:
        """Return on how many days of the week each user worked in the CRM."""
        days: defaultdict[str, set[date]] = defaultdict(set)
        if self._measures.audit:
            await self._seen(days)
        if self._measures.records:
            for zone in self._zones:
                for nth in range(7):
                    day = self._week + nth * DAY
                    for user in await self._made_or_changed(_span(day, day + DAY, zone)):
                        if self._zone(user) == zone:
                            days[user].add(day)
        return {user: len(days[user]) for user in self._users}

    async def _seen(self, days: Mapping[str, set[date]]) -> None:
        """Add the days on which the CRM's own log saw somebody."""
        span = Span(_start(self._week, "UTC") - DAY, _start(self._week + WEEK, "UTC") + DAY)
        columns = ("createdon", "_userid_value", "_callinguserid_value")
        where = f"action eq {SEEN} and {span.where('createdon')}"
        rows = await self._counting.rows("audits", columns, where)
        if not rows:
            log.warning("crm: its log saw nobody; is the audit of user access switched on?")
            raise Quiet(REFUSED)
        for nth, row in enumerate(rows):
            if nth % BREATH == 0:
                await asyncio.sleep(0)  # a large company's log is long, and others wait
            user = self._whose(row, "_userid_value")
            if user and not self._ours(row, "_callinguserid_value"):
                day = _day(row.get("createdon"), self._zone(user))
                if self._week <= day < self._week + WEEK:
                    days[user].add(day)

    async def _made_or_changed(self, span: Span) -> set[str]:
        """Return who made or changed any record in a time."""
        found: set[str] = set()
        for table in self._measures.tables:
            for who, behalf, at in (
                (CREATED, CREATED_FOR, "createdon"),
                (CHANGED, CHANGED_FOR, "modifiedon"),
            ):
                sums = Sums(table.collection, (who, behalf), at)
                for row in await self._counting.sums(sums, span):
                    user = self._whose(row, who)
                    if user and not self._ours(row, behalf):
                        found.add(user)
        return found

    async def records(self) -> Values:
        """Return how many records each user entered."""
        found: Counter[str] = Counter()
        for zone in self._zones:
            span = _span(self._week, self._week + WEEK, zone)
            for table in self._measures.tables:
                if not table.entered:
                    continue
                sums = Sums(table.collection, (CREATED, CREATED_FOR))
                for row in await self._counting.sums(sums, span):
                    user = self._whose(row, CREATED)
                    if user and self._zone(user) == zone and not self._ours(row, CREATED_FOR):
                        found[user] += number(row)
        return {user: found[user] for user in self._users}

    async def leads_in_time(self) -> Values:
        """Return which share of the leads that were due each user's leads had a follow-up by then.

        A follow-up is any activity about the lead, or that it was closed by then.
        """
        days = self._measures.lead_days
        begins = self._week - timedelta(days=days * 7 // 5 + 5)
        span = Span(_start(begins, "UTC"), _start(self._week + WEEK, "UTC") + DAY)
        columns = ("leadid", OWNER, "createdon", "modifiedon", "statecode")
        leads = await self._counting.rows("leads", columns, span.where("createdon"))
        first = await self._first_activities(span) if leads else {}
        due: Counter[str] = Counter()
        done: Counter[str] = Counter()
        for lead in leads:
            owner, id_ = self._whose(lead, OWNER), guid(lead.get("leadid"))
            if not owner:
                continue
            zone = self._zone(owner)
            last = _working_days_on(_day(lead.get("createdon"), zone), days)
            if not self._week <= last < self._week + WEEK:
                continue
            due[owner] += 1
            ends = [first[id_]] if id_ in first else []
            if lead.get("statecode") != 0:
                ends.append(_at(lead.get("modifiedon")))
            done[owner] += any(end < _start(last + DAY, zone) for end in ends)
        return {user: done[user] / due[user] for user in due}

    async def _first_activities(self, span: Span) -> dict[str, datetime]:
        """Return when somebody first did something about a record."""
        sums = Sums(
            "activitypointers",
            (REGARDING, CREATED, CREATED_FOR),
            where=f"{REGARDING} ne null",
            first=True,
        )
        found: dict[str, datetime] = {}
        for row in await self._counting.sums(sums, span):
            about = guid(row.get(REGARDING))
            if about is None or self._ours(row, CREATED_FOR, CREATED):
                continue
            at = _at(row.get(FIRST))
            found[about] = min(found.get(about, at), at)
        return found

    async def quality(self, now: datetime) -> Values:
        """Return which share of each user's own open records has all wanted columns filled."""
        whole: Counter[str] = Counter()
        filled: Counter[str] = Counter()
        for table in self._measures.tables:
            if table.wanted:
                whole += await self._owned(table, table.where, now)
                wanted = " and ".join(f"{column} ne null" for column in table.wanted)
                filled += await self._owned(table, f"({table.where}) and {wanted}", now)
        return {user: min(filled[user] / whole[user], 1.0) for user in whole}

    async def _owned(self, table: Counted, where: str, now: datetime) -> Counter[str]:
        sums = Sums(table.collection, (OWNER,), where=where)
        found: Counter[str] = Counter()
        for row in await self._counting.sums(sums, Span(OLDEST, now + DAY)):
            if user := self._whose(row, OWNER):
                found[user] += number(row)
        return found

    async def hygiene(self, now: datetime) -> Values:
        """Return which share of each user's open opportunities is up to date.

        It is when its close date has not passed at the end of the week, and, where that is wanted,
        an activity about it is planned.
        """
        columns = ("opportunityid", OWNER, "estimatedclosedate")
        rows = await self._counting.rows("opportunities", columns, "statecode eq 0")
        planned: set[str | None] = set()
        if self._measures.next_step and rows:
            sums = Sums("activitypointers", (REGARDING,), where=OPEN_STEP)
            steps = await self._counting.sums(sums, Span(OLDEST, now + DAY))
            planned = {guid(row.get(REGARDING)) for row in steps}
        whole: Counter[str] = Counter()
        good: Counter[str] = Counter()
        for row in rows:
            if owner := self._whose(row, OWNER):
                closes = str(row.get("estimatedclosedate") or "")[:10]
                step = guid(row.get("opportunityid")) in planned or not self._measures.next_step
                whole[owner] += 1
                good[owner] += step and closes >= (self._week + WEEK).isoformat()
        return {user: good[user] / whole[user] for user in whole}

    def _whose(self, row: Row, column: str) -> str | None:
        """Return which of our users a row names, if it is one."""
        user = guid(row.get(column))
        return user if user in self._users else None

    def _zone(self, user: str) -> str:
        return self._users[user].zone

    def _ours(self, row: Row, *columns: str) -> bool:
        """Say whether we caused a row ourselves, or on somebody's behalf."""
        return any(guid(row.get(column)) == self._me for column in columns)


def _start(day: date, zone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone)).astimezone(UTC)


def _span(since: date, until: date, zone: str) -> Span:
    return Span(_start(since, zone), _start(until, zone))


def _at(told: object) -> datetime:
    """Read a moment, or raise Quiet."""
    found = moment(told)
    if not isinstance(found, datetime):
        raise Quiet(NONSENSE)
    return found


def _day(told: object, zone: str) -> date:
    return _at(told).astimezone(ZoneInfo(zone)).date()


def _working_days_on(day: date, days: int) -> date:
    """Return the day that is so many working days later."""
    while days:
        day += DAY
        days -= day.weekday() < SATURDAY
    return day
