"""What teams agreed about working with the CRM: a remark of their manager, the last one counts."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from adapters.store.answers import Answers, remarks
from dialogs.turns import Remark
from nudges.digest import NormsAgreed

ABOUT = "norms"
"""What such a remark is about; each line of it is one norm."""


class Norms(Answers):
    """The norms' part of a transaction."""

    async def norms(self, managers: Iterable[str]) -> dict[str, tuple[str, ...]]:
        """Return what the teams of managers agreed, by manager."""
        rows = await self.connection.execute(
            select(remarks.c.person, remarks.c.text)
            .where(remarks.c.person.in_(sorted(set(managers))), remarks.c.about == ABOUT)
            .order_by(remarks.c.id)
        )
        return {row.person: tuple(row.text.splitlines()) for row in rows}

    async def keep_norms(self, fact: NormsAgreed, by: str, now: datetime) -> None:
        """Keep what a team agreed, as its manager wrote it down."""
        text = "\n".join(" ".join(norm.split()) for norm in fact.norms)
        await self.keep_remarks([Remark(by, ABOUT, text, now)])
