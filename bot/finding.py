"""Look up what a dialog asks for outside: the articles, and the CRM as the person who asks.

Both may be slow and may fail, so they are asked outside any transaction and each within its time;
what does not answer is a value like any other, and everything else goes on.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import Protocol, TypeAlias, TypeVar, runtime_checkable

import structlog

from bot.lookout import Lookout
from dialogs.finding import Ask, Finding, Learned, Sought
from dialogs.records import Asker, Looked, Silent, Table, Wanted
from nudges.address import Platform
from nudges.people import Language, Person
from nudges.questions import KEPT

AT_ONCE = 32
"""How many questions are looked up side by side; others wait their turn."""
SEARCH_WITHIN, CRM_WITHIN = 2.0, 4.0
"""Seconds until we go on without; the CRM keeps to less by itself."""
DIRECTORY: Platform = "teams"
"""The platform whose addresses are the directory's own ids."""
log = structlog.get_logger()
T = TypeVar("T")
Tables: TypeAlias = Callable[[], Mapping[str, Table]]
"""Returns what people ask for, as it is now."""


class Search(Protocol):
    """Where articles are looked for."""

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        """Return the articles that fit best, for someone with a job."""
        ...


class Crm(Protocol):
    """Where records are looked up; nothing is without the person who asks."""

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        """Return what this person may read of what they want."""
        ...

    async def close(self) -> None:
        """Let go of its connections."""
        ...


@runtime_checkable
class Rests(Protocol):
    """A CRM that is left alone for a while when it fails."""

    def rests(self) -> bool:
        """Say whether that is so now."""
        ...


class Learner(Protocol):
    """What learns from what people press under an answer."""

    def learn(self, taps: Iterable[Learned]) -> None:
        """Take over what people said under answers, instead of what was learned before."""
        ...


class LearnedWork(Protocol):
    """The part of a transaction that tells what people pressed."""

    async def learned(self, since: datetime) -> list[Learned]:
        """Return what people's taps taught about articles."""
        ...


class LearnedStore(Protocol):
    """The store, as learning needs it."""

    def read(self) -> AbstractAsyncContextManager[LearnedWork]:
        """Begin a transaction that reads."""
        ...


class Learning:
    """Tell the search, now and then, what people pressed under its answers, on whatever machine."""

    def __init__(
        self, store: LearnedStore, learner: Learner, clock: Callable[[], datetime]
    ) -> None:
        self._store = store
        self._learner = learner
        self._clock = clock

    async def round(self) -> int:
        """Read what was pressed; returns about how many questions that was."""
        async with self._store.read() as work:
            taps = await work.learned(self._clock() - KEPT)
        self._learner.learn(taps)
        return len(taps)


class Finder:
    """Look things up; a house without a CRM says that it has none."""

    def __init__(
        self,
        search: Search | None = None,
        crm: Crm | None = None,
        lookout: Lookout | None = None,
    ) -> None:
        self._lookout = lookout or Lookout()
        self._search = search
        self._crm = crm
        self._places = asyncio.Semaphore(AT_ONCE)

    async def find(self, ask: Ask, person: Person) -> Finding:
        """Look up both parts of a question side by side; never raises."""
        async with self._places:
            sought, looked = await asyncio.gather(
                self._sought(ask.words, person), self._looked(ask.wanted, person)
            )
        return Finding(sought, looked)

    async def _sought(self, words: str, person: Person) -> Sought | None:
        if not words or self._search is None:
            return Sought() if words else None
        search = self._search.search(words, person.language, person.job)
        return await self._within(search, SEARCH_WITHIN, Sought(), "search")

    async def _looked(self, wanted: Wanted | None, person: Person) -> Looked | None:
        if wanted is None:
            return None
        if self._crm is None:
            return Silent("none")
        look_up = self._crm.look_up(wanted, asker(person))
        return await self._within(look_up, CRM_WITHIN, Silent("slow"), "crm")

    async def _within(self, looking: Awaitable[T], seconds: float, otherwise: T, where: str) -> T:
        """Wait for an answer, and go on without one; it is told how that went."""
        figures = self._lookout.figures
        began = figures.seconds()
        with self._lookout.spans.span("look up", where=where) as span:
            found, end = await _within(looking, seconds, otherwise, where)
            span.note(end=end)
        figures.count("wayfinder_look_ups_total", where=where, end=end)
        figures.took("wayfinder_look_up_seconds", figures.seconds() - began, where=where)
        return found


def asker(person: Person) -> Asker:
    """Return who asks, by what the CRM may know them by."""
    homes = (one.user for one in person.addresses if one.platform == DIRECTORY)
    return Asker(person.id, person.language, next(homes, ""), person.email)


async def _within(looking: Awaitable[T], seconds: float, otherwise: T, what: str) -> tuple[T, str]:
    """Wait for an answer, and go on without one; no log holds the question."""
    end = "failed"
    try:
        async with asyncio.timeout(seconds):
            found = await looking
        return found, "silent" if isinstance(found, Silent) else "done"
    except TimeoutError:
        end = "slow"
        log.warning("finding.slow", what=what)
    except Exception as error:  # noqa: BLE001 - whatever fails outside, the person gets an answer
        log.warning("finding.failed", what=what, why=type(error).__name__)
    return otherwise, end
