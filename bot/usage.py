"""Measured use of the CRM comes in: fetched week by week, or told by a file or another system."""

import asyncio
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import UTC, date, datetime
from typing import Protocol

import structlog

from nudges.adoption import RANGES, WEEK, Fetch, Metric, Use, WeekOfUse, Worker, week_of
from nudges.fetching import BACK, Due, due, grown
from nudges.told_use import Checked, Line, Roster, check

PART = 1000
"""People whose week is kept in one transaction."""
log = structlog.get_logger()


class UseOfCrm(Protocol):
    """A CRM that can tell what people did in it."""

    @property
    def source(self) -> str:
        """Return the name under which its values are kept."""
        ...

    @property
    def past(self) -> frozenset[Metric]:
        """Return what it can still tell of a week that has been over for a week."""
        ...

    async def week(
        self, week: date, workers: Sequence[Worker], wanted: Collection[Metric]
    ) -> WeekOfUse:
        """Tell what these people did in a week that is over.

        Who is not known there is left out. A metric that could not be told of everybody is in
        nobody's values; that, and not an error, is what comes of a CRM that does not answer.
        """
        ...

    async def close(self) -> None:
        """Let go of the connections."""
        ...


class UsageWork(Protocol):
    """The part of a transaction that fetching needs."""

    async def workers(self) -> list[Worker]:
        """Return everybody who is here, by what a CRM may know them by."""
        ...

    async def usage_weeks(self, since: date, source: str | None = None) -> list[Fetch]:
        """Return how far we are with fetching the weeks from a day on."""
        ...

    async def try_usage(
        self, source: str, week: date, now: datetime, *, again: bool, tries: int
    ) -> bool:
        """Note that a week is asked for now, after so many tries; False if someone just did."""
        ...

    async def usage_of(
        self, persons: Collection[str] | None, since: date, until: date
    ) -> list[Use]:
        """Return what these people did, by person and week."""
        ...

    async def keep_usage(self, uses: Iterable[Use], source: str, now: datetime) -> int:
        """Keep what people did, as a source told it now; returns how many values are new."""
        ...

    async def week_told(
        self, source: str, week: date, whole: Iterable[Metric], *, again: bool
    ) -> None:
        """Note what of a week was told of everybody."""
        ...


class UsageStore(Protocol):
    """The store, as fetching needs it."""

    def read(self) -> AbstractAsyncContextManager[UsageWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[UsageWork]:
        """Begin a transaction that writes."""
        ...


class Measuring:
    """Fetches each finished week from the CRM."""

    def __init__(self, store: UsageStore, crm: UseOfCrm, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._crm = crm
        self._clock = clock

    async def round(self) -> int:
        """Fetch the weeks that are due; returns how many were told, wholly or in part.

        A try is noted before it is made, so that of several tickers one asks, and a CRM that
        does not answer is left alone for a while.
        """
        now, source = self._clock(), self._crm.source
        since = week_of(now.date()) - (BACK + 1) * WEEK
        async with self._store.read() as work:
            fetched = await work.usage_weeks(since, source)
        told = 0
        for one in due(fetched, self._crm.past, now):
            async with self._store.write() as work:
                ours = await work.try_usage(
                    source, one.week, self._clock(), again=one.again, tries=one.tries
                )
            told += bool(ours and await self._fetch(one))
        return told

    async def _fetch(self, one: Due) -> bool:
        """Fetch a week and keep what came; no log holds anything of it."""
        async with self._store.read() as work:
            workers = await work.workers()
        try:
            found = await self._crm.week(one.week, workers, one.wanted)
        except Exception as error:  # noqa: BLE001 - whatever fails outside, it is tried again
            log.warning("usage.not_told", week=str(one.week), why=type(error).__name__)
            return False
        whole = found.whole & one.wanted
        uses = [_plausible(use, whole) for use in found.uses if use.week == one.week]
        now, source = self._clock(), self._crm.source
        for start in range(0, len(uses), PART):
            some = uses[start : start + PART]
            async with self._store.write() as work:
                if one.again:
                    known = await work.usage_of(
                        {use.person for use in some}, one.week, one.week + WEEK
                    )
                    before = {use.person: use for use in known}
                    some = [grown(use, before.get(use.person)) for use in some]
                await work.keep_usage(some, source, now)
        async with self._store.write() as work:
            await work.week_told(source, one.week, whole, again=one.again)
        if gaps := one.wanted - whole:
            log.warning("usage.gaps", week=str(one.week), gaps=sorted(gaps))
        return bool(whole)


def _plausible(use: Use, whole: Collection[Metric]) -> Use:
    """Leave out what was not told of everybody, and what cannot be."""
    values = {m: v for m, v in use.values.items() if m in whole and RANGES[m].fits(v)}
    return Use(use.person, use.week, values)


class TellingWork(Protocol):
    """The part of a transaction that taking in what was told needs."""

    async def identities(self) -> list[tuple[str, str]]:
        """Return everybody's id and email."""
        ...

    async def leavers(self) -> Collection[str]:
        """Return who has left, by id."""
        ...

    async def good_mark(self, mark: str, now: datetime) -> bool:
        """Say whether a mark is kept and still good."""
        ...

    async def first_mark(self, mark: str, until: datetime, now: datetime) -> bool:
        """Keep a mark; False if it is kept and still good, whoever kept it."""
        ...

    async def keep_usage(self, uses: Iterable[Use], source: str, now: datetime) -> int:
        """Keep what people did, as a source told it now; returns how many values are new."""
        ...


class TellingStore(Protocol):
    """The store, as taking in what was told needs it."""

    def read(self) -> AbstractAsyncContextManager[TellingWork]:
        """Begin a transaction that only reads."""
        ...

    def write(self) -> AbstractAsyncContextManager[TellingWork]:
        """Begin a transaction that writes."""
        ...


async def checked(work: TellingWork, lines: Iterable[Line], now: datetime) -> Checked:
    """Check what was told against who is here; long tellings hold up nobody else."""
    identities, left = await work.identities(), await work.leavers()
    return await asyncio.to_thread(
        lambda: check(lines, Roster.of(identities, left), now.astimezone(UTC).date())
    )


class Intake:
    """Keeps what another system told, together with the mark of its message."""

    source = "webhook"

    def __init__(self, store: TellingStore, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def take(self, lines: Sequence[Line], mark: str, until: datetime) -> Checked | None:
        """Keep what was told, all or nothing; None for a mark that was taken before."""
        now = self._clock()
        async with self._store.read() as work:
            if await work.good_mark(mark, now):
                return None
            found = await checked(work, lines, now)
        uses = sorted(found.uses, key=lambda use: (use.person, use.week))
        async with self._store.write() as work:
            if not await work.first_mark(mark, until, now):
                return None
            for start in range(0, len(uses), PART):
                await work.keep_usage(uses[start : start + PART], self.source, now)
        return found
