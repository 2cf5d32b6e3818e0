"""Figures for whoever watches: what waits, and what became of everything that left."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from dialogs.doorway import Waiting
from nudges.delivery import State


class MetricsWork(Protocol):
    """The part of a transaction that is measured."""

    async def states(self) -> dict[str, int]:
        """Count deliveries by state."""
        ...

    async def waiting(self, now: datetime) -> Waiting:
        """Say how many arrivals wait, and for how long."""
        ...


class MetricsStore(Protocol):
    """The store, as it is measured."""

    def read(self) -> AbstractAsyncContextManager[MetricsWork]:
        """Begin a transaction that reads."""
        ...


async def measure(store: MetricsStore, clock: Callable[[], datetime]) -> bytes:
    """Return the metrics in the form that Prometheus reads; numbers only, about nobody."""
    async with store.read() as work:
        states = await work.states()
        waiting = await work.waiting(clock())
    registry = CollectorRegistry()
    deliveries = Gauge("wayfinder_deliveries", "Deliveries by state", ["state"], registry=registry)
    for state in State:
        deliveries.labels(state=state.value).set(states.get(state, 0))
    Gauge("wayfinder_inbox_waiting", "Arrivals not taken yet", registry=registry).set(waiting.n)
    oldest = waiting.oldest.total_seconds() if waiting.oldest else 0
    Gauge(
        "wayfinder_inbox_oldest_seconds", "How long the oldest has waited", registry=registry
    ).set(oldest)
    return generate_latest(registry)
