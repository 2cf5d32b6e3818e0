"""Look up what a dialog asks for outside: the articles, and the CRM as the person who asks.

Both may be slow and may fail, so they are asked outside any transaction and each within its time;
what does not answer is a value like any other, and everything else goes on.
"""

import asyncio
from collections.abc import Awaitable
from typing import Protocol, TypeVar

import structlog

from dialogs.finding import Ask, Finding, Sought
from dialogs.records import Asker, Looked, Silent, Wanted
from nudges.address import Platform
from nudges.people import Language, Person

AT_ONCE = 32
"""How many questions are looked up side by side; others wait their turn."""
SEARCH_WITHIN, CRM_WITHIN = 2.0, 4.0
"""Seconds until we go on without; the CRM keeps to less by itself."""
DIRECTORY: Platform = "teams"
"""The platform whose addresses are the directory's own ids."""
log = structlog.get_logger()
T = TypeVar("T")


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


class Finder:
    """Look things up; a house without a CRM says that it has none."""

    def __init__(self, search: Search | None = None, crm: Crm | None = None) -> None:
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
        return await _within(search, SEARCH_WITHIN, Sought(), "search")

    async def _looked(self, wanted: Wanted | None, person: Person) -> Looked | None:
        if wanted is None:
            return None
        if self._crm is None:
            return Silent("none")
        look_up = self._crm.look_up(wanted, asker(person))
        return await _within(look_up, CRM_WITHIN, Silent("slow"), "crm")


def asker(person: Person) -> Asker:
    """Return who asks, by what the CRM may know them by."""
    homes = (one.user for one in person.addresses if one.platform == DIRECTORY)
    return Asker(person.id, person.language, next(homes, ""), person.email)


async def _within(looking: Awaitable[T], seconds: float, otherwise: T, what: str) -> T:
    """Wait for an answer, and go on without one; no log holds the question."""
    try:
        async with asyncio.timeout(seconds):
            return await looking
    except TimeoutError:
        log.warning("finding.slow", what=what)
    except Exception as error:  # noqa: BLE001 - whatever fails outside, the person gets an answer
        log.warning("finding.failed", what=what, why=type(error).__name__)
    return otherwise
