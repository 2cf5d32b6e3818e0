"""What is read of a CRM as one person: a record by its id, or the ids of related ones.

Nothing else is ever asked. Values come only from a record that was read by its id, as the person
who is to see it; a search and a list of related records say no more than where to look.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, Protocol, TypeAlias

from dialogs.records import Ref, Silent, Table
from nudges.people import Language
from nudges.programme import Words

FORMATTED: Final = "@OData.Community.Display.V1.FormattedValue"
LOOKUP: Final = "@Microsoft.Dynamics.CRM.lookuplogicalname"
_GUID: Final = re.compile(r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
Row: TypeAlias = Mapping[str, Any]
"""A record's columns, with the CRM's annotations beside them."""
Why: TypeAlias = Literal["down", "slow", "busy", "nonsense", "refused"]
DOWN: Final[Why] = "down"
SLOW: Final[Why] = "slow"
BUSY: Final[Why] = "busy"
NONSENSE: Final[Why] = "nonsense"
REFUSED: Final[Why] = "refused"


class Quiet(Exception):  # noqa: N818 - a question that ends without an answer; caught at the port
    """The CRM gave no usable answer; it never carries anything that came in."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why: Why = why

    @property
    def value(self) -> Silent:
        """Return it as the value that the port answers with."""
        return Silent(self.why)


class Stranger(Exception):  # noqa: N818 - the same
    """The CRM does not know the asker, or not any more."""


def guid(text: object) -> str | None:
    """Return an id as the CRM writes it, or nothing if it is none."""
    return text.lower() if isinstance(text, str) and _GUID.fullmatch(text) else None


@dataclass(frozen=True, slots=True)
class One:
    """Asks for one record's columns."""

    collection: str
    id: str
    columns: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Near:
    """Asks for the ids of records that refer to one, in the order of ``order``."""

    collection: str
    key: str
    by: str
    id: str
    order: str
    where: str = ""
    most: int = 1


class Eyes(Protocol):
    """Reads as one person."""

    async def search(self, name: str, tables: Sequence[Table], most: int) -> Sequence[Ref]:
        """Return where records with such a name may be, typing slips and all; best first."""
        ...

    async def contain(self, name: str, tables: Sequence[Table], most: int) -> Sequence[Ref]:
        """Return where records are whose name has all the pieces of this one."""
        ...

    async def ask(self, asked: Sequence[One | Near]) -> Sequence[Sequence[Row] | None]:
        """Answer each: the rows, which may be none; None where this person may not look at all."""
        ...


class Naming(Protocol):
    """Knows what the CRM calls its columns."""

    def begin(self, table: Table) -> None:
        """Hear that the names of a table will be wanted soon."""
        ...

    async def names(self, table: Table) -> Mapping[str, Words]:
        """Return the label of each column, by its name and by language; maybe of none."""
        ...


def spoken(words: Words, language: Language) -> str:
    """Return words in a language, or in any other one before nothing."""
    return words.get(language) or words.get("en") or next(iter(words.values()), "")
