"""Sums in the fake Dataverse: one filter, one grouping, one aggregate, one limit."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from tests.adapters.crm.odata import Filter, Row, refuse
from tests.adapters.crm.schema import Schema

LIMIT = 50_000
SAID = re.compile(
    r"(?:filter\((?P<filter>.*)\)/)?groupby\(\((?P<by>[\w,]+)\),aggregate\((?P<what>[^)]*)\)\)"
)


def grouped(rows: Sequence[Row], schema: Schema, said: str) -> list[dict[str, Any]]:
    """Return a row a group; by moments it does not group, as the real one."""
    found = SAID.fullmatch(said)
    if not found:
        refuse("The query specified in the URI is not valid.")
    by = found["by"].split(",")
    for column in by:
        if column not in schema.kinds or schema.kinds[column] == "time":
            refuse(f"Could not find a property named '{column}'.")
    if where := found["filter"]:
        test = Filter(schema.kinds, schema.name, where).test()
        rows = [row for row in rows if test(row)]
    if len(rows) > LIMIT:
        refuse("AggregateQueryRecordLimit exceeded. Cannot perform this operation.", "0x8004e023")
    groups: defaultdict[tuple[Any, ...], list[Row]] = defaultdict(list)
    for row in rows:
        groups[tuple(row.get(column) for column in by)].append(row)
    return [
        {c: v for c, v in zip(by, key, strict=True) if v is not None} | _sum(some, found["what"])
        for key, some in groups.items()
    ]


def _sum(rows: Sequence[Row], what: str) -> dict[str, Any]:
    if found := re.fullmatch(r"\$count as (\w+)", what):
        return {found[1]: len(rows)}
    found = re.fullmatch(r"(\w+) with min as (\w+)", what)
    if not found:
        refuse("This aggregate is not supported.")
    return {found[2]: min(row[found[1]] for row in rows)}
