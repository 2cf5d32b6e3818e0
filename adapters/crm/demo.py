"""A made-up CRM of a real one's size, for the demo: the same port, and rights to each row.

Every record is worked out from its number when it is read, so it takes next to no memory and is
always the same. Sales and service of a country share its companies, contacts and cases; sales
alone has opportunities, quotes and leads. Marketing sees companies, contacts and leads everywhere;
the CRM team and the board see all.
"""

import asyncio
import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Final

from adapters.crm.demo_rows import COLLECTIONS, KEYS, Rows, parse
from adapters.crm.looking import Link, Looking
from adapters.crm.names import core, fit, words
from adapters.crm.reading import Near, One, Row
from dialogs.records import Asker, Looked, Ref, Table, Unmapped, Wanted
from nudges.directory import Entry
from nudges.programme import Words

ORG: Final = "https://crm.lindenhof.example"
APP: Final = "5d1e7c1a-2f0b-4c7e-9a44-0c9f6f1d2b30"
EVERYTHING: Final = frozenset({"CRM team", "Board"})
SHARED: Final = frozenset({"account", "contact", "incident"})
SALES: Final = frozenset({*SHARED, "opportunity", "quote", "lead"})
MARKETING: Final = frozenset({"account", "contact", "lead"})
ACTIVITIES: Final = frozenset({"activitypointer", "appointment"})
OPEN_TO_ALL: Final = frozenset({"systemuser", "transactioncurrency"})
_TERM: Final = re.compile(r"(\w+) (eq|ne|ge) ([\w:.-]+)")
SHORT: Final = 4
"""Letters of a word that has to be typed right."""


class DemoCrm:
    """The CRM of a made-up company.

    Args:
        people: who works there; they own its records.
        tables: returns what people ask for.
        clock: what time it is; the last contact was before, the next appointment is after it.

    """

    def __init__(
        self,
        people: Sequence[Entry],
        tables: Callable[[], Mapping[str, Table]],
        clock: Callable[[], datetime],
    ) -> None:
        self._people = tuple(people)
        self._tables = tables
        self._clock = clock
        self._link = Link(ORG, APP)
        self._building: asyncio.Future[Rows] | None = None

    async def look_up(self, wanted: Wanted, asker: Asker) -> Looked:
        """Look a record up as this person."""
        email = asker.email.casefold()
        me = [n for n, p in enumerate(self._people) if p.email and p.email.casefold() == email]
        if len(me) != 1:
            return Unmapped()
        now = self._clock()
        eyes = _Eyes(await self._built(), self._people, me[0], now)
        tables = self._tables()
        looking = Looking(eyes, _Unnamed(), tables, asker.language, self._link, now)
        return await looking.look_up(wanted)

    async def close(self) -> None:
        """Have nothing to let go of."""

    async def _built(self) -> Rows:
        """Return the records, made when they are first asked for, while others are served."""
        if self._building is None:
            made = Rows(self._people)
            self._building = asyncio.ensure_future(asyncio.to_thread(made.prepared))
        return await asyncio.shield(self._building)


class _Unnamed:
    """Has no names of its own for columns; what people call them is shown."""

    def begin(self, table: Table) -> None:
        del table

    async def names(self, table: Table) -> Mapping[str, Words]:
        del table
        return {}


class _Eyes:
    """Reads as one of the people."""

    def __init__(self, rows: Rows, people: Sequence[Entry], me: int, now: datetime) -> None:
        self._rows = rows
        self._people = people
        self._now = now
        team, _, self._country = people[me].team.partition("/")
        self._all = people[me].team in EVERYTHING
        self._marketing = team == "Marketing"
        mine = {"Sales": SALES, "Service": SHARED, "Marketing": MARKETING}.get(team, frozenset())
        self._may = frozenset({*mine, *ACTIVITIES})

    async def contain(self, name: str, tables: Sequence[Table], most: int) -> Sequence[Ref]:
        """Return nothing: the search has seen to it."""
        del name, tables, most
        return ()

    async def search(self, name: str, tables: Sequence[Table], most: int) -> Sequence[Ref]:
        """Return where records with such a name are, those that fit best first."""
        asked = core(words(name))
        listed = [(table.id, self._rows.names(table.id)) for table in tables]
        near = [
            (place, table, n)
            for place, (table, names) in enumerate(listed)
            for n, said in enumerate(names)
            if all(w in said for w in asked)
        ]
        if not near and any(len(w) > SHORT for w in asked):
            near = [
                (place, table, n)
                for place, (table, names) in enumerate(listed)
                for n, said in enumerate(names)
                if _alike(asked, said)
            ]
        found = [
            (fit(name, self._rows.name(table, n)), place, self._rows.ref(table, n))
            for place, table, n in near
            if self._may_read(table, n)
        ]
        return [ref for _, _, ref in sorted(found, key=lambda each: each[:2])[:most]]

    async def ask(self, asked: Sequence[One | Near]) -> Sequence[Sequence[Row] | None]:
        """Answer each: the rows this person may read."""
        return [self._one(a) if isinstance(a, One) else self._near(a) for a in asked]

    def _one(self, asked: One) -> Sequence[Row] | None:
        table, number = COLLECTIONS.get(asked.collection), parse(asked.id)
        if table is None or number is None or number[0] != table:
            return None
        if not (number[1] < self._rows.count(table) and self._may_read(table, number[1])):
            return None
        row = self._rows.row(table, number[1], self._now)
        return [
            {k: v for k, v in row.items() if k.partition("@")[0] in {*asked.columns, KEYS[table]}}
        ]

    def _near(self, asked: Near) -> Sequence[Row] | None:
        table = COLLECTIONS.get(asked.collection)
        if table is None or not (self._all or table in {*self._may, *OPEN_TO_ALL}):
            return None
        rows = [
            row
            for n in self._rows.children(table, asked.by).get(asked.id, ())
            if self._may_read(table, n)
            and _holds(row := self._rows.row(table, n, self._now), asked.where)
        ]
        column, _, way = asked.order.partition(" ")
        rows = [r for r in rows if r.get(column) is not None]
        rows.sort(key=lambda r: str(r[column]), reverse=way == "desc")
        return [{asked.key: r[asked.key]} for r in rows[: asked.most]]

    def _may_read(self, table: str, number: int) -> bool:
        if self._all or table in OPEN_TO_ALL:
            return True
        if table not in self._may:
            return False
        return self._marketing or self._rows.country(table, number) == self._country


def _alike(asked: Sequence[str], said: str) -> bool:
    """Tell whether a name has every word, but for a slip in the longer ones."""
    there = said.split(" ")
    return all(
        any(one == w or (len(w) > SHORT and one[:1] == w[:1] and _slip(w, one)) for one in there)
        for w in asked
    )


def _slip(one: str, other: str) -> bool:
    """Tell whether one letter is too many, missing, wrong, or two are swapped."""
    if abs(len(one) - len(other)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), len(one))
    a, b = one[at:], other[at:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def _holds(row: Row, where: str) -> bool:
    """Tell whether a row is as a condition of ours says; none of anybody else's is known here."""
    for part in where.split(" and ") if where else ():
        either = [_TERM.fullmatch(term) for term in part.strip("()").split(" or ")]
        if not any(m and _is(row.get(m[1]), m[2], m[3]) for m in either):
            return False
    return True


def _is(value: object, operator: str, said: str) -> bool:
    told = "null" if value is None else str(value)
    if operator == "ge":
        return told != "null" and told >= said
    return (told == said) == (operator == "eq")
