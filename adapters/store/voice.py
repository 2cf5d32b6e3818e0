"""What people raise, as the store keeps it: what stands in the way, who raised it, and its state.

The words are their author's and go with them; what became of it stays. Nothing here says who
somebody is who gave no name, nor of which group where fewer than five people are in it.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from statistics import median
from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Row,
    Select,
    String,
    Table,
    delete,
    exists,
    func,
    literal,
    select,
    update,
)

from adapters.store.audit import Audit, Audited
from adapters.store.people import people
from adapters.store.schema import Moment, Number, erased_by, metadata, numbered
from adapters.store.sealed import Own, Private
from nudges.release import FLOOR
from nudges.voice import (
    OPEN,
    TEXT,
    TITLE,
    WHY,
    AskedBack,
    Closed,
    Item,
    Line,
    Merged,
    Raised,
    Raiser,
    Ruled,
    Solved,
    Sort,
    Sorted,
    State,
    Taken,
    ToldBack,
    VoiceFact,
    Waits,
    Wanted,
    may_become,
)

voices = Table(
    "voices",
    metadata,
    numbered(),
    Column("kind", String, nullable=False),
    Column("sort", String, nullable=False),
    Column("area", String, nullable=False),
    Column("state", String, nullable=False),
    Column("at", Moment, nullable=False),
    Column("owner", String, nullable=False),
    Column("due", Date),
    Column("words", String, nullable=False),
    Column("answered_at", Moment),
    Column("closed_at", Moment),
    Column("into", Number, nullable=False),
    Column("escalated_at", Moment),
    Column("title", String, nullable=False, default="", server_default=""),
    Column("changed_at", Moment),
    Column("told_at", Moment),
    Column("ruled_at", Moment),
    Column("ruling", String, nullable=False, default="", server_default=""),
    Column("back_at", Moment),
    Index("ix_voices_state_at", "state", "at"),
    info=erased_by(cleared={"owner": ""}),
    sqlite_autoincrement=True,
)
raisers = Table(
    "raisers",
    metadata,
    numbered(),
    Column("voice", Number, ForeignKey("voices.id"), nullable=False),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("key", String, nullable=False, unique=True),
    Column("text", Private, nullable=False),
    Column("language", String, nullable=False),
    Column("named", Boolean, nullable=False),
    Column("at", Moment, nullable=False),
    Column("solved", Boolean),
    Index("ix_raisers_voice", "voice"),
    Index("ix_raisers_person", "person"),
    info=erased_by("person"),
)


lines = Table(
    "voice_lines",
    metadata,
    numbered(),
    Column("voice", Number, ForeignKey("voices.id"), nullable=False),
    Column("person", String, ForeignKey("people.id"), nullable=False),
    Column("ours", Boolean, nullable=False),
    Column("text", Private, nullable=False),
    Column("at", Moment, nullable=False),
    Column("told_at", Moment),
    Index("ix_voice_lines_voice", "voice"),
    Index("ix_voice_lines_person", "person"),
    info=erased_by("person"),
    sqlite_autoincrement=True,
)
"""What the CRM team asked each of those who raised something, and what they answered."""


GROUPS = 4
"""So many groups of the queue are counted, the largest ones."""


class Voices(Audit):
    """The part of a transaction with what people raise."""

    async def keep_voice(  # noqa: C901 - a list, read down
        self, fact: VoiceFact, by: str, now: datetime
    ) -> None:
        """Keep what somebody raises, or what is done about it; ``by`` is who it is from."""
        match fact:
            case Raised():  # theirs: no log tells of it
                await self._raise(fact, by, now)
            case Solved(number, yes):
                await self._solved(number, by, now, yes=yes)
            case AskedBack(number, text):
                await self._ask_back(number, by, text, now)
            case ToldBack(number, text):
                theirs = exists().where(raisers.c.voice == number, raisers.c.person == by)
                if await self.connection.scalar(select(theirs)):
                    row = {
                        "voice": number,
                        "person": by,
                        "ours": False,
                        "text": Own(text[:TEXT], by),
                    }
                    await self.connection.execute(lines.insert().values(row | {"at": now}))
            case Ruled(number, words):
                changed = await self.connection.execute(
                    update(voices)
                    .where(voices.c.id == number, voices.c.state.in_(sorted(OPEN)))
                    .where(voices.c.escalated_at.is_not(None), voices.c.ruled_at.is_(None))
                    .values(ruled_at=now, ruling=words[:WHY], back_at=None)
                )
                await self._note_voice(now, by, "rule", number, done=changed.rowcount > 0)
            case Taken(number, due):
                done = await self._becomes(number, "taken", now, owner=by, due=due, closed_at=None)
                await self._note_voice(now, by, "take", number, done=done)
            case Closed(number, done, words):
                to: State = "done" if done else "declined"
                kept = await self._becomes(number, to, now, words=words[:WHY], closed_at=now)
                await self._note_voice(now, by, to, number, done=kept)
            case Merged(number, into):
                await self._note_voice(
                    now, by, "merge", number, done=await self._merge(number, into, now)
                )
            case Sorted(number, sort, area, title):
                told = {"sort": sort, "area": area, "title": title[:TITLE]}
                changed = await self.connection.execute(
                    update(voices).where(voices.c.id == number).values(told)
                )
                await self._note_voice(now, by, "sort", number, done=changed.rowcount > 0)

    async def _note_voice(
        self, now: datetime, by: str, act: str, number: int, *, done: bool
    ) -> None:
        if done:
            await self.audit(Audited(now, by, act, f"voice:{number}"))

    async def _raise(self, fact: Raised, by: str, now: datetime) -> None:
        here = exists().where(people.c.id == by)
        known = exists().where(raisers.c.key == fact.key)
        if not await self.connection.scalar(select(here & ~known)):
            return
        row = {"kind": fact.kind, "sort": fact.sort, "area": fact.area, "state": "new", "at": now}
        new = voices.insert().values(row | {"owner": "", "words": "", "into": 0})
        number = await self.connection.scalar(new.returning(voices.c.id))
        said = {
            "person": by,
            "key": fact.key,
            "text": Own(fact.text[:TEXT], by),
            "named": fact.named,
        }
        told = self.inserting(raisers).values(
            said | {"voice": number, "language": fact.language, "at": now}
        )
        first = await self.connection.execute(told.on_conflict_do_nothing(index_elements=["key"]))
        if not first.rowcount:  # the same turn was kept in between
            await self.connection.execute(delete(voices).where(voices.c.id == number))

    async def _becomes(self, number: int, to: State, now: datetime, **values: Any) -> bool:  # noqa: ANN401
        """Let something go on to a state, if it may; the first step is its first answer."""
        query = select(voices.c.state).where(voices.c.id == number).with_for_update()
        state = await self.connection.scalar(query)
        if state is None or not may_become(state, to):
            return False
        answered = func.coalesce(voices.c.answered_at, literal(now, Moment()))
        await self.connection.execute(
            update(voices)
            .where(voices.c.id == number)
            .values(state=to, answered_at=answered, changed_at=now, **values)
        )
        return True

    async def _solved(self, number: int, by: str, now: datetime, *, yes: bool) -> None:
        """Keep whether it is solved for somebody; if not for most who said so, it opens again."""
        mine = (raisers.c.voice == number, raisers.c.person == by)
        await self.connection.execute(update(raisers).where(*mine).values(solved=yes))
        of_it = select(raisers.c.solved, func.count(raisers.c.person.distinct()))
        rows = await self.connection.execute(
            of_it.where(raisers.c.voice == number).group_by(raisers.c.solved)
        )
        said = {row[0]: row[1] for row in rows}
        if said.get(False, 0) > said.get(True, 0):
            await self._becomes(number, "new", now, closed_at=None, told_at=now)

    async def _ask_back(self, number: int, by: str, text: str, now: datetime) -> None:
        """Put a question to everybody who raised something."""
        whose = select(raisers.c.person).where(raisers.c.voice == number).distinct()
        asked = [
            {"voice": number, "person": p, "ours": True, "text": Own(text[:WHY], p), "at": now}
            for p in sorted(await self.connection.scalars(whose))
        ]
        if asked:
            await self.connection.execute(lines.insert(), asked)
        await self._note_voice(now, by, "ask", number, done=bool(asked))

    async def _merge(self, number: int, into: int, now: datetime) -> bool:
        """Let something go on in something else that is open; who raised either hears of that."""
        other = select(voices.c.state).where(voices.c.id == into).with_for_update()
        if number == into or (await self.connection.scalar(other)) not in OPEN:
            return False
        if not await self._becomes(number, "merged", now, into=into, closed_at=now):
            return False
        for table in (raisers, lines):
            await self.connection.execute(
                update(table).where(table.c.voice == number).values(voice=into)
            )
        await self.connection.execute(
            update(voices).where(voices.c.id == into).values(told_at=None)
        )
        return True

    async def voice_queue(self, wanted: Wanted, most: int, after: int = 0) -> list[Item]:
        """Return what waits, oldest first, as far as whoever works on it may know.

        Args:
            wanted: which part of it.
            most: how many at most.
            after: the number of the last one that was seen; 0 begins at the first.

        """
        query = _which(wanted, select(voices)).where(voices.c.id > after)
        rows = await self.connection.execute(query.order_by(voices.c.id).limit(most))
        return await self._items(rows.all())

    async def voice_counts(self, wanted: Wanted) -> dict[State, int]:
        """Count what there is in each state."""
        query = _which(wanted, select(voices.c.state, func.count().label("many")), states=False)
        rows = await self.connection.execute(query.group_by(voices.c.state))
        return {row.state: row.many for row in rows}

    async def voice_groups(self, wanted: Wanted) -> tuple[dict[Sort, int], dict[str, int]]:
        """Count a part of the queue by what it is about, and by area; the most first."""
        found: list[dict[Any, int]] = []
        for column in (voices.c.sort, voices.c.area):
            many = func.count().label("many")
            query = _which(wanted, select(column.label("of"), many)).where(column != "")
            query = query.group_by(column).order_by(many.desc(), column).limit(GROUPS)
            found.append({row.of: row.many for row in await self.connection.execute(query)})
        return found[0], found[1]

    async def voice_items(self, numbers: Iterable[int]) -> dict[int, Item]:
        """Return what was raised, by number."""
        wanted = sorted(set(numbers))
        rows = await self.connection.execute(select(voices).where(voices.c.id.in_(wanted)))
        return {item.number: item for item in await self._items(rows.all())}

    async def raised_by(self, person: str) -> list[Item]:
        """Return what somebody raised, newest first, each as if they alone had."""
        rows = await self.connection.execute(
            select(
                voices,
                raisers.c.text,
                raisers.c.language,
                raisers.c.solved,
                raisers.c.at.label("said_at"),
            )
            .join(raisers, raisers.c.voice == voices.c.id)
            .where(raisers.c.person == person)
            .order_by(raisers.c.id.desc())
        )
        asked = await self.connection.execute(
            select(lines).where(lines.c.person == person).order_by(lines.c.id)
        )
        talk: dict[int, list[Line]] = {}
        for row in asked:
            talk.setdefault(row.voice, []).append(Line(0 if row.ours else 1, row.text, row.at))
        return [
            replace(
                _item(row, (Raiser(row.text, row.language, row.said_at),)),
                solved=row.solved,
                talk=tuple(talk.get(row.id, ())),
            )
            for row in rows
        ]

    async def raisers_of(self, number: int) -> list[str]:
        """Return everybody who raised something, so that they hear what becomes of it."""
        found = select(raisers.c.person).where(raisers.c.voice == number).distinct()
        return list(await self.connection.scalars(found.order_by(raisers.c.person)))

    async def _items(self, rows: Iterable[Row[Any]]) -> list[Item]:
        """Return rows of things that were raised with who raised them, as far as may be known."""
        some = list(rows)
        numbers = [row.id for row in some]
        large = select(people.c.segment).where(~people.c.left, people.c.segment != "")
        large = large.group_by(people.c.segment).having(func.count() >= FLOOR)
        told = await self.connection.execute(
            select(
                raisers, people.c.segment, people.c.name, people.c.segment.in_(large).label("large")
            )
            .join(people, people.c.id == raisers.c.person)
            .where(raisers.c.voice.in_(numbers))
            .order_by(raisers.c.id)
        )
        found: dict[int, list[Raiser]] = {}
        who: dict[int, dict[str, int]] = {}
        for row in told:
            name, segment = row.name if row.named else "", row.segment if row.large else ""
            one = Raiser(row.text, row.language, row.at, segment, name)
            found.setdefault(row.voice, []).append(one)
            places = who.setdefault(row.voice, {})
            places.setdefault(row.person, len(places) + 1)
        talk = await self._talk(numbers, who)
        owners = select(people.c.id, people.c.name).where(
            people.c.id.in_({row.owner for row in some})
        )
        names = {row.id: row.name for row in await self.connection.execute(owners)}
        return [
            replace(
                _item(r, tuple(found.get(r.id, ())), len(who.get(r.id, ()))),
                talk=talk.get(r.id, ()),
                owner_name=names.get(r.owner, ""),
            )
            for r in some
        ]

    async def _talk(
        self, numbers: Collection[int], who: Mapping[int, Mapping[str, int]]
    ) -> dict[int, tuple[Line, ...]]:
        """Return what was asked back, each question once, and what those who raised it said."""
        rows = await self.connection.execute(
            select(lines).where(lines.c.voice.in_(numbers)).order_by(lines.c.at, lines.c.id)
        )
        found: dict[int, dict[Line, None]] = {}
        for row in rows:
            place = 0 if row.ours else who.get(row.voice, {}).get(row.person, 1)
            found.setdefault(row.voice, {})[Line(place, row.text, row.at)] = None
        return {number: tuple(said) for number, said in found.items()}

    async def voice_waits(self, since: datetime) -> Waits:
        """Return how many days it takes, in the middle, of what was raised since then."""
        rows = await self.connection.execute(
            select(voices.c.at, voices.c.answered_at, voices.c.closed_at, voices.c.state)
            .where(voices.c.at >= since)
            .where(voices.c.state != "merged")
        )
        all_ = rows.all()
        answered = [row.answered_at - row.at for row in all_ if row.answered_at]
        solved = [row.closed_at - row.at for row in all_ if row.closed_at and row.state == "done"]
        return Waits(_middle(answered), _middle(solved))


def _which(
    wanted: Wanted, query: "Select[*tuple[Any, ...]]", *, states: bool = True
) -> "Select[*tuple[Any, ...]]":
    """Leave in a query what somebody wants to see; a group that is too small hides nobody's."""
    c = voices.c
    if states:
        query = query.where(c.state.in_(sorted(wanted.states)))
    for column, value in ((c.kind, wanted.kind), (c.sort, wanted.sort), (c.area, wanted.area)):
        if value:
            query = query.where(column == value)
    if wanted.segment:
        members = people.alias("members")
        size = (
            select(func.count())
            .where(members.c.segment == wanted.segment, ~members.c.left)
            .scalar_subquery()
        )
        of_it = exists().where(
            raisers.c.voice == c.id,
            raisers.c.person == people.c.id,
            people.c.segment == wanted.segment,
        )
        query = query.where(size >= FLOOR, of_it)
    return query


def _item(row: Row[Any], said: tuple[Raiser, ...], many: int = 1) -> Item:
    return Item(
        row.id,
        row.kind,
        row.sort,
        row.area,
        row.state,
        row.at,
        row.owner,
        row.due,
        row.words,
        row.into,
        many,
        said,
        title=row.title,
        ruling=row.ruling,
        above=row.escalated_at is not None and row.back_at is None,
    )


def _middle(spans: Collection[Any]) -> float | None:
    days = [span.total_seconds() / 86400 for span in spans]
    return round(median(days), 1) if days else None
