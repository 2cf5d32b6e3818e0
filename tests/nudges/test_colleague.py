"""To whom a question goes next, read as a table."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from nudges.champions import Champion
from nudges.colleague import (
    CHAMPIONS,
    FULL,
    Handed,
    HandedHow,
    Known,
    Move,
    Referral,
    had_lately,
    next_move,
)
from nudges.hours import working_days_later
from nudges.people import Hours, Person
from nudges.roles import Role
from tests.clock import MONDAY

DAY = timedelta(days=1)


def champion(who: str, area: str = "data", limit: int = 3, **more: object) -> Champion:
    person = Person(who, zone="Europe/Amsterdam", roles=frozenset({Role.CHAMPION}))
    return Champion(replace(person, **more), "accepted", areas=(area,), limit=limit)


CAS, DEE, ED = champion("cas"), champion("dee"), champion("ed", "sales")
TEAM = (Person("tom", zone="Europe/Amsterdam"), Person("uma", zone="Europe/Amsterdam"))
ASKED = Referral("q", "ann", "How?", "en", "data", MONDAY)


def known(*champions: Champion, **had: int) -> Known:
    return Known(champions, TEAM, had)


def with_hands(*hands: Handed, **more: object) -> Referral:
    return replace(ASKED, hands=hands, **more)


def hand(who: str, nth: int = 1, how: HandedHow = "open", *, team: bool = False) -> Handed:
    return Handed(who, nth, MONDAY, team, how=how)


@pytest.mark.parametrize(
    ("there", "to"),
    [
        (known(CAS, DEE, ED), ("cas",)),
        (known(CAS, DEE, ED, cas=1), ("dee",)),
        (known(CAS, DEE, ED, cas=3, dee=3), ("ed",)),
        (known(replace(CAS, state="stepped_down"), ED), ("ed",)),
        (known(champion("cas", roles=frozenset[str]())), ("tom", "uma")),
        (known(champion("cas", stopped=True), champion("dee", left=True)), ("tom", "uma")),
        (known(champion("cas", away_until=MONDAY + DAY), ED), ("ed",)),
        (known(champion("ann"), ED), ("ed",)),
        (known(), ("tom", "uma")),
        (Known((), (), {}), ()),
        (Known((), (Person("ann"),), {}), ()),
    ],
)
def test_who_is_first(there: Known, to: tuple[str, ...]) -> None:
    assert next_move(ASKED, there, MONDAY).to == to


@pytest.mark.parametrize(
    ("hands", "days", "to"),
    [
        ((hand("cas"),), 1, ()),
        ((hand("cas"),), 2, ("dee",)),
        ((hand("cas", how="passed"),), 0, ("dee",)),
        ((hand("cas", how="passed"), hand("dee", 2, "away")), 0, ("ed",)),
        ((hand("cas", how="passed"), hand("dee", 2, "away"), hand("ed", 3)), 2, ("tom", "uma")),
        (tuple(hand(f"x{n}", n, "passed") for n in range(CHAMPIONS)), 0, ("tom", "uma")),
        ((hand("gone"),), 0, ("cas",)),
    ],
)
def test_who_is_next(hands: tuple[Handed, ...], days: int, to: tuple[str, ...]) -> None:
    asked = with_hands(*hands)
    assert next_move(asked, known(CAS, DEE, ED), MONDAY + days * DAY).to == to


def test_a_holder_who_goes_away_is_not_waited_for() -> None:
    away = champion("cas", away_until=MONDAY + 9 * DAY)
    move = next_move(with_hands(hand("cas")), known(away, DEE), MONDAY)
    assert (move.to, [how for _, how in move.ended]) == (("dee",), ["lapsed"])


def test_the_team_is_reminded_once_each_and_replaced_where_nobody_is_left() -> None:
    asked = with_hands(hand("tom", team=True), hand("uma", team=True))
    assert not next_move(asked, known(CAS), MONDAY + 4 * DAY)
    late = next_move(asked, known(CAS), MONDAY + 7 * DAY)
    assert [h.person for h in late.remind] == ["tom", "uma"]
    told = with_hands(replace(hand("tom", team=True), reminded=MONDAY))
    assert not next_move(told, known(CAS), MONDAY + 30 * DAY)
    gone = next_move(with_hands(hand("old", team=True)), known(CAS), MONDAY)
    assert (gone.to, gone.team) == (("tom", "uma"), True)


@pytest.mark.parametrize("state", ["answered", "helped", "withdrawn"])
def test_what_is_over_ends_for_everyone(state: str) -> None:
    hands = (hand("cas", how="lapsed"), hand("dee", 2), hand("ed", 3, "passed"))
    move = next_move(with_hands(*hands, state=state), known(CAS), MONDAY)
    assert [h.person for h, how in move.ended if how == "done"] == ["cas", "dee"]
    assert not move.to


def test_an_asker_who_left_is_asked_for_no_more() -> None:
    there = replace(known(CAS), gone=frozenset({"ann"}))
    assert next_move(ASKED, there, MONDAY) == Move(over=True)


def test_a_week_counts_and_who_is_away_today_is_full() -> None:
    old = replace(hand("cas"), at=MONDAY - 7 * DAY)
    away = replace(hand("dee", how="away"), ended=MONDAY)
    had = had_lately([hand("cas"), old, away, hand("tom", team=True)], MONDAY)
    assert had == {"cas": 1, "dee": 1 + FULL}
    assert had_lately([away], MONDAY + DAY) == {"dee": 1}


@pytest.mark.parametrize(
    ("start", "many", "end"),
    [
        ("2026-11-16 09:30", 2, "2026-11-18 09:30"),
        ("2026-11-20 16:00", 1, "2026-11-23 16:00"),
        ("2026-11-21 12:00", 1, "2026-11-23 12:00"),
        ("2026-12-24 10:00", 1, "2026-12-28 10:00"),
        ("2026-11-16 02:00", 1, "2026-11-17 08:00"),
    ],
)
def test_working_days(start: str, many: int, end: str) -> None:
    dutch = Person("x", zone="Europe/Amsterdam", hours=Hours())
    at, then = (datetime.fromisoformat(f"{one}+00:00") for one in (start, end))
    assert working_days_later(dutch, at, many) == then.astimezone(UTC)
