"""Broadcasts, as the store keeps them: what they say, who decided, and who received them.

The words stand here once, however many people get them, so that they can be changed or taken back
in one place. Per person there is a receipt, and what they wrote back.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Integer,
    Row,
    Select,
    String,
    Table,
    and_,
    false,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    true,
    update,
)

from adapters.store.delivery_table import deliveries
from adapters.store.drafts import Drafts
from adapters.store.people import grants, people
from adapters.store.schema import Moment, Number, erased_by, metadata, numbered
from adapters.store.sealed import Private
from nudges.broadcast import (
    PATIENCE,
    Broadcast,
    Check,
    Draft,
    HandedIn,
    Link,
    Message,
    Recipient,
    Stage,
    approval,
    occasion,
    sign,
)
from nudges.delivery import State

UNDONE = text("done_at IS NULL")
PART = 5000
"""How many recipients are read at a time."""
_OPEN = (Stage.AGREEING, Stage.WAITING)
"""Where somebody still has to say yes or no."""

broadcasts = Table(
    "broadcasts",
    metadata,
    numbered(),
    Column("author", String, nullable=False),
    Column("title", JSON, nullable=False),
    Column("body", JSON, nullable=False),
    Column("kind", String, nullable=False),
    Column("goal", String, nullable=False, default=""),
    Column("link", String, nullable=False, default=""),
    Column("label", JSON, nullable=False),
    Column("acknowledge", Boolean, nullable=False),
    Column("rule", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("begins", Moment),
    Column("own_morning", Boolean, nullable=False),
    Column("stage", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("asked", Boolean, nullable=False, default=False),
    Column("told", Boolean, nullable=False, default=False),
    Column("decided_by", String, nullable=False, default=""),
    Column("decided_at", Moment),
    Column("sender", String, nullable=False, default="", server_default=text("''")),
    Column("series", Number, nullable=False, default=0, server_default=text("0")),
    Column("corrects", Number, nullable=False, default=0, server_default=text("0")),
    Column("second", Boolean, nullable=False, default=True, server_default=true()),
    Column("question", JSON(none_as_null=True)),
    Column("told_back", Number, nullable=False, default=0, server_default=text("0")),
    Column("told_back_at", Moment),
    Column("asked_at", Moment),
    Column("warned", Boolean, nullable=False, default=False, server_default=false()),
    Column("corrected", Date),
    Column("revision", Integer, nullable=False, default=0, server_default=text("0")),
    Index("ix_broadcasts_stage", "stage"),
    Index("ix_broadcasts_author", "author"),
    info=erased_by(cleared={"author": "", "decided_by": "", "sender": ""}),
    sqlite_autoincrement=True,
)
receipts = Table(
    "receipts",
    metadata,
    Column("broadcast", Number, primary_key=True),
    Column("person", String, ForeignKey("people.id"), primary_key=True),
    Column("at", Moment, nullable=False),
    Index("ix_receipts_person_at_broadcast", "person", "at", "broadcast"),
    info=erased_by("person"),
)
written_back = Table(
    "written_back",
    metadata,
    numbered(),
    Column("broadcast", Number, nullable=False),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("text", Private, nullable=False),
    Column("at", Moment, nullable=False),
    Column("answer", Private, nullable=False, default="", server_default=text("''")),
    Column("done_at", Moment),
    Index("ix_written_back_broadcast_person", "broadcast", "person"),
    Index(
        "ix_written_back_undone",
        "broadcast",
        "id",
        postgresql_where=UNDONE,
        sqlite_where=UNDONE,
    ),
    Index("ix_written_back_person", "person"),
    info=erased_by("person"),
)
_CHECK: TypeAdapter[Check | None] = TypeAdapter(Check | None)
_senders = people.alias("senders")
_SENDER_ROLES = (
    select(func.aggregate_strings(grants.c.role, " "))
    .where(grants.c.person == broadcasts.c.sender, ~grants.c.revoked)
    .scalar_subquery()
)
_WITH_NAME: Select[Any] = (
    select(
        broadcasts,
        people.c.name,
        _senders.c.name.label("sender_name"),
        _SENDER_ROLES.label("sender_roles"),
    )
    .outerjoin(people, people.c.id == broadcasts.c.author)
    .outerjoin(_senders, _senders.c.id == broadcasts.c.sender)
)
ENDS = {
    State.SENT: "sent",
    State.REFUSED: "failed",
    State.UNKNOWN: "unknown",
    State.GONE: "unreachable",
    State.CANCELLED: "left_out",
}

"""How a delivery may end, in an author's words."""


def end_of(state: str) -> str:
    """Say in an author's words where a delivery is."""
    return ENDS.get(State(state), "queued")


class Broadcasts(Drafts):
    """The broadcasts' part of a transaction."""

    async def hand_in(self, fact: HandedIn, author: str, now: datetime) -> int:
        """Keep a draft that was handed in; returns its number, 0 if it is not there any more.

        A correction has the rule of what it corrects: where that tells on people, so does this.
        """
        draft = fact.draft
        if fact.key and not await self.drop_draft(fact.key, author):
            return 0
        said = draft.message
        corrected = await self.broadcasts([draft.corrects]) if draft.corrects else {}
        first = corrected.get(draft.corrects)
        values = {
            "author": author,
            "title": dict(said.title),
            "body": dict(said.body),
            "kind": said.kind,
            "goal": said.goal,
            "link": said.link.url if said.link else "",
            "label": dict(said.link.label) if said.link else {},
            "acknowledge": said.acknowledge,
            "rule": first.draft.rule if first else draft.rule,
            "size": draft.size,
            "begins": draft.begins,
            "own_morning": draft.own_morning,
            "stage": fact.stage,
            "at": now,
            "second": fact.second,
            "sender": said.sender,
            "series": draft.series,
            "corrects": draft.corrects,
            "question": _CHECK.dump_python(said.check, mode="json"),
        }
        found = await self.connection.execute(
            insert(broadcasts).values(values).returning(broadcasts.c.id)
        )
        return found.scalar_one()

    async def broadcasts(self, numbers: Iterable[int] | None = None) -> dict[int, Broadcast]:
        """Return broadcasts by number; without numbers all of them, the newest first."""
        query = _WITH_NAME.order_by(broadcasts.c.id.desc())
        if numbers is not None:
            query = query.where(broadcasts.c.id.in_(sorted(set(numbers))))
        return {row.id: _broadcast(row) for row in await self.connection.execute(query)}

    async def authored(self, author: str | None, most: int) -> list[Broadcast]:
        """Return the broadcasts that someone, or anyone, handed in last, the newest first."""
        query = _WITH_NAME if author is None else _WITH_NAME.where(broadcasts.c.author == author)
        rows = await self.connection.execute(query.order_by(broadcasts.c.id.desc()).limit(most))
        return [_broadcast(row) for row in rows]

    async def series(self, numbers: Iterable[int]) -> dict[int, tuple[Broadcast, ...]]:
        """Return the broadcasts of each series, by the number of its first, in their order."""
        roots = sorted(set(numbers))
        query = _WITH_NAME.where(or_(broadcasts.c.id.in_(roots), broadcasts.c.series.in_(roots)))
        found: dict[int, tuple[Broadcast, ...]] = dict.fromkeys(roots, ())
        for row in await self.connection.execute(query.order_by(broadcasts.c.id)):
            root = row.series or row.id
            found[root] = (*found.get(root, ()), _broadcast(row))
        return found

    async def unfinished(
        self, now: datetime, *, hold: bool = False, number: int | None = None
    ) -> list[Broadcast]:
        """Return the broadcasts with which something may have to be done now, the oldest first.

        One that waits for somebody to decide is among them as long as it does: its deputies may
        have to be asked. With a ``number`` it is that one alone.
        """
        found = broadcasts.c
        begins = found.begins <= now
        late = or_(begins, and_(found.begins.is_(None), found.at <= now - PATIENCE))
        query = _WITH_NAME.where(
            or_(
                and_(found.stage.in_(_OPEN), or_(found.asked.is_(false()), late)),
                and_(found.stage == Stage.WAITING, found.asked_at.is_not(None)),
                and_(found.stage == Stage.RELEASED, or_(found.begins.is_(None), begins)),
                and_(found.stage.not_in(_OPEN), found.told.is_(false())),
            )
        ).order_by(found.id)
        if number is not None:
            query = query.where(found.id == number)
        if hold:
            query = query.with_for_update(of=broadcasts)
        return [_broadcast(row) for row in await self.connection.execute(query)]

    async def decide(self, number: int, stage: Stage, by: str, now: datetime) -> bool:
        """Note what became of one that waited; False if that was decided before."""
        return await self._move(
            number, _OPEN if stage is Stage.LAPSED else (Stage.WAITING,), stage, by, now
        )

    async def agree(self, number: int, by: str, now: datetime, *, agreed: bool) -> bool:
        """Note whether it may go in this person's name; False if nobody asks them that any more."""
        found = (await self.broadcasts([number])).get(number)
        if found is None or found.draft.message.sender != by:
            return False
        if not agreed:
            return await self._move(number, (Stage.AGREEING,), Stage.DECLINED, by, now)
        stage = Stage.WAITING if found.second else Stage.RELEASED
        moved = await self._move(number, (Stage.AGREEING,), stage, "", None)
        if moved:
            await self._note(number, asked=False, asked_at=None)
        return moved

    async def _move(
        self, number: int, before: Sequence[Stage], stage: Stage, by: str, at: datetime | None
    ) -> bool:
        """Take one from a stage to the next; False if somebody did that before."""
        changed = await self.connection.execute(
            update(broadcasts)
            .where(broadcasts.c.id == number, broadcasts.c.stage.in_(before))
            .values(stage=stage, decided_by=by, decided_at=at)
        )
        return changed.rowcount > 0

    async def note_begun(self, number: int) -> None:
        """Note that a broadcast goes out."""
        await self._note(number, stage=Stage.BEGUN)

    async def note_asked(self, number: int, now: datetime | None = None) -> None:
        """Note that those who may release it were asked; the first time counts."""
        first = func.coalesce(broadcasts.c.asked_at, literal(now, Moment))
        await self._note(number, asked=True, asked_at=first)

    async def note_warned(self, number: int) -> None:
        """Note that its author knows that nobody could release it."""
        await self._note(number, warned=True)

    async def askings(self, numbers: Iterable[int]) -> dict[int, dict[str, State]]:
        """Return who was asked to release each of these broadcasts, and how far that got."""
        named = {approval(number): number for number in numbers}
        found: dict[int, dict[str, State]] = {number: {} for number in named.values()}
        rows = await self.connection.execute(
            select(deliveries.c.occasion, deliveries.c.person, deliveries.c.state).where(
                deliveries.c.occasion.in_(sorted(named)), deliveries.c.kind == "post"
            )
        )
        for row in rows:
            found[named[row.occasion]][row.person] = State(row.state)
        return found

    async def note_told(self, number: int) -> None:
        """Note that its author knows what became of it."""
        await self._note(number, told=True)

    async def _note(self, number: int, **values: object) -> None:
        await self.connection.execute(
            update(broadcasts).where(broadcasts.c.id == number).values(**values)
        )

    async def receive(self, number: int, person: str, now: datetime) -> None:
        """Note that someone got a broadcast; the first time counts."""
        row = {"broadcast": number, "person": person, "at": now}
        await self.upsert(receipts, [row], ["broadcast", "person"])

    async def recipients(self, number: int, after: str = "", most: int = PART) -> list[Recipient]:
        """Return a part of those a broadcast is for, by id, with how far it got with them.

        ``after`` is the last one had.
        """
        some = (
            select(deliveries)
            .where(
                deliveries.c.occasion == occasion(number),
                deliveries.c.person > after,
            )
            .order_by(deliveries.c.person)
            .limit(most)
            .subquery()
        )
        wrote = (
            select(func.min(written_back.c.at))
            .where(written_back.c.broadcast == number, written_back.c.person == some.c.person)
            .scalar_subquery()
        )
        got = and_(receipts.c.broadcast == number, receipts.c.person == some.c.person)
        shown: list[ColumnElement[Any]] = [
            *(some.c.person, people.c.name, some.c.state, some.c.why, some.c.sent_at),
            *(receipts.c.at.label("got"), wrote.label("wrote")),
        ]
        query: Select[Any] = (
            select(*shown)
            .select_from(some)
            .outerjoin(people, people.c.id == some.c.person)
            .outerjoin(receipts, got)
            .order_by(some.c.person)
        )
        return [_recipient(row) for row in await self.connection.execute(query)]


def _recipient(row: Row[Any]) -> Recipient:
    state = end_of(row.state)
    why = "" if state in {"sent", "queued"} else row.why
    return Recipient(row.person, row.name or "", state, why, row.sent_at, row.got, row.wrote)


def _broadcast(row: Row[Any]) -> Broadcast:
    message = Message(
        row.title,
        row.body,
        row.kind,
        row.goal,
        Link(row.link, row.label) if row.link else None,
        row.acknowledge,
        row.sender,
        _CHECK.validate_python(row.question),
    )
    draft = Draft(
        message, row.rule, row.size, row.begins, row.own_morning, row.series, row.corrects
    )
    return Broadcast(
        number=row.id,
        author=row.author,
        draft=draft,
        stage=Stage(row.stage),
        at=row.at,
        decided_by=row.decided_by,
        name=row.name or "",
        asked=row.asked,
        told=row.told,
        second=row.second,
        sender=sign(row.sender_name or "", (row.sender_roles or "").split()),
        asked_at=row.asked_at,
        warned=row.warned,
        corrected=row.corrected,
        revision=row.revision,
    )
