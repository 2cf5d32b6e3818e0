"""What a directory tells of people: who is here, in which team, under whom; and what that changes.

We remember what it told last. Only what it tells differently since is changed, so that what
someone chose for themselves (their language, say) stays as they want it.
"""

from collections import Counter
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal, TypeAlias

from nudges.address import Address
from nudges.people import Person
from nudges.roles import Role

Source: TypeAlias = Literal["table", "graph", "slack"]
FIELDS = ("name", "email", "team", "manager", "job", "language", "zone", "country", "segment")
"""What a directory knows of a person, beside where to write to them."""
GRANTED = {"crm": Role.CRM_TEAM, "board": Role.SPONSOR, "manager": Role.MANAGER}
"""The jobs that bring a role with them; all others are users."""


@dataclass(frozen=True, slots=True)
class Entry:
    """What a directory tells of one person; ``assumed`` names the fields it did not know."""

    id: str
    name: str = ""
    email: str = ""
    team: str = ""
    manager: str = ""
    job: str = ""
    language: str = "en"
    zone: str = "Europe/Amsterdam"
    country: str = ""
    segment: str = ""
    homes: tuple[Address, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Read:
    """All that a directory tells.

    Attributes:
        entries: the people.
        remarks: what was left out or mended, in sentences.
        joins: whether those come in of whom no other directory tells.

    """

    entries: list[Entry]
    remarks: tuple[str, ...] = ()
    joins: bool = True


@dataclass(frozen=True, slots=True)
class Telling:
    """What one directory told last of one person.

    Attributes:
        source: the directory.
        own: the id by which it knows them; ``entry`` has the person's own id.
        gone: it does not tell of them any more.

    """

    source: Source
    own: str
    entry: Entry
    gone: bool = False


class Move(StrEnum):
    """What a directory's news is for a person."""

    JOINED = "joined"
    RETURNED = "returned"
    CHANGED = "changed"
    LEFT = "left"


@dataclass(frozen=True, slots=True)
class Change:
    """One person's news: what was told before and what is told now; nothing if they left.

    ``telling`` is the one directory's word that brought it, which is kept with the change.
    """

    move: Move
    before: Entry | None
    after: Entry | None
    telling: Telling | None = None

    @property
    def person(self) -> str:
        """Return whose news it is."""
        return (self.after or self.before or Entry("")).id

    @property
    def fields(self) -> tuple[str, ...]:
        """Return what is told differently."""
        if self.before is None or self.after is None:
            return ()
        names = (*FIELDS, "homes")
        return tuple(n for n in names if getattr(self.before, n) != getattr(self.after, n))

    @property
    def shows(self) -> bool:
        """Say whether anything is different for the person, not for our memory alone."""
        return self.move is not Move.CHANGED or self.before != self.after


def compare(
    told: Mapping[str, Entry], gone: Iterable[str], tells: Sequence[Entry]
) -> Iterator[Change]:
    """Compare what a directory tells now with what it told before.

    ``gone`` are those it told before who have left since. Whoever is not in it any more has left;
    people it never told of are none of its business.
    """
    away = frozenset(gone)
    for entry in tells:
        before = told.get(entry.id)
        if before is None:
            yield Change(Move.JOINED, None, entry)
        elif entry.id in away:
            yield Change(Move.RETURNED, before, entry)
        elif before != entry:
            yield Change(Move.CHANGED, before, entry)
    here = {entry.id for entry in tells}
    for key, before in told.items():
        if key not in here and key not in away:
            yield Change(Move.LEFT, before, None)


def changed(change: Change, person: Person | None) -> Person:
    """Return a person after the news; who was here already keeps what they chose themselves."""
    if change.after is None:
        return replace(person or Person(change.person), left=True, stranger=False)
    now, before = change.after, change.before
    was = person or Person(now.id)
    told = FIELDS if before is None else change.fields
    fields = {name: getattr(now, name) for name in told if name in FIELDS}
    old = {home.key for home in before.homes} if before else set[tuple[str, str, str]]()
    new = {home.key for home in now.homes}
    kept = tuple(a for a in was.addresses if a.key not in old - new)
    known = {a.key for a in kept}
    homes = kept + tuple(home for home in now.homes if home.key not in known)
    roles = (was.roles - _granted(before)) | _granted(now)
    return replace(was, left=False, stranger=False, addresses=homes, roles=roles, **fields)


def _granted(entry: Entry | None) -> frozenset[str]:
    role = GRANTED.get(entry.job) if entry else None
    return frozenset({role} if role else ())


def troubles(tells: Sequence[Entry], named: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield whose entry cannot be right, and why: it is reported, never guessed.

    ``named`` are the ids of all who stand there, also of those whose own entry is wrong.
    """
    manager = {entry.id: entry.manager for entry in tells}
    for entry in tells:
        if entry.manager and entry.manager not in named:
            yield entry.id, f"manager {entry.manager} is not in the table"
    yield from _circles(manager)
    yield from _shared("email", ((e.id, e.email.casefold()) for e in tells if e.email))
    yield from _shared("address", ((e.id, "/".join(h.key)) for e in tells for h in e.homes))


def _circles(manager: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield everyone who, some steps up, is their own manager; each circle once."""
    settled: set[str] = set()
    for start in manager:
        path: dict[str, None] = {}
        at = start
        while at and at not in settled and at not in path:
            path[at] = None
            at = manager.get(at, "")
        if at in path:
            walk = list(path)
            circle = walk[walk.index(at) :]
            first = min(circle)
            turn = circle.index(first)
            yield (
                first,
                f"is their own manager: {' → '.join([*circle[turn:], *circle[:turn], first])}",
            )
        settled.update(path)


def _shared(what: str, pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    of = list(pairs)
    often = Counter(value for _, value in of)
    yield from (
        (who, f"{what} {value} is somebody else's, too") for who, value in of if often[value] > 1
    )
