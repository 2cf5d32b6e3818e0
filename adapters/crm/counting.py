"""Counting in Dataverse, as the app and for all: sums by whose they are, and lists to their end.

Dataverse adds up 50,000 records at most and then refuses; what is more is asked for in halves of
its time, down to an hour. A list or a sum that does not come to its end is none at all.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, cast

from adapters.crm.queries import API, path
from adapters.crm.reading import BUSY, NONSENSE, REFUSED, SLOW, Quiet, Row, guid
from adapters.crm.wire import OK, Answer, Wire

TOO_MANY: Final = "0x8004e023"
"""What Dataverse says where more records would have to be added up than it does."""
MOST_GROUPS: Final = 5_000
"""A sum with so many groups may have lost others."""
SHORTEST: Final = timedelta(hours=1)
PAGE: Final = 5_000
MOST_PAGES: Final = 2_000
EACH: Final = 120.0
"""Seconds for one question; Dataverse itself gives up after so many."""
PATIENT: Final = 20
"""How often a question is asked that was put off because the CRM was busy."""
COUNT: Final = "count"
FIRST: Final = "first"


@dataclass(frozen=True, slots=True)
class Span:
    """From one moment to before another one."""

    since: datetime
    until: datetime

    def where(self, column: str) -> str:
        """Say that a column is in it."""
        return f"{column} ge {_moment(self.since)} and {column} lt {_moment(self.until)}"

    def halves(self) -> "tuple[Span, Span]":
        """Return its first and its second half."""
        middle = self.since + (self.until - self.since) / 2
        middle = middle.replace(microsecond=0)
        return Span(self.since, middle), Span(middle, self.until)


@dataclass(frozen=True, slots=True)
class Sums:
    """What to add up: the records of a collection by the values of some columns.

    ``at`` is the column that tells when; ``first`` asks for the earliest such moment instead of how
    many there are.
    """

    collection: str
    by: tuple[str, ...]
    at: str = "createdon"
    where: str = ""
    first: bool = False

    def path(self, span: Span) -> str:
        """Return the address of the sums over a time."""
        where = span.where(self.at) + (f" and ({self.where})" if self.where else "")
        what = f"{self.at} with min as {FIRST}" if self.first else f"$count as {COUNT}"
        said = f"filter({where})/groupby(({','.join(self.by)}),aggregate({what}))"
        return path(self.collection, apply=said)


class Counting:
    """Asks one CRM for sums and lists.

    Args:
        wire: the way to it.
        seconds: seconds that only go forward.

    """

    def __init__(self, wire: Wire, seconds: Callable[[], float]) -> None:
        self._wire = wire
        self._seconds = seconds
        self.until = 0.0
        """When all has to be there, in ``seconds``."""

    async def me(self) -> str:
        """Return the user that we are in the CRM.

        Raises:
            Quiet: it did not say.

        """
        user = guid((await self._asked(f"{API}WhoAmI")).told().get("UserId"))
        if user is None:
            raise Quiet(NONSENSE)
        return user

    async def rows(self, collection: str, columns: Sequence[str], where: str) -> list[Row]:
        """Return all rows of a list.

        Raises:
            Quiet: it did not come to its end.

        """
        return await self._pages(path(collection, select=",".join(columns), filter=where))

    async def sums(self, wanted: Sums, span: Span) -> list[Row]:
        """Return the sums over a time; groups may come in several rows, which add up.

        Raises:
            Quiet: a part of it did not come.

        """
        answer = await self._asked(wanted.path(span), wrong_too=True)
        many = answer.status != OK and answer.code == TOO_MANY
        if answer.status != OK and not many:
            raise Quiet(REFUSED)
        found = [] if many else await self._rest(answer)
        if not many and len(found) < MOST_GROUPS:
            return found
        if span.until - span.since <= SHORTEST:
            raise Quiet(REFUSED)
        one, other = span.halves()
        return [*await self.sums(wanted, one), *await self.sums(wanted, other)]

    async def _pages(self, first: str) -> list[Row]:
        return await self._rest(await self._asked(first))

    async def _rest(self, answer: Answer) -> list[Row]:
        """Return the rows of an answer and of its next pages."""
        found: list[Row] = []
        for _ in range(MOST_PAGES):
            told = answer.told()
            found += _listed(told)
            link = told.get("@odata.nextLink")
            if link is None:
                return found
            if not isinstance(link, str):
                raise Quiet(NONSENSE)
            answer = await self._asked(self._wire.same(link))
        raise Quiet(NONSENSE)

    async def _asked(self, where: str, *, wrong_too: bool = False) -> Answer:
        """Ask; a busy CRM again after the pause that it wants, as long as there is time."""
        headers = {"Prefer": f"odata.maxpagesize={PAGE}"}
        for _ in range(PATIENT):
            await self._wire.wait_for_our_turn(self.until)
            until = min(self._seconds() + EACH, self.until)
            try:
                async with asyncio.timeout(EACH):
                    answer = await self._wire.ask("GET", where, until=until, headers=headers)
            except TimeoutError:
                raise Quiet(SLOW) from None
            except Quiet as quiet:
                if quiet.why != BUSY:
                    raise
                continue
            if answer.status != OK and not wrong_too:
                raise Quiet(REFUSED)
            return answer
        raise Quiet(BUSY)


def _listed(told: Mapping[str, Any]) -> list[Row]:
    rows = told.get("value")
    if not isinstance(rows, list):
        raise Quiet(NONSENSE)
    listed = cast("list[Any]", rows)
    if not all(isinstance(row, dict) for row in listed):
        raise Quiet(NONSENSE)
    return cast("list[Row]", listed)


def _moment(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


def number(row: Row) -> int:
    """Return how many a sum counts.

    Raises:
        Quiet: it does not say.

    """
    told = row.get(COUNT)
    if isinstance(told, bool) or not isinstance(told, int) or told < 0:
        raise Quiet(NONSENSE)
    return told
