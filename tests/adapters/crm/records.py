"""The records of the fake Dataverse, and who may read which."""

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from tests.adapters.crm.odata import Filter, Row, ordered, refuse
from tests.adapters.crm.schema import SCHEMAS, Schema

FORMATTED = "@OData.Community.Display.V1.FormattedValue"
LOOKUP = "@Microsoft.Dynamics.CRM.lookuplogicalname"
MOST_ROWS = 5_000
FRESH: dict[str, Any] = {"statecode": 0, "createdon": "2026-01-05T09:00:00Z"}


@dataclass
class User:
    """Somebody with rights: ``all`` or ``team`` for each table, none for those not named."""

    id: str
    name: str
    email: str
    entra: str | None = None
    may: dict[str, str] = field(default_factory=dict[str, str])
    team: set[str] = field(default_factory=set[str])
    disabled: bool = False
    application: str | None = None


class Records:
    """Tables of records by id; a lookup is a pair of a table and an id."""

    def __init__(self) -> None:
        self.rows: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
        self.users: dict[str, User] = {}
        self.leaky = False
        """Whether lists forget about the rights to a row; only reading one by its id never does."""
        self._made = 0

    def id(self) -> str:
        self._made += 1
        return str(UUID(int=0x5A0000004000800000000000_00000000 + self._made, version=4))

    def add(self, table: str, id_: str | None = None, **values: Any) -> str:  # noqa: ANN401
        schema = SCHEMAS[table]
        for name in values:
            if name not in schema.columns:
                refuse(f"Could not find a property named '{name}' on type '{table}'.")
        made = id_ or self.id()
        self.rows[table][made] = {
            **(
                {"statecode": 0, "createdon": "2026-01-05T09:00:00Z"}
                if "statecode" in schema.columns
                else {}
            ),
            **values,
        }
        return made

    def user(self, user: User) -> User:
        self.users[user.id] = user
        self.add(
            "systemuser",
            user.id,
            fullname=user.name,
            internalemailaddress=user.email,
            azureactivedirectoryobjectid=user.entra,
            isdisabled=user.disabled,
            applicationid=user.application,
        )
        return user

    def may_read(self, user: User, table: str, row: Mapping[str, Any]) -> bool:
        match user.may.get(table):
            case "all":
                return True
            case "team":
                return (row.get("ownerid") or ("", ""))[1] in {user.id, *user.team}
            case _:
                return False

    def look(self, user: User, table: str) -> None:
        """Refuse who has no privilege on a table at all."""
        if not user.may.get(table):
            refuse(f"Principal user is missing prvRead{table} privilege", "0x80040220", 403)

    def one(self, user: User, schema: Schema, id_: str) -> Row:
        row = self.rows[schema.name].get(id_.lower())
        if row is None:
            message = f"{schema.name} With Id = {id_} Does Not Exist"
            refuse(message, "0x80040217", 404)
        self.look(user, schema.name)
        if not self.may_read(user, schema.name, row):
            refuse("SecLib::AccessCheckEx failed.", "0x80040220", 403)
        return self.told(schema, id_.lower(), row)

    def several(self, user: User, schema: Schema, asked: Mapping[str, str]) -> list[Row]:
        self.look(user, schema.name)
        rows = [
            self.told(schema, id_, row)
            for id_, row in self.rows[schema.name].items()
            if self.leaky or self.may_read(user, schema.name, row)
        ]
        if said := asked.get("filter"):
            test = Filter(schema.kinds, schema.name, said).test()
            rows = [row for row in rows if test(row)]
        if said := asked.get("orderby"):
            rows = ordered(rows, said, schema.kinds)
        return rows[:MOST_ROWS]

    def counted(self, user: User, schema: Schema) -> list[Row]:
        """Return all that this user may add up."""
        self.look(user, schema.name)
        return [
            self.told(schema, id_, row)
            for id_, row in self.rows[schema.name].items()
            if self.may_read(user, schema.name, row)
        ]

    def told(self, schema: Schema, id_: str, row: Mapping[str, Any]) -> Row:
        """Return a row as the Web API tells it, annotations and all."""
        told: dict[str, Any] = {"@odata.etag": f'W/"{len(row)}"', schema.key: id_}
        for name, kind in schema.columns.items():
            value = row.get(name)
            if kind != "lookup":
                told[name] = value
                if kind == "choice" and value is not None:
                    named = schema.choices.get(name, {}).get(value, str(value))
                    told[name + FORMATTED] = named
                if kind == "money" and value is not None:
                    told[name + FORMATTED] = f"€ {value:,.2f}"
                if kind == "day" and value:
                    told[name + FORMATTED] = ".".join(reversed(value.split("-")))
                continue
            told[f"_{name}_value"] = value[1] if value else None
            if value:
                there = self.rows[value[0]].get(value[1], {})
                told[f"_{name}_value{FORMATTED}"] = there.get(SCHEMAS[value[0]].primary)
                told[f"_{name}_value{LOOKUP}"] = value[0]
        return told


def selected(schema: Schema, row: Row, select: str | None, annotations: str) -> dict[str, Any]:
    """Return the columns asked for, the key always, and the annotations asked for."""
    columns = select.split(",") if select else list(schema.kinds)
    for column in columns:
        if column not in schema.kinds:
            message = f"Could not find a property named '{column}' on type 'Microsoft.Dynamics.CRM."
            refuse(f"{message}{schema.name}'.")
    wanted = [schema.key, *columns]
    patterns = [re.escape(p).replace(r"\*", ".*") for p in annotations.split(",") if p]
    found = {"@odata.etag": row["@odata.etag"], **{c: row.get(c) for c in wanted}}
    for name, value in row.items():
        column, at, annotation = name.partition("@")
        shown = any(re.fullmatch(pattern, annotation) for pattern in patterns)
        if at and column in wanted and shown:
            found[name] = value
    return found


def texts(row: Mapping[str, Any], columns: Sequence[str]) -> list[str]:
    return [value for c in columns if isinstance(value := row.get(c), str)]
