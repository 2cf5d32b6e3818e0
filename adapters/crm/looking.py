"""Find the record that somebody means, and tell of it what they may read.

Everything is read as the asker: every hit of a search again by its id, and so every record that a
fact rests on. What cannot be read is not there: not in a count, not among several, not as a name.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final

from adapters.crm.names import EXACT, FORM, OTHER, clean, fit
from adapters.crm.reading import Eyes, Naming, Near, One, Row, guid, spoken
from adapters.crm.values import CURRENCY, amount, formatted, moment, own, plain, pointed
from dialogs.records import (
    FactOf,
    Looked,
    Match,
    Matches,
    Money,
    Nothing,
    Record,
    Ref,
    Several,
    Table,
    Told,
    Value,
    Wanted,
)
from nudges.people import Language

MOST: Final = 5
"""How many records are offered to choose from."""
HITS: Final = 20
"""How many hits of a search are read again."""
COUNTED: Final = 20
"""How far related records are counted; beyond it there are "more than" so many."""
NAMED: Final = 3
"""How many of them are named."""
TRIED: Final = 3
"""Of how many of the newest activities one has to be readable."""
CUSTOMERS: Final = ("account", "contact")
_NAMES: Final = {
    "systemuser": ("systemusers", "fullname"),
    "team": ("teams", "name"),
    "account": ("accounts", "name"),
    "contact": ("contacts", "fullname"),
    "lead": ("leads", "fullname"),
    "opportunity": ("opportunities", "name"),
    "incident": ("incidents", "title"),
    "transactioncurrency": ("transactioncurrencies", "isocurrencycode"),
}
"""Where the name of a record stands that another one refers to."""
Pointed = tuple[str, str]


@dataclass(frozen=True, slots=True)
class _Found:
    table: Table
    id: str
    row: Row

    @property
    def name(self) -> str:
        return plain(self.row.get(self.table.name))


@dataclass(frozen=True)
class Looking:
    """Looks one thing up, as one person.

    Args:
        eyes: reads as this person.
        naming: knows what the CRM calls its columns.
        tables: what people ask for.
        language: the asker's.
        link: returns the address that opens a record.
        now: what time it is; an appointment after it is the next one.

    """

    eyes: Eyes
    naming: Naming
    tables: Mapping[str, Table]
    language: Language
    link: "Link"
    now: datetime
    known: dict[Pointed, str] = field(default_factory=dict[Pointed, str])

    async def look_up(self, wanted: Wanted) -> Looked:
        """Return the record that is meant, the several that may be, or nothing."""
        if wanted.ref is not None:
            table, id_ = self.tables.get(wanted.ref.table), guid(wanted.ref.id)
            found = await self._read([(table, id_)], wanted.fact) if table and id_ else []
            return await self._record(found[0], wanted.fact) if found else Nothing()
        name = clean(wanted.name)
        if not name:
            return Nothing()
        scope = [self.tables[wanted.table]] if wanted.table in self.tables else [*self._all()]
        found = await self._named(name, scope, wanted.fact)
        if not found and scope[0].of and wanted.table:
            return await self._of_customer(scope[0], name, wanted)
        return await self._choose(found, name, wanted)

    async def _ask(self, asked: Sequence[One | Near]) -> Sequence[Sequence[Row] | None]:
        return await self.eyes.ask(asked) if asked else ()

    def _all(self) -> Sequence[Table]:
        """Return the tables, customers first."""
        return sorted(self.tables.values(), key=lambda table: bool(table.of))

    async def _named(self, name: str, scope: Sequence[Table], fact: str) -> list[_Found]:
        """Find by the search; where that leads to nothing like it, by what names contain."""
        found = await self._hit(await self.eyes.search(name, scope, HITS), scope, fact)
        if any(fit(name, one.name) != OTHER for one in found):
            return found
        seen = {(one.table.id, one.id) for one in found}
        more = await self._hit(await self.eyes.contain(name, scope, HITS), scope, fact)
        return [one for one in more if (one.table.id, one.id) not in seen] + found

    async def _hit(self, hits: Sequence[Ref], scope: Sequence[Table], fact: str) -> list[_Found]:
        """Read the hits of a search again; nothing that the search said of them is used."""
        by_id = {table.id: table for table in scope}
        places = dict.fromkeys(
            (hit.table, id_)
            for hit in hits
            if hit.table in by_id and (id_ := guid(hit.id)) is not None
        )
        return await self._read([(by_id[key], id_) for key, id_ in [*places][:HITS]], fact)

    async def _read(self, wanted: Sequence[tuple[Table, str]], fact: str) -> list[_Found]:
        """Read records by their ids; those that may not be read are not there."""
        asked = [One(table.collection, id_, _columns(table, fact)) for table, id_ in wanted]
        told = await self._ask(asked)
        found = [
            _Found(table, id_, rows[0])
            for (table, id_), rows in zip(wanted, told, strict=True)
            if rows
        ]
        return [one for one in found if one.name]

    async def _of_customer(self, table: Table, name: str, wanted: Wanted) -> Looked:
        """Find what belongs to the customers of that name, newest first."""
        scope = [self.tables[key] for key in CUSTOMERS if key in self.tables]
        found = await self._named(name, scope, wanted.fact)
        best = min((fit(name, one.name) for one in found), default=OTHER)
        if best == OTHER:
            return Nothing()
        of = [one for one in found if fit(name, one.name) == best][:MOST]
        near = [
            Near(table.collection, table.key, table.of, one.id, "createdon desc", most=HITS)
            for one in of
        ]
        told = await self.eyes.ask(near)
        ids = [id_ for rows in told for row in rows or () if (id_ := guid(row.get(table.key)))]
        records = await self._read([(table, id_) for id_ in dict.fromkeys(ids)][:HITS], wanted.fact)
        if len(records) == 1:
            return await self._record(records[0], wanted.fact)
        return await self._matches(records)

    async def _choose(self, found: Sequence[_Found], name: str, wanted: Wanted) -> Looked:
        ranked = sorted(
            ((fit(name, one.name), place, one) for place, one in enumerate(found)),
            key=lambda each: (each[0], bool(each[2].table.of), each[1]),
        )
        ranked = _fitting(ranked, wanted)
        if not ranked:
            return Nothing()
        best = ranked[0][0]
        if best in {EXACT, FORM}:
            ranked = [each for each in ranked if each[0] == best]
        records = [one for _, _, one in ranked]
        if len(records) == 1 and best != OTHER:
            return await self._record(records[0], wanted.fact)
        return await self._matches(records)

    async def _matches(self, records: Sequence[_Found]) -> Matches | Nothing:
        if not records:
            return Nothing()
        shown = records[:MOST]
        await self._learn([p for one in shown for p in _apart_of(one)])
        some = tuple(Match(Ref(one.table.id, one.id), one.name, self._apart(one)) for one in shown)
        return Matches(some, more=len(records) > MOST)

    def _apart(self, one: _Found) -> tuple[str, ...]:
        told: list[str] = []
        for column in one.table.apart:
            if pair := pointed(one.row, column):
                told.append(self.known.get(pair, ""))
            elif not column.startswith("_"):
                told.append(formatted(one.row, column) or plain(one.row.get(column)))
        return tuple(dict.fromkeys(text for text in told if text and text != one.name))

    async def _record(self, one: _Found, fact: str) -> Record:
        table = one.table
        self.naming.begin(table)
        facts = _asked(table, fact)
        near = [(f, self._near(f, one)) for f in facts if f.related]
        points = [p for f in facts if (p := _points(f, one.row))]
        ids = await self._learn(points, [each for _, each in near])
        related = await self._counted([(f, rows) for (f, _), rows in zip(near, ids, strict=True)])
        labels = await self.naming.names(table)
        told: list[Told] = []
        for each in facts:
            found = related.get(each.id, _HIDDEN) if each.related else self._value(each, one.row)
            if not isinstance(found, _Hidden):
                label = spoken(each.label, self.language) or self._called(each, labels)
                told.append(Told(each.id, label, found))
        ref = Ref(table.id, one.id)
        return Record(ref, one.name, self.link(table, one.id), tuple(told))

    def _called(self, fact: FactOf, labels: Mapping[str, Mapping[str, str]]) -> str:
        """Return the CRM's own label, else what people call it."""
        column = fact.column.removeprefix("_").removesuffix("_value")
        if said := spoken(labels.get(column, {}), self.language):
            return said
        asked = fact.asked.get(self.language) or next(iter(fact.asked.values()), ())
        return asked[0].capitalize() if asked else fact.id.capitalize()

    def _near(self, fact: FactOf, one: _Found) -> Near:
        stamp = self.now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        also, order, most = {
            "last": (f"{fact.column} ne null", f"{fact.column} desc", TRIED),
            "next": (f"{fact.column} ge {stamp}", f"{fact.column} asc", TRIED),
        }.get(fact.kind, ("", "createdon desc", COUNTED + 1))
        where = " and ".join(part for part in (fact.where, also) if part)
        return Near(fact.related, fact.key, fact.by, one.id, order, where, most)

    async def _learn(
        self, points: Sequence[Pointed], near: Sequence[Near] = ()
    ) -> list[Sequence[Row] | None]:
        """Read the names of the records that are referred to, and list related ones on the way."""
        places = {t.id: (t.collection, t.name) for t in self.tables.values()} | _NAMES
        new = [p for p in dict.fromkeys(points) if p[0] in places and p not in self.known]
        ones = [One(places[table][0], id_, (places[table][1],)) for table, id_ in new]
        asked: list[One | Near] = [*ones, *near]
        told = await self._ask(asked)
        for pair, rows in zip(new, told, strict=False):
            if rows and (name := plain(rows[0].get(places[pair[0]][1]))):
                self.known[pair] = name
        return [*told[len(new) :]]

    async def _counted(
        self, near: Sequence[tuple[FactOf, Sequence[Row] | None]]
    ) -> dict[str, "Value | _Hidden | None"]:
        """Read related records again, each by its id; only what comes back counts."""
        asked: list[One] = []
        mine: dict[str, range] = {}
        for fact, rows in near:
            if rows is None:
                continue
            most = COUNTED + 1 if fact.kind == "count" else TRIED
            ids = dict.fromkeys(i for row in rows if (i := guid(row.get(fact.key))))
            begin = len(asked)
            asked += [One(fact.related, id_, (fact.column,)) for id_ in [*ids][:most]]
            mine[fact.id] = range(begin, len(asked))
        told = await self._ask(asked)
        found: dict[str, Value | _Hidden | None] = {}
        for fact, _ in near:
            if fact.id in mine:
                rows = [each[0] for place in mine[fact.id] if (each := told[place])]
                found[fact.id] = _summed(fact, rows)
        return found

    def _value(self, fact: FactOf, row: Row) -> "Value | _Hidden | None":
        match fact.kind:
            case "lookup":
                if row.get(fact.column) is None:
                    return None
                pair = pointed(row, fact.column)
                return self.known.get(pair, _HIDDEN) if pair else _HIDDEN
            case "money":
                number = amount(row.get(fact.column))
                if number is None:
                    return None
                pair = pointed(row, CURRENCY)
                currency = self.known.get(pair, "") if pair else ""
                if currency:
                    return Money(number, currency)
                return formatted(row, fact.column) or number
            case _:
                return own(row, fact)


class _Hidden:
    """A fact that rests on what this person may not read."""


_HIDDEN: Final = _Hidden()


class Link:
    """Opens a record in the CRM's app.

    Args:
        org: the address of the CRM.
        app: the id of the app that people work in.

    """

    def __init__(self, org: str, app: str) -> None:
        self._start = f"{org.rstrip('/')}/main.aspx?appid={app}&pagetype=entityrecord"

    def __call__(self, table: Table, id_: str) -> str:
        """Return the address of one record."""
        return f"{self._start}&etn={table.id}&id={id_}"


Ranked = tuple[int, int, _Found]


def _fitting(ranked: Sequence[Ranked], wanted: Wanted) -> list[Ranked]:
    """Leave out what is less likely meant: without the fact asked for, or a customer's."""
    found = [*ranked]
    if wanted.fact:
        having = [r for r in found if any(f.id == wanted.fact for f in r[2].table.facts)]
        found = having if any(rank != OTHER for rank, _, _ in having) else found
    if not wanted.table:
        customers = [r for r in found if not r[2].table.of]
        sure = any(rank != OTHER for rank, _, _ in customers)
        doubtful = all(rank == OTHER for rank, _, _ in found)
        found = customers if sure or (customers and doubtful) else found
    if any(rank != OTHER for rank, _, _ in found):
        found = [r for r in found if r[0] != OTHER]
    return found


def _asked(table: Table, fact: str) -> tuple[FactOf, ...]:
    """Return the fact that was asked for, or all of them."""
    return tuple(f for f in table.facts if f.id == fact) or table.facts


def _columns(table: Table, fact: str) -> tuple[str, ...]:
    """Return the columns that are read of a record: each once, and none that nobody asked for."""
    facts = [f for f in _asked(table, fact) if not f.related]
    money = [CURRENCY] if any(f.kind == "money" for f in facts) else []
    columns = [f.column for f in facts]
    return tuple(dict.fromkeys([table.name, *table.apart, *columns, *money]))


def _apart_of(one: _Found) -> list[Pointed]:
    return [p for column in one.table.apart if (p := pointed(one.row, column))]


def _points(fact: FactOf, row: Row) -> Pointed | None:
    match fact.kind:
        case "lookup":
            return pointed(row, fact.column)
        case "money" if row.get(fact.column) is not None:
            return pointed(row, CURRENCY)
        case _:
            return None


def _summed(fact: FactOf, rows: Sequence[Row]) -> Value | None:
    if fact.kind != "count":
        return next((at for row in rows if (at := moment(row.get(fact.column)))), None)
    names = [plain(row.get(fact.column)) for row in rows]
    return Several(
        min(len(rows), COUNTED),
        tuple([name for name in names if name][:NAMED]),
        more=len(rows) > COUNTED,
    )
