"""The change programme, as the store keeps it: one row, and one for each segment."""

import json
from dataclasses import replace
from functools import lru_cache
from hashlib import blake2b

from pydantic import TypeAdapter
from sqlalchemy import JSON, Column, ForeignKey, String, Table, delete, select

from adapters.store.connection import Connected
from adapters.store.schema import impersonal, metadata
from nudges.programme import Programme

PROGRAMME = "programme"
programmes = Table(
    "programmes",
    metadata,
    Column("id", String, primary_key=True),
    Column("body", JSON, nullable=False),
    info=impersonal("what the organisation wants to reach"),
)
segments = Table(
    "segments",
    metadata,
    Column("id", String, primary_key=True),
    Column("programme", String, ForeignKey("programmes.id"), nullable=False),
    Column("body", JSON, nullable=False),
    info=impersonal("a group by role, team or region; who is in it stands with the people"),
)
_PROGRAMME: TypeAdapter[Programme] = TypeAdapter(Programme)


_WHOLE = (
    select(programmes.c.body, segments.c.id, segments.c.body.label("part"))
    .select_from(programmes.outerjoin(segments))
    .order_by(segments.c.id)
)


_HELD = select(programmes.c.id).with_for_update()


class Programmes(Connected):
    """The programme part of a transaction."""

    async def programme(self, *, hold: bool = False) -> Programme:
        """Return the programme; an organisation that has written nothing yet gets an empty one.

        With ``hold`` it is ours until the transaction ends, so that nobody's words are lost who
        writes at the same moment.
        """
        if hold:
            await self.upsert(programmes, [{"id": PROGRAMME, "body": {"name": {}}}], ["id"])
            await self.connection.execute(_HELD)
        rows = (await self.connection.execute(_WHOLE)).all()
        if not rows:
            return Programme({})
        parts = {row.id: row.part for row in rows if row.id is not None}
        whole = {**rows[0].body, "segments": parts}
        return _read(json.dumps(whole, sort_keys=True))

    async def keep_programme(self, programme: Programme) -> None:
        """Keep the programme as it is now."""
        body = _PROGRAMME.dump_python(programme, mode="json")
        parts = body.pop("segments")
        del body["version"]
        await self.upsert(programmes, [{"id": PROGRAMME, "body": body}], ["id"], ["body"])
        gone = delete(segments).where(segments.c.id.not_in(list(parts)))
        await self.connection.execute(gone)
        await self.upsert(
            segments,
            [{"id": key, "programme": PROGRAMME, "body": part} for key, part in parts.items()],
            ["id"],
            ["body"],
        )


@lru_cache(maxsize=4)
def _read(body: str) -> Programme:
    """Read a programme; it is asked for with every turn and changes a few times a year."""
    version = blake2b(body.encode(), digest_size=8).hexdigest()
    return replace(_PROGRAMME.validate_json(body), version=version)
