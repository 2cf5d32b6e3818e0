"""Marks that count once: signatures of requests already taken, and states of installations begun.

A port, because two processes must see the same marks. Without a shared one nothing is done twice
all the same: a request taken again finds its durable inbox row, which is the truth; the mark only
lets the door say no to a copy.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

MOST = 50_000


class Marks(Protocol):
    """Marks, each good until a moment."""

    async def keep(self, mark: str, until: datetime) -> None:
        """Keep a mark."""
        ...

    async def seen(self, mark: str) -> bool:
        """Say whether a mark is kept and still good."""
        ...

    async def take(self, mark: str) -> bool:
        """Take a mark away; True for the one caller that finds it still good."""
        ...


class MemoryMarks:
    """Marks for one process."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self.kept: dict[str, datetime] = {}

    async def keep(self, mark: str, until: datetime) -> None:
        """Keep a mark; the oldest go first when there are too many."""
        self.kept[mark] = until
        if len(self.kept) > MOST:
            now = self._clock()
            good = {m: u for m, u in self.kept.items() if u > now}
            self.kept = dict(list(good.items())[-MOST // 2 :])

    async def seen(self, mark: str) -> bool:
        """Say whether a mark is kept and still good."""
        return self.kept.get(mark, self._clock()) > self._clock()

    async def take(self, mark: str) -> bool:
        """Take a mark away."""
        until = self.kept.pop(mark, None)
        return until is not None and until > self._clock()
