"""Several directories that tell of the same people: one person each, and one that leads."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from nudges.address import Address
from nudges.directories import differences, recognised, released, together
from nudges.directory import Change, Entry, Move, Source, Telling

SLACK, TEAMS = Address("slack", "T1", "U1"), Address("teams", "T9", "o1")
ROW = Entry("p1", "Ann de Wit", "ann@x.example", team="Sales", job="sales", language="nl")
GRAPH = Entry("o1", "Ann Wit", "ANN@x.example", team="Sales NL", zone="Asia/Tokyo", homes=(TEAMS,))
MEMBER = Entry("T1-U1", "ann", "Ann@X.example", zone="Europe/London", homes=(SLACK,))


class Memory:
    """What was told so far, as the store would keep it."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, str], Telling] = {}

    def told(self, source: Source, *tells: Entry) -> list[Change]:
        changes = list(differences(source, tells, self.known.values()))
        for change in changes:
            assert change.telling is not None
            self.known[change.telling.entry.id, source] = change.telling
        assert list(differences(source, tells, self.known.values())) == [], "told again: no news"
        return [change for change in changes if change.shows]

    def everybody(self) -> dict[str, tuple[Entry, bool]]:
        found: dict[str, dict[Source, Telling]] = {}
        for (person, _), telling in self.known.items():
            found.setdefault(person, {})[telling.source] = telling
        return {person: together(voices) for person, voices in found.items()}


def moves(changes: Sequence[Change]) -> list[tuple[Move, str, tuple[str, ...]]]:
    return [(c.move, c.person, c.fields) for c in changes]


def test_who_is_in_all_of_them_is_one_person_and_the_first_leads() -> None:
    memory = Memory()
    assert moves(memory.told("table", ROW)) == [(Move.JOINED, "p1", ())]
    assert moves(memory.told("graph", GRAPH)) == [(Move.CHANGED, "p1", ("homes",))]
    assert moves(memory.told("slack", MEMBER)) == [(Move.CHANGED, "p1", ("homes",))]
    assert memory.everybody() == {"p1": (replace(ROW, homes=(TEAMS, SLACK)), True)}


def test_who_leads_does_not_hang_on_who_came_first() -> None:
    memory = Memory()
    memory.told("slack", MEMBER)
    changes = memory.told("graph", GRAPH)
    assert moves(changes) == [
        (Move.CHANGED, "T1-U1", ("name", "email", "team", "zone", "homes")),
    ]
    assert memory.everybody()["T1-U1"][0].zone == "Asia/Tokyo"


def test_a_later_word_of_one_that_does_not_lead_shows_nowhere_but_is_remembered() -> None:
    memory = Memory()
    memory.told("graph", GRAPH)
    memory.told("slack", MEMBER)
    assert memory.told("slack", replace(MEMBER, name="Annie", zone="Europe/Paris")) == []
    assert memory.known["o1", "slack"].entry.name == "Annie"


def test_what_the_leading_one_had_to_assume_another_may_know() -> None:
    memory = Memory()
    memory.told("graph", replace(GRAPH, assumed=("zone",), name=""))
    assert moves(memory.told("slack", MEMBER)) == [
        (Move.CHANGED, "o1", ("name", "zone", "homes")),
    ]
    entry, _ = memory.everybody()["o1"]
    assert (entry.zone, entry.name, entry.assumed) == ("Europe/London", "ann", ())
    assert memory.told("slack", replace(MEMBER, zone="Asia/Seoul", assumed=("zone",)))
    assert memory.everybody()["o1"][0].zone == "Asia/Tokyo"


def test_one_directory_says_nothing_about_the_people_of_another() -> None:
    memory = Memory()
    memory.told("table", ROW, Entry("p2", "Bob"))
    assert moves(memory.told("slack", MEMBER)) == [(Move.CHANGED, "p1", ("homes",))]
    assert all(here for _, here in memory.everybody().values())
    assert moves(memory.told("slack", replace(MEMBER, id="T1-U7", email="", homes=()))) == [
        (Move.JOINED, "T1-U7", ()),
        (Move.CHANGED, "p1", ("homes",)),
    ]


def test_who_leaves_the_leading_one_has_left_whatever_the_others_say() -> None:
    memory = Memory()
    memory.told("graph", GRAPH, replace(GRAPH, id="o2", email="", homes=()))
    memory.told("slack", MEMBER)
    assert moves(memory.told("graph", replace(GRAPH, id="o2", email="", homes=()))) == [
        (Move.LEFT, "o1", ())
    ]
    assert memory.told("slack", replace(MEMBER, name="still here")) == []
    assert moves(memory.told("graph", GRAPH, replace(GRAPH, id="o2", email="", homes=()))) == [
        (Move.RETURNED, "o1", ())
    ]


def test_who_leaves_one_that_does_not_lead_only_loses_that_address() -> None:
    memory = Memory()
    memory.told("graph", GRAPH)
    memory.told("slack", MEMBER, Entry("T1-U2", "Bob"))
    changes = memory.told("slack", Entry("T1-U2", "Bob"))
    assert moves(changes) == [(Move.CHANGED, "o1", ("homes",))]
    assert memory.everybody()["o1"] == (GRAPH, True)


def test_managers_are_the_people_as_we_know_them() -> None:
    memory = Memory()
    memory.told("table", ROW)
    memory.told("graph", GRAPH, Entry("o2", "Bob", manager="o1"))
    assert memory.everybody()["o2"][0].manager == "p1"


RELEASED: dict[str, tuple[Source, dict[Source, bool], list[tuple[Move, str, tuple[str, ...]]]]] = {
    "the next one leads": (
        "table",
        {"table": True, "slack": True},
        [(Move.CHANGED, "p1", ("name", "email", "team", "job", "language", "zone"))],
    ),
    "nobody else tells": ("table", {"table": True}, [(Move.LEFT, "p1", ())]),
    "had left already": ("table", {"table": False}, []),
    "the next one has them no more": (
        "table",
        {"table": True, "slack": False},
        [(Move.LEFT, "p1", ())],
    ),
    "the next one has them still": (
        "table",
        {"table": False, "slack": True},
        [(Move.RETURNED, "p1", ("name", "email", "team", "job", "language", "zone"))],
    ),
    "one that did not lead": (
        "slack",
        {"table": True, "slack": True},
        [(Move.CHANGED, "p1", ("homes",))],
    ),
    "one that never told": ("graph", {"table": True, "slack": True}, []),
}


@pytest.mark.parametrize(("source", "voices", "news"), RELEASED.values(), ids=RELEASED)
def test_a_directory_is_released(
    source: Source, voices: dict[Source, bool], news: list[tuple[Move, str, tuple[str, ...]]]
) -> None:
    entries: dict[Source, Entry] = {"table": ROW, "slack": replace(MEMBER, id="p1")}
    known = [Telling(name, "x", entries[name], gone=not here) for name, here in voices.items()]
    assert moves([c for c in released(source, known) if c.shows]) == news


KNOWN: dict[str, tuple[list[Telling], Entry, str]] = {
    "by nothing": ([], MEMBER, "T1-U1"),
    "as before, whatever the e-mail": (
        [Telling("slack", "T1-U1", replace(MEMBER, id="a")), Telling("graph", "b", GRAPH)],
        MEMBER,
        "a",
    ),
    "by e-mail": ([Telling("graph", "o1", GRAPH)], MEMBER, "o1"),
    "by address": (
        [Telling("table", "p1", replace(ROW, email="", homes=(SLACK,)))],
        MEMBER,
        "p1",
    ),
    "by an address that this directory told under another name": (
        [Telling("slack", "T2-U9", replace(MEMBER, id="a", email=""))],
        MEMBER,
        "a",
    ),
    "by id": ([Telling("table", "T1-U1", Entry("T1-U1"))], MEMBER, "T1-U1"),
    "not by nobody's e-mail": (
        [Telling("graph", "o1", replace(GRAPH, email=""))],
        replace(MEMBER, email=""),
        "T1-U1",
    ),
    "not by the e-mail of somebody who left": (
        [Telling("graph", "o1", GRAPH, gone=True)],
        MEMBER,
        "T1-U1",
    ),
    "not by an e-mail that two have": (
        [Telling("graph", "o1", GRAPH), Telling("table", "p1", ROW)],
        MEMBER,
        "T1-U1",
    ),
    "not by an e-mail that was somebody else's here": (
        [Telling("slack", "T1-U9", replace(MEMBER, id="a", homes=()))],
        MEMBER,
        "T1-U1",
    ),
}


@pytest.mark.parametrize(("known", "entry", "person"), KNOWN.values(), ids=KNOWN)
def test_somebody_is_recognised(known: list[Telling], entry: Entry, person: str) -> None:
    assert recognised("slack", [entry], known) == {entry.id: person}


def test_one_directory_tells_of_nobody_twice() -> None:
    known = [Telling("table", "p1", replace(ROW, homes=(SLACK,)))]
    one, other = replace(MEMBER, email=""), replace(MEMBER, id="T1-U2", homes=())
    assert recognised("slack", [one, other], known) == {"T1-U1": "p1", "T1-U2": "T1-U2"}


def test_an_id_that_is_somebody_elses_is_told_apart() -> None:
    known = [Telling("graph", "o1", replace(GRAPH, id="p1")), Telling("table", "x", Entry("p1"))]
    assert recognised("table", [Entry("x"), Entry("p1")], known) == {"x": "p1", "p1": "table-p1"}
