"""A clock that stands still until the test moves it."""

from datetime import UTC, datetime, timedelta

MONDAY = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
"""A Monday morning, half past nine in Amsterdam."""


class Clock:
    def __init__(self, now: datetime = MONDAY) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def pass_(self, **time: float) -> None:
        self.now += timedelta(**time)
