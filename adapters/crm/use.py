"""What people did in Dynamics 365 in a week, from its log and from sums over its records.

A metric that does not come to its end is a gap for everybody, and says nothing of the others.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Final

from adapters.crm.askers import same_user
from adapters.crm.counting import Counting
from adapters.crm.dynamics import Place
from adapters.crm.passes import Passes, Registration
from adapters.crm.reading import Quiet, Row, guid
from adapters.crm.use_week import UseWeek, Values
from adapters.crm.wire import Wire
from nudges.adoption import Metric, Use, WeekOfUse, Worker
from nudges.measures import Measures

BUDGET: Final = 1800.0
"""Seconds for a whole week; it is asked for at night."""

log = logging.getLogger(__name__)


class DynamicsUse:
    """The use of one organisation's Dynamics 365.

    Args:
        place: where it is.
        registration: as which app it is asked.
        measures: what is measured.
        clock: what time it is.
        seconds: seconds that only go forward; the loop's own if not given.
        sleep: how to wait.

    """

    def __init__(  # noqa: PLR0913 - what a test wants to own
        self,
        place: Place,
        registration: Registration,
        measures: Measures,
        clock: Callable[[], datetime],
        *,
        seconds: Callable[[], float] | None = None,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._measures = measures
        self._clock = clock
        self._seconds = seconds or (lambda: asyncio.get_running_loop().time())
        self._wire = Wire(place.org.rstrip("/"), clock, self._seconds, sleep)
        self._passes = Passes(
            self._wire.session, registration, self._wire.org, place.entra, self._seconds
        )
        self._wire.passes = self._passes
        self.source = "dynamics"

    @property
    def past(self) -> frozenset[Metric]:
        """Return what can be told of a week that is long over: not how records were filled then.

        Of changes a record only keeps the last, so without the log the days are not known either.
        """
        days = frozenset({Metric.ACTIVE_DAYS} if self._measures.audit else ())
        return days | {Metric.RECORDS, Metric.LEADS_IN_TIME}

    async def week(
        self, week: date, workers: Sequence[Worker], wanted: Collection[Metric]
    ) -> WeekOfUse:
        """Tell what these people did in a week that is over."""
        counting = Counting(self._wire, self._seconds)
        counting.until = self._seconds() + BUDGET
        try:
            async with asyncio.timeout(BUDGET):
                users = await asyncio.to_thread(matched, await _users(counting), workers)
                asking = UseWeek(counting, self._measures, await counting.me(), week, users)
        except (Quiet, TimeoutError) as error:
            log.warning("crm: nobody's use of %s (%s)", week, _why(error))
            return WeekOfUse()
        ways: dict[Metric, Callable[[], Awaitable[Values]]] = {
            Metric.ACTIVE_DAYS: asking.active_days,
            Metric.RECORDS: asking.records,
            Metric.LEADS_IN_TIME: asking.leads_in_time,
            Metric.QUALITY: lambda: asking.quality(self._clock()),
            Metric.HYGIENE: lambda: asking.hygiene(self._clock()),
        }
        told: dict[Metric, Values] = {}
        for metric in sorted(wanted):
            try:
                async with asyncio.timeout(max(counting.until - self._seconds(), 0)):
                    told[metric] = await ways[metric]()
            except (Quiet, TimeoutError) as error:
                log.warning("crm: no %s of %s (%s)", metric, week, _why(error))
        uses = [
            Use(worker.person, week, {m: by[user] for m, by in told.items() if user in by})
            for user, worker in users.items()
        ]
        return WeekOfUse(tuple(uses), frozenset(told))

    async def close(self) -> None:
        """Let go of the connections."""
        await self._passes.close()
        await self._wire.close()


def matched(users: Iterable[Row], workers: Iterable[Worker]) -> dict[str, Worker]:
    """Return who each user of the CRM is; by their id in Entra before their address.

    A user that two people may be is nobody's.
    """
    by_id: defaultdict[str, list[Row]] = defaultdict(list)
    by_email: defaultdict[str, list[Row]] = defaultdict(list)
    for row in users:
        if entra := guid(row.get("azureactivedirectoryobjectid")):
            by_id[entra].append(row)
        if email := row.get("internalemailaddress"):
            by_email[str(email).casefold()].append(row)
    found: defaultdict[str, list[tuple[bool, Worker]]] = defaultdict(list)
    for worker in workers:
        directory, email = guid(worker.directory), worker.email
        rows = [*by_id.get(directory or "", ()), *by_email.get(email.casefold(), ())]
        if caller := same_user(rows, directory, email):
            surely = directory is not None and caller.entra == directory
            found[caller.user].append((surely, worker))
    sole: dict[str, Worker] = {}
    for user, those in found.items():
        sure = [worker for surely, worker in those if surely] or [worker for _, worker in those]
        if len(sure) == 1:
            sole[user] = sure[0]
    return sole


async def _users(counting: Counting) -> list[Row]:
    columns = ("systemuserid", "azureactivedirectoryobjectid", "internalemailaddress")
    return await counting.rows(
        "systemusers", columns, "isdisabled eq false and applicationid eq null"
    )


def _why(error: Exception) -> str:
    return error.why if isinstance(error, Quiet) else "slow"
