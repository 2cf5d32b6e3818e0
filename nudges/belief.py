"""Believed senders: whether people believe in whose name a message came, and who is to be next.

It is asked now and then, and what one person answered is nobody's business. What authors see was
closed like every number about a group, and the release auditor let it by.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Literal, TypeAlias, get_args

from nudges.adkar import Element
from nudges.broadcast import Broadcast
from nudges.group import Figure, Measure
from nudges.people import Person
from nudges.roles import Role

ONE_IN = 5
"""Of so many receipts one is asked about."""
REST = timedelta(days=60)
"""How long nobody is asked twice."""
FRESH = timedelta(days=180)
"""How long an answer counts."""
TRUSTED = 7
"""From so many in ten who believe them a sender is a believed one."""
DOUBTED = 2
"""Up to so many in ten who believe them nobody is proposed as a sender."""
NEW_EVERY = 3
"""Each so many-th suggestion is somebody of whom it is not known whether they are believed."""
Belief: TypeAlias = Literal["yes", "partly", "no"]
BELIEFS: tuple[Belief, ...] = get_args(Belief)
SENDERS = (Role.SPONSOR, Role.MANAGER, Role.CHAMPION, Role.CRM_TEAM)
"""In whose name one may write, beside one's own."""
FIT: Mapping[Element, tuple[Role, ...]] = {
    Element.AWARENESS: (Role.SPONSOR, Role.MANAGER),
    Element.DESIRE: (Role.MANAGER, Role.CHAMPION),
    Element.KNOWLEDGE: (Role.CHAMPION, Role.CRM_TEAM),
    Element.ABILITY: (Role.MANAGER, Role.CHAMPION),
    Element.REINFORCEMENT: (Role.MANAGER, Role.SPONSOR),
}
"""Who is best heard about what: the reason from above, what it means here from one's own manager,
how it is done from somebody who does it."""
Why: TypeAlias = Literal["believed", "again", "fits", "new"]


@dataclass(frozen=True, slots=True)
class Believed:
    """Someone says whether they believe the sender of a broadcast about it."""

    broadcast: int
    value: Belief


@dataclass(frozen=True, slots=True)
class SenderBelief:
    """How many in ten believe a sender, of a segment or, without one, of all.

    ``cell`` names the number in the release ledger.
    """

    sender: str
    segment: str
    tenths: int
    cell: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """In whose name the next message of a series might go, and why."""

    sender: str
    why: Why


@dataclass(frozen=True, slots=True)
class Senders:
    """Those in whose name one may write, and who of them is believed."""

    people: tuple[Person, ...] = ()
    believed: tuple[SenderBelief, ...] = ()

    def of(self, segment: str = "") -> Mapping[str, SenderBelief]:
        """Return by sender what a segment thinks of them; where that is not known, what all do."""
        found = {one.sender: one for one in self.believed if not one.segment}
        return found | {one.sender: one for one in self.believed if one.segment == segment}


def sender_of(found: Broadcast) -> tuple[str, str]:
    """Return the id and the name of whoever a broadcast goes in the name of."""
    if found.draft.message.sender:
        return found.draft.message.sender, found.sender.name
    return found.author, found.name


def asks(found: Broadcast, person: str, last: datetime | None, now: datetime) -> bool:
    """Say whether someone who just said they got a broadcast is asked about its sender.

    It is the same one in five whoever asks, and however often. Nobody is asked about themselves,
    nor where being among its people tells something about them; ``last`` is when they were asked
    before.
    """
    sender, name = sender_of(found)
    if not sender or not name or sender == person or found.draft.exposes:
        return False
    if last is not None and now - last < REST:
        return False
    drawn = blake2b(f"{found.number}:{person}".encode(), digest_size=8).digest()
    return int.from_bytes(drawn) % ONE_IN == 0


def belief_in(sender: str) -> Measure:
    """Return the measure of whether people believe a sender; its name does not tell who that is."""
    mark = blake2b(sender.encode(), digest_size=8).hexdigest()
    return Measure(f"belief:{mark}", every_weeks=4, keeps=True, about=sender)


def shown(sender: str, segment: str, figure: Figure, now: datetime) -> SenderBelief | None:
    """Return what authors may know of a sender; nothing where it was withheld or is long ago.

    What is about a segment together with others is not said of that segment.
    """
    told, old = figure.told, figure.week <= (now - FRESH).date()
    if told is None or old or not figure.exact:
        return None
    return SenderBelief(sender, segment, round(10 * told.share("yes")), figure.cell)


def may_send(person: Person, author: str) -> bool:
    """Say whether an author may write in this person's name."""
    return person.id == author or not person.roles.isdisjoint(SENDERS)


def suggested(
    candidates: Iterable[Person],
    results: Mapping[str, SenderBelief],
    used: Sequence[str] = (),
    about: Element = Element.AWARENESS,
) -> tuple[Suggestion, ...]:
    """Return in whose name the next message might go, the best first.

    Fewest points win: one for each time the series used them (a key message lives by different
    voices), one where they are believed by some only, and up to two for how well their role fits
    what it is ``about``. Whom hardly anybody believes is left out. So that believed senders do not
    keep all others away, each third place is for somebody of whom nothing is known yet: too few
    have been asked about them, or nobody. Who of them comes first changes with each message of the
    series.
    """
    people = {one.id: one for one in candidates}
    known, new = list[tuple[int, str, str]](), list[tuple[int, str, str]]()
    for person in people.values():
        found = results.get(person.id)
        points = used.count(person.id) + _fit(person, about)
        if found is None:
            new.append((points, _lot(len(used), person.id), person.id))
        elif found.tenths > DOUBTED:
            known.append((points + (not _trusted(found)), person.id, person.id))
    known.sort()
    new.sort()
    order: list[str] = []
    while known or new:
        turn = (len(order) + 1) % NEW_EVERY == 0
        source = new if new and (turn or not known) else known
        order.append(source.pop(0)[2])
    return tuple(Suggestion(who, _why(results.get(who), who in used)) for who in order)


def _trusted(found: SenderBelief) -> bool:
    return found.tenths >= TRUSTED


def _why(found: SenderBelief | None, used: bool) -> Why:  # noqa: FBT001 - two findings, side by side
    if found is None:
        return "new"
    if not _trusted(found):
        return "fits"
    return "again" if used else "believed"


def _fit(person: Person, about: Element) -> int:
    """Count how far a person's role is from the one that is heard best."""
    best = FIT[about]
    return min((best.index(role) for role in best if role in person.roles), default=len(best))


def _lot(place: int, person: str) -> str:
    return blake2b(f"{place}:{person}".encode(), digest_size=8).hexdigest()
