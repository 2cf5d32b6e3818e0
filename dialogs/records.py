"""Records of the CRM as the bot knows them: which facts of which tables, asked by whom.

Nothing here is read without an asker: what is found is what this one person may read, and nobody
else is ever shown it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, TypeAlias

from nudges.people import Language
from nudges.programme import Words


@dataclass(frozen=True, slots=True)
class Asker:
    """On whose behalf the CRM is asked; there is no question without one.

    ``directory`` is their id in the organisation's directory (Entra), ``email`` the address they
    are known by; the CRM knows them by one of the two, or not at all.
    """

    person: str
    language: Language
    directory: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Ref:
    """Names one record: its table, by our own name for it, and its id there."""

    table: str
    id: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for: a name as it was typed, or the one record that was chosen.

    ``fact`` is the one that was asked for, by its id, and ``table`` the kind of record; either may
    be empty.
    """

    name: str = ""
    fact: str = ""
    table: str = ""
    ref: Ref | None = None


@dataclass(frozen=True, slots=True)
class Money:
    """An amount, with its currency as an ISO code."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Several:
    """Related records, such as open opportunities: how many this person may read.

    ``names`` are those of the first few; ``more`` tells that there are more than ``count``.
    """

    count: int
    names: tuple[str, ...] = ()
    more: bool = False


Value: TypeAlias = str | int | Decimal | Money | date | datetime | Several | tuple[str, ...]
"""A fact's value; several short lines where there are several of them, as in an address."""


@dataclass(frozen=True, slots=True)
class Told:
    """One fact of a record, with the name that the CRM or the organisation has for it.

    ``value`` is None where nothing is filled in: "no telephone number in the CRM" is an answer too.
    """

    fact: str
    label: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Match:
    """One of several records that may be meant, with what tells it from the others."""

    ref: Ref
    name: str
    apart: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Record:
    """A record, as far as its asker may read it; ``link`` opens it in the right app.

    ``facts`` is the one that was asked for, or all of them if none was. A fact that rests on what
    this person may not read is left out, without a word.
    """

    ref: Ref
    name: str
    link: str
    facts: tuple[Told, ...] = ()


@dataclass(frozen=True, slots=True)
class Matches:
    """Several records may be meant; ``more`` tells that there are others still.

    There is only one where its name is not quite what was typed: "did you mean".
    """

    some: tuple[Match, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Nothing:
    """Nothing that this person may read has that name."""


@dataclass(frozen=True, slots=True)
class Unmapped:
    """The CRM does not know this person, so it shows them nothing."""


@dataclass(frozen=True, slots=True)
class Silent:
    """The CRM gave no usable answer: none is connected, or it is down, too slow, busy, or odd."""

    why: Literal["none", "down", "slow", "busy", "nonsense", "refused"]


Looked: TypeAlias = Record | Matches | Nothing | Unmapped | Silent
FactKind: TypeAlias = Literal[
    "text", "phone", "money", "date", "lookup", "choice", "count", "last", "next"
]


@dataclass(frozen=True, slots=True)
class FactOf:
    """A fact that is shown of a table's records.

    Attributes:
        column: the column that holds it; of the related records for ``count`` (their name),
            ``last`` and ``next`` (a date).
        kind: how it is read; ``count`` tells how many related records there are and the names of
            the first few, ``last`` the newest date among them and ``next`` the first one to come.
        label: the organisation's own name for it; without one the CRM's own label is used.
        asked: what people call it when they ask ("phone number", "telefoonnummer"); the first one
            is shown where nobody else has a name for it.
        related: the set of records that ``count``, ``last`` and ``next`` look in, such as
            ``quotes``; ``key`` is its column with an id, and ``by`` the one that refers to this
            record; ``where`` is a further condition, as OData has it.

    """

    id: str
    column: str
    kind: FactKind = "text"
    label: Words = field(default_factory=dict[Language, str])
    asked: Mapping[Language, tuple[str, ...]] = field(
        default_factory=dict[Language, tuple[str, ...]]
    )
    related: str = ""
    key: str = ""
    by: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A kind of record that people ask for, and what is shown of it.

    Attributes:
        id: the CRM's own name of the table, such as ``account``.
        collection: the name of its set of records, such as ``accounts``.
        key: the column with its id, and ``name`` the one with its name.
        thing: what it is called in each language, and ``called`` other words for it.
        search: the columns in which a name is looked for.
        apart: the columns that tell two of one name from each other.
        of: the column with the customer it belongs to, for what is asked for by their name
            ("the case of Anna Bakker"); empty for customers themselves.
        facts: what is shown, in this order.

    """

    id: str
    collection: str
    key: str
    name: str
    thing: Words
    called: Mapping[Language, tuple[str, ...]] = field(
        default_factory=dict[Language, tuple[str, ...]]
    )
    search: tuple[str, ...] = ()
    apart: tuple[str, ...] = ()
    of: str = ""
    facts: tuple[FactOf, ...] = ()
