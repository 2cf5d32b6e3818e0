"""When several directories tell of the same people: who is who, and which of them leads.

Each directory is remembered by itself, so that what one of them does not tell (a table knows no
Slack) is never taken for news. A person is what their directories tell together: the first in
``LEADS`` says who they are and whether they are still here, the others add where they can be
written to, and what the first had to assume.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TypeAlias

from nudges.directory import Change, Entry, Move, Source, Telling, compare

LEADS: tuple[Source, ...] = ("table", "graph", "slack")
"""Who leads where several tell of one person: what the organisation wrote itself, then Entra."""
FILLED = ("name", "email", "language", "zone")
"""What another directory fills in where the leading one does not know it.

Where someone stands (team, manager, job, segment) is the leading one's alone: half of one tree
and half of another is neither.
"""


Voices: TypeAlias = Mapping[Source, Telling]


def together(voices: Voices) -> tuple[Entry, bool]:
    """Return what the directories tell of one person together, and whether they are here."""
    first, *others = (voices[source] for source in LEADS if source in voices)
    here = not first.gone
    others = [t for t in others if not (here and t.gone)]
    lead = first.entry
    if not others:
        return (replace(lead, assumed=()) if lead.assumed else lead), here
    fields = {name: value for name in FILLED if (value := _filled(name, lead, others))}
    homes = {home.key: home for t in (first, *others) for home in t.entry.homes}
    return replace(lead, assumed=(), homes=tuple(homes.values()), **fields), here


def _filled(name: str, lead: Entry, others: Iterable[Telling]) -> str:
    """Return what another directory knows and the leading one does not; nothing if none does."""
    if getattr(lead, name) and name not in lead.assumed:
        return ""
    known = (getattr(t.entry, name) for t in others if name not in t.entry.assumed)
    return next((value for value in known if value), "")


def differences(
    source: Source, tells: Sequence[Entry], known: Iterable[Telling]
) -> Iterator[Change]:
    """Compare what a directory tells now with all that was told before, by whichever directory.

    Only those are looked at of whom this directory tells, or told before. A change of which
    nothing shows (the directory does not lead) is there, too, as it has to be remembered.
    """
    known = list(known)
    before = _by_person(known)
    now = {t.entry.id: t for t in _heard(source, tells, known)}
    for person, voices in before.items():
        if source in voices and person not in now:
            now[person] = replace(voices[source], gone=True)
    told: dict[str, Entry] = {}
    away: set[str] = set()
    here: list[Entry] = []
    for person, telling in now.items():
        if had := before.get(person):
            told[person], was_here = together(had)
            away |= set() if was_here else {person}
        entry, is_here = together({**(had or {}), source: telling})
        if is_here:
            here.append(entry)
    seen: set[str] = set()
    for change in compare(told, away, here):
        seen.add(change.person)
        yield replace(change, telling=now[change.person])
    for person, telling in now.items():
        if person not in seen and before[person].get(source) != telling:
            yield Change(Move.CHANGED, told[person], told[person], telling)


def released(source: Source, known: Iterable[Telling]) -> Iterator[Change]:
    """Tell what changes when a directory is not listened to any more: the next one leads.

    Whoever no other directory tells of has left.
    """
    for voices in _by_person(known).values():
        mine = voices.get(source)
        others: Voices = {name: telling for name, telling in voices.items() if name != source}
        if mine is None:
            continue
        entry, was_here = together(voices)
        after, is_here = together(others) if others else (entry, False)
        told, away = {entry.id: entry}, () if was_here else (entry.id,)
        for change in compare(told, away, [after] if is_here else []):
            yield replace(change, telling=None if others else replace(mine, gone=True))


def _by_person(known: Iterable[Telling]) -> dict[str, dict[Source, Telling]]:
    found: dict[str, dict[Source, Telling]] = {}
    for telling in known:
        found.setdefault(telling.entry.id, {})[telling.source] = telling
    return found


def _heard(source: Source, tells: Sequence[Entry], known: Sequence[Telling]) -> Iterator[Telling]:
    """Yield what a directory tells, about the people as we know them."""
    who = recognised(source, tells, known)
    for entry in tells:
        person, manager = who[entry.id], who.get(entry.manager, "")
        same = person == entry.id and manager == entry.manager
        yield Telling(
            source, entry.id, entry if same else replace(entry, id=person, manager=manager)
        )


def recognised(source: Source, tells: Sequence[Entry], known: Iterable[Telling]) -> dict[str, str]:
    """Return which person each entry is about, by the directory's own id.

    It is whom this directory called so before; else who has that very id, that address or that
    e-mail by another directory's word. An e-mail counts only where it is one person's who is
    still here: it may be given to somebody else later. One directory tells of nobody twice.
    """
    known = list(known)
    mine = {t.own: t.entry.id for t in known if t.source == source}
    found = {e.id: mine[e.id] for e in tells if e.id in mine}
    taken = set(found.values())
    others = [t for t in known if t.source != source]
    ids = {t.entry.id: t.entry.id for t in others}
    homes = {"/".join(h.key): t.entry.id for t in known for h in t.entry.homes if not t.gone}
    emails = _emails(others)
    for by, whose in ((_id, ids), (_homes, homes), (_email, emails)):
        for entry in tells if whose else ():
            person = next((whose[v] for v in by(entry) if v in whose), None)
            if entry.id not in found and person is not None and person not in taken:
                found[entry.id] = person
                taken.add(person)
    for entry in tells:
        if entry.id not in found:
            found[entry.id] = f"{source}-{entry.id}" if entry.id in taken else entry.id
    return found


def _id(entry: Entry) -> tuple[str, ...]:
    return (entry.id,)


def _homes(entry: Entry) -> tuple[str, ...]:
    return tuple("/".join(home.key) for home in entry.homes)


def _email(entry: Entry) -> tuple[str, ...]:
    return (entry.email.casefold(),) if entry.email else ()


def _emails(tellings: Iterable[Telling]) -> dict[str, str]:
    """Return whose each e-mail is, leaving out what is more than one person's."""
    whose: dict[str, set[str]] = {}
    for telling in tellings:
        if telling.entry.email and not telling.gone:
            whose.setdefault(telling.entry.email.casefold(), set()).add(telling.entry.id)
    return {email: min(people) for email, people in whose.items() if len(people) == 1}
