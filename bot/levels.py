"""Levels by the clock: when what people did in the CRM has come in, their weeks are judged.

Everybody is walked past in parts; how far that is stands in the store, and whoever writes a part
moves it on: two tickers, or one after a crash, judge and write once. Nothing is sent from it unless
the privacy officer has switched that on.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol

import structlog

from bot.organisation import Organisation
from nudges.adkar import Answer, stand
from nudges.adoption import WEEK, Use, week_of
from nudges.delivery import Delivery
from nudges.levels import FIRST_LOOK, LONGEST, Judged, by_week, judge, judged_from
from nudges.people import Person
from nudges.programme import Programme
from nudges.use_linked import Came, Switch, plan

BATCH = 500
log = structlog.get_logger()


class LevelsWork(Protocol):
    """The part of a transaction that judging needs."""

    async def programme(self) -> Programme:
        """Return the change programme."""
        ...

    async def switch(self) -> Switch:
        """Return how the privacy officer's switch stands."""
        ...

    async def usage_news(self, until: date) -> tuple[date, datetime] | None:
        """Return the newest week that was measured, and when we were told last."""
        ...

    async def walk(self) -> Any:  # noqa: ANN401 - the store's own, handed back to it
        """Return how far the judging is."""
        ...

    async def walk_on(self, was: Any, now: Any) -> bool:  # noqa: ANN401 - as above
        """Note how far the judging is; False if somebody else has gone on meanwhile."""
        ...

    async def to_judge(self, segments: Collection[str], after: str, limit: int) -> list[str]:
        """Return the next people of these segments who are here, by id."""
        ...

    async def people(self, ids: Iterable[str]) -> dict[str, Person]:
        """Return people by id."""
        ...

    async def usage_of(
        self, persons: Collection[str] | None, since: date, until: date
    ) -> list[Use]:
        """Return what these people did, by person and week."""
        ...

    async def judged_of(
        self, persons: Collection[str], since: date, until: date | None = None
    ) -> dict[str, list[Judged]]:
        """Return how these people's weeks were judged, oldest first."""
        ...

    async def keep_judged(self, judged: Sequence[Judged], now: datetime) -> None:
        """Add how weeks were judged."""
        ...

    async def set_levels(self, held: Mapping[str, int]) -> None:
        """Note which level people hold."""
        ...

    async def answers(self, persons: Iterable[str], now: datetime) -> dict[str, tuple[Answer, ...]]:
        """Return each person's answers, oldest first."""
        ...

    async def use_came(self, persons: Collection[str]) -> dict[str, list[Came]]:
        """Return what these people were sent because of their use, oldest first."""
        ...

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was planned before is not queued again."""
        ...
