"""The records of the made-up CRM, each worked out from its number when it is read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property
from typing import Any, Final
from zlib import crc32

from adapters.crm import demo_names as made_up
from adapters.crm.names import words
from adapters.crm.reading import FORMATTED, LOOKUP, Row, guid
from dialogs.records import Ref
from nudges.directory import Entry

SIZES: Final = {
    "account": 2_000,
    "contact": 4_500,
    "opportunity": 3_000,
    "incident": 1_500,
    "lead": 800,
    "quote": 1_200,
    "activitypointer": 9_000,
    "appointment": 1_500,
    "transactioncurrency": 4,
}
COLLECTIONS: Final = {
    "accounts": "account",
    "contacts": "contact",
    "opportunities": "opportunity",
    "incidents": "incident",
    "leads": "lead",
    "quotes": "quote",
    "activitypointers": "activitypointer",
    "appointments": "appointment",
    "transactioncurrencies": "transactioncurrency",
    "systemusers": "systemuser",
}
KEYS: Final = {
    table: "activityid" if table in {"activitypointer", "appointment"} else f"{table}id"
    for table in COLLECTIONS.values()
}
SEARCHED: Final = frozenset({"account", "contact", "opportunity", "lead", "incident"})
_TABLES: Final = tuple(KEYS)
COUNTRIES: Final = ("Netherlands", "UK", "US", "Singapore")
CURRENCIES: Final = ("EUR", "GBP", "USD", "SGD")
SHARES: Final = (60, 18, 12, 10)
"""Of a hundred companies, how many are in which country."""
STATUS: Final = {1: "In Progress", 2: "On Hold", 3: "Waiting for Details"}
PRIORITY: Final = {1: "High", 2: "Normal", 3: "Low"}
LEADS: Final = {1: "New", 2: "Contacted"}
_CALLING: Final = ("+31 ", "+44 ", "+1 ", "+65 ")


def chance(table: str, number: int, what: str, of: int) -> int:
    """Return a number below ``of`` that is always the same for the same record."""
    return crc32(f"{table}/{number}/{what}".encode()) % of


def made_id(table: str, number: int) -> str:
    """Return a record's id."""
    return f"{_TABLES.index(table) + 0xC0DE:08x}-0000-4000-8000-{number:012x}"


def parse(id_: str) -> tuple[str, int] | None:
    """Return which record has an id: its table, and its number."""
    if guid(id_) is None:
        return None
    table = int(id_[:8], 16) - 0xC0DE
    if not 0 <= table < len(_TABLES) or id_[8:24] != "-0000-4000-8000-":
        return None
    return _TABLES[table], int(id_[24:], 16)


class Rows:
    """All records; who owns them is among the people."""

    def __init__(self, people: Sequence[Entry]) -> None:
        self._people = people
        self._words: dict[str, list[str]] = {}
        self._children: dict[tuple[str, str], Mapping[str, Sequence[int]]] = {}
        self.name = cache(self._name)
        self.country = cache(self._country)

    def prepared(self) -> "Rows":
        """Work out what every search needs, and return itself."""
        for table, refers in _REFERS.items():
            self.names(table)
            for column in refers:
                self.children(table, column)
        return self

    def count(self, table: str) -> int:
        """Return how many records a table has."""
        return len(self._people) if table == "systemuser" else SIZES[table]

    def names(self, table: str) -> Sequence[str]:
        """Return the names of all records of a table, each as its words."""
        if table not in self._words:
            listed = range(self.count(table)) if table in SEARCHED else ()
            self._words[table] = [" ".join(words(self._name(table, n))) for n in listed]
        return self._words[table]

    def ref(self, table: str, number: int) -> Ref:
        """Return the reference to a record."""
        return Ref(table, made_id(table, number))

    def children(self, table: str, by: str) -> Mapping[str, Sequence[int]]:
        """Return which records of a table refer to which one."""
        if (table, by) not in self._children:
            found: defaultdict[str, list[int]] = defaultdict(list)
            for number in range(self.count(table)):
                parent = self._parent(table, number)
                if parent and by in _REFERS[table]:
                    found[made_id(*parent)].append(number)
            self._children[table, by] = dict(found)
        return self._children[table, by]

    def row(self, table: str, number: int, now: datetime) -> Row:
        """Return a record as the Web API would tell it."""
        told: dict[str, Any] = {KEYS[table]: made_id(table, number)}
        if table == "systemuser":
            return told | {"fullname": self._people[number].name}
        if table == "transactioncurrency":
            return told | {"isocurrencycode": CURRENCIES[number]}
        place = COUNTRIES.index(self._country(table, number))
        told |= self._of(table, number, place, now)
        told["statecode"] = self._state(table, number)
        told["createdon"] = _day(now, -chance(table, number, "created", 900) - 3)
        told |= _lookup("_ownerid_value", "systemuser", self._owner(table, number))
        told |= _lookup("_transactioncurrencyid_value", "transactioncurrency", place)
        if parent := self._parent(table, number):
            for column in _REFERS[table]:
                told |= _lookup(column, *parent)
        return told

    def _of(self, table: str, number: int, place: int, now: datetime) -> dict[str, Any]:
        """Return the columns that only records of this table have."""
        name = self._name(table, number)
        match table:
            case "account":
                return {"name": name, **self._reach(table, number, place), **_worth(table, number)}
            case "contact":
                job = made_up.JOBS[chance(table, number, "job", len(made_up.JOBS))]
                return {"fullname": name, "jobtitle": job, **self._reach(table, number, place)}
            case "opportunity":
                return {"name": name, **_deal(number, now)}
            case "incident":
                return {"title": name, "ticketnumber": f"CAS-{10_000 + number}", **_case(number)}
            case "lead":
                told = {"fullname": name, "companyname": _company(table, number, place)}
                topic = made_up.DEALS[chance(table, number, "deal", len(made_up.DEALS))]
                choice = _choice("statuscode", LEADS, chance(table, number, "status", 2) + 1)
                return {**told, "subject": topic, **self._reach(table, number, place), **choice}
            case "quote":
                return {"name": name}
            case "activitypointer":
                ago = chance(table, number, "ago", 240) + 1
                return {"subject": name, "actualend": _day(now, -ago)}
            case _:
                ahead = chance(table, number, "ahead", 60) - 20
                return {"subject": name, "scheduledstart": _day(now, ahead)}

    def _name(self, table: str, number: int) -> str:
        match table:
            case "account":
                if number < len(made_up.KNOWN):
                    return made_up.KNOWN[number][0]
                return _company(table, number, COUNTRIES.index(self._country(table, number)))
            case "contact" | "lead":
                if table == "contact" and number < len(made_up.PEOPLE):
                    return made_up.PEOPLE[number][0]
                return _person(table, number, self._country(table, number))
            case "systemuser":
                return self._people[number].name
            case _:
                about = made_up.CASES if table == "incident" else made_up.DEALS
                what = about[chance(table, number, "what", len(about))]
                parent = self._parent(table, number)
                return f"{what}, {self._name(*parent)}" if parent and table != "quote" else what

    def _reach(self, table: str, number: int, place: int) -> dict[str, Any]:
        """Return how somebody is reached; now and then nobody filled that in."""
        towns = made_up.REGIONS[COUNTRIES[place]]
        town = towns[chance(table, number, "town", len(towns))]
        street = made_up.STREETS[chance(table, number, "street", len(made_up.STREETS))]
        house = chance(table, number, "house", 220) + 1
        digits = f"{chance(table, number, 'phone', 90_000_000) + 10_000_000}"
        host = "".join(words(self._name(table, number)))[:24] or "post"
        filled = chance(table, number, "filled", 10)
        return {
            "address1_city": town,
            "address1_composite": f"{street} {house}\n{town}\n{COUNTRIES[place]}",
            "telephone1": f"{_CALLING[place]}{digits[:2]} {digits[2:]}" if filled else None,
            "mobilephone": f"{_CALLING[place]}6 {digits}" if filled > 2 else None,  # noqa: PLR2004
            "emailaddress1": f"{host}@post.example" if filled != 1 else None,
            "websiteurl": f"https://{host}.example",
            "accountnumber": f"A{100_000 + number}",
        }

    def _state(self, table: str, number: int) -> int:
        match table:
            case "opportunity" | "incident":
                return int(chance(table, number, "state", 3) == 0)
            case "activitypointer":
                return 1
            case _:
                return 0

    def _parent(self, table: str, number: int) -> tuple[str, int] | None:
        """Return the record that one belongs to."""
        match table:
            case "contact" if number < len(made_up.PEOPLE):
                return "account", made_up.PEOPLE[number][1]
            case "contact" | "opportunity" | "quote":
                return "account", _skewed(table, number)
            case "incident" | "activitypointer" | "appointment" if number < len(made_up.PEOPLE):
                return "contact", number
            case "incident" | "activitypointer" | "appointment":
                if chance(table, number, "whose", 3) == 0:
                    return "contact", chance(table, number, "contact", SIZES["contact"])
                return "account", _skewed(table, number)
            case _:
                return None

    def _country(self, table: str, number: int) -> str:
        if parent := self._parent(table, number):
            return self.country(*parent)
        if table == "account" and number < len(made_up.KNOWN):
            return made_up.KNOWN[number][1]
        drawn = chance(table, number, "country", 100)
        for country, share in zip(COUNTRIES, SHARES, strict=True):
            if drawn < share:
                return country
            drawn -= share
        return COUNTRIES[0]

    def _owner(self, table: str, number: int) -> int:
        if (parent := self._parent(table, number)) and table != "incident":
            return self._owner(*parent)
        country = self.country(table, number)
        job = "Service" if table == "incident" else "Sales"
        some = self._owners.get(f"{job}/{country}") or self._owners.get(f"Sales/{country}")
        some = some or self._owners.get(f"Service/{country}") or [0]
        return some[chance(table, number, "owner", len(some))]

    @cached_property
    def _owners(self) -> Mapping[str, Sequence[int]]:
        found: defaultdict[str, list[int]] = defaultdict(list)
        for number, person in enumerate(self._people):
            found[person.team].append(number)
        return found


_REFERS: Final[Mapping[str, Sequence[str]]] = {
    "account": (),
    "contact": ("_parentcustomerid_value",),
    "opportunity": ("_parentaccountid_value", "_customerid_value"),
    "incident": ("_customerid_value",),
    "lead": (),
    "quote": ("_customerid_value",),
    "activitypointer": ("_regardingobjectid_value",),
    "appointment": ("_regardingobjectid_value",),
    "transactioncurrency": (),
    "systemuser": (),
}


def _skewed(table: str, number: int) -> int:
    """Return which company something belongs to; some have a lot more than others."""
    few = chance(table, number, "few", 3) == 0
    return chance(table, number, "account", 120 if few else SIZES["account"])


def _company(table: str, number: int, place: int) -> str:
    country = COUNTRIES[place]
    names, trades = made_up.SURNAMES[country], made_up.TRADES[country]
    towns, forms = made_up.REGIONS[country], made_up.FORMS[country]
    who = names[chance(table, number, "who", len(names))]
    trade = trades[chance(table, number, "trade", len(trades))]
    form = forms[chance(table, number, "form", len(forms))]
    if chance(table, number, "kind", 4) == 0:
        who = towns[chance(table, number, "seat", len(towns))]
    return f"{who} {trade} {form}".strip()


def _person(table: str, number: int, country: str) -> str:
    first, last = made_up.FIRST[country], made_up.SURNAMES[country]
    name = last[chance(table, number, "last", len(last))]
    particle = name.partition(" ")[0] in {"De", "Van", "Ten", "Ter"}
    name = name[0].lower() + name[1:] if particle else name
    return f"{first[chance(table, number, 'first', len(first))]} {name}"


def _worth(table: str, number: int) -> dict[str, Any]:
    worth = (chance(table, number, "worth", 900) + 10) * 25_000
    return {"revenue": worth if chance(table, number, "told", 5) else None}


def _deal(number: int, now: datetime) -> dict[str, Any]:
    closes = now + timedelta(days=chance("opportunity", number, "closes", 180) - 20)
    day = closes.date()
    return {
        "stepname": made_up.STAGES[chance("opportunity", number, "stage", len(made_up.STAGES))],
        "estimatedvalue": (chance("opportunity", number, "value", 400) + 2) * 500,
        "estimatedclosedate": day.isoformat(),
        f"estimatedclosedate{FORMATTED}": f"{day:%d-%m-%Y}",
    }


def _case(number: int) -> dict[str, Any]:
    status, urgent = chance("incident", number, "status", 3), chance("incident", number, "how", 3)
    said = _choice("statuscode", STATUS, status + 1)
    return said | _choice("prioritycode", PRIORITY, urgent + 1)


def _choice(column: str, names: Mapping[int, str], value: int) -> dict[str, Any]:
    return {column: value, column + FORMATTED: names[value]}


def _lookup(column: str, table: str, number: int) -> dict[str, Any]:
    return {column: made_id(table, number), column + LOOKUP: table}


def _day(now: datetime, days: int) -> str:
    at = now.astimezone(UTC).replace(hour=9, minute=30, second=0) + timedelta(days=days)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
