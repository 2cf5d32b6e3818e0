"""Figures for whoever watches: what waits, how fast it leaves, and what went wrong.

What happens is counted by the process in which it happens (:mod:`bot.figures`); how the queue
stands is read from the database, which never counts more than it can in a moment.
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from itertools import accumulate, product
from typing import Final, Protocol

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from typing_extensions import override

from bot.figures import FAMILIES, Family, Figures, Timed
from dialogs.doorway import Waiting
from nudges.backlog import Backlog
from nudges.pace import Paces, kind_of

LONGEST: Final = 2.0
"""Seconds after which the database counts as out of reach; whoever watches waits ten."""
_OF_THE_DATABASE: Final = (
    "wayfinder_deliveries",
    "wayfinder_lag_seconds",
    "wayfinder_pace_allowed",
    "wayfinder_lanes_blocked",
    "wayfinder_inbox_waiting",
    "wayfinder_inbox_oldest_seconds",
    "wayfinder_clock_ahead_seconds",
)


class MetricsWork(Protocol):
    """The part of a transaction that is measured."""

    async def backlog(self) -> Backlog:
        """Say how the queue stands."""
        ...

    async def waiting(self, now: datetime) -> Waiting:
        """Say how many arrivals wait, and for how long."""
        ...


class MetricsStore(Protocol):
    """The store, as it is measured."""

    def read(self) -> AbstractAsyncContextManager[MetricsWork]:
        """Begin a transaction that reads."""
        ...


class Metrics:
    """The figures of this process and of its database, in the form that Prometheus reads."""

    def __init__(
        self,
        store: MetricsStore,
        clock: Callable[[], datetime],
        figures: Figures,
        paces: Paces,
        longest: float = LONGEST,
    ) -> None:
        self._store = store
        self._clock = clock
        self._figures = figures
        self._paces = paces
        self._longest = longest
        self._line = asyncio.Lock()

    async def measure(self) -> bytes:
        """Return the metrics; without a database those that this process has by itself."""
        async with self._line:
            await self._look()
            registry = CollectorRegistry(auto_describe=False)
            registry.register(_Told(self._figures))
            ProcessCollector(registry=registry)
            return generate_latest(registry)

    async def _look(self) -> None:
        """Read how the queue stands; what nobody knows any more is not told."""
        figures, began = self._figures, self._figures.seconds()
        for name in _OF_THE_DATABASE:
            figures.values.pop(name, None)
        try:
            async with asyncio.timeout(self._longest), self._store.read() as work:
                backlog = await work.backlog()
                now = self._clock()
                waiting = await work.waiting(now)
        except OSError:  # TimeoutError is one
            figures.set("wayfinder_database_up", 0)
            return
        figures.set("wayfinder_database_up", 1)
        figures.set("wayfinder_database_seconds", figures.seconds() - began)
        figures.set("wayfinder_inbox_waiting", waiting.n)
        oldest = waiting.oldest.total_seconds() if waiting.oldest else 0
        figures.set("wayfinder_inbox_oldest_seconds", oldest)
        self._stands(backlog, now)

    def _stands(self, backlog: Backlog, now: datetime) -> None:
        figures = self._figures
        for name, lane in backlog.lanes.items():
            platform, way = kind_of(name)
            blocked = lane.blocked(now)
            figures.count("wayfinder_lanes_blocked", int(blocked), platform=platform, way=way)
            if (pace := self._paces.pace(name)) is not None:
                allowed = 0 if blocked else pace * lane.speed(now)
                figures.count("wayfinder_pace_allowed", allowed, platform=platform, way=way)
            figures.count("wayfinder_lag_seconds", 0, platform=platform)
        for (name, state), n in backlog.counts.items():
            figures.count("wayfinder_deliveries", n, platform=kind_of(name)[0], state=state)
        late: dict[str, float] = {}
        for name, due in backlog.oldest.items():
            platform = kind_of(name)[0]
            late[platform] = max(late.get(platform, 0), (now - due).total_seconds())
        for platform, seconds in late.items():
            figures.set("wayfinder_lag_seconds", seconds, platform=platform)
        if backlog.clock is not None:
            ahead = (now - backlog.clock).total_seconds()
            figures.set("wayfinder_clock_ahead_seconds", ahead)


class _Told(Collector):
    """The figures, as Prometheus' own library wants them handed over."""

    def __init__(self, figures: Figures) -> None:
        self._figures = figures

    @override
    def collect(self) -> Iterable[Metric]:
        """Yield every figure, also one that nothing was counted in yet."""
        figures = self._figures
        for name, ask in figures.asked.items():
            figures.set(name, ask())
        for name, family in FAMILIES.items():
            match family.kind:
                case "counter":
                    # Prometheus sees that something grew only if it stood at nothing before.
                    none = dict.fromkeys(product(*(figures.words(one) for one in family.labels)), 0)
                    values = none | figures.values.get(name, {})
                    yield _filled(CounterMetricFamily, name, family, values)
                case "gauge":
                    yield _filled(GaugeMetricFamily, name, family, figures.values.get(name, {}))
                case "histogram":
                    yield _histogram(name, family, figures.timed.get(name, {}))


def _filled(
    kind: type[CounterMetricFamily | GaugeMetricFamily],
    name: str,
    family: Family,
    values: Mapping[tuple[str, ...], float],
) -> Metric:
    made = kind(name, family.say, labels=family.labels)
    for labels, value in sorted(values.items()):
        made.add_metric(labels, value)
    return made


def _histogram(name: str, family: Family, timed: Mapping[tuple[str, ...], Timed]) -> Metric:
    made = HistogramMetricFamily(name, family.say, labels=family.labels)
    ends = [*(repr(end) for end in family.buckets), "+Inf"]
    for labels, one in sorted(timed.items()):
        summed = accumulate(one.buckets)
        buckets = list(zip(ends, summed, strict=True))
        made.add_metric(labels, buckets, one.total)
    return made
