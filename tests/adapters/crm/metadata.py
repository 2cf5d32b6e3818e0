"""What the fake Dataverse tells of its own tables and columns."""

import re
from collections.abc import Mapping
from typing import Any
from uuid import NAMESPACE_DNS, uuid5

from tests.adapters.crm.odata import Filter, refuse
from tests.adapters.crm.schema import SCHEMAS, Schema

NAMED = re.compile(r"EntityDefinitions\(LogicalName='(\w+)'\)/Attributes(?:/([\w.]+))?")
TEXTS = {"LogicalName": "text", "EntitySetName": "text", "SchemaName": "text"}


def answer(path: str, asked: Mapping[str, str]) -> dict[str, Any]:
    if path == "EntityDefinitions":
        rows = [_table(schema) for schema in SCHEMAS.values()]
        return {"value": _picked(rows, asked)}
    found = NAMED.fullmatch(path)
    if not found or found[1] not in SCHEMAS:
        refuse("Could not find the entity definition.", "0x80060888", 404)
    schema = SCHEMAS[found[1]]
    if found[2] == "Microsoft.Dynamics.CRM.PicklistAttributeMetadata":
        return {"value": [_choices(schema, name) for name in schema.choices]}
    return {"value": _picked([_column(schema, name) for name in schema.columns], asked)}


def _picked(rows: list[dict[str, Any]], asked: Mapping[str, str]) -> list[dict[str, Any]]:
    if said := asked.get("filter"):
        test = Filter(TEXTS, "EntityMetadata", said).test()
        rows = [row for row in rows if test(row)]
    select = asked.get("select", "").split(",")
    for name in select:
        if name and rows and name not in rows[0]:
            refuse(f"Could not find a property named '{name}'.")
    return [{k: v for k, v in row.items() if k in {*select, "MetadataId"}} for row in rows]


def _table(schema: Schema) -> dict[str, Any]:
    return {
        "MetadataId": str(uuid5(NAMESPACE_DNS, schema.name)),
        "LogicalName": schema.name,
        "SchemaName": schema.name.capitalize(),
        "EntitySetName": schema.collection,
        "PrimaryIdAttribute": schema.key,
        "PrimaryNameAttribute": schema.primary,
    }


def label(*said: tuple[str, int]) -> dict[str, Any]:
    labels = [
        {"Label": words, "LanguageCode": code, "IsManaged": True, "HasChanged": None}
        for words, code in said
    ]
    return {"LocalizedLabels": labels, "UserLocalizedLabel": labels[0] if labels else None}


def _column(schema: Schema, name: str) -> dict[str, Any]:
    english, dutch = schema.labels.get(name, ("", ""))
    said = [(english, 1033), (dutch, 1043)] if english else []
    return {
        "MetadataId": str(uuid5(NAMESPACE_DNS, f"{schema.name}.{name}")),
        "LogicalName": name,
        "DisplayName": label(*said),
    }


def _choices(schema: Schema, name: str) -> dict[str, Any]:
    made = [{"Value": n, "Label": label((said, 1033))} for n, said in schema.choices[name].items()]
    return {"LogicalName": name, "OptionSet": {"Options": made}}
