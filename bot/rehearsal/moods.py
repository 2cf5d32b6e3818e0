"""What is asked outside in a rehearsal, the search and the CRM, and the moods it has."""

import asyncio
from dataclasses import dataclass
from random import Random
from typing import Literal, TypeAlias

from dialogs.finding import Hit, Sought
from dialogs.records import Asker, Looked, Nothing, Silent, Wanted
from nudges.people import Language

Outside: TypeAlias = Literal["moody", "down", "hangs", "busy"]
"""Moody: slow, and now and then it fails; down: every call fails; hangs: none ends; busy: none is
taken."""
TAKES, FAILS, FINDS = 0.05, 0.2, 0.7
"""How long an answer takes at most, in seconds; how often it fails, and how often it finds."""
FOR_EVER = 3600.0


@dataclass(frozen=True, slots=True)
class Moody:
    """A search and a CRM in one, which take their time, and may fail."""

    chance: Random
    mood: Outside = "moody"

    async def search(self, words: str, language: Language, job: str = "") -> Sought:
        """Return one article, or nothing, or fail."""
        del words, language, job
        await self._answers()
        return Sought(
            (Hit("phonecall-log", 1.0),), answered=self.chance.random() < FINDS, sure=True
        )

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        """Find nothing, say that it is asked too much, or fail."""
        del wanted, asker
        if self.mood == "busy":
            return Silent("busy")
        await self._answers()
        return Nothing()

    async def close(self) -> None:
        """Hold nothing."""

    async def _answers(self) -> None:
        if self.mood == "hangs":
            await asyncio.sleep(FOR_EVER)
        await asyncio.sleep(self.chance.uniform(0, TAKES))
        if self.mood in {"down", "busy"} or self.chance.random() < FAILS:
            message = "nobody answers"
            raise OSError(message)
