"""Drafts, as the store keeps them: what an author works on, and what they keep to begin from."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    delete,
    select,
)

from adapters.store.connection import Connected
from adapters.store.people import people
from adapters.store.schema import Moment, erased_by, metadata
from adapters.store.sealed import PrivateJson, own
from nudges.broadcast import Draft, Drafted, DraftKept

_DRAFT: TypeAdapter[Draft] = TypeAdapter(Draft)

drafts = Table(
    "drafts",
    metadata,
    Column("key", String, primary_key=True),
    Column("author", String, ForeignKey("people.id"), nullable=False),
    Column("draft", PrivateJson, nullable=False),
    Column("template", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Index("ix_drafts_author", "author"),
    info=erased_by("author"),
)

_WITH_NAME: Select[Any] = select(drafts, people.c.name).join(people)


class Drafts(Connected):
    """The drafts' part of a transaction."""

    async def keep_draft(self, kept: DraftKept, author: str, now: datetime) -> None:
        """Keep a draft as it is now; only its author changes it."""
        row = {
            "key": kept.key,
            "author": author,
            "draft": own(_DRAFT.dump_python(kept.draft, mode="json"), author),
            "template": kept.template,
            "at": now,
        }
        statement = self.inserting(drafts).values([row])
        changed = {name: statement.excluded[name] for name in ("draft", "template", "at")}
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["key"], set_=changed, where=drafts.c.author == author
            )
        )

    async def drop_draft(self, key: str, author: str) -> bool:
        """Throw a draft of someone's away; False if it was not there any more."""
        gone = await self.connection.execute(
            delete(drafts).where(drafts.c.key == key, drafts.c.author == author)
        )
        return gone.rowcount > 0

    async def drafts(self, authors: Iterable[str]) -> list[Drafted]:
        """Return people's drafts and templates, what was kept last first."""
        query = _WITH_NAME.where(drafts.c.author.in_(sorted(set(authors))))
        rows = await self.connection.execute(query.order_by(drafts.c.at.desc(), drafts.c.key))
        return [_drafted(row) for row in rows]

    async def drafts_by_key(self, keys: Iterable[str]) -> dict[str, Drafted]:
        """Return drafts by key, whoever wrote them."""
        query = _WITH_NAME.where(drafts.c.key.in_(sorted(set(keys))))
        return {row.key: _drafted(row) for row in await self.connection.execute(query)}


def _drafted(row: Row[Any]) -> Drafted:
    draft = _DRAFT.validate_python(row.draft)
    return Drafted(row.key, row.author, draft, row.template, row.at, row.name)
