"""A program that reads is one more viewer: what it puts together with all others tells on nobody.

It pools what it was handed with what sponsors, the CRM team, managers and authors were shown.
"""

import asyncio

import pytest
from sqlalchemy import true

from adapters.store import open_numbers
from adapters.store.releases import OPEN
from nudges.open_numbers import NAMES
from tests.release import company
from tests.release.attack import given_away, numbers
from tests.release.bounds import bounds
from tests.release.company import Company
from tests.release.lived import BELIEF, KINDS, START, WEEK, Doors, Lived, as_it_is, live
from tests.release.planted import counts_itself

WEEKS, SIZE, SMALL = 26, 300, 120
KEPT = [measure.name for measure in KINDS if measure.keeps]


def lives(weeks: int, made: Company, door: Doors = as_it_is) -> Lived:
    return asyncio.run(live(weeks, made, door))


@pytest.fixture(scope="module")
def lived() -> Lived:
    """Return half a year in which somebody asks to be forgotten every other week."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(company, "FORGOTTEN", 0.002)
        return lives(WEEKS, Company(SIZE))


@pytest.mark.parametrize("name", [measure.name for measure in KINDS])
def test_no_sum_of_what_all_of_them_have_is_about_one_to_four_people(
    lived: Lived, name: str
) -> None:
    rows = [number.columns for number in numbers(lived.pooled(name))]
    assert rows, "nothing was told, so nothing was tried"
    assert given_away(rows) == []


@pytest.mark.parametrize("name", KEPT)
def test_no_answer_becomes_certain(lived: Lived, name: str) -> None:
    """This half year is none of the few in which people's numbers alone make an answer certain.

    Those are known (ARCHITECTURE.md, "What is not promised"); programs add none to them.
    """
    found = bounds(numbers(lived.pooled(name)))
    assert found
    assert [known for known in found if known.pinned] == []


def test_everybody_took_part(lived: Lived) -> None:
    """An attack on what nobody reads would find nothing."""
    viewers = {viewer for viewer, _, _ in lived.seen}
    assert viewers > {"sam", "cas", "eva", ""}, "also somebody who was forgotten since"
    assert len(viewers) > 20
    tests = {name for name in lived.names() if name.startswith("received:")}
    assert len(tests) > 1
    assert {*NAMES} & {place[0] for _, place, _ in lived.seen} == {*NAMES} & {m.name for m in KINDS}
    assert len({one.place for one in lived.handed}) > 40
    assert len({place[1] for _, place, _ in lived.seen}) == WEEKS


def test_a_program_gets_what_somebody_was_told_before_and_nothing_else(lived: Lived) -> None:
    assert lived.untold == []
    assert lived.strange() == []
    told = {place for viewer, place, _ in lived.seen if viewer in {"sam", "cas"}}
    assert {one.place for one in lived.handed} == {p for p in told if p[0] in NAMES}
    names = {one.place[0] for one in lived.handed}
    assert BELIEF.name not in names
    assert not {name for name in names if name.startswith("received:")}


def test_each_number_is_announced_once_and_no_other(lived: Lived) -> None:
    assert sorted(lived.announced) == sorted({one.place for one in lived.handed})


def test_what_a_program_was_handed_never_changes(lived: Lived) -> None:
    first = {one.place: one.said for one in reversed(lived.handed)}
    assert all(first[one.place] == one.said for one in lived.handed)


def test_programs_add_nothing_that_people_together_did_not_have(lived: Lived) -> None:
    for name in (measure.name for measure in KINDS):
        alone = lived.pooled(name, programs=False)
        assert {n.columns for n in numbers(alone)} == {
            n.columns for n in numbers(lived.pooled(name))
        }


# Defects, planted.


def test_a_door_that_counts_for_itself_gives_people_away() -> None:
    lived = lives(9, Company(SMALL, changes=0.01), counts_itself)
    found = {
        name: given_away([number.columns for number in numbers(lived.pooled(name))])
        for name in ("barrier", "level")
    }
    assert all(found.values())
    assert lived.untold
    alone = lived.pooled("barrier", programs=False)
    assert given_away([number.columns for number in numbers(alone)]) == []


def test_a_door_that_does_not_wait_until_somebody_was_told_is_found(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(open_numbers, "SHOWN", true())
    lived = lives(4, Company(SMALL))
    early = {week for _, week in lived.untold}
    assert early == {(START + n * WEEK - WEEK).date() for n in range(4)}


def test_a_door_that_shows_managers_numbers_too_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(open_numbers, "OPEN", OPEN[1:])
    lived = lives(3, Company(SMALL))
    assert lived.strange()
