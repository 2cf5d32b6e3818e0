"""Questions as the Web API of Dataverse wants them: every value inert, every id checked."""

import json
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import quote

from adapters.crm.names import LONGEST, MOST_WORDS, sought, words
from adapters.crm.reading import FORMATTED, LOOKUP, Near, One, guid
from dialogs.records import Table

API: Final = "/api/data/v9.2/"
SEARCH: Final = "/api/search/v2.0/query"
ANNOTATED: Final = f'odata.include-annotations="{FORMATTED[1:]},{LOOKUP[1:]}"'
_WILD: Final = str.maketrans({"%": "[%]", "_": "[_]", "[": "[[]"})
LONG_WORD, LONGER_WORD = 4, 8
"""From how many letters a word may have one slip, and two."""
PARTIES: Final = 10
"""How many users with one address are looked at; a second one is one too many."""


def path(collection: str, **options: str | int) -> str:
    """Return the path of a set of records, with its query; everything in it is encoded."""
    query = "&".join(f"${name}={quote(str(value), safe=',')}" for name, value in options.items())
    return f"{API}{collection}" + (f"?{query}" if query else "")


def text(value: str) -> str:
    """Return a text as OData has it."""
    return "'" + value.replace("'", "''") + "'"


def inert(value: str) -> str:
    """Return a text in which no character stands for another one."""
    return value.translate(_WILD)


def one(asked: One) -> str:
    """Return the path of one record.

    Raises:
        ValueError: its id is none.

    """
    id_ = guid(asked.id)
    if id_ is None:
        message = "not an id"
        raise ValueError(message)
    return path(f"{asked.collection}({id_})", select=",".join(asked.columns))


def near(asked: Near) -> str:
    """Return the path of the records that refer to one; only their ids are asked for.

    Raises:
        ValueError: the record's id is none.

    """
    id_ = guid(asked.id)
    if id_ is None:
        message = "not an id"
        raise ValueError(message)
    where = f"{asked.by} eq {id_}" + (f" and {asked.where}" if asked.where else "")
    return path(
        asked.collection, select=asked.key, filter=where, orderby=asked.order, top=asked.most
    )


def named(name: str, table: Table, most: int) -> str | None:
    """Return the path of the records whose name has all the pieces of one; only ids are asked for.

    A name without pieces has none.
    """
    pieces = sought(name)
    if not pieces:
        return None
    either = [
        " and ".join(f"contains({column},{text(inert(piece))})" for piece in pieces)
        for column in table.search
    ]
    where = either[0] if len(either) == 1 else " or ".join(f"({each})" for each in either)
    return path(
        table.collection, select=table.key, filter=where, orderby=f"{table.name} asc", top=most
    )


def term(name: str) -> str:
    """Return what the search looks for: every word, allowing a slip in the longer ones.

    Words are letters and figures in lower case, so none of them is an operator of the search.
    Never longer than the search takes; words that do not fit any more are left out.
    """
    said = ""
    for word in words(" ".join(sought(name)))[:MOST_WORDS]:
        slips = "~2" if len(word) >= LONGER_WORD else "~1" if len(word) >= LONG_WORD else ""
        longer = f"{said} {word}{slips}".strip()
        if len(longer) > LONGEST:
            break
        said = longer
    return said


def search(name: str, tables: Sequence[Table], most: int) -> dict[str, Any] | None:
    """Return the body of a search; its parts are JSON within JSON, as Dataverse has it."""
    said = term(name)
    if not said:
        return None
    entities = [
        {"name": t.id, "selectColumns": [t.name], "searchColumns": [*t.search]} for t in tables
    ]
    options = {"querytype": "lucene", "searchmode": "all", "besteffortsearchenabled": "true"}
    return {
        "search": said,
        "entities": json.dumps(entities),
        "options": json.dumps(options),
        "top": most,
    }


def user(directory: str | None, email: str) -> str:
    """Return the path of the users who may be this person; only those who are in use."""
    ways = [f"azureactivedirectoryobjectid eq {directory}"] if directory else []
    ways += [f"internalemailaddress eq {text(email)}"] if email else []
    return path(
        "systemusers",
        select="systemuserid,azureactivedirectoryobjectid,internalemailaddress",
        filter=f"({' or '.join(ways)}) and isdisabled eq false and applicationid eq null",
        top=PARTIES,
    )


def labels(table: str, columns: Sequence[str]) -> str:
    """Return the path of what the CRM calls a table's columns."""
    which = " or ".join(f"LogicalName eq {text(column)}" for column in columns)
    return path(
        f"EntityDefinitions(LogicalName={text(table)})/Attributes",
        select="LogicalName,DisplayName",
        filter=which,
    )
