"""What the planner reads and writes: a batch of people, what they were asked, when they are next.

A batch costs four statements, however many people are in it, and is read without holding up
anyone who writes. Rows by the hundred go in as one parameter, so a statement is worked out once;
moments, which many people share, are read once.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import (
    ARRAY,
    JSON,
    Column,
    ColumnElement,
    FromClause,
    String,
    Text,
    any_,
    cast,
    column,
    func,
    literal,
    select,
    true,
    type_coerce,
    update,
)
from sqlalchemy.types import TypeEngine

from adapters.store.connection import Connected
from adapters.store.delivery_table import deliveries
from adapters.store.people import hours, people
from adapters.store.schema import Moment
from dialogs.notes import dump
from nudges.delivery import Delivery, State
from nudges.people import Hours, Person
from nudges.reminders import Asked

Given: TypeAlias = Mapping[str, tuple[TypeEngine[Any], Sequence[Any]]]
"""Values that go in together, by the name of their column, with its type."""
READ = 65536
"""How many different moments, hours and notes are remembered as read."""
_MOMENT = Moment()


class Planning(Connected):
    """The planner's part of a transaction."""

    async def due(self, now: datetime, limit: int) -> list[Person]:
        """Return people whose next touch is due, longest overdue first.

        Only what planning needs is filled in: no name, no address, no role.
        """
        c = people.c
        rows = await self.connection.execute(
            select(
                c.id,
                c.zone,
                c.country,
                c.starts,
                c.ends,
                cast(c.days, Text),
                c.quiet_from,
                c.quiet_until,
                c.fewer,
                c.welcomed,
                c.stopped,
                c.left,
                raw(c.away_from),
                raw(c.away_until),
                raw(c.paused_until),
                raw(c.next_due),
            )
            .where(c.next_due <= now)
            .order_by(c.next_due)
            .limit(limit)
        )
        found = [
            Person(
                id=who,
                zone=zone,
                country=country,
                hours=read_hours(starts, ends, days, quiet_from, quiet_until),
                fewer=fewer,
                welcomed=welcomed,
                stopped=stopped,
                left=left,
                away_from=moment(away_from),
                away_until=moment(away_until),
                paused_until=moment(paused_until),
                next_due=moment(next_due),
            )
            for (
                who,
                zone,
                country,
                starts,
                ends,
                days,
                quiet_from,
                quiet_until,
                fewer,
                welcomed,
                stopped,
                left,
                away_from,
                away_until,
                paused_until,
                next_due,
            ) in rows.all()
        ]
        return sorted(found, key=lambda p: (p.next_due or now, p.id))

    async def asked(self, persons: Sequence[str], pulses: Sequence[str]) -> dict[str, list[Asked]]:
        """Return which of these pulses each person was asked, oldest first; no cancelled ones."""
        c = deliveries.c
        rows = await self.connection.execute(
            select(
                c.person,
                c.occasion,
                c.state,
                raw(c.due),
                raw(c.sent_at),
                raw(c.answered_at),
                cast(c.note, Text),
            )
            .where(
                c.occasion.in_(pulses),
                self._among(c.person, persons),
                c.state != State.CANCELLED.value,
            )
            .order_by(c.id)
        )
        found: dict[str, list[Asked]] = {}
        for person, pulse, state, due, sent, answered, note in rows.all():
            found.setdefault(person, []).append(
                Asked(pulse, moment(sent or due), State(state), moment(answered), _questions(note))
            )
        return found

    async def due_next(self, moved: Iterable[tuple[Person, datetime]]) -> set[str]:
        """Note when people are due next; returns those who still were as we read them.

        Who moved meanwhile, by an answer or by another planner, is left as they are now.
        """
        wanted = sorted((person.id, person.next_due, at) for person, at in moved)
        if not wanted:
            return set()
        who, was, at = zip(*wanted, strict=True)
        given = self._given({"who": (String(), who), "was": (_MOMENT, was), "at": (_MOMENT, at)})
        rows = await self.connection.scalars(
            update(people)
            .where(people.c.id == given.c.who, people.c.next_due == given.c.was)
            .values(next_due=given.c.at)
            .returning(people.c.id)
        )
        return set(rows)

    async def plan(self, wanted: Sequence[Delivery]) -> None:
        """Queue what was planned; what was before stays as it is, unless it was cancelled."""
        if not wanted:
            return
        rows = sorted(wanted, key=lambda d: d.person)
        notes = [dump(d.note) for d in rows]
        given = self._given(
            {
                "occasion": (String(), [d.occasion for d in rows]),
                "person": (String(), [d.person for d in rows]),
                "kind": (String(), [d.kind for d in rows]),
                "note": (String(), [json.dumps(note) for note in notes]),
                "card": (String(), [note["card"] for note in notes]),
                "subject": (String(), [d.note.subject for d in rows]),
                "priority": (deliveries.c.priority.type, [int(d.priority) for d in rows]),
                "run": (String(), [d.run for d in rows]),
                "due": (_MOMENT, [d.due for d in rows]),
            }
        )
        values = {c.name: c for c in given.c} | {
            "note": cast(given.c.note, JSON) if not self._lite else given.c.note,
            "lane": people.c.lane,
            "state": literal(State.QUEUED.value),
            "attempt": literal(0),
            "fence": literal(0),
            "ref": literal(""),
            "why": literal(""),
        }
        # SQLite takes ON CONFLICT after a SELECT only where that has a WHERE.
        whose = given.join(people, people.c.id == given.c.person)
        source = select(*values.values()).select_from(whose).where(true())
        statement = self.inserting(deliveries).from_select(list(values), source)
        changed = {
            name: statement.excluded[name]
            for name in ("note", "subject", "priority", "run", "lane", "due", "state")
        }
        await self.connection.execute(
            statement.on_conflict_do_update(
                index_elements=["occasion", "person"],
                set_=changed,
                where=deliveries.c.state == State.CANCELLED.value,
            )
        )

    @property
    def _lite(self) -> bool:
        return self.connection.dialect.name == "sqlite"

    def _among(self, what: Column[str], values: Sequence[str]) -> ColumnElement[bool]:
        """Say that a column has one of many values."""
        if self._lite:
            each = func.json_each(json.dumps(values)).table_valued("value")
            return what.in_(select(each.c.value))
        return what == any_(literal(list(values), ARRAY(String)))

    def _given(self, columns: Given) -> FromClause:
        """Return values as rows that a statement can select from."""
        if self._lite:
            return self._given_lite(columns)
        arrays = [literal(list(values), ARRAY(of)) for of, values in columns.values()]
        named = [column(name, of) for name, (of, _) in columns.items()]
        return func.unnest(*arrays).table_valued(*named, name="given").render_derived()

    def _given_lite(self, columns: Given) -> FromClause:
        dialect, stored = self.connection.dialect, list[Sequence[Any]]()
        for of, values in columns.values():
            process = of.dialect_impl(dialect).bind_processor(dialect)
            known = {value: process(value) for value in set(values)} if process else {}
            stored.append([known[value] for value in values] if process else values)
        rows = json.dumps(list(zip(*stored, strict=True)))
        each = func.json_each(rows).table_valued("value")
        picked = [
            func.json_extract(each.c.value, f"$[{place}]", type_=of).label(name)
            for place, (name, (of, _)) in enumerate(columns.items())
        ]
        return select(*picked).subquery("given")


def raw(what: Column[Any]) -> ColumnElement[Any]:
    """Select a column as the driver hands it over."""
    return type_coerce(what, String)


@lru_cache(maxsize=READ)
def moment(stored: Any) -> Any:  # noqa: ANN401 - text or a moment, as the driver hands it over
    """Read a moment that was selected raw; many rows share the same."""
    if isinstance(stored, str):
        return datetime.fromisoformat(stored).replace(tzinfo=UTC)
    return stored.astimezone(UTC) if stored else None


@lru_cache(maxsize=READ)
def read_hours(
    starts: str, ends: str, days: str, quiet_from: str | None, quiet_until: str | None
) -> Hours:
    """Read working hours that were selected as text; many people share the same."""
    return hours(starts, ends, tuple(json.loads(days)), quiet_from, quiet_until)


@lru_cache(maxsize=READ)
def _questions(note: str) -> tuple[str, ...]:
    return tuple(json.loads(note).get("questions", ()))
