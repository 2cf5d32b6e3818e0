"""Rumours: told in a sentence or a window, put down once a day, answered with facts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from adapters.store.rumours import held_rumours, rumours
from dialogs.card import ChoiceField
from dialogs.doorway import DrawnForm
from dialogs.turns import Said, Tapped
from nudges.broadcast import Draft
from nudges.people import Person
from nudges.roles import Grant, Role
from tests.desk import PEOPLE, Desk, at

CROWD = ("cas", "dee", "fay", "gus")


@pytest.fixture
async def crm(desk: Desk) -> Desk:
    """Return a house with seven people who wrote something, six of them in sales; Eve answers."""
    async with desk.store.write() as work:
        some = [Person(w, w.title(), segment="sales", addresses=(at(w),)) for w in CROWD]
        await work.save([replace(p, welcomed=True) for p in some], desk.clock())
        await work.keep([Grant("eve", Role.CRM_TEAM)], "settings", desk.clock())
    await desk.plan()
    for who in (*CROWD, *(p.id for p in PEOPLE)):
        await desk.says(who, "hello")
    return desk


async def kept(desk: Desk) -> list[Any]:
    async with desk.store.read() as work:
        return list((await work.connection.execute(select(rumours))).all())


async def held(desk: Desk) -> list[str]:
    async with desk.store.read() as work:
        return sorted(await work.connection.scalars(select(held_rumours.c.text)))


async def opens(desk: Desk, who: str, label: str) -> DrawnForm:
    """Press a button that opens a form."""
    reply = await desk.taps(who, label)
    assert reply
    assert reply.form
    return reply.form


async def next_day(desk: Desk) -> None:
    """Let a day pass on which everybody writes something."""
    desk.clock.pass_(days=1)
    for who in CROWD:
        await desk.says(who, "hello")
    await desk.plan()


async def test_three_people_tell_and_the_crm_team_answers(crm: Desk) -> None:
    await crm.says("ann", "I heard that the CRM will track my phone")
    assert "kept without your name" in crm.last("ann").text
    await crm.says("bob", "Ik hoorde dat onze telefoons gevolgd worden.")
    assert "bewaard zonder je naam" in crm.last("bob").text
    await crm.says("cas", "rumour")
    form = await opens(crm, "cas", "Tell what I heard")
    await crm.fills("cas", "rumour.sent", {"rumour": "the bonus goes"}, form.token)
    assert crm.last("cas").card.title == "Thank you for passing it on"
    assert len(await held(crm)) == 3
    assert await kept(crm) == []

    await next_day(crm)
    assert await held(crm) == []
    assert {row.day for row in await kept(crm)} == {date(2026, 11, 17)}

    await crm.says("eve", "rumours")
    listed = crm.last("eve")
    assert "This week fewer than five rumours came in." in listed.text
    assert listed.text.count("Heard in: Sales. Week of Monday 16 November 2026.") == 3
    theirs = next(n for n in "123" if f"{n}. “… onze telefoons" in listed.text)
    await crm.taps("eve", f"Read {theirs}")
    form = await opens(crm, "eve", "Same as another")
    (choice,) = form.form.fields
    assert isinstance(choice, ChoiceField)
    into = next(o.value for o in choice.options if "track my phone" in o.label)
    await crm.fills("eve", "rumours.merged", {"into": into}, form.token)
    listed = crm.having("eve", "Read 2")
    assert "Read 3" not in listed.buttons

    place = next(n for n in "12" if f"{n}. “… the CRM will track" in listed.text)
    await crm.taps("eve", f"Read {place}")
    shown = crm.having("eve", "Write the facts")
    assert "onze telefoons" in shown.text
    assert "The facts go to: Sales" in shown.text
    form = await opens(crm, "eve", "Write the facts")
    facts = {"facts_en": "It does not.", "facts_nl": "Dat doet het niet."}
    await crm.fills("eve", "rumours.answered", facts, form.token)
    assert "You may have heard something about Dynamics" in crm.last("eve").text
    drafts = await drafts_of(crm, "eve")
    assert [(one.rule, one.message.body["nl"]) for one in drafts] == [
        ("segment is sales", "Dat doet het niet.")
    ]
    await crm.says("eve", "rumours")
    assert "the bonus goes" in crm.last("eve").text
    assert "track my phone" not in crm.last("eve").text


async def drafts_of(desk: Desk, who: str) -> list[Draft]:
    async with desk.store.read() as work:
        return [one.draft for one in await work.drafts([who])]


async def test_an_answer_goes_to_everyone_where_not_all_of_it_may_be_told(crm: Desk) -> None:
    await crm.says("eve", "I heard that we get new phones")
    await next_day(crm)
    assert [row.segment for row in await kept(crm)] == [""]
    await crm.says("eve", "rumours")
    assert "somewhere in the organisation" in crm.last("eve").text
    await crm.taps("eve", "Read 1")
    form = await opens(crm, "eve", "Write the facts")
    token = form.token
    await crm.fills("eve", "rumours.answered", {"facts_en": "x"}, token)
    assert await drafts_of(crm, "eve") == []
    await crm.fills("eve", "rumours.answered", {"facts_en": "x", "facts_nl": "y"}, token)
    assert [one.rule for one in await drafts_of(crm, "eve")] == ["everyone"]


async def test_few_writers_and_it_waits_for_another_day(crm: Desk) -> None:
    await crm.says("ann", "I heard that we move")
    crm.clock.pass_(days=3)
    await crm.says("ann", "hello")
    await crm.plan()
    assert await held(crm) == ["we move"]
    await next_day(crm)
    assert await held(crm) == []


async def test_a_group_of_which_few_wrote_is_not_named(crm: Desk) -> None:
    await crm.says("ann", "I heard that we move")
    crm.clock.pass_(days=3)
    async with crm.store.write() as work:
        some = await work.people(CROWD)
        away = [replace(p, segment="service") for p in some.values()]
        await work.save(away, crm.clock())
    for who in (*CROWD, "eve"):
        await crm.says(who, "hello")
    await crm.plan()
    assert [(row.text, row.segment) for row in await kept(crm)] == [("we move", "")]


async def test_put_down_once_a_day_whoever_looks(crm: Desk) -> None:
    await next_day(crm)
    await crm.says("ann", "I heard that we move")
    for _ in range(3):
        crm.clock.pass_(hours=2)
        await crm.plan()
    assert await held(crm) == ["we move"]


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("I heard that we move", "we move"),
        ("i\u2019ve heard that we move", "we move"),
        ("I HEARD THAT: we move", "we move"),
        ("  \u201cI heard that we\n move", "we move"),
        ("I heard from a colleague that we move", "from a colleague that we move"),
        ("I heard they listen to us", "they listen to us"),
        ("I heard that Kees wrote that list", "Kees wrote that list"),
        ("rumour: we move", "we move"),
        ("Ik hoorde dat we verhuizen", "we verhuizen"),
        ("Ik heb gehoord dat we verhuizen?", "we verhuizen?"),
        ("ik hoorde van Kees dat we verhuizen", "van Kees dat we verhuizen"),
        ("Er gaat een gerucht dat we verhuizen", "we verhuizen"),
        ("gerucht: we verhuizen", "we verhuizen"),
    ],
)
async def test_what_begins_like_that_is_kept(crm: Desk, said: str, words: str) -> None:
    await crm.says("ann", said)
    assert await held(crm) == [words]


@pytest.mark.parametrize(
    "said",
    [
        "I heard that",
        "I heard that …",
        "ik hoorde dat",
        "rumour",
        "gerucht",
        "I heard",
        "I heard back from the customer",
        "I heard nothing of it",
        "what is a rumour",
        "rumours are bad",
        "ik hoorde van mijn klant niets",
    ],
)
async def test_nothing_else_is(crm: Desk, said: str) -> None:
    await crm.says("ann", said)
    assert await held(crm) == []


@pytest.mark.parametrize("said", ["I heard that", "ik hoorde dat …", "rumour", "Gerucht!"])
async def test_the_beginning_alone_opens_the_card(crm: Desk, said: str) -> None:
    await crm.says("ann", said)
    assert list(crm.last("ann").buttons) == ["Tell what I heard"]


async def test_in_a_channel_nothing_is_kept(crm: Desk) -> None:
    reply = await crm.arrive(Said(at("ann"), "I heard that we move", private=False))
    assert reply
    assert [one.card.title for one in reply.shown] == ["What did you hear?"]
    assert await held(crm) == []


async def test_too_long_is_not_kept_and_says_how_long(crm: Desk) -> None:
    await crm.says("ann", "I heard that " + "x" * 1001)
    assert "That is 1001 characters, and 1000 is the most" in crm.last("ann").text
    await crm.says("ann", "rumour")
    form = await opens(crm, "ann", "Tell what I heard")
    card = crm.last("ann")
    for words in ("y" * 1001, " \n", ""):
        await crm.fills("ann", "rumour.sent", {"rumour": words}, form.token)
    assert await held(crm) == []
    assert crm.last("ann").card.title == card.card.title
    await crm.fills("ann", "rumour.sent", {"rumour": "y" * 1000}, form.token)
    assert await held(crm) == ["y" * 1000]


async def test_who_closes_the_form_has_the_invitation_again(crm: Desk) -> None:
    await crm.says("ann", "rumour")
    seen = crm.last("ann")
    await crm.taps("ann", "Tell what I heard")
    reply = await crm.arrive(Tapped(at("ann"), "form.back", "rumour.sent", seen.token))
    assert reply
    assert reply.instead
    assert reply.instead.card.title == "What did you hear?"


async def test_only_the_crm_team_sees_them_and_others_are_invited(crm: Desk) -> None:
    await crm.says("ann", "I heard that we move")
    await next_day(crm)
    await crm.says("bob", "geruchten")
    assert crm.last("bob").card.title == "Wat heb je gehoord?"
    await crm.says("eve", "rumours")
    seen = crm.last("eve")
    async with crm.store.write() as work:
        await work.keep([Grant("eve", Role.CRM_TEAM, given=False)], "settings", crm.clock())
    await crm.taps("eve", "Read 1", on=seen)
    assert "we move" not in crm.last("eve").text


async def test_set_aside_leaves_the_list_and_nobody_hears(crm: Desk) -> None:
    await crm.says("ann", "I heard that we move")
    await next_day(crm)
    await crm.says("eve", "rumours")
    before = len(crm.chat("ann"))
    await crm.taps("eve", "Read 1")
    await crm.taps("eve", "Set aside")
    await crm.taps("eve", "Yes, set aside")
    assert "No rumour waits for facts" in crm.last("eve").text
    crm.clock.pass_(days=9)
    await crm.plan()
    assert not [one for one in crm.chat("ann")[before:] if "heard" in one.text]
    async with crm.store.read() as work:
        told = [one for one in await work.audited() if "rumour" in one.about]
    assert [(one.who, one.act) for one in told if one.act != "view"] == [("eve", "set_aside")]
