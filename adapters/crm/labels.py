"""What the organisation calls its columns: the CRM's own labels, in every language it has."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, cast

from adapters.crm.reading import NONSENSE, Quiet
from dialogs.records import Table
from nudges.programme import Words

KEPT: Final = 6 * 3600.0
"""Seconds that labels are kept; somebody renames a column once a year."""
AGAIN: Final = 60.0
"""Seconds until labels that did not come are asked for again."""
PATIENCE: Final = 0.4
"""Seconds that an answer waits for its labels; without them other words stand there."""
PRIMARY: Final = 0x3FF
_LANGUAGES: Final = {
    0x09: "en",
    0x13: "nl",
    0x07: "de",
    0x0C: "fr",
    0x0A: "es",
    0x10: "it",
    0x16: "pt",
    0x15: "pl",
    0x1D: "sv",
    0x06: "da",
    0x14: "no",
    0x0B: "fi",
    0x1F: "tr",
}
"""Languages by the low bits of the number that Windows has for them."""
Labels = Mapping[str, Words]

log = logging.getLogger(__name__)


class LabelBook:
    """The labels of the tables, fetched in the background; they are nobody's record.

    Args:
        fetch: asks the CRM, as the app, what the columns of a table are called.
        seconds: seconds that only go forward.

    """

    def __init__(
        self,
        fetch: Callable[[str, tuple[str, ...]], Awaitable[Mapping[str, Any]]],
        seconds: Callable[[], float],
    ) -> None:
        self._fetch = fetch
        self._seconds = seconds
        self._known: dict[str, Labels] = {}
        self._until: dict[str, float] = {}
        self._fetching: dict[str, asyncio.Task[None]] = {}

    def begin(self, table: Table) -> None:
        """Fetch the labels of a table, unless they are known or on their way."""
        if self._seconds() >= self._until.get(table.id, 0.0) and table.id not in self._fetching:
            self._fetching[table.id] = asyncio.create_task(self._learn(table))

    async def names(self, table: Table) -> Labels:
        """Return the labels of a table's columns; none where they do not come soon."""
        self.begin(table)
        if table.id not in self._known and (fetching := self._fetching.get(table.id)):
            await asyncio.wait([fetching], timeout=PATIENCE)
        return self._known.get(table.id, {})

    async def close(self) -> None:
        """Stop what is under way."""
        under_way = [*self._fetching.values()]
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

    async def _learn(self, table: Table) -> None:
        columns = tuple(
            dict.fromkeys(
                fact.column.removeprefix("_").removesuffix("_value")
                for fact in table.facts
                if not fact.related and not fact.label
            )
        )
        kept = AGAIN
        try:
            if columns:
                self._known[table.id] = read_labels(await self._fetch(table.id, columns))
            kept = KEPT
        except (Quiet, TimeoutError) as error:
            log.warning("crm: no labels (%s)", type(error).__name__)
        finally:
            self._until[table.id] = self._seconds() + kept
            self._fetching.pop(table.id, None)


def read_labels(told: Mapping[str, Any]) -> Labels:
    """Read the labels of an answer.

    Raises:
        Quiet: it is none.

    """
    rows = told.get("value")
    if not isinstance(rows, list):
        raise Quiet(NONSENSE)
    found: dict[str, dict[str, str]] = {}
    for row in cast("list[Any]", rows):
        match row:
            case {"LogicalName": str(name), "DisplayName": {"LocalizedLabels": [*labels]}}:
                found[name] = _by_language(labels)
            case _:
                continue
    return found


def _by_language(labels: list[Any]) -> dict[str, str]:
    said: dict[str, str] = {}
    for label in labels:
        match label:
            case {"Label": str(words), "LanguageCode": int(number)} if words.strip():
                if language := _LANGUAGES.get(number & PRIMARY):
                    said.setdefault(language, " ".join(words.split())[:80])
            case _:
                continue
    return said
