"""The search of the fake Dataverse: fuzzy, limited, and careless about who may read what.

Careless on purpose: it names every record it finds, so that whoever trusts a hit is found out.
"""

import json
import re
import time
from collections import deque
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from tests.adapters.crm.odata import refuse
from tests.adapters.crm.schema import SCHEMAS

if TYPE_CHECKING:
    from tests.adapters.crm.records import Records, User

LONGEST = 100
TERM = re.compile(r"((?:\\.|[^\s+\-&|!(){}\[\]^\"~*?:\\/])+)(?:~([12]))?(?:\s+|$)")


class Searching:
    def __init__(self, records: "Records", seconds: Callable[[], float] = time.monotonic) -> None:
        self._records = records
        self._seconds = seconds
        self.off = False
        self.limits = True
        self._last: dict[str, float] = {}
        self._all: deque[float] = deque()

    def query(self, caller: "User", body: str) -> tuple[int, dict[str, Any], dict[str, str]]:
        asked = json.loads(body)
        if self.off:
            message = "Dataverse Search feature is disabled for this organization."
            return 400, {"error": {"code": "0x80048d0b", "message": message}}, {}
        if self.limits and self._too_many(caller.id):
            return 429, {"error": {"code": "0x80048d10"}}, {"Retry-After": "1"}
        term = asked["search"]
        if not 1 <= len(term) <= LONGEST or not isinstance(asked.get("entities", "[]"), str):
            refuse("The search term is not valid.", "0x80048d05")
        words = self._words(term)
        hits = [
            {
                "Id": id_,
                "EntityName": entity["name"],
                "ObjectTypeCode": 0,
                "Attributes": {c: row.get(c) for c in entity.get("selectColumns", [])},
                "Highlights": {},
                "Score": 1.0,
            }
            for entity in json.loads(asked.get("entities", "[]"))
            for id_, row in self._records.rows[entity["name"]].items()
            if self._found(words, self._text(entity, row))
        ]
        told: dict[str, Any] = {
            "Error": None,
            "Value": hits[: asked.get("top", 50)],
            "Facets": {},
            "Count": -1,
        }
        return 200, {"response": json.dumps(told)}, {}

    def _too_many(self, caller: str) -> bool:
        now = self._seconds()
        while self._all and now - self._all[0] > 60:
            self._all.popleft()
        if now - self._last.get(caller, -9) < 1 or len(self._all) >= 150:
            return True
        self._last[caller] = now
        self._all.append(now)
        return False

    def _words(self, term: str) -> list[tuple[str, int]]:
        found, at = list[tuple[str, int]](), 0
        while at < len(term):
            match = TERM.match(term, at)
            if not match:
                refuse("The search syntax is not valid.", "0x80048d05")
            word = re.sub(r"\\(.)", r"\1", match[1]).casefold()
            found.append((word, int(match[2] or 0)))
            at = match.end()
        return found

    def _text(self, entity: dict[str, Any], row: dict[str, Any]) -> list[str]:
        schema = SCHEMAS[entity["name"]]
        columns = entity.get("searchColumns") or [schema.primary]
        for column in columns:
            if column not in schema.kinds:
                refuse(f"{column} is not searchable.", "0x80048d05")
        said = " ".join(str(row.get(c) or "") for c in columns)
        return re.findall(r"\w+", said.casefold())

    def _found(self, words: list[tuple[str, int]], text: list[str]) -> bool:
        return all(any(near(word, said) <= slips for said in text) for word, slips in words)


def near(one: str, other: str) -> int:
    """Return how many letters tell two words apart; 9 where it is many."""
    if abs(len(one) - len(other)) > 2:
        return 9
    row = list(range(len(other) + 1))
    for place, letter in enumerate(one, 1):
        before, row[0] = row[0], place
        for at, there in enumerate(other, 1):
            before, row[at] = (
                row[at],
                min(row[at] + 1, row[at - 1] + 1, before + (letter != there)),
            )
    return row[-1]
