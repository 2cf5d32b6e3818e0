"""In whose name one may write, and who of them is believed: loaded for whoever writes."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from typing import Protocol

from nudges.belief import SenderBelief, Senders
from nudges.people import Person

MOST = 90
"""How many names a form offers; a menu in Slack takes a hundred."""


class SenderWork(Protocol):
    """The part of a transaction that senders are loaded from."""

    async def senders(self, most: int) -> list[str]:
        """Return in whose name one may write, by role and name."""
        ...

    async def believed(self, senders: Collection[str], now: datetime) -> list[SenderBelief]:
        """Return which of these senders are believed, as far as authors may know it."""
        ...

    async def people(self, ids: Iterable[str]) -> Mapping[str, Person]:
        """Return people by id."""
        ...


async def senders(
    work: SenderWork, author: str, now: datetime, also: Iterable[str] = ()
) -> Senders:
    """Load in whose name an author may write: themselves first, then those named in ``also``.

    Where there are more than a form can offer, those who come last by role and name are left out;
    who is chosen already is to be named in ``also``.
    """
    ids = list(dict.fromkeys(filter(None, (author, *also, *await work.senders(MOST)))))
    found = await work.people(ids)
    here = tuple(found[one] for one in ids if one in found and not found[one].left)[:MOST]
    return Senders(here, tuple(await work.believed([one.id for one in here], now)))
