"""Who is meant by the rows of a list, and which rows mean nobody."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.wiring.parts import Rows
from nudges.cells import Remark


class ListWork(Protocol):
    """The part of a transaction that tells by what people can be named."""

    async def identities(self) -> list[tuple[str, str]]:
        """Return everybody's id and email."""
        ...

    async def leavers(self) -> Collection[str]:
        """Return who has left, by id."""
        ...


@dataclass(frozen=True, slots=True)
class Matched:
    """The people of a list by id, and the rows that are nobody's, in the order of their lines."""

    persons: tuple[str, ...]
    missed: tuple[Remark, ...]


async def matched(work: ListWork, rows: Rows) -> Matched:
    """Find out who is meant by each row.

    Where an email was given to somebody else since, it is theirs who are here.
    """
    email, gone = rows.by == "email", await work.leavers()
    known = _by(await work.identities(), email=email)
    found: dict[str, None] = {}
    missed: list[Remark] = []
    for row in rows.rows:
        theirs = known.get(row.who.casefold() if email else row.who, [])
        here = [who for who in theirs if who not in gone]
        if len(here) == 1:
            found[here[0]] = None
        else:
            why = "is several people" if here else "has left" if theirs else "is nobody we know"
            missed.append(Remark(row.line, row.who, why))
    return Matched(tuple(found), tuple(missed))


def _by(identities: Iterable[tuple[str, str]], *, email: bool) -> Mapping[str, list[str]]:
    found: defaultdict[str, list[str]] = defaultdict(list)
    for who, address in identities:
        if not email:
            found[who].append(who)
        elif address:
            found[address.casefold()].append(who)
    return found
