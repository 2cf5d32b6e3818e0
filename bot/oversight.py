"""Load what a privacy officer looks at, for those alone who may, and where a card shows it."""

from collections.abc import Collection, Iterable
from typing import Protocol

from nudges.delivery import Note
from nudges.oversight import (
    A_PAGE,
    SORTS,
    AuditNote,
    Done,
    LedgerNote,
    Oversight,
    Shown,
)
from nudges.retention import Retention
from nudges.use_linked import Switch


class OversightWork(Protocol):
    """The part of a transaction that a privacy officer's cards are loaded from."""

    async def retention(self) -> Retention:
        """Return for how many days answers are kept."""
        ...

    async def use_switch(self) -> Switch:
        """Return how the switch for messages from use stands."""
        ...

    async def log_page(
        self, acts: Collection[str], before: int, most: int, *, about: str = ""
    ) -> list[Done]:
        """Return lines of the audit log, newest first."""
        ...

    async def ledger_page(self, measure: str, before: int, most: int) -> list[Shown]:
        """Return lines of the release ledger, newest first."""
        ...

    async def ledger_measures(self) -> list[str]:
        """Name the measures of which somebody was shown a number lately."""
        ...


async def oversight(work: OversightWork, shown: Iterable[Note]) -> Oversight | None:
    """Load what the cards at hand show; nothing where none of them is a privacy officer's."""
    cards = {note for note in shown if note.overseen}
    if not cards:
        return None
    logs = {note for note in cards if isinstance(note, AuditNote)}
    ledgers = {note for note in cards if isinstance(note, LedgerNote)}
    return Oversight(
        await work.retention(),
        await work.use_switch(),
        {n: tuple(await work.log_page(SORTS[n.sort], n.before, A_PAGE + 1)) for n in logs},
        {n: tuple(await work.ledger_page(n.measure, n.before, A_PAGE + 1)) for n in ledgers},
        tuple(await work.ledger_measures()) if ledgers else (),
    )
